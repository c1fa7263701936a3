"""Queueing one letter for 10,000 people: seconds and memory. Limits: under 20 s and 200 MB.

`python -m bench.queue_letters [sqlalchemy address]`; without one, a fresh SQLite file.
"""

import resource
import sys
import tempfile
import time
from collections.abc import Iterator

import sqlalchemy as sa

from lms.frame.db import Base, make_engine, writing
from lms.mail.letters import Copy, ForMany
from lms.mail.models import OutboxLetter
from lms.mail.outbox import put_many_in_outbox
from lms.people.models import Person
from tests.built_in import BUILT_IN
from tests.moments import NOW

PEOPLE, LIMIT_SECONDS, LIMIT_MB = 10_000, 20, 200
WORDS = {"title": "Every adult in a baby’s life", "parts": [["Background", "What a review taught us. " * 60]] * 7}


def main() -> None:
    assert BUILT_IN  # every table is known
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/bench.sqlite3"
        engine = make_engine(url)
        Base.metadata.create_all(engine)
        with writing(engine) as session:
            rows = ({"ref": f"B{n}", "name": f"Person {n}", "email": f"p{n}@b.example"} for n in range(PEOPLE))
            session.execute(sa.insert(Person), [row | {"created_at": NOW} for row in rows])
        before = memory_mb()
        letter = ForMany("briefings.briefing", "bench:1", WORDS, frozenset({"because"}), "briefings.briefings")
        began = time.perf_counter()
        with writing(engine) as session:
            queued = put_many_in_outbox(session, letter, copies(session), now=NOW)
        took = time.perf_counter() - began
        began = time.perf_counter()
        with writing(engine) as session:
            again = put_many_in_outbox(session, letter, copies(session), now=NOW)
            total = session.scalar(sa.select(sa.func.count(OutboxLetter.id)))
        repeat = time.perf_counter() - began
        engine.dispose()
    print(f"{engine.dialect.name}: {queued:,} queued in {took:.1f} s; once more: {again} new in {repeat:.1f} s")
    grown = memory_mb() - before
    print(f"memory {memory_mb():.0f} MB in all, {grown:.0f} MB for queueing; limits {LIMIT_SECONDS} s, {LIMIT_MB} MB")
    sys.exit(took > LIMIT_SECONDS or memory_mb() > LIMIT_MB or queued != PEOPLE or total != PEOPLE)


def copies(session: sa.orm.Session) -> Iterator[Copy]:
    people = session.execute(sa.select(Person.id).order_by(Person.id).execution_options(yield_per=1000))
    for (person_id,) in people:
        yield Copy(f"briefings.briefing:{person_id}:1:1", person_id=person_id, fills={"because": "You work in health."})


def memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


main()
