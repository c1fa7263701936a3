"""Whoever watches the service: whether it answers, whether it is ready, and what is late."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from lms.frame.db import writing
from lms.frame.lines import HOST_LINE
from lms.frame.schema import schema_here
from lms.frame.work import Work
from lms.jobs.models import JobState
from lms.mail.models import OutboxLetter
from lms.mail.rules import LetterState
from lms.monitoring.checks import find_late_letters, find_no_worker, find_refusals
from lms.monitoring.queries import figures_of_now
from lms.monitoring.rules import BEAT, REFUSED_TOO_MANY, is_from, read_networks
from tests.databases import VERSIONS_TABLE
from tests.make import Make
from tests.moments import NOW

HOUR = timedelta(hours=1)


def at(engine: Engine, revision: str) -> str:
    """What is said of a database at this revision."""
    with writing(engine) as session:
        session.execute(VERSIONS_TABLE.update().values(version_num=revision))
    with engine.connect() as connection:
        return schema_here(connection, [HOST_LINE]).why_not


def letter(make: Make, number: int, **given: object) -> None:
    make.session.add(
        OutboxLetter(
            key=f"watched:{number}",
            kind="test.hello",
            to_address="nia@rvch.example",
            context={},
            created_at=NOW,
            **{"due_at": NOW - timedelta(minutes=1), **given},
        )
    )


def beat(session: Session, ago: timedelta) -> None:
    session.add(JobState(name=BEAT, done_until=NOW, started_at=NOW - ago, finished_at=NOW - ago))


def test_a_schema_that_is_behind_ahead_or_not_there_is_a_sentence_that_says_what_to_do(engine: Engine) -> None:
    with engine.connect() as connection:
        assert schema_here(connection, [HOST_LINE]).why_not == ""
    assert at(engine, "0003") == (
        f"The database is at revision 0003, and this version needs {HOST_LINE.head}. Run `lms init`."
    )
    assert "does not know: a newer one was here" in at(engine, "9999")
    with writing(engine) as session:
        session.execute(VERSIONS_TABLE.delete())
    with engine.connect() as connection:
        assert "has not been made" in schema_here(connection, [HOST_LINE]).why_not


def test_ready_says_how_mail_and_the_worker_do(client: FlaskClient, make: Make, engine: Engine) -> None:
    first = client.get("/health/ready")
    assert first.status_code == 200
    assert first.json == {
        "ready": True,
        "schema": HOST_LINE.head,
        "worker_seconds": None,
        "oldest_due_letter_seconds": 0,
        "refused_last_hour": 0,
    }
    beat(make.session, timedelta(seconds=90))
    letter(make, 1, due_at=NOW - 2 * HOUR)
    letter(make, 2, due_at=NOW + HOUR)
    letter(make, 3, state=LetterState.REFUSED)
    letter(make, 4, state=LetterState.REFUSED, due_at=NOW - 2 * HOUR)
    letter(make, 5, state=LetterState.GIVEN_UP)
    make.commit()
    then = client.get("/health/ready").json
    assert then is not None
    assert (then["worker_seconds"], then["oldest_due_letter_seconds"], then["refused_last_hour"]) == (90, 7200, 2)
    at(engine, "0003")
    behind = client.get("/health/ready")
    assert behind.status_code == 503
    assert behind.json is not None
    assert (behind.json["ready"], behind.json["schema"]) == (False, "0003")


def test_checks_name_a_worker_that_is_gone_letters_that_are_late_and_a_server_that_refuses(
    work: Work, make: Make
) -> None:
    assert [*find_no_worker(work), *find_late_letters(work), *find_refusals(work)] == []
    letter(make, 0, due_at=NOW - 3 * HOUR)
    assert list(find_no_worker(work)) == [
        "No worker has ever run here, and an email has been due for 3 hours. Start `lms worker`."
    ]
    assert list(find_late_letters(work)) == [
        "The oldest email has been due for 3 hours. `lms mail list` shows what waits."
    ]
    beat(make.session, timedelta(minutes=16))
    assert list(find_no_worker(work)) == [
        "The worker was last there 16 minutes ago. Start `lms worker`, or look at what it says."
    ]
    for number in range(1, REFUSED_TOO_MANY):
        letter(make, number, state=LetterState.REFUSED)
    assert list(find_refusals(work)) == []
    letter(make, REFUSED_TOO_MANY, state=LetterState.REFUSED)
    assert len(list(find_refusals(work))) == 1


def test_figures_of_now_count_letters_by_their_end_and_say_how_each_job_did(engine: Engine, make: Make) -> None:
    letter(make, 1, state=LetterState.REFUSED)
    letter(make, 2)
    make.session.add(
        JobState(name="a.job", done_until=NOW, started_at=NOW - HOUR, finished_at=NOW, last_error="It failed")
    )
    make.commit()
    told = {(each.name, each.labels): each.value for each in figures_of_now(engine, NOW)}
    assert told[("database_up", ())] == 1
    assert told[("letters_due", ())] == 1
    assert told[("letters_last_hour", (("state", "refused"),))] == 1
    assert told[("job_failed", (("job", "a.job"),))] == 1
    assert told[("job_seconds", (("job", "a.job"),))] == 3600
    assert told[("job_finished_timestamp_seconds", (("job", "a.job"),))] == NOW.timestamp()


@pytest.mark.parametrize("path", ["/metrics"])
def test_where_nothing_is_said_nobody_reads_the_figures(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("address", "is_in"),
    [
        ("10.1.2.3", True),
        ("::ffff:10.1.2.3", True),
        ("192.0.2.7", True),
        ("192.0.2.8", False),
        ("2001:db8::1", True),
        ("2001:db9::1", False),
        ("", False),
        ("somebody", False),
    ],
)
def test_addresses_and_networks_are_read_as_operators_write_them(address: str, is_in: bool) -> None:
    networks = read_networks("10.1.0.0/16, 192.0.2.7 ,2001:db8::/32,")
    assert is_from(address, networks) is is_in


def test_what_is_no_network_is_refused() -> None:
    with pytest.raises(ValueError, match="example"):
        read_networks("10.0.0.1, example.org")
