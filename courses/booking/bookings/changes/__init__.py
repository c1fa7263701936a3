"""What people with a claim, and trainers, hear when an event changes."""
