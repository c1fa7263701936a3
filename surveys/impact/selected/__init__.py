"""What a report on impact is of: the half-years, courses and learning point that somebody chose."""
