"""What somebody can answer now, on their own pages: without waiting for a letter or looking for it."""
