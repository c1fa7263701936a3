"""Who tried to get in, or where they may not go, from which address of the network; kept for a short time."""
