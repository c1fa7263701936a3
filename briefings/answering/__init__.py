"""How agencies answer what became of a briefing."""
