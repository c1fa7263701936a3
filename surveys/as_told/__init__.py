"""What half-years told of who was asked and who answered: it does not move any more."""
