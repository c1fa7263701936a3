"""What was chosen, counted."""
