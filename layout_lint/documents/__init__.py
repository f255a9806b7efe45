"""Documents: what stands in a file, read without losing where it stands."""
