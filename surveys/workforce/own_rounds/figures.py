"""What a round tells an agency's lead: the lines of the report that speak of their agency, and nothing else of any.

No number is told here that the report does not tell: an agency without a line of its own is read with those that it is
told together with, and what is left of them would be somebody else's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lms.frame.work import Work
from lms.kit.working_days import london_date
from surveys.workforce.models import RoundLink
from surveys.workforce.own_rounds.queries import links_of_agencies
from surveys.workforce.queries import find_round
from surveys.workforce.results.figures import LineResult, QuestionResult, results_of
from surveys.workforce.results.response.figures import SEVERAL_SECTORS, LineName, ResponseRow
from surveys.workforce.rules import RoundState, state_of


@dataclass(frozen=True)
class OwnRound:
    """A round, as it stands for one agency."""

    link: RoundLink
    state: RoundState

    @property
    def is_open(self) -> bool:
        return self.state is RoundState.OPEN

    @property
    def takes_staff(self) -> bool:
        """Until the results are out an agency can say how many people it is for."""
        return self.state is not RoundState.TOLD


@dataclass(frozen=True)
class OwnQuestion:
    """What was said to a question: in the line of the agency, and by everybody."""

    question: QuestionResult
    line: LineResult | None


@dataclass(frozen=True)
class OwnResults:
    """What came of it. `line` is the agency's own, or the one that it is told in; None: nobody of those answered."""

    is_told: bool
    words: str = ""
    line: ResponseRow | None = None
    questions: tuple[OwnQuestion, ...] = ()

    @property
    def is_alone(self) -> bool:
        """Who answered is told of the agency by itself."""
        return self.line is not None and self.line.name.is_one

    @property
    def of_others(self) -> bool:
        """Nobody of the agency answered: whatever was said was said by others."""
        return self.line is None or (self.line.name.is_one and not self.line.answered)

    @property
    def is_together(self) -> bool:
        """What was said is told of several agencies."""
        return any(each.line.name.is_several for each in self.questions if each.line)

    @property
    def has_before(self) -> bool:
        return any(each.line.before for each in self.questions if each.line)


def own_round(link: RoundLink, today: date) -> OwnRound:
    """Its state."""
    found = link.round
    return OwnRound(
        link, state_of(found.opens_on, found.closes_on, is_let_out=found.let_out_at is not None, today=today)
    )


def own_rounds(work: Work) -> list[OwnRound]:
    """Of the agencies that the reader leads, the latest first."""
    today = london_date(work.now)
    return [own_round(each, today) for each in links_of_agencies(work.session, work.actor.leads_agency_ids)]


def own_results(work: Work, link: RoundLink) -> OwnResults:
    """The lines of the report that speak of the agency, in a fixed number of queries."""
    results = results_of(work, find_round(work.session, link.round_id))
    if results.response is None:
        return OwnResults(is_told=False)
    sector = link.sector.name if link.sector else ""
    name = _line_of([row.name for row in results.response.rows], link.agency.name, sector)
    questions = [
        OwnQuestion(each, _named(each.lines, _line_of([line.name for line in each.lines], link.agency.name, sector)))
        for each in results.questions
    ]
    row = next((row for row in results.response.rows if row.name == name), None)
    return OwnResults(True, results.response.words, row, tuple(questions))


def _line_of(names: Sequence[LineName], agency: str, sector: str) -> LineName | None:
    """The line of an agency: its own, that of its sector's others, or that of other sectors."""
    own = [each for each in names if each.is_one and (each.name, each.sector) == (agency, sector)]
    together = [each for each in names if each.is_several and each.sector in (sector, SEVERAL_SECTORS)]
    return next(iter([*own, *sorted(together)]), None)


def _named(lines: Sequence[LineResult], name: LineName | None) -> LineResult | None:
    return next((each for each in lines if each.name == name), None)
