"""Who reads the letters about charges."""
