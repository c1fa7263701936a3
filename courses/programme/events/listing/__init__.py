"""The coordinators' list of events."""
