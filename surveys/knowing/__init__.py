"""What we know about a learning point, by strength of evidence."""
