"""Beside what changed: where people put their start looking back, what they meant to do, and what they know."""
