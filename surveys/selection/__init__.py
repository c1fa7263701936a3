"""Which events and half-years a report on answers is about."""
