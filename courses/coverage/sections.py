"""What coverage adds to reports: how much of what reviews taught is taught."""

from courses.coverage.matrix.queries import MatrixFilter, matrix
from courses.coverage.rules import GapKind, How
from lms.frame.plugins import ReportPart, ReportSection
from lms.frame.work import Work
from lms.kit.figures import ReportQuestion, SectionContent, count, rate

GAPS = (
    (GapKind.NOT_COVERED, "Not covered", "Agreed learning points that no live course covers."),
    (GapKind.MENTIONED_ONLY, "Only mentioned", "Agreed learning points that live courses mention and none teaches."),
    (GapKind.NOT_DELIVERED, "Not delivered since", "Covered points whose course has not run since it covers them."),
    (
        GapKind.REVIEWED_BEFORE,
        "Course not reviewed since",
        "Points settled after their course was last reviewed.",
    ),
)


def gather_coverage(work: Work, question: ReportQuestion) -> SectionContent:
    """Agreed points by the live courses, as it is now: coverage is a state, not of a period. Nothing of one agency."""
    if question.agency_id is not None:
        return SectionContent()
    points = [
        each
        for each in matrix(work.session, work.actor, MatrixFilter()).points
        if each.agreed_on <= question.period.to_on
    ]
    covered = [each for each in points if each.best is not None]
    taught = sum(1 for each in covered if each.best is not None and each.best.how is not How.MENTIONED)
    gaps = {kind: sum(1 for each in points if any(gap.kind is kind for gap in each.gaps)) for kind, _, _ in GAPS}
    rows = "/learning/coverage" if work.actor.may("courses.read_coverage") else ""
    said = "Agreed by the end of the period, as covered now"
    return SectionContent(
        (
            rate(
                "coverage_rate",
                "Learning points covered",
                len(covered),
                len(points),
                f"{said}: learning points that a live course covers, divided by all.",
            ),
            rate(
                "taught_rate",
                "Learning points taught or practised",
                taught,
                len(points),
                f"{said}: learning points that a live course teaches or practises, divided by all.",
            ),
            *(
                count(f"coverage_gap_{kind.value}", title, gaps[kind], f"{definition} {said}.", rows=rows)
                for kind, title, definition in GAPS
            ),
        )
    )


SECTIONS = (
    ReportSection("courses.coverage", "Coverage of what reviews taught", ReportPart.HOW_WELL, 30, gather_coverage),
)
