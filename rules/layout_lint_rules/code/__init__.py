"""LL4xx: what the code says."""
