"""Asking some 5,000 people who were trained on one day: seconds and memory of the job, lost once and run again.

`python -m bench.ask_people [sqlalchemy address]`; without one, a fresh SQLite file. Fails when anybody is written to
twice or not at all, or when the letters of the second half take much more memory than those of the first.
"""

import resource
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from bench.partnership import fill_partnership
from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import THERE
from courses.programme.events.models import Event, EventDay
from lms.frame.access import program
from lms.frame.db import Base
from lms.frame.settings import Settings
from lms.frame.web import db
from lms.frame.work import Work
from lms.hosting.app import create_app
from lms.jobs.services import carry_out
from lms.mail.models import OutboxLetter
from lms.partnership.services import found_partnership
from lms.people.models import Person
from lms.policies.services import approve_first_policy
from surveys.invitations.rules import due_on
from surveys.sending.jobs import ask_people
from surveys.stages.rules import Stage
from tests.built_in import BUILT_IN

EVENTS, PEOPLE, BOOKINGS = 100, 6000, 6200
HELD_AT = datetime(2026, 3, 12, 9, 30, tzinfo=UTC)
LIMIT_GROWTH_MB = 40


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        address = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/bench.sqlite3"
        mailbox, place = f"file://{folder}/mailbox", "http://localhost"
        app = create_app(
            Settings("a key for measurements", address, mailbox, "a@b.example", place, instance=Path(folder)), BUILT_IN
        )
        with app.app_context():
            Base.metadata.create_all(db.engine)
            work = Work(db.session(), program("bench"), HELD_AT, app.extensions["lms"])
            wanted = fill(work)
            is_right = measured(work, wanted)
            kind = db.engine.dialect.name
            db.session.remove()
            db.engine.dispose()
    print(f"{kind}: {'every one once' if is_right else 'WRONG'}")
    sys.exit(not is_right)


def fill(work: Work) -> int:
    """Many events on one day. How many people were there."""
    session = work.session
    found_partnership(work)
    approve_first_policy(work)
    fill_partnership(session, events=EVENTS, people=PEOPLE, bookings=BOOKINGS)
    ends_at = HELD_AT + timedelta(hours=6)
    session.execute(sa.update(EventDay).values(starts_at=HELD_AT, ends_at=ends_at))
    session.execute(sa.update(Event).values(starts_at=HELD_AT, ends_at=ends_at, finalised_at=ends_at))
    session.execute(sa.update(Person).values(email=sa.literal("p") + sa.cast(Person.id, sa.String) + "@b.example"))
    session.commit()
    return session.scalar(sa.select(sa.func.count(Booking.id)).where(Booking.outcome.in_(THERE))) or 0


def measured(work: Work, wanted: int) -> bool:
    """The job on the day and three months on; each is lost before its end, then run twice."""
    on_the_day = replace(work, now=HELD_AT + timedelta(hours=7))
    due = due_on(Stage.IMPACT, HELD_AT.date())
    later = replace(work, now=datetime(due.year, due.month, due.day, 7, tzinfo=UTC))
    is_right, begin_mb = True, memory_mb()
    for number, (words, at) in enumerate((("on the day", on_the_day), ("three months on", later)), 1):
        carry_out(at, ask_people)
        work.session.rollback()
        took = [seconds(at) for _ in range(2)]
        letters, keys = work.session.execute(
            sa.select(sa.func.count(OutboxLetter.id), sa.func.count(OutboxLetter.key.distinct()))
        ).one()
        work.session.rollback()
        end_mb = memory_mb()
        print(
            f"{words}: {wanted:,} people asked in {took[0]:.1f} s, again in {took[1]:.1f} s; "
            f"{letters:,} letters; {end_mb:.0f} MB, {end_mb - begin_mb:.0f} MB more than before"
        )
        is_right &= letters == keys == wanted * number and (number == 1 or end_mb - begin_mb < LIMIT_GROWTH_MB)
        begin_mb = end_mb
    return is_right


def seconds(work: Work) -> float:
    began = time.perf_counter()
    carry_out(work, ask_people)
    work.session.commit()
    return time.perf_counter() - began


def memory_mb() -> float:
    """The most that this process has taken so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


main()
