"""Who answered a round, of how many, by agency; and how agencies that are told together are called."""
