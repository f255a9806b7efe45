"""LL1xx: where things stand."""
