"""Learning points: one statement each of what should change, and the thread that starts from it."""
