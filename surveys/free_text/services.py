"""The safeguarding lead's queue, what is held back and let out, themes, and words that are kept no longer."""

import sqlalchemy as sa

from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from lms.kit.working_days import add_months, london_date
from lms.people.models import Person
from surveys.answers.models import AnswerSheet
from surveys.concerns.models import Concern, QueueStep, SafeguardingLead
from surveys.concerns.queries import lead_now
from surveys.concerns.rules import ConcernState
from surveys.free_text.models import AnswerText
from surveys.free_text.queries import reads_queue
from surveys.free_text.rules import TEXTS_KEPT_MONTHS, TextState, check_covered


def name_lead(work: Work, person: Person) -> SafeguardingLead:
    """From now on worrying words go to this person. Raises Conflict for somebody who has left."""
    if not person.is_here:
        raise Conflict("This person has left. Name someone who is here.")
    before = lead_now(work.session)
    if before is not None and before.person_id == person.id:
        return before
    if before is not None:
        before.is_now, before.until_at = False, work.now
        work.session.flush()
    lead = SafeguardingLead(person_id=person.id, since_at=work.now, named_by_id=work.actor.person_id)
    work.session.add(lead)
    work.record("safeguarding lead named", lead, name=person.name)
    return lead


def decide_concern(work: Work, concern_id: int, state: ConcernState, note: str) -> Concern:
    """What was done about words that may tell of a child at risk. Raises Invalid without a note."""
    _check_reads(work)
    concern = work.session.get(Concern, concern_id, with_for_update={"key_share": True})
    if concern is None:
        raise NotFound("We cannot find that entry in the queue.")
    if not note.strip():
        raise Invalid("Enter what you did, or why you did nothing.", field="note")
    concern.state, concern.note = state, note.strip()
    _log(work, f"{state}", note, concern_id=concern.id)
    return concern


def let_text_out(work: Work, text_id: str, words: str) -> AnswerText:
    """It names nobody, or what names somebody is covered: reports may show it. Raises Invalid when words were added."""
    text = _held(work, text_id)
    check_covered(text.words, words)
    did = "let out as it is" if words.strip() == text.words else "let out with words covered"
    text.words, text.state = words.strip(), TextState.RELEASED
    _log(work, did, "", text_id=text.id)
    work.record("text released into reports", text, how=did)
    return text


def keep_text_back(work: Work, text_id: str) -> AnswerText:
    """It stays out of reports for good, and its words go."""
    text = _held(work, text_id)
    text.words, text.state = "", TextState.WITHHELD
    _log(work, "kept back", "", text_id=text.id)
    work.record("text kept out of reports", text)
    return text


def _held(work: Work, text_id: str) -> AnswerText:
    _check_reads(work)
    text = work.session.get(AnswerText, text_id, with_for_update={"key_share": True})
    if text is None:
        raise NotFound("We cannot find that text in the queue.")
    if text.state is not TextState.HELD:
        raise Conflict("Someone has already decided on this text.")
    return text


def _check_reads(work: Work) -> None:
    if not reads_queue(work.session, work.actor):
        raise NotAllowed("Only the safeguarding lead can read this queue.")


def _log(work: Work, did: str, note: str, *, concern_id: int | None = None, text_id: str | None = None) -> None:
    work.session.add(
        QueueStep(
            concern_id=concern_id,
            text_id=text_id,
            at=work.now,
            by_id=work.actor.person_id,
            by_name=work.actor.name,
            did=did,
            note=note.strip(),
        )
    )


# What ends


def anonymise_old_texts(work: Work) -> int:
    """After 24 months the words go; that there was an answer, and its themes, stay. How many."""
    before = add_months(london_date(work.now).replace(day=1), -TEXTS_KEPT_MONTHS)
    old = sa.select(AnswerSheet.id).where(AnswerSheet.period_on < before)
    gone = work.session.execute(
        sa.update(AnswerText)
        .where(AnswerText.sheet_id.in_(old), AnswerText.words != "")
        .values(words="", state=TextState.ANONYMISED, is_example=False)
        .returning(AnswerText.id)
        .execution_options(synchronize_session=False)
    ).all()
    return len(gone)
