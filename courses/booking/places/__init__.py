"""Places: who holds one, who is offered one, and for whom some are held."""
