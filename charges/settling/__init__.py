"""What becomes of charges when something happens to a booking."""
