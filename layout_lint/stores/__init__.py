"""Places that edits are carried out in: all of them or none, and taken back on demand."""
