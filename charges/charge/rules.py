"""The life of a charge: its states, who may move it on, and in which words it is refused. Pure."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from lms.kit.errors import Conflict, Invalid
from lms.kit.words import moment
from lms.kit.working_days import end_of_day, is_late, london_date, working_days_after


class AnsweredAs(StrEnum):
    """Who speaks about a charge."""

    DELEGATE = "delegate"
    MANAGER = "manager"
    AGENCY = "agency"


LONGEST_WORDS = 2000
NO_CHILD = "Do not name a child or describe a case."


class ChargeState(StrEnum):
    """`proposed -> open -> approved | waived`; `approved -> invoiced -> paid | credited | written_off`;
    `appealed -> upheld | waived`. A charge is void when what it was for turns out not to be so."""

    PROPOSED = "proposed"
    OPEN = "open"
    APPROVED = "approved"
    WAIVED = "waived"
    APPEALED = "appealed"
    UPHELD = "upheld"
    INVOICED = "invoiced"
    PAID = "paid"
    CREDITED = "credited"
    WRITTEN_OFF = "written_off"
    VOID = "void"


class WaiverReason(StrEnum):
    """Why a charge is not made. The policy's list; `other` needs text. Disability-related absence is never charged."""

    SICKNESS = "sickness"
    BEREAVEMENT = "bereavement"
    CHILD_PROTECTION = "child_protection"
    PARTNERSHIP = "partnership"
    VENUE_OR_IT = "venue_or_it"
    ACCESS = "access"
    SHORT_NOTICE = "short_notice"
    DISABILITY = "disability"
    OTHER = "other"


WAIVER_WORDS = {
    WaiverReason.SICKNESS: "Sickness",
    WaiverReason.BEREAVEMENT: "Bereavement",
    WaiverReason.CHILD_PROTECTION: "Emergency child protection duty or court",
    WaiverReason.PARTNERSHIP: "Failure of the partnership",
    WaiverReason.VENUE_OR_IT: "Venue or IT",
    WaiverReason.ACCESS: "Access need not met",
    WaiverReason.SHORT_NOTICE: "Short-notice promotion",
    WaiverReason.DISABILITY: "Absence related to a disability",
    WaiverReason.OTHER: "Other: say what",
}
STATE_WORDS = {
    ChargeState.PROPOSED: "Proposed",
    ChargeState.OPEN: "Open to the agency",
    ChargeState.APPROVED: "Approved",
    ChargeState.WAIVED: "Waived",
    ChargeState.APPEALED: "Appealed",
    ChargeState.UPHELD: "Upheld on appeal",
    ChargeState.INVOICED: "Invoiced",
    ChargeState.PAID: "Paid",
    ChargeState.CREDITED: "Credited",
    ChargeState.WRITTEN_OFF: "Written off",
    ChargeState.VOID: "Void",
}
S = ChargeState
TO_DECIDE = frozenset({S.PROPOSED, S.OPEN, S.APPEALED})
TO_INVOICE = frozenset({S.APPROVED, S.UPHELD})
BILLED = frozenset({S.INVOICED, S.PAID})
ENDED = frozenset({S.WAIVED, S.VOID, S.CREDITED, S.WRITTEN_OFF})
LIVE = frozenset(ChargeState) - ENDED


def said_waiver(reason: WaiverReason | None, *, in_full: bool = False) -> str:
    """Why a charge was waived, as the agency reads it: what relates to somebody's disability stays with the office."""
    if reason is None:
        return ""
    if reason is WaiverReason.DISABILITY and not in_full:
        return "A reason that we keep private"
    return WAIVER_WORDS[reason].removesuffix(": say what")


def check_can_approve(
    *, is_answered: bool, respond_by: datetime | None, is_disability_related: bool, now: datetime
) -> None:
    """Nobody approves before the agency has answered or its time is over, nor what relates to a disability."""
    if is_disability_related:
        raise Invalid(
            "Someone told us that the absence relates to a disability, so this charge can only be waived.",
            field="decision",
        )
    if not is_answered and respond_by is not None and not is_late(now, respond_by):
        raise Invalid(
            f"The agency can answer until {moment(respond_by)}. Decide after that, or waive it now.", field="decision"
        )


def check_waiver(reason: WaiverReason | None, words: str) -> WaiverReason:
    """A waiver names a reason from the list; "other" is explained."""
    if reason is None:
        raise Invalid("Choose a reason for waiving.", field="reason")
    if reason is WaiverReason.OTHER and not words.strip():
        raise Invalid("Enter the other reason.", field="note")
    check_length(words, field="note")
    return reason


def check_answered_in_time(respond_by: datetime | None, now: datetime) -> None:
    """Refuse in words an answer that comes too late."""
    if respond_by is not None and is_late(now, respond_by):
        raise Conflict(f"The time to answer ended {moment(respond_by)}. You can still appeal once it is decided.")


def check_can_appeal(*, appealed_at: datetime | None, appeal_until: datetime | None, now: datetime) -> None:
    """One appeal, in time."""
    if appealed_at is not None:
        raise Conflict("This charge has already been appealed. There is only one appeal.")
    if appeal_until is not None and is_late(now, appeal_until):
        raise Conflict(f"The time to appeal ended {moment(appeal_until)}.")


def check_appeal_decider(decider_id: int | None, first_decider_id: int | None) -> None:
    """An appeal is decided by a person other than the first decider."""
    if decider_id is not None and decider_id == first_decider_id:
        raise Conflict("You made the first decision on this charge, so someone else decides the appeal.")


def check_length(words: str, *, field: str) -> None:
    """Free text stays short enough to be read."""
    if len(words) > LONGEST_WORDS:
        raise Invalid(f"Shorten this to {LONGEST_WORDS:,} characters.", field=field)


def end_of_working_day(after: datetime, n: int) -> datetime:
    """23:59:59 in London on the nth working day after a moment."""
    return end_of_day(working_days_after(london_date(after), n))


def month_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)
