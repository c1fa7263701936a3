"""What the partnership's policy says, with the defaults that partnerships publish. Settings, not statute."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from lms.kit.errors import Invalid
from lms.kit.working_days import LAST_KNOWN_YEAR, london_date

RETIRED_TERMS = frozenset({"promotion_stops_hours"})
"""Terms of earlier versions that nothing goes by any more. The versions keep them; reading passes them over."""


@dataclass(frozen=True)
class Policy:
    """One version of the terms. Money is in pence, notice in working days, periods in the unit of their name."""

    notice_working_days: int = 5
    charge_full_day_pence: int = 5000
    charge_half_day_pence: int = 3500
    half_day_up_to_minutes: int = 240
    promoted_charged_hours: int = 24
    representation_working_days: int = 10
    appeal_working_days: int = 10
    sickness_confirmed_working_days: int = 2
    exempt_role_groups: tuple[str, ...] = ("Foster carers", "Lay members", "Trainers")
    substitution_is_free: bool = True
    booking_closes_working_days: int = 2
    default_capacity: int = 24
    offer_held_hours: int = 24
    offer_to_all_hours: int = 48
    offers_in_office_hours: bool = False
    reconfirm_working_days: int = 2
    other_place_reopens: bool = False
    first_reminder_working_days: int = 10
    joining_instructions_working_days: int = 5
    last_reminder_working_days: int = 1
    attended_percent: int = 90
    access_needs_kept_days: int = 30
    free_text_kept_months: int = 24
    answers_linked_months: int = 12
    records_kept_years: int = 6
    letters_kept_months: int = 24

    @classmethod
    def from_terms(cls, terms: dict[str, Any]) -> "Policy":
        """Read a stored version; terms that it did not know yet take their default."""
        known = {each.name for each in fields(cls)}
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in terms.items()
            if name not in RETIRED_TERMS
        }
        unknown = sorted(values.keys() - known)
        if unknown:
            raise Invalid(f"The policy has terms that no one knows: {', '.join(unknown)}.")
        return cls(**values)

    def as_terms(self) -> dict[str, Any]:
        """As stored with a version."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}


class Unit(StrEnum):
    """What a term is counted in."""

    WORKING_DAYS = "working days"
    DAYS = "days"
    HOURS = "hours"
    MONTHS = "months"
    YEARS = "years"
    MINUTES = "minutes"
    PLACES = "places"
    PERCENT = "%"
    PENCE = "pounds"
    YES_NO = "yes or no"
    NAMES = "role groups"


@dataclass(frozen=True)
class Term:
    """How one term is asked for: its words, its unit, and the numbers that make sense.

    `plugin`: without that one the term decides nothing, so nobody is asked for it or told of it.
    """

    name: str
    words: str
    unit: Unit
    least: int = 0
    most: int = 0
    plugin: str = ""


