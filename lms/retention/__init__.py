"""What is kept only for a time, what may not go, and what went."""
