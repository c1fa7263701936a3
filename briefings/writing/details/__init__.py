"""What may tell who somebody was."""
