"""Third parties’ plugins: which are here, what they keep, and taking that away for good."""
