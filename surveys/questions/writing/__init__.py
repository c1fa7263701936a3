"""What must be true of a question and a version that somebody writes."""
