"""What we know about a learning point, the strongest evidence first. Nothing is counted here: it is told elsewhere."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from lms.frame.work import Work
from lms.kit.words import long_date
from lms.kit.working_days import london_date
from reviews.evidence.queries import EvidenceRow, evidence_of
from reviews.learning.models import LearningPoint
from reviews.learning.queries import facts_of
from reviews.learning.rules import EvidenceKind, Verdict, change_of
from surveys.focus_groups.queries import GroupRow, group_rows
from surveys.impact.compared.figures import NO_LOT
from surveys.impact.figures import ImpactReport, impact_report
from surveys.impact.queries import closed_events
from surveys.impact.selected.figures import choices_of, point_selected
from surveys.impact.words import period_words

VERDICT_WORDS = {
    Verdict.EMBEDDED: "It is embedded in practice.",
    Verdict.PARTLY: "It has changed, but is not embedded yet.",
    Verdict.NOT_YET: "It has not changed yet.",
}


@dataclass(frozen=True)
class KnownThing:
    """One thing that is known: what, with its figure, from where, and where to read more."""

    words: str
    figure: str = ""
    source: str = ""
    group_id: int | None = None

    @property
    def said(self) -> str:
        """31 of 40 (77.5%) files named every adult; 31 of 40 (77.5%): In most files it was there"""
        if not self.figure:
            return self.words
        return f"{self.figure}{' ' if self.words[:1].islower() else ': '}{self.words}"


@dataclass(frozen=True)
class Rung:
    """One kind of evidence: what it shows, and what it cannot show."""

    title: str
    means: str
    findings: tuple[KnownThing, ...]


@dataclass(frozen=True)
class KnownOfPoint:
    """The rungs, the strongest first; `before`: what was found before the change, for comparison."""

    rungs: tuple[Rung, ...]
    before: tuple[KnownThing, ...]
    changed_on: date | None

    @property
    def headline(self) -> str:
        """The strongest that there is."""
        strongest = next((each for each in self.rungs if each.findings), None)
        if strongest is None:
            return "We cannot yet show whether practice changed."
        title = f"{strongest.title[:1].lower()}{strongest.title[1:]}"
        return f"The strongest evidence: {title}. {strongest.findings[0].said}"


RUNGS = (
    ("Someone looked at what was done", "Audits of files and data show what was done, not why."),
    ("Someone watched people work", "Observation shows what people do while someone watches."),
    (
        "The same people, before and three months on",
        "What people say of themselves, or know, compared for each person. No one was kept from training to compare.",
    ),
    ("Line managers say what they see", "Of those managers who answered; they see a part of the work."),
    (
        "People say what they did",
        "Surveys and focus groups after the change: what people remember, and like to tell.",
    ),
)


def known_of(work: Work, point: LearningPoint) -> KnownOfPoint:
    """All that is known of a learning point that the reader was found to see, in a fixed number of queries."""
    changed_on = change_of(facts_of(point, ()))
    rows = evidence_of(work.session, point.id, changed_on)
    groups = {each.evidence_id: each for each in group_rows(work.session, work.actor, point.id)}
    counted = [each for each in rows if each.counts]
    said = _said(work, point.id)
    found: tuple[Iterable[KnownThing], ...] = (
        [_evidence(each, groups) for each in counted if each.kind in (EvidenceKind.AUDIT, EvidenceKind.DATA)],
        [_evidence(each, groups) for each in counted if each.kind is EvidenceKind.OBSERVATION],
        _matched(said),
        _of_managers(said),
        [
            *(_evidence(each, groups) for each in counted if each.kind in (EvidenceKind.SURVEY, EvidenceKind.OTHER)),
            *_later(said),
        ],
    )
    rungs = tuple(Rung(*words, tuple(each)) for words, each in zip(RUNGS, found, strict=True))
    return KnownOfPoint(rungs, tuple(_evidence(each, groups) for each in rows if not each.counts), changed_on)


def _said(work: Work, point_id: int) -> ImpactReport | None:
    """What people said, of the questions about it, of all events so far; None where no survey has closed."""
    events = closed_events(work.session, work.now)
    if not events:
        return None
    span = choices_of(events, london_date(work.now)).spans[0]
    return impact_report(work, point_selected(work, point_id, span), events)


def _evidence(row: EvidenceRow, groups: dict[int | None, GroupRow]) -> KnownThing:
    group = groups.get(row.id)
    figure = f"{row.figure} ({row.share})" if row.figure else ""
    words = f"{row.finding.rstrip('.')}. {VERDICT_WORDS[row.verdict]}"
    roles = f". {', '.join(group.roles)}" if group and group.roles else ""
    return KnownThing(words, figure, f"{row.title}, {long_date(row.dated_on)}{roles}", group.id if group else None)


def _matched(said: ImpactReport | None) -> Iterator[KnownThing]:
    if said is None:
        return
    rounded = "" if said.changes.adds_up else " Figures are rounded."
    source = f"{period_words(said.changes)}{rounded}"
    for each in said.changes.practices:
        change = each.change
        figure = f"{change.before_to_after}, {change.signed} ({change.interval}), {change.matched} matched"
        yield KnownThing(f"{each.words}: {each.group.value}.", figure, source)
    for line in said.beside.waiting.lines:
        pairs = f"{line.came.matched} pairs who came, {line.waited.matched} who waited"
        yield KnownThing(
            f"{line.words}: {line.verdict[:1].lower()}{line.verdict[1:]}, beside people who waited and had no place. "
            f"{NO_LOT}",
            f"{line.signed} ({line.interval}), {pairs}",
            f"{line.course}. {source}",
        )
    for known in said.beside.known:
        before, after = known.shown
        yield KnownThing(known.title, f"right before {before}, three months on {after}, of {known.of}", source)


def _of_managers(said: ImpactReport | None) -> Iterator[KnownThing]:
    for each in said.managers if said else ():
        if each.result:
            yield KnownThing(each.words, each.result, "Line managers, three months on")


def _later(said: ImpactReport | None) -> Iterator[KnownThing]:
    for each in said.choices if said else ():
        if each.result:
            yield KnownThing(each.words, each.result, "Delegates, three months on")
