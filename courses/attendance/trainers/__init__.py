"""What a trainer sees: the events that they train at."""
