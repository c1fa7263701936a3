"""Another line manager on a booking, after it was made."""
