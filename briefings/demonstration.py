"""The demonstration's briefings: the four audits of 2019-20, one corrected twice, and some on their way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from briefings.writing.models import Briefing, BriefingPart, BriefingVersion, BriefingWriter
from briefings.writing.rules import CHECKLIST, SHAPES, ApprovedAs, BriefingKind, VersionState
from lms.frame.demonstration import read_words
from lms.frame.work import Work
from lms.kit.working_days import london_date, wall_time
from lms.people.models import Person
from reviews.learning.models import LearningPoint
from reviews.learning.services import Addressed, link_learning_point
from reviews.themes.models import Theme

WORDS = read_words(__file__)
AT = time(9, 30)
Row = Mapping[str, Any]


@dataclass(frozen=True)
class BriefingsMaking:
    """What is at hand. Without the people who write, check and approve, there are no briefings."""

    work: Work
    writer: Person
    officer: Person
    manager: Person
    chair: Person

    def day(self, row: Row) -> datetime:
        on: date = row["on"] if "on" in row else london_date(self.work.now) - timedelta(days=row["days"])
        return wall_time(on, AT)


def load(work: Work) -> None:
    """Add what was learned from the audits, and the briefings."""
    refs = ("DEMO-COORDINATOR", "DEMO-REVIEW-OFFICER", "DEMO-BUSINESS-MANAGER", "DEMO-CHAIR")
    people = {each.ref: each for each in work.session.scalars(sa.select(Person).where(Person.ref.in_(refs)))}
    if len(people) < len(refs):
        return
    making = BriefingsMaking(work, *(people[ref] for ref in refs))
    _points(making)
    points = {point.ref: point for point in work.session.scalars(sa.select(LearningPoint))}
    for row in WORDS["briefings"]:
        _briefing(making, row, points)
    work.session.flush()


def _points(making: BriefingsMaking) -> None:
    themes = {theme.name: theme for theme in making.work.session.scalars(sa.select(Theme))}
    for ref, row in WORDS["points"].items():
        making.work.session.add(
            LearningPoint(
                ref=ref,
                text=row["text"],
                themes=[themes[name] for name in row["themes"] if name in themes],
                agreed_on=row["on"],
                agreed_by="Learning and Improvement sub-group",
                agreed_minute="5.1",
                created_at=wall_time(row["on"], AT),
            )
        )
    making.work.session.flush()


def _briefing(making: BriefingsMaking, row: Row, points: Mapping[str, LearningPoint]) -> None:
    briefing = Briefing(kind=BriefingKind(row.get("kind", "seven_minute")), created_at=making.day(row))
    making.work.session.add(briefing)
    version = _version(making, briefing, row, row, points)
    for correction in row.get("corrections", ()):
        version.state, version.superseded_at = VersionState.SUPERSEDED, making.day(correction)
        making.work.session.flush()
        version = _version(making, briefing, row, correction, points)
    making.work.session.flush()
    if version.state is VersionState.PUBLISHED:
        _link(making, version)


def _version(
    making: BriefingsMaking, briefing: Briefing, row: Row, about: Row, points: Mapping[str, LearningPoint]
) -> BriefingVersion:
    at = making.day(about)
    by = making.officer if row.get("by") == "officer" else making.writer
    titles = SHAPES[briefing.kind].titles
    version = BriefingVersion(
        number=len(briefing.versions) + 1,
        title=row["title"],
        summary=row["summary"],
        is_public=row.get("is_public", True),
        questions=row["questions"],
        correction=about.get("correction", ""),
        state=VersionState.DRAFT,
        written_by=by,
        written_at=at - timedelta(days=9),
        writers=[BriefingWriter(person_id=by.id)],
        parts=[
            BriefingPart(number=number, title=title, body=body.strip())
            for number, (title, body) in enumerate(zip(titles, row["bodies"], strict=True), start=1)
        ],
        points=[points[ref] for ref in about["points"] if ref in points],
    )
    briefing.versions.append(version)
    _bring(making, version, row.get("state", "published"), at)
    return version


def _bring(making: BriefingsMaking, version: BriefingVersion, state: str, at: datetime) -> None:
    """As far as it has come."""
    if state in {"asked", "checked", "published"}:
        version.asked_at = at - timedelta(days=7)
    if state in {"checked", "published"}:
        version.state, version.checked_at = VersionState.CHECKED, at - timedelta(days=5)
        version.checked_by, version.checklist = making.officer, sorted(CHECKLIST)
    if state == "published":
        version.state, version.approved_at, version.published_at = VersionState.PUBLISHED, at - timedelta(days=1), at
        version.published_by_id = making.writer.id
        is_long = len(version.parts) > 1
        version.approved_as = ApprovedAs.SUB_GROUP if is_long else ApprovedAs.BUSINESS_MANAGER
        version.approved_by = making.chair if is_long else making.manager
        version.approved_minute = "6.3" if is_long else ""


def _link(making: BriefingsMaking, version: BriefingVersion) -> None:
    first = min(each.published_at for each in version.briefing.versions if each.published_at is not None)
    for point in version.points:
        source = f"briefings.briefing:{version.briefing_id}:{point.id}"
        since_on = max(london_date(first), point.agreed_on or london_date(first))
        link_learning_point(making.work, point.id, Addressed(source, "briefing", version.title, since_on))
