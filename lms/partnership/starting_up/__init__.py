"""Whether the application may start on its database."""
