"""LL6xx: how a bucket is set up."""
