"""Questions: surveys, their versions, and what each asks."""
