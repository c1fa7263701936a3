"""The life of an event: what is done to it when, and what it is afterwards. Checks, pages and docs/lives.md follow."""

from courses.programme.events.rules import EventState
from lms.kit.errors import Reason
from lms.kit.lives import Life, Step, each_to

PLANNED, PUBLISHED, POSTPONED = EventState.PLANNED, EventState.PUBLISHED, EventState.POSTPONED
DELIVERED, CANCELLED = EventState.DELIVERED, EventState.CANCELLED
ALIVE = frozenset({PLANNED, PUBLISHED, POSTPONED})
RUNNING = frozenset({PUBLISHED})
NOT_BOOKABLE = Reason("not_bookable", "The event takes no bookings: it is planned, postponed, cancelled or over.")
STARTED = Reason("started", "The event has started.")
OVER = "This event is {state}, so it can no longer be changed. Copy it to plan another one."

CHANGE = Step("change", "coordinator", each_to(ALIVE), OVER)
PUBLISH = Step(
    "publish",
    "coordinator",
    each_to({PLANNED}, PUBLISHED),
    "Only a planned event can be published. Check the event again to see its state.",
    before_start=frozenset({PLANNED}),
    too_late="The event has started already. Change its days first, then publish it.",
)
MOVE = Step("move", "coordinator", each_to({PLANNED, PUBLISHED}) | each_to({POSTPONED}, PUBLISHED), OVER)
POSTPONE = Step(
    "postpone",
    "coordinator",
    each_to(RUNNING, POSTPONED),
    "Only a published event that has not started can be postponed.",
    before_start=RUNNING,
)
CANCEL = Step(
    "cancel",
    "coordinator",
    each_to(ALIVE, CANCELLED),
    OVER,
    before_start=RUNNING,
    too_late="The event has started, so it cannot be cancelled. Finalise its register instead.",
)
HOLD = Step(
    "hold places",
    "coordinator",
    each_to({PLANNED, PUBLISHED}),
    "Places are held only in an event that is planned or published.",
)
BOOK = Step(
    "book",
    "anybody",
    each_to(RUNNING),
    "This event does not take bookings. Choose another date.",
    before_start=RUNNING,
    too_late="This event has started, so it can no longer be booked. Choose another date.",
    reason=NOT_BOOKABLE,
    late_reason=STARTED,
)
OFFER = Step(
    "offer places",
    "coordinator, or by itself",
    each_to(RUNNING),
    "This event gives no places now.",
    before_start=RUNNING,
)
GIVE = Step(
    "give a place to a colleague",
    "delegate, agency lead",
    each_to({PUBLISHED, POSTPONED}),
    "This event is {state}, so its places cannot be given away.",
    before_start=frozenset({PUBLISHED, POSTPONED}),
    too_late="The event has started. If a colleague came instead, the trainer puts them on the register.",
)
SIGN_IN = Step("sign in on the day", "delegate", each_to(RUNNING), "This event is {state}, so no one signs in to it.")
MARK = Step(
    "mark the register",
    "trainer, coordinator",
    each_to(RUNNING),
    "This event is {state}, so there is no one to mark.",
    refused_in={DELIVERED: "This register is finalised. Ask the training team to correct it."},
)
FINALISE = Step(
    "finalise the register",
    "trainer, coordinator",
    each_to(RUNNING, DELIVERED),
    "This event is {state}, so there is no register to finalise.",
    refused_in={DELIVERED: "This register is finalised already. Correct single bookings instead."},
)
CORRECT = Step(
    "correct the register",
    "coordinator",
    each_to({DELIVERED}),
    "This register is not finalised yet. Change the mark on the register itself.",
)

LIFE = Life(
    begins=frozenset({PLANNED}),
    steps=(
        CHANGE, PUBLISH, MOVE, POSTPONE, CANCEL, HOLD, BOOK, OFFER, GIVE, SIGN_IN, MARK, FINALISE, CORRECT,
    ),
)  # fmt: skip
"""A file of history may say any state: see the checks of `tables.py`."""
