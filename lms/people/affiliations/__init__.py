"""Where people worked, since when and until when."""
