"""The layout language: YAML text becomes compiled layouts, which are kept between runs."""
