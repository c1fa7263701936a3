"""What reviews tell others: ids and plain values, told in the transaction in which they became true.

What stands above (courses, briefings, surveys) listens to these, and writes back through two functions only:
`reviews.learning.services.link_learning_point` says that something addresses a point since a day, and
`unlink_learning_point` takes that back. A point's status follows from its links and its evidence; nobody sets it.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class ReviewPublished:
    """A review's report is out, in full or in part."""

    review_id: int
    in_full: bool


@dataclass(frozen=True)
class EmbargoSet:
    """Nothing of this review may be shown or sent from now on; neither may these learning points of it."""

    review_id: int
    learning_point_ids: tuple[int, ...]


@dataclass(frozen=True)
class EmbargoLifted:
    """The review and these learning points may be shown again."""

    review_id: int
    learning_point_ids: tuple[int, ...]


@dataclass(frozen=True)
class LearningPointAgreed:
    """The sub-group has agreed a learning point: it may be taught."""

    learning_point_id: int
    agreed_on: date


@dataclass(frozen=True)
class LearningPointChanged:
    """An agreed learning point now means something else: what teaches it should be looked at again."""

    learning_point_id: int
    changed_on: date


@dataclass(frozen=True)
class LearningPointSuperseded:
    """A learning point is no longer asked for; `by_id` is the one that took its place."""

    learning_point_id: int
    by_id: int | None
