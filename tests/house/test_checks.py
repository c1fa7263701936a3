"""Every check of `lms check` is seen to fail: here, by breaking the database under it, or in the tests of its topic."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.frame.access import program
from lms.frame.settings import ROOT
from lms.frame.triggers import drop_triggers
from lms.frame.work import Work
from tests.house.test_contradictions import ALL
from tests.house.world import World
from tests.moments import NOW

FULL = "(SELECT id FROM event WHERE ref = 'HOUSE-2')"
HELD = "(SELECT id FROM event WHERE ref = 'HOUSE-5')"
DELEGATE = "(SELECT id FROM person WHERE ref = 'HOUSE-delegate')"

BREAKS = {
    "agencies.successors": "UPDATE agency SET successor_id = id WHERE code = 'HOUSE-delegate'",
    "agencies.names": "UPDATE agency SET name = 'http://evil.example' WHERE code = 'HOUSE-delegate'",
    "people.names": f"UPDATE person SET name = '=?utf-8?q?x?=' WHERE id = {DELEGATE}",
    "partnership.names": "UPDATE partnership SET team_name = 'Team' || char(10) || 'Bcc: x'",
    "courses.managers_names": "UPDATE booking SET manager_name = '=?utf-8?q?x?='",
    "courses.access_needs": "UPDATE access_needs SET delete_after = '2020-01-01'",
    "courses.cancelled": f"UPDATE event SET state = 'cancelled', cancelled_at = created_at WHERE id = {FULL}",
    "contradictions.triggers": "INSERT INTO open_door VALUES ('erase', '2026-01-01')",
    "contradictions.types": "UPDATE agency SET is_exempt = 7",
    "charges.agency": "UPDATE charge SET agency_id = (SELECT id FROM agency WHERE code = 'HOUSE-chair')",
    "charges.cancelled": f"UPDATE event SET state = 'cancelled' WHERE id = {HELD}",
    "courses.claims_of_gone": f"UPDATE person SET left_on = '2020-01-01' WHERE id = {DELEGATE}",
    "courses.days": f"UPDATE event SET starts_at = ends_at WHERE id = {FULL}",
    "courses.duplicates": f"UPDATE person SET merged_into_id = {DELEGATE} WHERE ref = 'HOUSE-agency_lead'",
    "courses.idle_places": f"UPDATE event SET capacity = 9, largest_capacity = 9 WHERE id = {FULL}",
    "courses.oversold": f"UPDATE event SET largest_capacity = 0 WHERE id = {FULL}",
    "courses.places_offered": f"UPDATE event SET places_offered = NULL WHERE id = {HELD}",
    "courses.trainers": f"INSERT INTO event_trainer SELECT event_id, person_id FROM booking WHERE event_id = {FULL}",
    "jobs.idle": "INSERT INTO job_state (name, done_until, last_error) VALUES ('api.forget_facts', '2026-01-01', 'x')",
    "personal_data.erased": f"UPDATE person SET erased_at = created_at WHERE id = {DELEGATE}",
    "personal_data.gone": f"UPDATE person SET left_on = '2020-01-01' WHERE id = {DELEGATE}",
    "policies.order": "INSERT INTO policy_version (id, number, in_force_from, terms, why, approved_by, approved_at) "
    "SELECT id + 9, 9, '1999-01-01', terms, why, approved_by, approved_at FROM policy_version",
}
"""What no constraint of the database holds alone, broken by SQL."""


@pytest.fixture
def broken(own_world: World) -> Iterator[tuple[World, Session]]:
    """A session in which the database checks no row by itself."""
    with own_world.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        connection.rollback()
        drop_triggers(connection)
        connection.commit()
        with own_world.app.app_context(), Session(connection) as session:
            yield own_world, session


def test_every_check_finds_what_it_is_for(broken: tuple[World, Session]) -> None:
    """One world for all of them: what each break changes is taken back."""
    world, session = broken
    work = Work(session=session, actor=program("house test"), now=NOW, site=world.site)
    blind = []
    for check in (each for each in world.site.checks if each.name in BREAKS):
        before = list(check.find(work))
        session.execute(sa.text(BREAKS[check.name]))
        session.expire_all()
        if len(list(check.find(replace(work)))) <= len(before):
            blind.append(check.name)
        session.rollback()
    assert blind == []
    assert BREAKS.keys() <= {check.name for check in world.site.checks}


@pytest.mark.slow
def test_every_check_is_broken_here_or_where_its_topic_is_tested(sqlite_world: World) -> None:
    """When this fails, break what your check watches in a test that names the check or its function."""
    here = ROOT / "tests" / "house"
    files = [path for path in (ROOT / "tests").rglob("*.py") if path.parent != here]
    words = set(re.findall(r"[\w.]+", "\n".join(path.read_text(encoding="utf-8") for path in files)))
    words |= {word.rpartition(".")[2] for word in words} | {each.noticed_by for each in ALL}
    unseen = [
        check.name
        for check in sqlite_world.site.checks
        if check.name not in BREAKS and check.name not in words and check.find.__name__ not in words
    ]
    assert unseen == []
