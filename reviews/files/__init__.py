"""Reviews as a CSV file."""
