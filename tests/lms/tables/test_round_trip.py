"""What `lms export` writes, `lms import` takes: every kind, into the same database and into an empty one."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from charges.charge.tables import IMPORT as CHARGES
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingState
from courses.booking.bookings.tables import read_bookings
from courses.coverage.rules import How
from courses.coverage.services import cover_point
from courses.coverage.written import CoverageWritten
from courses.programme.events.rules import EventState
from courses.programme.nearby.services import place_district
from courses.records.completions.models import Completion
from lms.frame.access import program
from lms.frame.db import make_engine
from lms.frame.settings import Settings
from lms.frame.site import Site, assemble
from lms.frame.work import Work
from lms.hosting import host
from lms.mail.models import OutboxLetter
from lms.tables.queries import export_table
from lms.tables.services import import_file
from reviews.cases.rules import Publication, ReviewType
from tests.built_in import BUILT_IN
from tests.make import Make
from tests.moments import NOW

AWKWARD = '=HYPERLINK("x"); a\\b, “Ünïcode”\n\'-1'
KINDS = (
    "agencies", "people", "courses", "events", "bookings", "reviews", "learning-points", "coverage", "completions",
    "charges",
)  # fmt: skip


@pytest.fixture
def site(settings: Settings) -> Site:
    return assemble(settings, [*host.PLUGINS, *BUILT_IN])


@pytest.fixture
def fresh(session: Session, _kinds: Callable[[str], Any]) -> Callable[[], AbstractContextManager[str]]:
    """Another, empty database of the same kind."""

    def made() -> AbstractContextManager[str]:
        opened: AbstractContextManager[str] = _kinds(session.get_bind().dialect.name).fresh()
        return opened

    return made


def some_of_everything(work: Work, make: Make) -> None:
    """A record or two of each kind, with words that upset files."""
    successor = make.agency("Trust", code="NEW")
    agency = make.agency("=Trust", code="OLD", domains=["a.example", "b.example"], successor=successor, is_exempt=True)
    agency.closed_on = date(2025, 3, 31)
    people = [
        make.person(f"@Amara {n}", agency=agency if n else successor, role_group=make.role_group("-Social; work"))
        for n in range(6)
    ]
    course = make.course("+Neglect", code="NEG", summary=AWKWARD, outcomes=["one; two", "=three"], aims="- a\n- b")
    course.versions[0].audience = [make.role_group("-Social; work")]
    past = make.event(
        course, ref="NEG-1", starts=NOW - timedelta(days=20), days=2, capacity=2, state=EventState.DELIVERED,
        finalised_at=NOW - timedelta(days=18), is_history=True, trainers=[people[5]], places_offered=2,
    )  # fmt: skip
    make.event(course, ref="NEG-2", capacity=1)
    make.event(
        course,
        ref="NEG-3",
        starts=NOW - timedelta(days=9),
        state=EventState.CANCELLED,
        cancelled_at=NOW,
        is_history=True,
    )
    rows = [
        (past.ref, people[0].ref, "confirmed", "", "attended", ""),
        (past.ref, people[1].ref, "confirmed", "", "part_attended", "1"),
        (past.ref, people[2].ref, "cancelled", "2026-02-20T09:00", "", ""),
        (past.ref, people[3].ref, "walk_in", "", "attended", "1;2"),
        (past.ref, people[4].ref, "confirmed", "", "did_not_attend", ""),
        ("NEG-2", people[0].ref, "confirmed", "", "", ""),
        ("NEG-2", people[1].ref, "waiting", "", "", ""),
        ("NEG-3", people[1].ref, "cancelled", "2026-02-21T09:00:30", "", ""),
    ]
    columns = ("event_ref", "person_ref", "status", "cancelled_at", "outcome", "days_attended")
    told = [{"booked_at": "2026-01-05T10:00", **dict(zip(columns, row, strict=True))} for row in rows]
    read = read_bookings(work, list(told))
    for row in told:
        read(row)
    review = make.review("=Adults who were not seen", types=(ReviewType.DHR, ReviewType.SCR), themes=("Neglect; long",))
    make.review("Not decided", publication=Publication.IN_PROGRESS)
    point = make.learning_point(AWKWARD.replace("\n", " "), review=review, themes=("Neglect; long",))
    cover_point(work, course.id, point.id, CoverageWritten(How.TAUGHT, NOW.date(), place="Unit 3", minutes=20))
    for day in (date(2025, 1, 31), date(2026, 2, 1)):
        work.session.add(Completion(course=course, person=people[0], agency=agency, completed_on=day, created_at=NOW))
    place_district(work, "RV1", 54.05, -2.15)
    charge = ",".join(column.name for column in CHARGES.columns)
    data = f"{charge}\nNEG-1,{people[4].ref},1,did_not_attend,50.00,approved,2026-03-02\n"
    done = import_file(work, CHARGES, data.encode(), save=True)
    assert done.is_saved, done.problems


def exported(work: Work, site: Site) -> dict[str, str]:
    return {kind.kind: export_table(work, kind) for kind in site.imports}


def test_every_kind_comes_back_as_it_left(
    session: Session, make: Make, site: Site, fresh: Callable[[], AbstractContextManager[str]]
) -> None:
    work = Work(session=session, actor=program("lms export"), now=NOW, site=site)
    some_of_everything(work, make)
    session.commit()
    files = exported(work, site)
    assert set(KINDS) <= set(files)
    assert all(text.count("\r\n") > 1 for text in files.values()), "something of each kind"
    for kind in site.imports:
        done = import_file(work, kind, files[kind.kind].encode(), save=True)
        assert (done.problems, done.added, done.changed) == ((), 0, 0), kind.kind
        assert done.unchanged > 0
    with fresh() as url:
        empty = make_engine(url)
        with Session(empty) as other:
            there = Work(session=other, actor=program("lms import"), now=NOW, site=site)
            for kind in site.imports:
                done = import_file(there, kind, files[kind.kind].encode(), save=True)
                assert (done.problems, done.changed, done.is_saved) == ((), 0, True), kind.kind
            other.commit()
            assert exported(there, site) == files
            assert other.scalars(sa.select(OutboxLetter.id)).all() == [], "history sends no emails"
            states = other.scalars(sa.select(Booking.state).order_by(Booking.id)).all()
            assert states.count(BookingState.CONFIRMED) == 5
        empty.dispose()
