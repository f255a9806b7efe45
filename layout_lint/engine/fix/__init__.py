"""Fixes: which are carried out together, what they make of the tree, and whether that is better than before."""
