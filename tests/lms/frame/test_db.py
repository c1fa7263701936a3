"""The database behaves alike on both kinds: moments are aware, writers queue, readers cannot write."""

from datetime import UTC, datetime
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import Session

from lms.agencies.models import Agency, Sector
from lms.frame.db import begin_reading, without_values, writing
from lms.kit.working_days import LONDON
from lms.people.models import Person
from tests.make import Make
from tests.moments import NOW


def test_a_moment_comes_back_aware_and_to_the_microsecond(session: Session, make: Make) -> None:
    told = datetime(2026, 7, 1, 9, 30, 0, 123_456, tzinfo=LONDON)
    person = make.person(created_at=told)
    session.commit()
    session.expire_all()
    assert person.created_at == told
    assert person.created_at.tzinfo is UTC


def test_a_moment_without_a_time_zone_is_refused(make: Make) -> None:
    with pytest.raises(StatementError, match="A moment needs a time zone"):
        make.person(created_at=datetime(2026, 7, 1))  # noqa: DTZ001


def test_a_row_that_points_nowhere_is_refused(make: Make) -> None:
    with pytest.raises(IntegrityError):
        make.person(agency_id=999_999)


def test_a_reading_transaction_cannot_write_and_the_next_one_can(engine: Engine) -> None:
    for _ in range(2):
        with Session(engine) as session:
            begin_reading(session)
            session.add(Sector(name="Written while reading"))
            with pytest.raises(DBAPIError, match=r"(?i)read.?only"):
                session.flush()
        with Session(engine) as session, session.begin():
            session.add(Sector(name="Written while writing"))
            session.flush()
            session.rollback()


def test_a_reader_does_not_wait_for_a_writer(engine: Engine) -> None:
    with writing(engine) as writer:
        writer.add(Sector(name="Not there yet"))
        writer.flush()
        with Session(engine) as reader:
            begin_reading(reader)
            assert reader.scalar(sa.select(sa.func.count()).select_from(Sector)) == 0


def test_writers_that_count_first_do_not_both_take_the_last_place(engine: Engine, make: Make) -> None:
    agency_id, start = make.agency().id, Barrier(4)
    make.commit()

    def take() -> None:
        start.wait()
        with writing(engine) as session:
            session.scalar(sa.select(Agency).where(Agency.id == agency_id).with_for_update())
            taken = session.scalar(sa.select(sa.func.count()).select_from(Person)) or 0
            if taken < 2:
                values = {"ref": f"P{taken}", "name": "Amara", "email": "a@b.example", "created_at": NOW}
                session.add(Person(agency_id=agency_id, **values))

    threads = [Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Session(engine) as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Person)) == 2


def test_an_error_names_the_constraint_and_no_value(engine: Engine) -> None:
    with writing(engine) as session:
        session.add(Sector(name="Under embargo"))
    with pytest.raises(IntegrityError) as refused, writing(engine) as session:
        session.add(Sector(name="Under embargo"))
    chain = f"{refused.value} {refused.value.orig}"
    assert "Under embargo" not in chain
    assert "Under embargo" not in without_values(refused.value)
    assert without_values(LookupError("no such course")) == "LookupError: no such course"
