"""layout-lint: a linter for the layout of ML repositories and S3 buckets."""

__version__ = "0.1.0"
