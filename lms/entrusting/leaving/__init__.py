"""The page on which the office says that somebody has left, with a choice for what they leave behind."""
