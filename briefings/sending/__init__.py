"""Sending, the cascade and their figures, as one part of the plugin."""
