"""LL30x: Jupyter notebooks: their format, the code in their cells, and the pipeline that they build."""
