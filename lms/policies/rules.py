"""What the partnership's policy says, with the defaults that partnerships publish. Settings, not statute."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from lms.errors import Invalid


@dataclass(frozen=True)
class Policy:
    """One version of the terms. Money is in pence, notice in working days, periods in the unit of their name."""

    notice_working_days: int = 5
    charge_full_day_pence: int = 5000
    charge_half_day_pence: int = 3500
    half_day_up_to_minutes: int = 240
    substitution_is_free: bool = True
    booking_closes_working_days: int = 2
    default_capacity: int = 24
    promotion_stops_hours: int = 24
    reconfirm_working_days: int = 2
    first_reminder_working_days: int = 10
    joining_instructions_working_days: int = 5
    last_reminder_working_days: int = 1
    attended_percent: int = 90
    access_needs_kept_days: int = 30

    @classmethod
    def from_terms(cls, terms: dict[str, Any]) -> "Policy":
        """Read a stored version; terms that it did not know yet take their default."""
        known = {each.name for each in fields(cls)}
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in terms.items()
        }
        unknown = sorted(values.keys() - known)
        if unknown:
            raise Invalid(f"The policy has terms that nobody knows: {', '.join(unknown)}.")
        return cls(**terms)

    def as_terms(self) -> dict[str, Any]:
        """As stored with a version."""
        return asdict(self)


def charge_for_day(policy: Policy, starts_at: datetime, ends_at: datetime) -> int:
    """Pence charged for an event day missed: a day over the half-day limit costs the full rate."""
    minutes = (ends_at - starts_at) // timedelta(minutes=1)
    return policy.charge_half_day_pence if minutes <= policy.half_day_up_to_minutes else policy.charge_full_day_pence
