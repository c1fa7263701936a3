"""Taking in what agencies and delegates tell: received, discussed, changed, read. Told twice is once."""

from datetime import date

from briefings.cascade.models import BriefingMark, Cascade, CascadeChange, CascadeReturn
from briefings.cascade.queries import cascade_of, has_return, mark_of, readers_of
from briefings.cascade.rules import ReturnSource, check_change, check_discussion
from briefings.writing.models import BriefingVersion
from briefings.writing.queries import find_published
from briefings.writing.recalling.models import BriefingRecall
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid
from lms.kit.names import read_name
from lms.kit.working_days import london_date
from lms.people.models import Person
from reviews.cases.rules import check_identifies_nobody


def acknowledge(work: Work, cascade: Cascade, person: Person) -> Cascade:
    """The agency has it."""
    if cascade.acknowledged_at is None:
        cascade.acknowledged_at, cascade.acknowledged_by = work.now, person.name
        work.record("briefing received", cascade, person_id=person.id, is_confidential=True)
    return cascade


def tell_discussion(
    work: Work,
    cascade: Cascade,
    version: BriefingVersion,
    person: Person,
    *,
    team: str,
    on: date | None,
    people: int | None,
    change: str = "",
    source: ReturnSource = ReturnSource.LEAD,
) -> CascadeReturn | None:
    """A team discussed it. None when that was told before. Raises Invalid with the field that is wrong."""
    team = " ".join(read_name(team, field="team").split())
    sent_on = london_date(cascade.sent_at) if cascade.sent_at else None
    check_discussion(team, people, on, sent_on=sent_on, today=london_date(work.now))
    assert on is not None and people is not None  # noqa: S101, PT018  (checked just now)
    check_identifies_nobody(team, field="team")
    change = check_identifies_nobody(check_change(change), field="change")
    if source is ReturnSource.LEAD:
        acknowledge(work, cascade, person)
    if change:
        _add_change(work, cascade, person, change, source)
    if has_return(work.session, cascade.id, on, team, people):
        return None
    told = CascadeReturn(
        cascade_id=cascade.id,
        version_id=version.id,
        team=team,
        discussed_on=on,
        people=people,
        source=source,
        told_at=work.now,
        told_by_id=person.id,
    )
    work.session.add(told)
    work.record("briefing discussed", told, person_id=person.id, is_confidential=True, people=people)
    return told


def tell_change(work: Work, cascade: Cascade, person: Person, words: str) -> CascadeChange:
    """What the agency changed because of it."""
    words = check_identifies_nobody(check_change(words, field="words"), field="words")
    if not words:
        raise Invalid("Enter what you changed, in a sentence.", field="words")
    acknowledge(work, cascade, person)
    return _add_change(work, cascade, person, words, ReturnSource.LEAD)


def _add_change(work: Work, cascade: Cascade, person: Person, words: str, source: ReturnSource) -> CascadeChange:
    known = next((each for each in cascade.changes if each.words == words), None)
    if known is not None:
        return known
    change = CascadeChange(words=words, source=source, told_at=work.now, told_by_id=person.id)
    cascade.changes.append(change)
    work.session.flush()
    work.record("change after a briefing recorded", change, person_id=person.id, is_confidential=True)
    return change


def mark_read(work: Work, briefing_id: int) -> BriefingMark:
    """A delegate says that they read it: into their training record."""
    version, person = find_published(work.session, work.actor, briefing_id), _person(work)
    return _mark(work, version, person)


def mark_discussed(work: Work, briefing_id: int, *, people: int | None, change: str = "") -> BriefingMark:
    """A delegate says that their team discussed it today: their own record, and evidence for their agency.

    One of a team is enough: the same number on the same day, told again by a colleague, is the same discussion.
    """
    version, person = find_published(work.session, work.actor, briefing_id), _person(work)
    mark, today = _mark(work, version, person), london_date(work.now)
    mark.discussed_on = mark.discussed_on or today
    if person.agency_id is None:
        return mark
    cascade = _cascade(work, briefing_id, person.agency_id)
    if people is not None:
        by = ReturnSource.DELEGATE
        tell_discussion(work, cascade, version, person, team="", on=today, people=people, change=change, source=by)
    elif change.strip():
        raise Invalid("Enter how many of you talked about it.", field="people")
    return mark


def _mark(work: Work, version: BriefingVersion, person: Person) -> BriefingMark:
    mark = mark_of(work.session, version.briefing_id, person.id)
    if mark is None:
        mark = BriefingMark(
            briefing_id=version.briefing_id,
            version_id=version.id,
            person_id=person.id,
            agency_id=person.agency_id,
            read_on=london_date(work.now),
        )
        work.session.add(mark)
        work.session.flush()
        work.record("briefing read", mark, is_confidential=True)
    mark.version_id = version.id
    return mark


def _cascade(work: Work, briefing_id: int, agency_id: int) -> Cascade:
    cascade = cascade_of(work.session, briefing_id, agency_id)
    if cascade is None:
        cascade = Cascade(briefing_id=briefing_id, agency_id=agency_id, audience=0, reminders=0)
        work.session.add(cascade)
        work.session.flush()
    return cascade


def _person(work: Work) -> Person:
    person = work.session.get(Person, work.actor.person_id) if work.actor.person_id else None
    if person is None:
        raise Conflict("Sign in first, so that it goes into your own training record.")
    return person


def note_readers(work: Work, recall: BriefingRecall, *, told: int) -> None:
    """Write down who had read what is recalled, as far as they said so: for those who may read confidential lines."""
    people, agencies = readers_of(work.session, recall.briefing_id)
    work.record(
        "readers of a recalled briefing", recall, is_confidential=True, people=people, agencies=agencies, told=told
    )
