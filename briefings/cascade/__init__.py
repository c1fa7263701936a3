"""Evidence back: what agencies and delegates say that they did with a briefing."""
