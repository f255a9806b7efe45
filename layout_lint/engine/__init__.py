"""Keys against a layout, events against rules."""
