"""The application put together: the host's topics listed, everything wired, checked at the start."""
