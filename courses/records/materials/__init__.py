"""Materials of an event: slides and handouts, for those who came."""
