"""Rules about config files: their text, their shape, and what their values mean."""
