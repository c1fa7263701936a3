"""Recording an impact focus group, and the evidence that it is of a learning point."""

import sqlalchemy as sa

from courses.coverage.queries import short_title
from lms.agencies.models import RoleGroup
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.kit.identifying import IDENTIFIES, KIND_WORDS, kinds_in
from lms.kit.telling.numbers import SMALL
from lms.kit.words import count, listed
from lms.kit.working_days import london_date
from reviews.cases.rules import check_identifies_nobody
from reviews.evidence.services import record_evidence
from reviews.evidence.written import EvidenceFound
from reviews.learning.rules import EvidenceKind
from surveys.focus_groups.models import FocusGroup
from surveys.focus_groups.written import GroupHeld
from surveys.themes.models import TextTheme


def record_group(work: Work, held: GroupHeld, *, names_nobody: bool = False) -> FocusGroup:
    """Keep what a focus group said. Of a learning point it is evidence too, by the rules of evidence.

    Raises Invalid for fewer than five people, for a day that has not come, and for words that may name somebody,
    unless whoever records it has looked and says that they do not.
    """
    if held.people < SMALL:
        raise Invalid(
            f"What fewer than {SMALL} people said would tell who said it. Record it together with another group.",
            field="people",
        )
    if held.held_on > london_date(work.now):
        raise Invalid("This date is in the future. Record the group when it has met.", field="held_on")
    group = FocusGroup(course_id=held.course_id, held_on=held.held_on, people=held.people, recorded_at=work.now)
    for name in ("questions", "finding", "notes"):
        setattr(group, name, _checked(getattr(held, name), name, names_nobody=names_nobody))
    if not group.questions or not group.finding:
        raise Invalid("Enter what was asked, and what it showed.", field="finding" if group.questions else "questions")
    roles = sa.select(RoleGroup).where(RoleGroup.id.in_(held.role_ids)).order_by(RoleGroup.position)
    themes = sa.select(TextTheme).where(TextTheme.id.in_(held.theme_ids)).order_by(TextTheme.name)
    group.roles, group.themes = list(work.session.scalars(roles)), list(work.session.scalars(themes))
    _be_evidence(work, group, held)
    work.session.add(group)
    work.record("focus group recorded", group, course_id=held.course_id)
    return group


def _be_evidence(work: Work, group: FocusGroup, held: GroupHeld) -> None:
    """Of a learning point: dated after the change, or it counts for comparison only."""
    if held.learning_point_id is None:
        return
    if held.verdict is None:
        raise Invalid("Say what it shows of the learning point.", field="verdict")
    title = f"Impact focus group, {short_title(work.session, held.course_id)}, {count(held.people, 'person', 'people')}"
    found = EvidenceFound(EvidenceKind.OTHER, title, held.held_on, group.finding, held.verdict)
    group.evidence = record_evidence(work, held.learning_point_id, found)
    group.learning_point_id = held.learning_point_id


def _checked(words: str, field: str, *, names_nobody: bool) -> str:
    """What identifies nobody. What looks like a name may be none: whoever looked at it says so."""
    kept = check_identifies_nobody(words, field=field)
    found = kinds_in(kept) & IDENTIFIES
    if found and not names_nobody:
        what = listed(sorted(KIND_WORDS[each] for each in found))
        raise Invalid(f"This may hold {what}. Take it out, or tick that no one is named.", field=field)
    return kept
