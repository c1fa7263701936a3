"""What a booking is charged, by rule."""
