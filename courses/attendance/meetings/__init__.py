"""Online meetings: the attendance report that Teams writes."""
