"""For how long needs are kept that somebody asked us to keep. Pure."""

KEPT_MONTHS_WITHOUT_BOOKING = 24
