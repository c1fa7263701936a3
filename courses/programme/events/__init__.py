"""Events: one delivery of a course each, of one day or several."""
