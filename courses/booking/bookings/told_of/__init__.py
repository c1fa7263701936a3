"""What has left, and what has not, of the letters about one booking."""
