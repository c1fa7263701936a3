"""What a trainer reads of the evaluation of their own events."""
