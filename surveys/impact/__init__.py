"""Impact: who was asked, who answered, and what changed on the same people."""
