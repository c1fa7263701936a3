"""Whether everybody and everything is found by the name that it has."""
