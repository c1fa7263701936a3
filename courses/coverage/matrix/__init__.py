"""Learning points by courses, with gaps."""
