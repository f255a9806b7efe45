"""LL7xx: a bucket held against the repository that its code comes from."""
