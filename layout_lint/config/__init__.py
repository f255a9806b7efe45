"""Settings: which layout, which rules and which values hold, and where each of them was said."""
