"""How often another system may ask: counted by its token. Wrong tokens are counted by the address they come from, and
a right one from the same address is never kept waiting by them: the token is looked at first."""

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from lms.frame.problems import GENERAL
from lms.frame.work import Work
from lms.kit.errors import Refused
from lms.limits.services import Tally, tally

A_MINUTE = timedelta(minutes=1)
WRONG_AN_HOUR, AN_HOUR = 120, timedelta(hours=1)


class TooMany(Refused):
    """Asked oftener than anybody may. `seconds` later it may be asked again."""

    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, seconds: int) -> None:
        reason = GENERAL[self.status]
        super().__init__(reason.words, reason=reason)
        self.seconds = seconds


@dataclass(frozen=True)
class Rate:
    """How a token stands: so many of so many requests, for so many seconds more."""

    most: int
    left: int
    seconds: int

    @property
    def headers(self) -> dict[str, str]:
        """As the IETF's draft on RateLimit fields has them."""
        return {
            "RateLimit-Limit": str(self.most),
            "RateLimit-Remaining": str(self.left),
            "RateLimit-Reset": str(self.seconds),
        }


def count_request(work: Work, token_id: int) -> Rate:
    """One more request of a token, and how it stands then; `left` is -1 where it was one too many."""
    most: int = work.setting("api.requests_a_minute")
    now = tally(work, "api: requests", token_id, per=A_MINUTE)
    return Rate(most, max(most - now.number, -1), now.seconds_left)


def count_wrong_token(work: Work) -> None:
    """One more wrong token from this address. Raises TooMany when there were more than anybody mistypes."""
    now: Tally = tally(work, "api: wrong tokens", work.network, per=AN_HOUR)
    if now.number > WRONG_AN_HOUR:
        raise TooMany(now.seconds_left)


def read_most(typed: str) -> int:
    """A number of requests a minute. Raises ValueError."""
    if not 1 <= int(typed) <= 1_000_000:
        raise ValueError
    return int(typed)
