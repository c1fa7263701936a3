"""Learning from reviews: what was found, what should change, who does it, and whether it has."""
