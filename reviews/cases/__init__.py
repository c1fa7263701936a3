"""Reviews themselves, with their types, dates, statutory clocks and publication."""
