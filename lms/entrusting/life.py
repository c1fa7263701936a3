"""The life of a request to a business manager. Services refuse by it, and docs/lives.md follows."""

from lms.entrusting.rules import RequestState
from lms.kit.lives import Life, Step, each_to

WAITS = frozenset({RequestState.WAITING})
OVER = "This request has already been decided."

AGREE = Step("agree, and it is done", "another business manager", each_to(WAITS, RequestState.AGREED), OVER)
REFUSE = Step("refuse", "another business manager", each_to(WAITS, RequestState.REFUSED), OVER)
WITHDRAW = Step("take back", "the person who asked", each_to(WAITS, RequestState.WITHDRAWN), OVER)
ERASE = Step("erase the person it is about", "business manager", each_to(WAITS, RequestState.WITHDRAWN), OVER)

LIFE = Life(begins=WAITS, steps=(AGREE, REFUSE, WITHDRAW, ERASE))
