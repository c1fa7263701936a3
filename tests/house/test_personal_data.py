"""Every table that says something of people is answered for by one plugin's `personal_data`."""

from collections.abc import Iterator
from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import Outcome
from lms.frame.access import program
from lms.frame.db import Base
from lms.frame.work import Work
from lms.people.models import Person
from lms.personal_data.mentions.queries import about, text_columns, written_columns
from lms.personal_data.services import what_prevents
from lms.reports.queries import annual_figures
from tests.erasing import erase_after_a_look
from tests.house.world import World
from tests.moments import NOW

pytestmark = pytest.mark.slow


def about_people() -> set[str]:
    """Tables that point at a person, or at something that is somebody's: a booking, a charge."""
    found = {"person"}
    while True:
        more = {table.name for table in Base.metadata.tables.values() if _points_at(table, found)} - found
        if not more:
            return found
        found |= more


def _points_at(table: sa.Table, names: set[str]) -> bool:
    """Of somebody: points at a person, or says that it belongs to a row that is of somebody."""
    targets = {(key.column.table.name, column.nullable) for column in table.columns for key in column.foreign_keys}
    return any(name == "person" or (name in OF_SOMEBODY and name in names and not empty) for name, empty in targets)


TO_COME: frozenset[str] = frozenset()
"""Tables of a plugin that is being built, whose `personal_data` is not there yet. Empty when it is done."""

OF_SOMEBODY = frozenset({"booking", "charge", "account", "person"})


def test_every_table_about_people_is_answered_for_once(sqlite_world: World) -> None:
    """When this fails, name the table in your plugin's PersonalData, and let `export` and `erase` care for it."""
    answered = [name for part in sqlite_world.site.personal_data for name in part.tables]
    assert sorted(about_people() - set(answered) - TO_COME) == []
    assert [name for name in answered if answered.count(name) > 1] == []
    assert set(answered) - Base.metadata.tables.keys() == set()


def test_retention_is_called_by_its_plugin_and_once(sqlite_world: World) -> None:
    names = [each.name for each in sqlite_world.site.retention]
    assert len(names) == len(set(names))
    assert "courses.access_needs" in names


OF_OTHERS = frozenset(
    {
        "survey_answer_text",
        "survey_text_coding",
        "api_answer",
        "api_token",
        "briefing_order",
        "briefing_sending",
        "briefing_cascade",
        "briefing_cascade_change",
        "courses_message",
    }
    | {
        "briefing_cascade_return",
        "survey_concern",
        "survey_draft",
        "survey_sealed_practice",
        "survey_sealed_sheet",
        "search_in_vain",
        "embargo",
        "event",
        "event_day",
        "event_material",
        "learning_evidence",
        "invoice",
        "job_state",
    }
    | {
        "survey_answer_sheet",
        "invoice_payment",
        "retention_run",
        "round_answers",
        "shared_letter",
        "table_upload",
    }
    | {
        "briefing_recall",
        "course_coverage",
        "survey_concern_step",
        "learning_release",
        "mail_hold",
        "provisioned_group",
        "webhook",
        "webhook_delivery",
        "told_quarter",
        "yearly_report",
    }
)
"""Tables with texts that are neither about one person nor for everybody: only a whole name is ever taken out."""


def test_every_text_is_about_a_person_or_for_everybody_or_of_others(sqlite_world: World) -> None:
    """When this fails for a table of yours: is it `Written` for everybody? If not, add it to `OF_OTHERS`."""
    known = {each.table for each in sqlite_world.site.written}
    assert known - Base.metadata.tables.keys() == set()
    for each in sqlite_world.site.written:
        assert set(each.columns) <= {column.name for column in Base.metadata.tables[each.table].columns}
    others = set()
    for table in Base.metadata.sorted_tables:
        names = {column.name for column in text_columns(table)}
        names -= {column.name for column in written_columns(sqlite_world.site.written, table)}
        if names and str(about(table, [1])) == "false":
            others.add(table.name)
    assert others == OF_OTHERS


YEAR = (date(2025, 4, 1), date(2026, 3, 31))


@pytest.fixture
def undone(world: World) -> Iterator[Work]:
    """A Work on the demonstration, of which nothing stays."""
    with Session(world.engine) as session:
        yield Work(session=session, actor=program("test"), now=NOW, site=world.site)
        session.rollback()


def test_the_annual_report_is_the_same_after_people_were_erased(undone: Work) -> None:
    before = annual_figures(undone, *YEAR)
    assert before["measures"]["attendances"]["value"] > 100
    came = sa.select(Booking.person_id).where(Booking.outcome.in_((Outcome.ATTENDED, Outcome.DID_NOT_ATTEND)))
    people = undone.session.scalars(sa.select(Person).where(Person.id.in_(came)).order_by(Person.id)).all()
    free = [person for person in people if not what_prevents(undone, person)][:10]
    assert len(free) == 10
    for person in free:
        erase_after_a_look(undone, person)
    undone.session.expire_all()
    assert annual_figures(undone, *YEAR) | {"as_at": None} == before | {"as_at": None}
