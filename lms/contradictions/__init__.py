"""What the database keeps by itself: whether it still does, and what was there before it did."""
