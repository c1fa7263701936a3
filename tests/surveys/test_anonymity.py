"""Somebody who holds the whole database tries to find out who answered what. They may not.

The attacker has every row of every table, in the order in which the database keeps them, with PostgreSQL's hidden
columns; but not LMS_SECRET_KEY, which is not in the database.
"""

import re
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import Outcome
from courses.facts import OutcomeCorrected
from courses.programme.events.models import Event
from lms.frame.db import Base
from lms.jobs.services import carry_out
from lms.kit.keys import Keys
from surveys.answers.models import AnswerSheet, Draft, SurveyAnswer
from surveys.answers.sealing.rules import unseal
from surveys.concerns.models import Concern
from surveys.free_text.models import AnswerText
from surveys.invitations.models import Answered, Invitation
from surveys.letting_out.ending.services import forget_drafts
from surveys.letting_out.services import let_out
from surveys.sending.jobs import ask_people
from surveys.stages.rules import Stage
from tests.surveys.conftest import Asking

CODE = "outcomes.confidence"


def event_of(asking: Asking, sectors: list[str], **values: Any) -> Event:
    """Attended by one person of each sector named."""
    event = asking.event(**values)
    for number, sector in enumerate(sectors):
        agency = asking.make.agency(f"{sector} {number % 2}", sector=asking.make.sector(sector))
        asking.booking(event, asking.make.person(f"Person {number}", agency=agency))
    asking.finalise(event)
    return event


def asked(session: Session, event: Event, stage: Stage) -> list[Invitation]:
    found = sa.select(Invitation).where(Invitation.event_id == event.id, Invitation.stage == stage)
    session.flush()
    session.expire_all()
    return list(session.scalars(found.order_by(Invitation.id)))


def answer_day(asking: Asking, event: Event, numbers: list[int], words: str = "") -> None:
    """The first people of the event answer, each with a number that would give them away."""
    carry_out(asking.at(event.ends_at), ask_people)
    for invitation, number in zip(asked(asking.work.session, event, Stage.ON_THE_DAY), numbers, strict=False):
        said: dict[str, Any] = {CODE: {"1": number, "2": number}}
        asking.answer(invitation, said | ({"day.will-do": f"{words} {number}"} if words else {}))


def everything(session: Session) -> dict[str, list[dict[str, Any]]]:
    """All rows of all tables, as the database keeps them."""
    hidden = ", ctid::text AS hidden_place, xmin::text AS hidden_change" if _is_postgresql(session) else ""
    found = {}
    for name in Base.metadata.tables:
        rows = session.execute(sa.text(f'SELECT *{hidden} FROM "{name}"'))
        found[name] = [dict(row) for row in rows.mappings()]
    return found


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def after(event: Event, days: float = 15) -> datetime:
    return event.ends_at + timedelta(days=days)


def test_until_a_survey_has_closed_the_database_holds_nothing_that_can_be_read(
    session: Session, asking: Asking
) -> None:
    event = event_of(asking, ["Health"] * 6)
    answer_day(asking, event, [1, 2, 3], words="I will knock twice")
    assert let_out(asking.at(after(event, 10))) == 0
    tables = everything(session)
    assert "I will knock twice" not in repr(tables)
    assert CODE not in repr(tables["survey_draft"])
    assert not tables["survey_answer"]
    drafts = tables["survey_draft"]
    assert len(drafts) == len(tables["survey_answered"]) == 3
    assert all(unseal(Keys("another key, also long enough"), row["sealed"]) is None for row in drafts)
    people = {str(row["id"]) for row in tables["survey_invitation"]}
    assert all(row["id"] not in people and len(row["id"]) == 64 for row in drafts)


