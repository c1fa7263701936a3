"""The briefings that are out: search, themes, a feed, and what a course covers."""
