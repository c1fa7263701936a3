"""In step with other systems: who joins, moves and leaves, as an HR system or an identity provider knows it first."""
