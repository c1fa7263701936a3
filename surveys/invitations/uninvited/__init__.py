"""Those who were there and are still to be invited."""
