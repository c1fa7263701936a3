"""What parking does when somebody holds a place, and in the night."""

from courses.facts import BookingConfirmed
from courses.programme.events.models import Event
from golden_thread_parking.letters import parking_explained
from golden_thread_parking.models import ParkingSpace
from golden_thread_parking.queries import fullest, space_at
from lms.frame.work import Work
from lms.kit.errors import Invalid


def explain_parking(work: Work, fact: BookingConfirmed) -> None:
    """Tell a person who holds a place where to park: once, however often the place is confirmed."""
    if space_at(work.session, fact.event_id, fact.person_id) is not None:
        return
    space = ParkingSpace(event_id=fact.event_id, person_id=fact.person_id, told_at=work.now)
    work.session.add(space)
    work.record("parking explained", space, event_id=fact.event_id)
    work.send(parking_explained(space, work.session.get_one(Event, fact.event_id)))


def say_plate(work: Work, space: ParkingSpace, plate: str) -> ParkingSpace:
    """Note which car comes. Raises Invalid for what is no number plate."""
    if not 2 <= len(plate.strip()) <= 8:
        raise Invalid("Enter the number plate, like AB12 CDE.", field="plate")
    space.plate = plate.strip().upper()
    work.record("car noted", space)
    return space


def warn_when_full(work: Work) -> None:
    """Say in the audit when more people were told at one event than there are spaces."""
    space, told = fullest(work.session)
    if space is not None and told > work.setting("parking.spaces"):
        work.record("car park full", space, told=told)
