"""Questions with answers to choose from, each told whole."""
