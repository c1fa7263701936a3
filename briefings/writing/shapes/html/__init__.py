"""Parts as HTML."""
