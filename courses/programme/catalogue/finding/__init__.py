"""Finding courses and dates in the catalogue, by words and by filters."""
