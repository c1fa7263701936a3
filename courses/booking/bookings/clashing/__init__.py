"""What else somebody has at the time of an event."""
