"""What became of people's learning, for other systems: attendances, certificates, completions, who is up to date."""