def test_no_row_leads_from_an_answer_to_a_person(session: Session, asking: Asking) -> None:
    """Neither a shared value, nor an order, nor a change made in the same moment joins a sheet to who it is of."""
    event = event_of(asking, ["Health"] * 12)
    numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    answer_day(asking, event, numbers, words="It is I, number")
    asking.make.commit()
    assert let_out(asking.at(after(event))) == 10
    asking.make.commit()
    tables = everything(session)
    sheets = {row["id"]: row for row in tables["survey_answer_sheet"]}
    answers = [row for row in tables["survey_answer"] if row["sheet_id"] in sheets]
    assert len(answers) == 20

    # 1. Values: nothing that names one person or one invitation stands in a sheet, an answer or a text.
    shared = ("event_id", "course_id", "agency_id", "sector_id", "version_id", "kind", "period_on")
    for row in [*sheets.values(), *answers, *tables["survey_answer_text"]]:
        assert not set(row) & {"person_id", "booking_id", "invitation_id", "at", "created_at", "sent_at", "letter_id"}
    for name in shared:
        groups = defaultdict(int)
        for row in sheets.values():
            groups[row[name]] += 1
        assert all(number >= 5 for number in groups.values()), name
    named = ("person", "booking", "survey_invitation", "outbox", "certificate", "audit_entry")
    known = {str(row[column]) for name in named for row in tables[name]
             for column in ("id", "ref", "key", "serial") if column in row}  # fmt: skip
    assert not {row["pseudonym"] for row in sheets.values()} & known

    # 2. Order: the order in which people answered, and of their invitations, says nothing about the sheets'.
    given = {row["sheet_id"]: row["number"] for row in answers if row["item"] == 1}
    in_order = [given[row["id"]] for row in tables["survey_answer_sheet"]]
    texts = [int(row["words"].rsplit(" ", 1)[1]) for row in tables["survey_answer_text"]]
    assert sorted(in_order) == numbers
    assert in_order != numbers  # 1 in 3,628,800
    assert texts != numbers
    assert [row["invitation_id"] for row in tables["survey_answered"]] == sorted(
        row["invitation_id"] for row in tables["survey_answered"]
    )

    # 3. PostgreSQL's hidden columns: all sheets changed at once, and not with anything of a person.
    if _is_postgresql(session):
        changes = {row["hidden_change"] for row in [*sheets.values(), *answers, *tables["survey_answer_text"]]}
        assert len(changes) == 1
        assert not changes & {row["hidden_change"] for row in tables["survey_answered"]}
        assert not changes & {row["hidden_change"] for row in tables["certificate"]}
    assert not tables["survey_draft"]


@pytest.mark.slow
def test_a_few_answers_do_not_come_out_and_a_small_sector_is_not_told(session: Session, asking: Asking) -> None:
    few = event_of(asking, ["Health"] * 6)
    answer_day(asking, few, [1, 2, 3, 4])
    assert let_out(asking.at(after(few))) == 0
    others = event_of(asking, ["Health"] * 6, course=few.course)
    answer_day(asking, others, [5])
    assert let_out(asking.at(after(others))) == 5
    sheets = session.scalars(sa.select(AnswerSheet)).all()
    assert {(each.event_id, each.agency_id, each.sector_id, each.course_id) for each in sheets} == {
        (None, None, None, few.course_id)
    }
    mixed = event_of(asking, ["Health"] * 8 + ["Police"] * 6 + ["Probation"] * 2, title="Neglect")
    answer_day(asking, mixed, [5] * 16)
    assert let_out(asking.at(after(mixed))) == 16
    rows = session.execute(
        sa.select(AnswerSheet.sector_id, sa.func.count())
        .where(AnswerSheet.event_id == mixed.id)
        .group_by(AnswerSheet.sector_id)
    )
    health = asking.make.sector("Health").id
    assert {sector: number for sector, number in rows} == {health: 8, None: 8}  # noqa: C416


