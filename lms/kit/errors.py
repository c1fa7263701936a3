"""Refusals: each carries a sentence that tells the reader what to do."""

from dataclasses import dataclass
from http import HTTPStatus


@dataclass(frozen=True)
class Reason:
    """Why something is refused, for programs: a `code` that stays the same, and a sentence that is addressed to nobody.

    The sentence on the page speaks to whoever reads it; a program shows its own reader something, or nothing.
    """

    code: str
    words: str


class Refused(Exception):
    """Something that a person asked for and does not get.

    `words` is shown to the reader as it is, so it is a whole sentence that says what to do. `reason` is what another
    system is told instead.
    """

    status: HTTPStatus = HTTPStatus.BAD_REQUEST

    def __init__(self, words: str, *, reason: Reason | None = None) -> None:
        super().__init__(words)
        self.words, self.reason = words, reason


class Invalid(Refused):
    """What was typed cannot be used. `field` names the form field that the sentence belongs to."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY

    def __init__(self, words: str, *, field: str | None = None, reason: Reason | None = None) -> None:
        super().__init__(words, reason=reason)
        self.field = field


class NotAllowed(Refused):
    """The person may not see or do this."""

    status = HTTPStatus.FORBIDDEN


class NotFound(Refused):
    """There is no such thing, or this person may not know that there is."""

    status = HTTPStatus.NOT_FOUND


class Conflict(Refused):
    """The thing has moved on since the page was read, or somebody else was first."""

    status = HTTPStatus.CONFLICT


class Busy(Refused):
    """Others wrote at the same moment, several times running. Nothing is wrong with what was asked."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
