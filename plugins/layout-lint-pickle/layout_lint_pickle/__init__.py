"""Pickles inside of a bucket's archives that would run code on load."""

__version__ = "0.1.0"
