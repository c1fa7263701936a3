"""Pairs: what one person said of their practice before, on the day and three months on, matched while it is sealed."""
