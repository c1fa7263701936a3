"""Which learning from reviews a course covers, and how far that has reached."""
