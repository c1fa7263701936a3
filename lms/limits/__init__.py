"""How often something may be tried: counted in one store that all processes of an installation share."""
