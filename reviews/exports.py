"""Tables of reviews to download, as this reader may see them: what is under embargo is there for officers alone."""

from collections.abc import Iterator, Mapping

from lms.frame.cells import said_date
from lms.frame.plugins import Export
from lms.frame.work import Work
from lms.kit.figures import Cell
from reviews.actions.queries import plan
from reviews.cases.queries import ReviewScope
from reviews.cases.readings.services import note_reading
from reviews.permissions import READ
from reviews.theming.queries import count_themes

Rows = Iterator[Mapping[str, Cell]]


def action_rows(work: Work) -> Rows:
    """The action plan."""
    found = plan(work.session, work.actor, work.now)
    note_reading(work, [row.review_id for row in found], "download of the action plan")
    for row in found:
        yield {
            "review_ref": row.review_ref,
            "recommendation": row.number,
            "recommendation_text": row.recommendation,
            "action": row.action,
            "agency": row.agency,
            "owner": row.owner,
            "due_on": said_date(row.due_on),
            "state": row.state.value,
            "evidence": row.evidence,
        }


def theme_rows(work: Work) -> Rows:
    """How many reviews carry each theme, out of how many."""
    counted = count_themes(work.session, work.actor, ReviewScope())
    note_reading(work, counted.embargoed_ids, "download of theme counts")
    for each in counted.counts:
        yield {"theme": each.theme, "reviews": each.count, "reviews_in_scope": counted.total}


EXPORTS = (
    Export(
        "action-plan",
        "The action plan",
        READ,
        (
            "review_ref",
            "recommendation",
            "recommendation_text",
            "action",
            "agency",
            "owner",
            "due_on",
            "state",
            "evidence",
        ),
        action_rows,
    ),
    Export(
        "theme-counts", "How many reviews carry each theme", READ, ("theme", "reviews", "reviews_in_scope"), theme_rows
    ),
)
