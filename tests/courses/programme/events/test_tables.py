"""Courses and events as CSV files: history and a coming programme, in and out."""

import csv
import io

import pytest
import sqlalchemy as sa

from courses.facts import CapacityChanged, EventCancelled, EventMoved, EventPublished
from courses.programme.courses.models import Course
from courses.programme.courses.rules import CourseStatus, EventType
from courses.programme.courses.tables import IMPORT as COURSES
from courses.programme.events.models import Event, Venue
from courses.programme.events.rules import EventState
from courses.programme.events.tables import IMPORT as EVENTS
from lms.frame.plugins import Import
from lms.frame.work import Work
from lms.tables.services import Imported, import_file
from tests.courses.facts_told import hearing
from tests.make import Make

COURSE_HEAD = "code,title,type,level,summary,aims,outcomes,audience,capacity,refresher_months,status"
EVENT_HEAD = "ref,course_code,day,starts_at,ends_at,venue,online_url,capacity,status,trainers"
PROGRAMME = (
    "NEG,Neglect,Learning from practice event,Level 3,A day,,see a day;measure change,Police; Social work,20,36,live",
    "ELE,Basics,e_learning,1,,,,,,,",
)


def take(work: Work, kind: Import, head: str, *rows: str) -> Imported:
    return import_file(work, kind, "\n".join((head, *rows)).encode(), save=True)


def export(work: Work, kind: Import) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, [column.name for column in kind.columns])
    writer.writeheader()
    writer.writerows(kind.export(work))
    return out.getvalue().encode()


def the_event(work: Work, ref: str) -> Event:
    return work.session.scalars(sa.select(Event).where(Event.ref == ref)).one()


@pytest.fixture
def programme(work: Work, make: Make) -> None:
    make.person("Denzil Marrowby", ref="T1")
    done = take(work, COURSES, COURSE_HEAD, *PROGRAMME)
    assert (done.added, done.problems) == (2, ())


@pytest.mark.usefixtures("programme")
def test_courses_come_in_go_out_and_come_in_unchanged(work: Work) -> None:
    neglect = work.session.scalars(sa.select(Course).where(Course.code == "NEG")).one()
    assert neglect.event_type is EventType.LEARNING_FROM_PRACTICE
    assert neglect.status is CourseStatus.LIVE
    assert neglect.current is not None
    assert (neglect.current.level, neglect.current.outcomes) == ("3", ["see a day", "measure change"])
    assert sorted(each.name for each in neglect.current.audience) == ["Police", "Social work"]
    assert take(work, COURSES, COURSE_HEAD, *PROGRAMME).unchanged == 2
    assert import_file(work, COURSES, export(work, COURSES), save=True).unchanged == 2


@pytest.mark.usefixtures("programme")
def test_a_changed_course_says_which_columns(work: Work) -> None:
    done = take(work, COURSES, COURSE_HEAD, PROGRAMME[0].replace("A day", "Two days"))
    assert (done.changed, done.added) == (1, 0)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("a/b,Neglect,,,,,,,,,", "code"),
        ("X,,,,,,,,,,", "title"),
        ("X,Neglect,circus,,,,,,,,", "type"),
        ("X,Neglect,,,,,,,0,,", "capacity"),
        ("X,Neglect,,,,,,,,,gone", "status"),
    ],
)
def test_a_bad_course_is_named_with_its_column_and_nothing_is_saved(work: Work, row: str, column: str) -> None:
    done = take(work, COURSES, COURSE_HEAD, "OK,Fine,,,,,,,,,", row)
    assert [(each.row, each.column) for each in done.problems] == [(3, column)]
    assert work.session.scalar(sa.select(sa.func.count(Course.id))) == 0


@pytest.mark.usefixtures("programme")
def test_history_comes_in_delivered_and_tells_nobody(work: Work) -> None:
    heard = hearing(work)
    done = take(
        work,
        EVENTS,
        EVENT_HEAD,
        'E1,NEG,1,2019-05-01T09:30,2019-05-01T16:00,"Ashbeck Centre, Larkham",,22,delivered,T1',
        "E1,,2,2019-05-02 09:30,2019-05-02 12:30,Online (Teams),,,,",
        "E2,ELE,1,2019-06-01T09:30,2019-06-01T12:00,,,,cancelled,",
    )
    assert (done.added, done.problems) == (3, ())
    event = the_event(work, "E1")
    assert event.is_history
    assert event.state is EventState.DELIVERED
    assert event.finalised_at == event.ends_at == event.days[1].ends_at
    assert (event.places_offered, event.capacity) == (22, 22)
    assert [each.ref for each in event.trainers] == ["T1"]
    assert event.days[1].venue is None
    assert work.session.scalars(sa.select(Venue.town)).all() == ["Larkham"]
    cancelled = the_event(work, "E2")
    assert (cancelled.state, cancelled.cancel_reason, cancelled.capacity) == (EventState.CANCELLED, "", 24)
    assert heard.facts == []
    again = import_file(work, EVENTS, export(work, EVENTS), save=True)
    assert (again.unchanged, again.changed, again.problems) == (3, 0, ())


