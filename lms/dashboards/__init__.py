"""What needs a person today, the year at a glance, and the figures of any period."""
