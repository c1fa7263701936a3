"""Reports: the figures of all plugins for a period, and the yearly report made of them."""
