"""Mail that is held: after a restore, or while something is looked into, nothing leaves but sign-in codes."""
