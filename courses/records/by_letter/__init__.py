"""A certificate by the link of the letter that came with it."""