COMING = "E9,NEG,1,2026-05-12T09:30,2026-05-12T16:00,Thornmere Library,,,published,T1"


@pytest.mark.usefixtures("programme")
def test_what_is_coming_is_told_when_a_file_changes_it(work: Work) -> None:
    heard = hearing(work)
    take(work, EVENTS, EVENT_HEAD, COMING)
    event = the_event(work, "E9")
    assert not event.is_history
    was = event.starts_at
    take(work, EVENTS, EVENT_HEAD, COMING)
    take(work, EVENTS, EVENT_HEAD, COMING.replace("05-12", "05-13"))
    take(work, EVENTS, EVENT_HEAD, COMING.replace("05-12", "05-13").replace(",,,published", ",,30,published"))
    take(work, EVENTS, EVENT_HEAD, COMING.replace("05-12", "05-13").replace("published", "cancelled"))
    moved = heard.facts[1]
    assert isinstance(moved, EventMoved)
    assert (moved.was_starts_at, [each.label for each in moved.changes.parts]) == (was, ["When"])
    assert heard.facts == [
        EventPublished(event.id),
        moved,
        CapacityChanged(event.id, 20, 30),
        EventCancelled(event.id, ""),
    ]


@pytest.mark.parametrize(
    ("rows", "row", "column"),
    [
        (["E9,NOPE,1,2026-05-12T09:30,2026-05-12T16:00,,,,,"], 2, "course_code"),
        (["E9,,1,2026-05-12T09:30,2026-05-12T16:00,,,,,"], 2, "course_code"),
        (["E9,NEG,0,2026-05-12T09:30,2026-05-12T16:00,,,,,"], 2, "day"),
        (["E9,NEG,1,2026-05-12,2026-05-12T16:00,,,,,"], 2, "starts_at"),
        (["E9,NEG,1,2035-05-12T09:30,2035-05-12T16:00,,,,,"], 2, "starts_at"),
        (["E9,NEG,1,2026-05-12T09:30,2026-05-12T09:30,,,,,"], 2, "ends_at"),
        (["E9,NEG,1,2026-05-12T09:30,2026-05-12T16:00,,,,delivered,"], 2, "status"),
        (["E9,NEG,1,2026-05-12T09:30,2026-05-12T16:00,,,,,T7"], 2, "trainers"),
        ([COMING, "E9,NEG,2,2026-05-11T09:30,2026-05-11T16:00,,,,,"], 3, "starts_at"),
        ([COMING, "E9,ELE,2,2026-05-13T09:30,2026-05-13T16:00,,,,,"], 3, "course_code"),
    ],
)
@pytest.mark.usefixtures("programme")
def test_a_bad_event_is_named_with_its_column_and_nothing_is_saved(
    work: Work, rows: list[str], row: int, column: str
) -> None:
    done = take(work, EVENTS, EVENT_HEAD, *rows)
    assert [(each.row, each.column) for each in done.problems] == [(row, column)]
    assert work.session.scalar(sa.select(sa.func.count(Event.id))) == 0


CLASHING = (
    "RV-1,NEG,1,2026-04-09T09:30,2026-04-09T16:00,Town Hall,,20,published,T1",
    "RV-2,NEG,1,2026-04-09T13:00,2026-04-09T16:00,Library,,20,published,",
    "RV-2,NEG,2,2026-04-10T13:00,2026-04-10T16:00,Town Hall,,20,published,",
)


@pytest.mark.usefixtures("programme")
def test_a_trainer_who_is_taken_is_warned_of_and_the_file_is_taken(work: Work) -> None:
    """A file cannot be asked twice, and what was insisted on by hand comes in again."""
    first = take(work, EVENTS, EVENT_HEAD, *CLASHING)
    assert (first.added, first.problems, first.warnings) == (3, (), ())
    given = [row + ("T1" if row.startswith("RV-2") else "") for row in CLASHING]
    done = take(work, EVENTS, EVENT_HEAD, *given)
    assert (done.is_saved, done.problems) == (True, ())
    assert [str(each) for each in done.warnings] == ["row 4: Denzil Marrowby is taken on Thu 9 April, by Neglect."]
    assert take(work, EVENTS, EVENT_HEAD, *given).warnings == ()  # nothing is new
    postponed = [row.replace("published,", "postponed,") for row in given[1:]]
    assert take(work, EVENTS, EVENT_HEAD, *postponed).warnings == ()
    assert len(take(work, EVENTS, EVENT_HEAD, *given[1:]).warnings) == 1


@pytest.mark.usefixtures("programme")
def test_new_events_that_share_a_trainer_are_warned_of_unless_they_are_over(work: Work) -> None:
    same = [row.rstrip("T1") if row.endswith(",T1") else row for row in CLASHING]
    done = take(work, EVENTS, EVENT_HEAD, *(f"{row}T1" for row in same))
    assert [str(each) for each in done.warnings] == ["row 4: Denzil Marrowby is taken on Thu 9 April, by Neglect."]
    past = [row.replace("2026-", "2025-").replace("RV-", "OLD-").replace("published", "delivered") for row in same]
    assert take(work, EVENTS, EVENT_HEAD, *(f"{row}T1" for row in past)).warnings == ()
