"""A database with rows from before that contradict what is kept from now on: repaired or told, never in the way."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask_migrate import downgrade, stamp, upgrade
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.models import Offer
from courses.booking.bookings.places.rules import OfferEnd
from courses.booking.bookings.rules import BookingState
from lms.contradictions import checks
from lms.frame.access import program
from lms.frame.constraints import fit_constraints
from lms.frame.db import make_engine
from lms.frame.settings import Settings
from lms.frame.work import Work
from lms.hosting.app import create_app
from lms.people.models import Person
from lms.policies.queries import policy_in_force
from lms.testing.databases import DatabaseKind
from tests.built_in import BUILT_IN
from tests.databases import NoSite
from tests.make import Make
from tests.moments import NOW

BEFORE = "0024"
KINDS = pytest.mark.parametrize("kind", ["sqlite", "postgresql"])


@pytest.fixture
def kinds(_kinds: Callable[[str], DatabaseKind]) -> Callable[[str], DatabaseKind]:
    return _kinds


def office(session: Session) -> dict[str, int]:
    """An offer that names another event than its booking, a claim that lapsed at no moment, and a typed address."""
    make = Make(session)
    event, other, person = make.event(starts=NOW - timedelta(days=1)), make.event(), make.person()
    booking = Booking(
        event=event,
        person=person,
        policy_version=policy_in_force(session, NOW),
        state=BookingState.LAPSED,
        booked_at=NOW - timedelta(days=5),
        cancelled_at=NOW,
        free_until=NOW,
    )
    session.add(booking)
    session.flush()
    ended = {"made_at": NOW, "open_until": NOW, "ended_at": NOW, "ended_as": OfferEnd.LAPSED}
    offer = Offer(booking=booking, event_id=event.id, **ended)
    session.add(offer)
    session.flush()
    return {"person": person.id, "booking": booking.id, "offer": offer.id, "event": event.id, "other": other.id}


def told(engine: Engine) -> list[str]:
    with Session(engine) as session:
        work = Work(session=session, actor=program("test"), now=NOW, site=NoSite())
        return [*checks.constraints_missing(work), *checks.triggers_missing(work), *checks.rows_against_rules(work)]


@pytest.mark.slow
@KINDS
def test_what_contradicts_itself_is_repaired_or_told_and_stops_no_upgrade(
    kind: str, kinds: Callable[[str], DatabaseKind], tmp_path: Path
) -> None:
    with kinds(kind).fresh() as url:
        app = create_app(
            Settings("a key for tests, long enough", url, "file:///x", "a@b", "http://x", tmp_path), BUILT_IN
        )
        engine = make_engine(url)
        with Session(engine) as session, session.begin():
            ids = office(session)
        with app.app_context():
            stamp()
            downgrade(revision=BEFORE, x_arg=["lose-rows"])
            with engine.begin() as connection:
                connection.execute(sa.text("UPDATE person SET email = ' Foo@BAR.example ' WHERE id = :person"), ids)
                connection.execute(sa.text("UPDATE booking SET cancelled_at = NULL WHERE id = :booking"), ids)
                connection.execute(sa.text("UPDATE place_offer SET event_id = :other WHERE id = :offer"), ids)
            upgrade()
            app.extensions["sqlalchemy"].engine.dispose()
        assert told(engine) == [
            "place_offer does not keep fk_place_offer_booking_id_event_id: 1 row contradicts it. "
            "Correct what is wrong, then run lms init."
        ]
        with Session(engine) as session:
            assert session.get_one(Person, ids["person"]).email == "foo@bar.example"
            assert session.get_one(Booking, ids["booking"]).cancelled_at == NOW - timedelta(days=1), "the event began"
        assert len(fit_constraints(engine)) == 1, "it is still in the way, and all else stays as it is"
        with engine.begin() as connection:
            connection.execute(sa.text("UPDATE place_offer SET event_id = :event WHERE id = :offer"), ids)
        assert fit_constraints(engine) == []
        assert told(engine) == []
        with pytest.raises(sa.exc.IntegrityError), engine.begin() as connection:
            connection.execute(sa.text("UPDATE place_offer SET event_id = :other WHERE id = :offer"), ids)
        engine.dispose()
