"""How many people whom nobody here knows somebody makes us write to as their line managers."""
