"""What mail asks of whoever knows. Pure."""

from dataclasses import dataclass

from lms.kit.questions import Question


@dataclass(frozen=True)
class OwnAddresses(Question[frozenset[str]]):
    """The addresses, now and before, that are this person's by their own words, and nobody else's."""

    person_id: int
