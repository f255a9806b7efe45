"""Archives of folders: written with the same bytes everywhere, read without trust, and compared by content."""
