"""What parking keeps of people."""

from typing import Any

import sqlalchemy as sa

from golden_thread_parking.models import ParkingSpace
from golden_thread_parking.queries import spaces_of
from lms.frame.plugins import PersonalData
from lms.frame.work import Work


def export(work: Work, person_id: int) -> dict[str, Any]:
    """Where they were told to park, as plain values."""
    told = spaces_of(work.session, person_id)
    return {"Parking": [{"event": space.event.ref, "number_plate": space.plate} for space in told]}


def erase(work: Work, person_id: int) -> None:
    """A number plate tells who somebody is. The row stays, so that counts do."""
    own = sa.update(ParkingSpace).where(ParkingSpace.person_id == person_id)
    work.session.execute(own.values(plate=""))


PERSONAL_DATA = PersonalData(tables=("parking_space",), export=export, erase=erase)
