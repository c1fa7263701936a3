"""What reviews add to reports: which there were, what themes they carry, and what was learned. Never under embargo."""

import sqlalchemy as sa

from lms.frame.plugins import ReportPart, ReportSection
from lms.frame.work import Work
from lms.kit.figures import FigureTable, ReportQuestion, SectionContent, count
from lms.kit.words import percent
from reviews.cases.queries import ReviewScope, reviews_seen_by
from reviews.learning.models import LearningPoint
from reviews.learning.queries import visible_points
from reviews.theming.queries import count_themes


def gather_reviews(work: Work, question: ReportQuestion) -> SectionContent:
    """Reviews decided in the period that exist for this reader, by type and theme, and the points agreed. Five queries.

    A review of two types is under each of them, so types and themes add up to more than all. Nothing is said of one
    agency: a review belongs to the partnership.
    """
    if question.agency_id is not None:
        return SectionContent()
    period = question.period
    scope = ReviewScope(from_on=period.from_on, to_on=period.to_on)
    reviews = reviews_seen_by(work.session, work.actor, scope)
    themes = count_themes(work.session, work.actor, scope)
    agreed = sa.select(sa.func.count(LearningPoint.id)).where(
        visible_points(work.actor), LearningPoint.agreed_on.between(period.from_on, period.to_on)
    )
    points = work.session.scalar(agreed) or 0
    types: dict[str, int] = {}
    for kind in (each.type.value for review in reviews for each in review.kinds):
        types[kind] = types.get(kind, 0) + 1
    return SectionContent(
        (
            count("reviews", "Reviews", len(reviews), "Reviews decided, or failing that published, in the period."),
            count("learning_points_agreed", "Learning points agreed", points, "Learning points agreed in the period."),
        ),
        (
            FigureTable(
                "reviews_by_type",
                "Reviews by type",
                {"type": "Type", "reviews": "Reviews"},
                tuple({"type": name, "reviews": number} for name, number in sorted(types.items())),
                note="A joint review is under each of its types.",
            ),
            FigureTable(
                "reviews_by_theme",
                "Reviews by theme",
                {"theme": "Theme", "reviews": "Reviews", "share": "Of all"},
                tuple(
                    {"theme": each.theme, "reviews": each.count, "share": percent(each.count, themes.total, 1)}
                    for each in themes.counts
                    if each.count
                ),
                note=f"Reviews that carry the theme, of {themes.total} in the period. Themes add up to more than all.",
                drawn="reviews",
            ),
        ),
    )


SECTIONS = (ReportSection("reviews.reviews", "Learning from reviews", ReportPart.HOW_MUCH, 30, gather_reviews),)
