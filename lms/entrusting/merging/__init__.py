"""Two records made one, on pages: at once by whoever decides it, asked for by others."""
