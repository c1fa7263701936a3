"""The letter that says that the queue has something. What it is stands only there."""

from lms.kit.letters import Letter
from lms.kit.words import long_date
from surveys.concerns.models import Concern


def concern_raised(person_id: int, concern: Concern) -> Letter:
    """To whoever reads the queue, at once."""
    return Letter(
        kind="surveys.concern",
        key=f"surveys.concern:{person_id}:{concern.id}:1",
        person_id=person_id,
        context={"about": concern.about, "on": long_date(concern.raised_on)},
    )
