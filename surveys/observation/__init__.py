"""Observation: a colleague watches a trainer at work, writes it up, and the trainer answers."""
