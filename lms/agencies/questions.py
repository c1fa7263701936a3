"""What agencies ask of whoever knows their people. Pure."""

from dataclasses import dataclass

from lms.kit.questions import Question


@dataclass(frozen=True)
class AgencyLead:
    """Somebody who leads an agency."""

    person_id: int
    name: str
    email: str


@dataclass(frozen=True)
class LeadsOf(Question[list[AgencyLead]]):
    """Who leads an agency."""

    agency_id: int


@dataclass(frozen=True)
class PeopleHere(Question[dict[int, int]]):
    """How many people of each of these agencies are here. Every id is answered."""

    agency_ids: tuple[int, ...]
