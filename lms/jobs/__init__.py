"""Recurring work: what is due, who runs it, and what became of it."""
