"""What is told when events change."""
