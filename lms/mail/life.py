"""The life of a letter: what becomes of it when, and what the office can do. Services and docs/lives.md follow."""

from lms.kit.lives import Life, Step, each_to
from lms.mail.rules import LetterState

WAITING, SENDING, SENT = LetterState.WAITING, LetterState.SENDING, LetterState.SENT
REFUSED, UNDELIVERABLE, GIVEN_UP = LetterState.REFUSED, LetterState.UNDELIVERABLE, LetterState.GIVEN_UP
ENDED_BADLY = (REFUSED, UNDELIVERABLE, GIVEN_UP)
NOT_OPEN = "Whether this email arrived is not open: it has gone, waits, or was never with the mail server."
NOT_NOW = "This email is {state}, so that cannot be done. Check the list again."

TAKE = Step("take in hand", "by itself", each_to({WAITING}, SENDING), NOT_NOW)
GO = Step("go", "by itself", each_to({SENDING}, SENT), NOT_NOW)
FAIL = Step("fail for now", "the mail server", each_to({SENDING}, WAITING), NOT_NOW)
GIVE_UP = Step("give up after three days", "by itself", each_to({SENDING}, GIVEN_UP), NOT_NOW)
REFUSE = Step("refuse", "the mail server", each_to({SENDING}, REFUSED), NOT_NOW)
FIND_NO_ADDRESS = Step("find no address", "by itself", each_to({SENDING}, UNDELIVERABLE), NOT_NOW)
WITHDRAW = Step(
    "withdraw what is no longer true", "by itself", each_to({WAITING, SENDING}, LetterState.WITHDRAWN), NOT_NOW
)
TRY_AGAIN = Step(
    "try again",
    "coordinator",
    each_to({WAITING}) | each_to(ENDED_BADLY, WAITING),
    "This email has gone, is going just now, or was withdrawn. There is nothing to try again.",
)
LEAVE = Step(
    "say that it arrived",
    "coordinator",
    each_to({GIVEN_UP}, SENT),
    NOT_OPEN,
)
WAIT_FOR_THE_SERVER = Step(
    "wait again, since the server refuses everyone", "by itself", each_to({REFUSED, GIVEN_UP}, WAITING), NOT_NOW
)

LIFE = Life(
    begins=frozenset({WAITING}),
    steps=(TAKE, GO, FAIL, GIVE_UP, REFUSE, FIND_NO_ADDRESS, WITHDRAW, TRY_AGAIN, LEAVE, WAIT_FOR_THE_SERVER),
)
