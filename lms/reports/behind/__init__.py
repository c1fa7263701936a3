"""The page with the rows behind a figure."""