def test_a_corrected_answer_is_kept_and_not_counted(session: Session, asking: Asking) -> None:
    """Before the letting out it stays sealed; afterwards it cannot be picked out again."""
    event = event_of(asking, ["Health"] * 7)
    answer_day(asking, event, [1, 2, 3, 4, 5, 6])
    first = session.scalars(sa.select(Booking).order_by(Booking.id)).first()
    assert first is not None
    first.outcome = Outcome.DID_NOT_ATTEND
    asking.work.tell(OutcomeCorrected(first.id, event.id, first.person_id, "attended", "did_not_attend", "Mixed up"))
    assert let_out(asking.at(after(event))) == 5
    assert session.scalar(sa.select(sa.func.count()).select_from(Answered)) == 6
    numbers = session.scalars(sa.select(SurveyAnswer.number).where(SurveyAnswer.item == 1)).all()
    assert sorted(numbers) == [2, 3, 4, 5, 6]
    assert session.scalar(sa.select(sa.func.count()).select_from(Draft)) == 1
    assert forget_drafts(asking.at(after(event, 500))) == 1


def test_words_of_harm_leave_the_answers_and_names_are_held_back(session: Session, asking: Asking) -> None:
    event = event_of(asking, ["Health"] * 6)
    carry_out(asking.at(event.ends_at), ask_people)
    said = ["I am worried about a baby here", "I told Jaden Smith", "I ask again", "", "", ""]
    for invitation, words in zip(asked(session, event, Stage.ON_THE_DAY), said, strict=True):
        answers: dict[str, Any] = {CODE: {"1": 5, "2": 5}}
        asking.answer(invitation, answers | ({"day.will-do": words} if words else {}))
    concern = session.scalars(sa.select(Concern)).one()
    assert (concern.words, concern.about) == ("I am worried about a baby here", "Safer babies")
    let_out(asking.at(after(event)))
    texts = {each.words: each.state.value for each in session.scalars(sa.select(AnswerText))}
    assert texts == {"I told Jaden Smith": "held", "I ask again": "shown"}


def file_and_journal(session: Session) -> bytes:
    """All that lies on the disk of a database now, as a backup of this moment would have it."""
    file = Path(str(session.get_bind().engine.url.database))
    return b"".join(each.read_bytes() for each in sorted(file.parent.glob(f"{file.name}*")))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_backups_of_every_moment_and_the_journal_join_nothing(session: Session, asking: Asking) -> None:
    """Somebody who kept the files after each answer knows which draft is whose: and nothing leads from there on."""
    event = event_of(asking, ["Health"] * 12)
    carry_out(asking.at(event.ends_at), ask_people)
    asking.make.commit()
    backups, of_whom, drafts = [file_and_journal(session)], dict[str, int](), set[str]()
    for number, invitation in enumerate(asked(session, event, Stage.ON_THE_DAY)[:10], start=1):
        said = f"It is I, number {number:02}. {'And so on. ' * number}"
        asking.answer(invitation, {CODE: {"1": number, "2": number}, "day.will-do": said})
        asking.make.commit()
        backups.append(file_and_journal(session))
        now = set(session.scalars(sa.select(Draft.id)))
        of_whom |= dict.fromkeys(now - drafts, number)  # what is new between two backups is this person's
        drafts = now
    assert sorted(of_whom.values()) == list(range(1, 11))
    assert len({len(each) for each in session.scalars(sa.select(Draft.sealed))}) == 1
    assert not any(b"It is I" in each for each in backups)
    before = file_and_journal(session)
    let_out(asking.at(after(event)))
    asking.make.commit()
    now_there = file_and_journal(session)
    tables = everything(session)
    told = [row for name in ("survey_answer_sheet", "survey_answer", "survey_answer_text") for row in tables[name]]
    assert not any(draft in repr(told) for draft in of_whom)
    names = [row["id"] for row in (*tables["survey_answer_sheet"], *tables["survey_answer_text"])]
    assert not any(name.encode() in each for name in names for each in (*backups, before))
    written = [int(each) for each in re.findall(rb"It is I, number (\d\d)\.", now_there)]
    assert set(written) == set(range(1, 11))
    in_order = [*range(1, 11)]
    assert written[:10] not in (in_order, in_order[::-1])  # of random names: 2 in 3,628,800; pages fill from their end
