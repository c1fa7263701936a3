"""What a report on impact is about."""
