"""What published reports told of a year, by which everything that is told of it later is bound."""
