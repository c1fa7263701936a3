"""The life of a booking: what is done to it when, and what it is afterwards. Checks, pages and docs/lives.md follow."""

from courses.booking.bookings.rules import LIVE_STATES, BookingState
from courses.programme.events import life as event_life
from courses.programme.events.rules import EventState
from lms.kit.errors import Reason
from lms.kit.lives import Life, Step, each_to

AWAITING, WAITING, OFFERED = BookingState.AWAITING_MANAGER, BookingState.WAITING, BookingState.OFFERED
CONFIRMED = BookingState.CONFIRMED
LIVE = frozenset(LIVE_STATES)
WITHOUT_PLACE = LIVE - {CONFIRMED}
ENDED = Reason("ended", "The booking has already ended.")
REQUEST_OVER = "This request is over. Ask the training team if the place is still wanted."
OFFER_OVER = "This offer is over. My learning shows whether you are still waiting."

AGREE = Step("agree", "line manager", each_to({AWAITING}, CONFIRMED, WAITING), REQUEST_OVER)
REFUSE = Step("refuse", "line manager", each_to({AWAITING}, BookingState.DECLINED), REQUEST_OVER)
OFFER = Step("offer a place", "by itself", each_to({WAITING}, OFFERED), "This person is not next on the list.")
TAKE_BACK = Step("end the offer", "by itself", each_to({OFFERED}, WAITING), OFFER_OVER)
ACCEPT = Step("accept the offer", "delegate", each_to({OFFERED}, CONFIRMED), OFFER_OVER)
DECLINE = Step("decline the offer", "delegate", each_to({OFFERED}, BookingState.DECLINED), OFFER_OVER)
PROMOTE = Step(
    "give a place by hand",
    "coordinator",
    each_to({WAITING, OFFERED}, CONFIRMED),
    "This person is not waiting any more. Check the list again.",
)
LAPSE = Step("lapse", "by itself", each_to(WITHOUT_PLACE, BookingState.LAPSED), "This booking is no longer waiting.")
CANCEL = Step(
    "cancel",
    "delegate, agency lead, coordinator",
    each_to(LIVE, BookingState.CANCELLED),
    "This booking has already ended. My learning shows what happened to it.",
    before_start=LIVE,
    too_late="The event has started, so the booking can no longer be cancelled. Tell the training team.",
    reason=ENDED,
    late_reason=event_life.STARTED,
)
MOVE_ON = Step(
    "move to another date",
    "delegate, agency lead, coordinator",
    each_to({CONFIRMED}, BookingState.TRANSFERRED),
    "This booking does not have a place, so there is nothing to move. My learning shows what happened to it.",
    before_start=frozenset({CONFIRMED}),
    too_late="The event has started, so the booking can no longer be moved. Tell the training team.",
)
GIVEN_UP = frozenset({BookingState.CANCELLED, BookingState.RELEASED, BookingState.TRANSFERRED})
UNDO = Step(
    "undo within the hour",
    "the person who did it",
    each_to(GIVEN_UP, CONFIRMED),
    "There is nothing to undo. My learning shows what happened to this booking.",
    before_start=GIVEN_UP,
    too_late="The event has started, so this cannot be undone.",
)
UNDO_GIVING = Step(
    "undo giving it to a colleague",
    "the person who did it",
    each_to({BookingState.SUBSTITUTED}, CONFIRMED),
    "There is nothing to undo. My learning shows what happened to this booking.",
    before_start=frozenset({BookingState.SUBSTITUTED}),
    too_late="The event has started, so this cannot be undone.",
)
GO_BACK = Step(
    "go back to the person who gave it",
    "the person who gave it",
    each_to({CONFIRMED}, BookingState.SUBSTITUTED, WAITING, AWAITING),
    "Your colleague no longer has the place, so you cannot get it back.",
    before_start=frozenset({CONFIRMED}),
)
GIVE = Step(
    "give to a colleague",
    "delegate, agency lead",
    each_to({CONFIRMED}, BookingState.SUBSTITUTED),
    "This booking does not have a place, so there is nothing to give. My learning shows what happened to it.",
    before_start=frozenset({CONFIRMED}),
    too_late="The event has started. If a colleague came instead, the trainer puts them on the register.",
)
COME_INSTEAD = Step(
    "a colleague comes instead",
    "trainer, coordinator",
    each_to({CONFIRMED}, BookingState.SUBSTITUTED),
    "The place that you chose is no longer taken. Open the register again.",
)
TAKE = Step(
    "take a colleague’s place",
    "the colleague",
    each_to(WITHOUT_PLACE, CONFIRMED),
    "They already have a place at this event.",
)
WALK_IN = Step(
    "walk in", "trainer, coordinator", each_to(WITHOUT_PLACE, CONFIRMED), "This person is already on the register."
)
RELEASE = Step(
    "release",
    "the partnership",
    each_to(LIVE, BookingState.RELEASED),
    "This booking has already ended. My learning shows what happened to it.",
)
CHANGE_NEEDS = Step(
    "change what is needed on the day",
    "delegate, coordinator",
    each_to(LIVE),
    "This booking has ended, so nothing about it can be changed.",
)
NAME_MANAGER = Step(
    "name another line manager",
    "delegate, coordinator",
    each_to(LIVE),
    "This booking has ended, so nothing about it can be changed.",
    before_start=LIVE,
    too_late="The event has started, so it is too late to name another line manager.",
)
CORRECT = Step(
    "correct what the register says",
    "coordinator",
    each_to({CONFIRMED}),
    "This booking has ended, so it is not on the register.",
)

LIFE = Life(
    begins=frozenset({AWAITING, WAITING, CONFIRMED}),
    steps=(
        AGREE, REFUSE, OFFER, TAKE_BACK, ACCEPT, DECLINE, PROMOTE, LAPSE, CANCEL, MOVE_ON, UNDO, UNDO_GIVING,
        GO_BACK, GIVE, COME_INSTEAD, TAKE, WALK_IN, RELEASE, CHANGE_NEEDS, NAME_MANAGER, CORRECT,
    ),
)  # fmt: skip
"""A file of history may say any state: see the checks of `tables.py`."""

_BY_THE_EVENT = {GIVE.name: event_life.GIVE, PROMOTE.name: event_life.OFFER, ACCEPT.name: event_life.OFFER}


def steps_now(state: BookingState, event_state: EventState, *, has_started: bool) -> frozenset[str]:
    """The names of what can be done to a booking now, as it and its event stand."""
    return frozenset(
        name
        for name in LIFE.open_steps(state, has_started=has_started)
        if name not in _BY_THE_EVENT or _BY_THE_EVENT[name].is_open(event_state, has_started=has_started)
    )
