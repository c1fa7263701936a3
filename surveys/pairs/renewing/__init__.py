"""What waits to be matched or to come out, under a new secret key."""
