"""What programmers look up: why something is refused, and what each fact holds."""
