"""Numbers of people in briefings, as they are told."""
