"""Letters of parking, and an example of each."""

from courses.programme.events.models import Event
from golden_thread_parking.models import ParkingSpace
from lms.frame.plugins import LetterExample
from lms.kit.words import long_date
from lms.kit.working_days import london_date
from lms.mail.letters import Letter

EXPLAINED = "parking.explained"


def parking_explained(space: ParkingSpace, event: Event) -> Letter:
    """Where to park. The key is used once for a person and an event, whatever happens."""
    return Letter(
        kind=EXPLAINED,
        key=f"{EXPLAINED}:{space.person_id}:{space.event_id}:1",
        person_id=space.person_id,
        context={
            "course": event.version.title,
            "day": long_date(london_date(event.starts_at)),
            "space_id": space.id,
        },
    )


EXAMPLES = (LetterExample(EXPLAINED, {"course": "Safer babies", "day": "Thursday 9 April 2026", "space_id": 12}),)
