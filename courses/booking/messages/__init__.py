"""What the training team writes to the people of an event, or to those who ask for a date of a course."""
