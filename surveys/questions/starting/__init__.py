"""The questions that an installation begins with."""
