"""Output formats: what a report looks like to people and to programs."""
