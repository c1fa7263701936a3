"""Opening a round with a link for each agency, answering it, and letting all its answers out together."""

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, time
from functools import partial

from lms.frame.locks import lock_row
from lms.frame.plugins import Portion
from lms.frame.work import Work
from lms.kit.errors import Invalid, NotFound
from lms.kit.identifying import IdentifierKind, kinds_in
from lms.kit.telling.numbers import SMALL
from lms.kit.working_days import london_date, wall_time
from lms.people.by_agency.queries import leads_of
from surveys.answers.sealing.rules import new_id, seal, unseal
from surveys.concerns.services import raise_concern
from surveys.letting_out.services import CHANCE, AnswersOut, write_sheets
from surveys.questions.models import Survey
from surveys.questions.queries import asks_of, version_of
from surveys.questions.rules import Answers, QuestionKind, asked_pages
from surveys.workforce.letters import agency_link
from surveys.workforce.models import RoundAnswers, RoundLink, RoundSheet, SurveyRound
from surveys.workforce.queries import (
    latest_version,
    link_by_secret,
    links_of,
    open_agencies,
    rounds_to_let_out,
    sealed_answers,
    staff_said,
)
from surveys.workforce.rules import check_days
from surveys.workforce.staffing.queries import STAFF
from surveys.workforce.staffing.rules import AgencyCount, Stamp, answer_lines, response_lines, stamps

NO_SUCH_LINK = "This link does not work or has expired."


def open_round(work: Work, survey_id: int, *, title: str, opens_on: date | None, closes_on: date | None) -> SurveyRound:
    """A survey for a period, with a link for each agency. Its leads get the link at 09:00 on the first day.

    How many work at an agency is what it said last, until it says otherwise.
    """
    check_days(opens_on, closes_on, london_date(work.now))
    version = latest_version(work.session, survey_id)
    if version is None or opens_on is None or closes_on is None:
        raise Invalid("Choose a survey with a published version.", field="survey_id")
    made = SurveyRound(
        version=version, title=title.strip(), opens_on=opens_on, closes_on=closes_on, created_at=work.now
    )
    agencies = open_agencies(work.session, opens_on)
    said = staff_said(work.session)
    for agency in agencies:
        staff, staff_on = said.get(agency.id, (None, None))
        made.links.append(
            RoundLink(agency=agency, secret=secrets.token_urlsafe(18), staff=staff, staff_on=staff_on),
        )
    version.first_asked_at = version.first_asked_at or work.now
    work.session.add(made)
    work.record("survey round opened", made, survey_id=survey_id, opens_on=opens_on, closes_on=closes_on)
    work.session.flush()
    _tell_leads(work, made)
    return made


def _tell_leads(work: Work, found: SurveyRound) -> None:
    due_at = wall_time(found.opens_on, time(9))
    for link in found.links:
        token = STAFF.sign(work.site.settings, link.id)
        for lead in leads_of(work.session, link.agency):
            work.send(agency_link(found, link, token, lead.person_id, due_at))


def open_link(work: Work, secret: str) -> RoundLink:
    """The link of an address, while its round is open. Raises NotFound with the same words for every other."""
    link = link_by_secret(work.session, secret)
    if link is None or not link.round.opens_on <= london_date(work.now) <= link.round.closes_on:
        raise NotFound(NO_SUCH_LINK)
    return link


def answer_round(work: Work, link: RoundLink, answers: Answers) -> None:
    """Keep one person's answers, sealed. Worries about a child go to the safeguarding lead instead."""
    every = asks_of(version_of(work.session, link.round.version_id))
    asks = {ask.code: ask for pages in asked_pages(every, answers) for ask in pages}
    kept = {code: answer for code, answer in answers.items() if answer is not None and code in asks}
    for code, answer in list(kept.items()):
        if asks[code].kind is QuestionKind.TEXT and IdentifierKind.DISCLOSURE in kinds_in(answer):
            kind = link.round.version.survey.kind
            raise_concern(work, kind=kind, about=link.round.title, words=answer, on=london_date(work.now))
            del kept[code]
    if not kept and not answers:
        raise Invalid("Answer at least one question.")
    sealed = seal(work.site.settings.keys, {"agency": link.agency_id, "answers": kept})
    work.session.add(RoundAnswers(id=new_id(), round_id=link.round_id, sealed=sealed))


def let_rounds_out(work: Work) -> list[Portion]:
    """A job: the answers of closed rounds come out, all of a round together. With fewer than five, none ever do."""
    return [partial(let_round_out, round_id=each.id) for each in rounds_to_let_out(work.session, london_date(work.now))]


def let_round_out(work: Work, *, round_id: int) -> None:
    """Let a round's answers out, in one go. What was sealed is deleted."""
    found = lock_row(work.session, SurveyRound, round_id)
    if found is None or found.let_out_at is not None:
        return
    rows = sealed_answers(work.session, found.id)
    read = [each for row in rows if (each := unseal(work.site.settings.keys, row.sealed)) is not None]
    if len(read) >= SMALL:
        _write(work, found, [(each["agency"], each["answers"]) for each in read])
    for row in rows:
        work.session.delete(row)
    found.let_out_at = work.now
    work.record("survey round let out", found, answers=len(read) if len(read) >= SMALL else 0)
    work.session.flush()


def _write(work: Work, found: SurveyRound, read: list[tuple[int, Answers]]) -> None:
    """Sheets under random names, with agency and sector as far as they are told alone; and how many answered where."""
    stamp_of = _stamps(_counted(work, found, Counter(agency_id for agency_id, _ in read)))
    survey: Survey = found.version.survey
    sheets = [
        AnswersOut(
            kind=survey.kind,
            version_id=found.version_id,
            course_version_id=0,
            answers=answers,
            period_on=found.closes_on.replace(day=1),
            agency_id=stamp_of[agency_id][0],
            sector_id=stamp_of[agency_id][1],
        )
        for agency_id, answers in read
    ]
    CHANCE.shuffle(sheets)
    ids = write_sheets(work, sheets)
    work.session.flush()
    work.session.add_all(RoundSheet(sheet_id=sheet_id, round_id=found.id) for sheet_id in sorted(ids))


def _counted(work: Work, found: SurveyRound, answered: Mapping[int, int]) -> list[AgencyCount]:
    """Write down how many answered at each agency, and of which sector it is now."""
    made = []
    for link in links_of(work.session, found.id):
        link.answered, link.sector_id = answered.get(link.agency_id, 0), link.agency.sector_id
        made.append(AgencyCount(link.agency_id, link.agency.sector_id, link.answered, link.staff))
    return made


def _stamps(counts: Sequence[AgencyCount]) -> dict[int, Stamp]:
    return stamps(answer_lines(response_lines(counts), counts), counts)
