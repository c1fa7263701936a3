"""A small plugin that works, to begin from: `files/` with its name left open."""
