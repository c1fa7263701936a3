"""The people of an agency: who leads it, how many are here, and where they go when it merges."""
