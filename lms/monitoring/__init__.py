"""How the service does, for whoever watches it: whether it answers, whether it is ready, and its figures."""
