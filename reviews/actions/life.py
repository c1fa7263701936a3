"""The life of an action: what is done to it when, and what it is afterwards. Checks and docs/lives.md follow."""

from lms.kit.lives import Life, Step, each_to
from reviews.actions.rules import OWED, ActionState

OPEN, ANSWERED, RETURNED = ActionState.OPEN, ActionState.ANSWERED, ActionState.RETURNED
CLOSED, WITHDRAWN = ActionState.CLOSED, ActionState.WITHDRAWN
NOT_OPEN = "This action is not open any more. Check it again to see what became of it."
NO_ANSWER = "There is no answer to decide on. Check the action again."

CHANGE = Step("change", "review officer", each_to(OWED), NOT_OPEN)
ANSWER = Step("answer", "owner, agency lead", each_to(OWED, ANSWERED), NOT_OPEN)
CLOSE = Step("close", "review officer", each_to({ANSWERED}, CLOSED), NO_ANSWER)
RETURN = Step("return", "review officer", each_to({ANSWERED}, RETURNED), NO_ANSWER)
WITHDRAW = Step(
    "withdraw, its recommendation being not accepted",
    "by itself",
    each_to({OPEN, ANSWERED, RETURNED}, WITHDRAWN),
    "This action is {state}, so it stays as it is.",
)

LIFE = Life(begins=frozenset({OPEN}), steps=(CHANGE, ANSWER, CLOSE, RETURN, WITHDRAW))
