"""A letter to line managers: please give your people ten minutes. It never says who has answered."""

from lms.kit.letters import Letter
from lms.kit.words import count, long_date
from lms.kit.working_days import london_date
from surveys.response.queries import ToNudge


def a_word_from_the_manager(each: ToNudge) -> Letter:
    """Once for a manager and an event."""
    return Letter(
        kind="surveys.manager_nudge",
        key=f"surveys.manager_nudge:{each.manager_email}:{each.event_id}:1",
        to_name=each.manager_name,
        to_address=each.manager_email,
        event_id=each.event_id,
        good_until=each.closes_at,
        can_wait=True,
        context={
            "course": each.course,
            "day": long_date(each.held_on),
            "closes": long_date(london_date(each.closes_at)),
            "people": count(each.people, "person", "people"),
        },
    )
