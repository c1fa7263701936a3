"""How words that somebody types are read, and what is found by them in the catalogue."""
