"""How what waits is written before it is sealed."""
