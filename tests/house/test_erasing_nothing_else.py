"""Erasing takes away the person and nothing else: every other text in the database stays as it was, byte for byte.

People of the filled demonstration are erased whose telephone, former names and references are words that stand
everywhere. Whose a row is, and what may change in it, is said here once more, by other means than the code's.
"""

import json
import re
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from lms.frame.access import program
from lms.frame.db import Base
from lms.frame.work import Work
from lms.kit.erased import ERASED_NAME, ERASED_WORDS
from lms.people.models import Person
from lms.personal_data.queries import records_of
from lms.personal_data.services import what_prevents
from tests.erasing import erase_after_a_look
from tests.house.world import World
from tests.moments import NOW

pytestmark = pytest.mark.slow

TELEPHONES = ("child", "at work", "the", "2026", "0", "none", "learning point", "a", "Safer babies", "09:30", "16 June")
FORMER_NAMES = (
    "Voice of the child", "Safer babies", "Safer Babies", "Working Together", "Early Help", "Domestic Abuse", "of the",
    "The Child", "Neglect", "Level Three", "Lived Experience", "Line manager", "Professional Curiosity", "In person",
    "Rowan Valley", "Ashbeck Centre", "at work", "Training team", "Learning Point", "has been", "was late", "May April",
    "Information Sharing", "Children’s Social Care", "Online", "Erased person", "and the", "Strongly agree",
)  # fmt: skip
REFERENCES = ("child", "2026-11", "booking", "RV-2026", "Level 2", "learning points", "confirmed", "COVID19")

INSTEAD = (ERASED_WORDS, "Someone who was erased", ERASED_NAME, "Erased")
"""What may stand where a name stood."""

Place = tuple[str, tuple[Any, ...], str]


@pytest.fixture
def undone(world: World) -> Iterator[Work]:
    """A Work on the demonstration, of which nothing stays."""
    with Session(world.engine) as session:
        yield Work(session=session, actor=program("test"), now=NOW, site=world.site)
        session.rollback()


def every_text(session: Session) -> dict[Place, str]:
    """Everything that is written anywhere: table, key, column, and the text as it is stored."""
    found: dict[Place, str] = {}
    for table in Base.metadata.sorted_tables:
        keys = list(table.primary_key.columns)
        for row in session.execute(sa.select(table)).mappings():
            key = tuple(row[column.name] for column in keys)
            for name, value in row.items():
                if isinstance(value, str | dict | list):
                    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
                    found[(table.name, key, name)] = text
    return found


def rows_of(session: Session, ids: list[int], addresses: list[str]) -> dict[str, set[tuple[Any, ...]]]:
    """Whose rows may change: those about one of these people, and what hangs on their bookings and charges."""
    found: dict[str, set[tuple[Any, ...]]] = {"person": {(each,) for each in ids}}
    for table in Base.metadata.sorted_tables:
        keys = list(table.primary_key.columns)
        pointing = [
            column.in_([key[0] for key in found.get(target.column.table.name, ())])
            for column in table.columns
            for target in column.foreign_keys
            if target.column.table.name in ("person", "booking", "charge", "registration")
            and not column.name.endswith("by_id")
            and column.name != "actor_id"
        ]
        if pointing and table.name != "person":
            found[table.name] = {tuple(row) for row in session.execute(sa.select(*keys).where(sa.or_(*pointing)))}
    letters = Base.metadata.tables["outbox"]
    to_them = sa.select(letters.c.id).where(letters.c.to_address.in_(addresses))
    found["outbox"] |= {tuple(row) for row in session.execute(to_them)}
    return found


def plant(session: Session, person: Person, chosen: Random, phrases: list[str]) -> None:
    """Give somebody a telephone, a reference and former names that stand everywhere in other texts."""
    person.phone = chosen.choice(TELEPHONES)
    former = [*chosen.sample(FORMER_NAMES, 12), *chosen.sample(phrases, 12)]
    audit = Base.metadata.tables["audit_entry"]
    for name in former:
        before = {"name": name, "phone": chosen.choice(TELEPHONES), "email": person.email}
        line = {"at": NOW, "actor_name": "test", "event": "person changed", "record_type": "Person"}
        line |= {"record_id": str(person.id), "person_id": person.id, "is_confidential": False}
        session.execute(sa.insert(audit).values(**line, details={"before": before}))
    session.flush()


def phrases_of(texts: dict[Place, str], chosen: Random, number: int) -> list[str]:
    """Two to four words in a row, out of any text."""
    words = [
        text.split() for text in sorted(set(texts.values())) if text.count(" ") > 6 and not text.startswith(("{", "["))
    ]
    found = set()
    while len(found) < number:
        text, long = chosen.choice(words), chosen.randint(2, 4)
        start = chosen.randrange(len(text))
        phrase = " ".join(text[start : start + long]).strip(".,;:()“”")
        if len(phrase) > 3 and not phrase.replace("’", "").istitle():  # "Cancelled Wed" could be somebody's name
            found.add(phrase)
    return sorted(found)


def is_theirs_alone(before: str, after: str, names: list[str], addresses: list[str]) -> bool:
    """Whether nothing but a name, where it stood whole, or an address of one of them went."""
    if before in addresses:
        return after == ""
    either = sorted([*names, *addresses], key=len, reverse=True)
    pattern = "|".join(rf"(?<![\w-]){re.escape(each)}(?![\w-])" for each in either)
    left = re.split("|".join(map(re.escape, INSTEAD)), after)
    return bool(re.search(pattern, before)) and re.split(pattern, before) == left


def test_words_that_stand_everywhere_stay_whoever_was_called_so(undone: Work) -> None:
    session, chosen = undone.session, Random(20)
    phrases = phrases_of(every_text(session), chosen, 300)
    people = session.scalars(sa.select(Person).where(Person.merged_into_id.is_(None)).order_by(Person.id)).all()
    free = [each for each in chosen.sample(list(people), 20) if not what_prevents(undone, each)][: len(REFERENCES)]
    assert len(free) == len(REFERENCES)
    for person in free:
        plant(session, person, chosen, phrases)
    for person, ref in zip(free, REFERENCES, strict=True):
        person.ref = ref
    session.flush()
    further = [each.address for one in free for each in one.addresses]
    names, addresses = [each.name for each in free], [*(each.email for each in free if each.email), *further]
    records = [one for each in free for one in records_of(session, each.id)]
    before, own = every_text(session), rows_of(session, records, addresses)
    for person in free:
        erase_after_a_look(undone, person)
    session.expire_all()
    after = every_text(session)
    changed = [place for place in before if place in after and before[place] != after[place]]
    wrong = [
        f"{table}.{column} {key}: {before[table, key, column][:90]!r} became {after[table, key, column][:90]!r}"
        for table, key, column in changed
        if key not in own.get(table, ())
        and not is_theirs_alone(before[table, key, column], after[table, key, column], names, addresses)
    ]
    assert len(changed) > 100
    assert len(wrong) == 0, "\n".join([f"{len(wrong)} texts lost words:", *wrong[:40]])
    gone = {place[0] for place in before.keys() - after.keys()}
    assert gone <= {
        "access_needs",
        "account",
        "courses_message_copy",
        "linked_account",
        "person_address",
        "role_grant",
        "sign_in_code",
        "sign_in_session",
        "sign_in_try",
        "table_upload",
        "course_interest",
        "topic_asked",
        "mail_choice",
    }
