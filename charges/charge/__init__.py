"""A charge: its life, who hears of it, its page, and as a file."""
