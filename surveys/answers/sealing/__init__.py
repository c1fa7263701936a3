"""Keys and hashes that keep answers apart from people."""
