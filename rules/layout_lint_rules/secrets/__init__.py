"""LLx9x: credentials, and what tells who and where somebody is, in files that go into git."""
