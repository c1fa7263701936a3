"""Sending one briefing to 10,000 people, from the audience to the outbox: seconds and memory. Limits: 20 s, 200 MB.

`python -m bench.send_briefing [sqlalchemy address]`; without one, a fresh SQLite file.
"""

import resource
import sys
import tempfile
import time

import sqlalchemy as sa

from briefings.distribution.drawing.queries import draw
from briefings.distribution.models import Recipient
from briefings.distribution.rules import Audience
from briefings.distribution.services import plan_sending
from briefings.writing.models import Briefing, BriefingPart, BriefingVersion
from briefings.writing.rules import SHAPES, ApprovedAs, BriefingKind, VersionState
from lms.agencies.models import Agency, Sector
from lms.frame.access import program
from lms.frame.db import Base, make_engine, writing
from lms.frame.work import Work
from lms.mail.models import OutboxLetter
from lms.people.models import Person
from tests.built_in import BUILT_IN
from tests.databases import NoSite
from tests.moments import NOW

PEOPLE, AGENCIES, LIMIT_SECONDS, LIMIT_MB = 10_000, 60, 20, 200


def main() -> None:
    assert BUILT_IN  # every table is known
    with tempfile.TemporaryDirectory() as folder:
        url = sys.argv[1] if len(sys.argv) > 1 else f"sqlite:///{folder}/bench.sqlite3"
        engine = make_engine(url)
        Base.metadata.create_all(engine)
        with writing(engine) as session:
            briefing_id = fill(session)
        began = time.perf_counter()
        with writing(engine) as session:
            work = Work(session=session, actor=program("bench"), now=NOW, site=NoSite())
            version = session.scalars(sa.select(BriefingVersion)).one()
            people = draw(session, version, Audience()).recipients
            sending = plan_sending(work, briefing_id, Audience(), confirmed=people)
            sent = sending.people
        took = time.perf_counter() - began
        with writing(engine) as session:
            queued = session.scalar(sa.select(sa.func.count(OutboxLetter.id)))
            noted = session.scalar(sa.select(sa.func.count(Recipient.id)))
        engine.dispose()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{engine.dialect.name}: {sent:,} people, {queued:,} letters, {noted:,} recipients in {took:.1f} s")
    print(f"memory {memory:.0f} MB; limits {LIMIT_SECONDS} s, {LIMIT_MB} MB")
    sys.exit(took > LIMIT_SECONDS or memory > LIMIT_MB or not queued == noted == sent == PEOPLE)


def fill(session: sa.orm.Session) -> int:
    """Ten thousand people of sixty agencies, and a briefing that is out."""
    sector = Sector(name="Health")
    agencies = [Agency(code=f"A{n}", name=f"Agency {n}", sector=sector) for n in range(AGENCIES)]
    session.add_all(agencies)
    session.flush()
    rows = [
        {"ref": f"B{n}", "name": f"Person {n}", "email": f"p{n}@b.example", "agency_id": agencies[n % AGENCIES].id}
        for n in range(PEOPLE)
    ]
    session.execute(sa.insert(Person), [row | {"created_at": NOW} for row in rows])
    titles = SHAPES[BriefingKind.SEVEN_MINUTE].titles
    briefing = Briefing(kind=BriefingKind.SEVEN_MINUTE, created_at=NOW)
    briefing.versions.append(
        BriefingVersion(
            number=1,
            title="Every adult in a baby’s life",
            questions=["Who lives there?"] * 3,
            state=VersionState.PUBLISHED,
            written_at=NOW,
            checked_at=NOW,
            approved_at=NOW,
            approved_as=ApprovedAs.SUB_GROUP,
            published_at=NOW,
            parts=[BriefingPart(number=n, title=title, body="Some words. " * 90) for n, title in enumerate(titles, 1)],
        )
    )
    session.add(briefing)
    session.flush()
    return briefing.id


main()
