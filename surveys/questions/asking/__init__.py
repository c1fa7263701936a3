"""A page of questions, as it is typed and drawn."""
