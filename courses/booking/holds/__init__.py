"""Places held for a sector until a day."""