TERMS = (
    Term("notice_working_days", "Notice to cancel free of charge", Unit.WORKING_DAYS, 1, 30),
    Term("charge_full_day_pence", "Charge for a full day missed", Unit.PENCE, 100, 100_000, plugin="charges"),
    Term("charge_half_day_pence", "Charge for a short day missed", Unit.PENCE, 100, 100_000, plugin="charges"),
    Term("half_day_up_to_minutes", "A short day has at most", Unit.MINUTES, 30, 720, plugin="charges"),
    Term(
        "promoted_charged_hours",
        "Someone moved up is charged for not coming when told before the start by",
        Unit.HOURS,
        1,
        240,
        plugin="charges",
    ),
    Term(
        "representation_working_days", "An agency can answer a charge for", Unit.WORKING_DAYS, 1, 60, plugin="charges"
    ),
    Term("appeal_working_days", "An agency can appeal for", Unit.WORKING_DAYS, 1, 60, plugin="charges"),
    Term(
        "sickness_confirmed_working_days",
        "Sickness on the day is confirmed in writing within",
        Unit.WORKING_DAYS,
        1,
        20,
        plugin="charges",
    ),
    Term("exempt_role_groups", "Role groups that are never charged", Unit.NAMES, plugin="charges"),
    Term("substitution_is_free", "A colleague can take the place free of charge", Unit.YES_NO),
    Term("booking_closes_working_days", "Booking closes before the event", Unit.WORKING_DAYS, 0, 30),
    Term("default_capacity", "An event has, unless it says otherwise", Unit.PLACES, 1, 1000),
    Term("offer_held_hours", "A free place is held for the next person on the list for", Unit.HOURS, 1, 240),
    Term("offer_to_all_hours", "It is offered to everyone who waits before the start within", Unit.HOURS, 0, 240),
    Term(
        "offers_in_office_hours",
        "Places are held, and their hours count, only from 08:00 to 18:00 on working days",
        Unit.YES_NO,
    ),
    Term("reconfirm_working_days", "Cancelling is free again after a move for", Unit.WORKING_DAYS, 1, 10),
    Term("other_place_reopens", "Cancelling is free again after a change of place too", Unit.YES_NO),
    Term("first_reminder_working_days", "First reminder before the event", Unit.WORKING_DAYS, 1, 60),
    Term("joining_instructions_working_days", "Joining instructions before the event", Unit.WORKING_DAYS, 1, 60),
    Term("last_reminder_working_days", "Last reminder before the event", Unit.WORKING_DAYS, 1, 10),
    Term("attended_percent", "Attended means, of the scheduled minutes", Unit.PERCENT, 1, 100),
    Term("access_needs_kept_days", "Access needs are kept after the event for", Unit.DAYS, 0, 365),
    Term("free_text_kept_months", "Free text in survey answers is kept for", Unit.MONTHS, 1, 120),
    Term("answers_linked_months", "Whose survey answers they are is known for", Unit.MONTHS, 4, 60),
    Term("records_kept_years", "Bookings, attendance and certificates are kept for", Unit.YEARS, 1, 25),
    Term("letters_kept_months", "The words of letters that were sent are kept for", Unit.MONTHS, 1, 120),
)


def terms_with(hosts: Callable[[str], bool]) -> list[Term]:
    """The terms that decide something in an installation with these plugins."""
    return [term for term in TERMS if not term.plugin or hosts(term.plugin)]


def check_terms(policy: Policy) -> None:
    """Refuse numbers that make no sense, alone or together. Raises Invalid at the term's field."""
    for term in TERMS:
        value = getattr(policy, term.name)
        if isinstance(value, int) and not isinstance(value, bool) and not term.least <= value <= term.most:
            raise Invalid(f"{term.words}: {limits(term)}.", field=term.name)
    if policy.charge_half_day_pence > policy.charge_full_day_pence:
        raise Invalid("A short day cannot cost more than a full one.", field="charge_half_day_pence")
    if not (
        policy.first_reminder_working_days
        > policy.joining_instructions_working_days
        > policy.last_reminder_working_days
    ):
        raise Invalid(
            "The first reminder goes before the joining instructions, and those before the last reminder.",
            field="joining_instructions_working_days",
        )


def limits(term: Term) -> str:
    """from £1 to £1,000, or "from 1 to 30 working days"."""
    if term.unit is Unit.PENCE:
        return f"from £{term.least // 100:,} to £{term.most // 100:,}"
    if term.unit is Unit.PERCENT:
        return f"from {term.least}% to {term.most}%"
    return f"from {term.least:,} to {term.most:,} {term.unit}"


def changed_terms(before: Policy, after: Policy) -> list[Term]:
    """The terms in which two versions differ, in the order in which they are asked for."""
    return [term for term in TERMS if getattr(before, term.name) != getattr(after, term.name)]


def check_in_force_from(in_force_from: datetime, latest: datetime, now: datetime) -> None:
    """A version comes into force at a midnight to come, and after every version before it; never back in time."""
    if in_force_from <= now:
        raise Invalid(
            "A version begins at midnight: bookings were made today under other terms. Choose tomorrow or later.",
            field="in_force_on",
        )
    if in_force_from <= latest:
        raise Invalid(
            "Another version comes into force on that day or later already. Choose a day after it.", field="in_force_on"
        )
    if london_date(in_force_from).year > LAST_KNOWN_YEAR:
        raise Invalid(f"Choose a day up to the end of {LAST_KNOWN_YEAR}.", field="in_force_on")


def charge_for_day(policy: Policy, starts_at: datetime, ends_at: datetime) -> int:
    """Pence charged for an event day missed: a day over the half-day limit costs the full rate."""
    minutes = (ends_at - starts_at) // timedelta(minutes=1)
    return policy.charge_half_day_pence if minutes <= policy.half_day_up_to_minutes else policy.charge_full_day_pence
