"""Evidence of impact: what was looked at after the change, and what it showed."""
