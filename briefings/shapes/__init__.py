"""One source, several shapes: page, one-page PDF, letter, slides, poster."""
