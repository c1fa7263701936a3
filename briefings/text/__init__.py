"""Markdown as blocks, and from these every shape."""
