"""The page with the matrix."""

from datetime import date

from flask import Blueprint, request

from courses.coverage.matrix.queries import Matrix, MatrixFilter, matrix
from courses.coverage.rules import MEANINGS, STRANDS, CoverageGap, GapKind, ThemeCover
from lms.frame.web import Answer, page, requires, work
from lms.kit.words import MONTHS, clock, count, long_date
from reviews.cases import words as review_words
from reviews.cases.readings.services import note_reading
from reviews.cases.rules import ReviewType

bp = Blueprint("matrix", __name__)


@bp.get("/learning/coverage")
@requires("courses.read_coverage")
def coverage() -> Answer:
    """Which courses cover what reviews taught us, and where the gaps are."""
    wanted = _wanted()
    found = matrix(work().session, work().actor, wanted)
    note_reading(work(), [each.review_id for each in found.points], "matrix of coverage")
    return page(
        "courses/coverage/matrix.html",
        matrix=found,
        wanted=wanted,
        types=review_words.TYPES,
        strands=STRANDS,
        meanings=MEANINGS,
        results={each.id: [_gap_words(gap) for gap in each.gaps] for each in found.points},
        since={each.id: _month(each.best.since_on) for each in found.points if each.best},
        theme_words=_theme_words,
        summary=_summary(found),
        totals=_totals(found),
        cells=_cells(found),
        as_at=f"{long_date(work().now)}, {clock(work().now)}",
    )


def _wanted() -> MatrixFilter:
    args = request.args
    return MatrixFilter(
        theme=args.get("theme", ""),
        review_type=next((each for each in ReviewType if each.value == args.get("type", "")), None),
        level=args.get("level", ""),
        only_gaps=args.get("show") == "gaps",
    )


def _summary(found: Matrix) -> tuple[str, str]:
    """10 learning points agreed since September 2024, 7 live courses; and: 6 are practised somewhere. 4 have a gap."""
    points = count(len(found.points), "learning point")
    agreed = f" agreed since {_month(min(each.agreed_on for each in found.points))}" if found.points else ""
    practised = sum(1 for each in found.points if each.best and each.best.how == "practised")
    gaps = sum(1 for each in found.points if each.gaps)
    return (
        f"{points}{agreed}, {count(len(found.courses), 'live course')}.",
        f"{practised} {'is' if practised == 1 else 'are'} practised somewhere. "
        f"{gaps} {'has' if gaps == 1 else 'have'} a gap.",
    )


def _totals(found: Matrix) -> list[int]:
    """How many of the points each course covers."""
    return [sum(1 for each in found.points if course.id in each.covered) for course in found.courses]


def _cells(found: Matrix) -> dict[int, list[tuple[int, str, str]]]:
    """Each row as (empty cells before it, course, how), and empty ones at its end: most cells are empty, and alike."""
    columns = {course.id: (place, course.short) for place, course in enumerate(found.courses)}
    rows = {}
    for point in found.points:
        there = sorted(
            (*columns[each], covered.how.value) for each, covered in point.covered.items() if each in columns
        )
        row, done = [], 0
        for place, short, how in there:
            row.append((place - done, short, how))
            done = place + 1
        rows[point.id] = [*row, (len(columns) - done, "", "")]
    return rows


def _gap_words(gap: CoverageGap) -> str:
    match gap.kind:
        case GapKind.NOT_COVERED:
            return "No live course"
        case GapKind.MENTIONED_ONLY:
            return "Mentioned only"
        case GapKind.NOT_DELIVERED:
            return f"On paper: no event since it was added in {_month(gap.day)}"
        case GapKind.REVIEWED_BEFORE:
            return f"{gap.title} last reviewed in {_month(gap.day)}, before this point"


def _theme_words(theme: ThemeCover) -> str:
    reviews = f"{theme.reviews} of {theme.all_reviews} reviews"
    if not theme.covered:
        return f"{reviews}, no live course"
    return f"{reviews}, {theme.taught} of {count(theme.points, 'point')} taught or practised"


def _month(day: date | None) -> str:
    """September 2025"""
    return "" if day is None else f"{MONTHS[day.month - 1]} {day.year}"
