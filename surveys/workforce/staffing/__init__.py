"""How many people a round is for: asked of each agency once, and which agencies are told alone."""
