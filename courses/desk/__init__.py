"""The office’s view over all rooms: this week, and tables to download."""
