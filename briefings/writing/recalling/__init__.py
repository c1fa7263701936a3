"""Taking back what turned out not to be so."""
