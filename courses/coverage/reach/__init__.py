"""Who the learning of a point has reached."""
