"""People for other systems: by the rules of the file of people, row by row."""
