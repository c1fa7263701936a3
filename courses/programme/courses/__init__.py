"""Courses and their versions: what they are, by file and in the demonstration."""
