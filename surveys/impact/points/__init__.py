"""What reviews asked for: the change on the questions about each learning point."""
