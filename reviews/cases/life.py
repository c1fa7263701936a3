"""The life of a review: how its officer writes it on, and what becomes of its report. docs/lives.md follows."""

from lms.kit.lives import Life, Step, each_to
from reviews.cases.rules import ReviewStage

ENDS = frozenset({ReviewStage.PUBLISHED, ReviewStage.NOT_PUBLISHED})
EVERY = tuple(ReviewStage)
UNDER_WAY = tuple(stage for stage in EVERY if stage not in ENDS)

WRITE_ON = Step(
    "record its stage",
    "review officer, business manager",
    each_to(UNDER_WAY, *UNDER_WAY),
    "This review is finished. Say under “Publication” that it is in progress, then change its stage.",
)
NO_MORE = "This review is {state}, so that cannot be done. Check it again."
PUBLISH = Step(
    "publish in full or in part",
    "review officer, business manager",
    each_to(EVERY, ReviewStage.PUBLISHED),
    NO_MORE,
)
KEEP = Step(
    "not publish, with a reason",
    "review officer, business manager",
    each_to(EVERY, ReviewStage.NOT_PUBLISHED),
    NO_MORE,
)
OPEN_AGAIN = Step(
    "say that it is in progress again",
    "review officer, business manager",
    each_to(UNDER_WAY) | each_to(ENDS, ReviewStage.APPROVED),
    NO_MORE,
)

LIFE = Life(begins=frozenset(UNDER_WAY), steps=(WRITE_ON, PUBLISH, KEEP, OPEN_AGAIN))
"""A file of history may say any stage."""
