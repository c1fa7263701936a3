"""The stages at which people are asked about an event, in one table."""
