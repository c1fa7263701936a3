"""What may be held. Pure."""

from datetime import date

from lms.kit.errors import Invalid


def check_hold(places: int, capacity: int, held_already: int, *, until: date, today: date, first_day: date) -> None:
    """A hold is of fewer places than there are, and ends before the event begins."""
    if places < 1:
        raise Invalid("Hold at least 1 place.", field="places")
    if places + held_already > capacity:
        raise Invalid(f"The event has {capacity} places, and {held_already} are held already.", field="places")
    if until < today:
        raise Invalid("Choose today or a later date.", field="until")
    if until >= first_day:
        raise Invalid("Held places are released before the event. Choose an earlier day.", field="until")
