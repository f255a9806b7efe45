"""A plugin as a company would install it beside layout-lint: every hook is in it."""
