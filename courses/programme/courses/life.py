"""The life of a course: what is done to it when, and what it is afterwards. Checks, pages and docs/lives.md follow."""

from courses.programme.courses.rules import CourseStatus
from lms.kit.lives import Life, Step, each_to

DRAFT, APPROVED, LIVE = CourseStatus.DRAFT, CourseStatus.APPROVED, CourseStatus.LIVE
REVIEW_DUE, UNDER_REVISION, RETIRED = CourseStatus.REVIEW_DUE, CourseStatus.UNDER_REVISION, CourseStatus.RETIRED
NOT_NOW = "The course is {state}, so this cannot be done now. Check it again."

APPROVE = Step("approve", "coordinator", each_to({DRAFT}, APPROVED) | each_to({UNDER_REVISION}, LIVE), NOT_NOW)
MAKE_LIVE = Step(
    "make live",
    "coordinator",
    each_to({APPROVED, REVIEW_DUE, RETIRED}, LIVE),
    NOT_NOW,
    refused_in={UNDER_REVISION: "A new version is being written. Approve it, and the course goes on with it."},
)
REVISE = Step(
    "start a new version",
    "coordinator",
    each_to({LIVE, REVIEW_DUE}, UNDER_REVISION),
    "Only a course in the catalogue that is not being revised already gets a new version.",
)
ASK_FOR_REVIEW = Step("ask for a review", "coordinator, or by itself", each_to({LIVE}, REVIEW_DUE), NOT_NOW)
RETIRE = Step("retire", "coordinator", each_to({LIVE, REVIEW_DUE}, RETIRED), NOT_NOW)

LIFE = Life(begins=frozenset({DRAFT}), steps=(APPROVE, MAKE_LIVE, REVISE, ASK_FOR_REVIEW, RETIRE))
