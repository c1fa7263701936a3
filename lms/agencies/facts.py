"""What agencies tell others."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AgencyMerged:
    """An agency closed in favour of a successor. With `moves_people` those who are here go with it."""

    agency_id: int
    successor_id: int
    moves_people: bool
