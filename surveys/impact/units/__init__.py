"""Half-years, and the courses within them: what is told together."""
