"""What people said on the day, half-year by half-year."""
