"""What changed: the same people before and three months on, in three groups, with what is behind each mean."""
