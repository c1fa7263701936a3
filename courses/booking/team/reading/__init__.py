"""Reading a list that an agency lead pasted."""
