"""Which letters go at once, whatever the hour, and which may wait for office hours.

Every letter that a service sends in any test is held to it (`tests/conftest.py`).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import wraps

import pytest

from lms.frame.work import Work
from lms.mail.letters import Copy, ForMany, Letter

AT_ONCE = {
    "signin": (
        "account_changed code linked_address_changed other_account password_off registration_accepted "
        "registration_code registration_known registration_received registration_refused second_factor_invited "
        "second_factor_refused shared_mailbox "
        "unknown_address"
    ),
    "people": "access_changed decision_made decision_wanted",
    "courses": "approval_asked booking_code date_published message offer_gone place_offered wish_not_kept",
    "surveys": "concern on_the_day",
    "briefings": "recalled",
}
"""Codes, changes of addresses and roles, what somebody has until a certain hour to answer or to book, what the office
writes and sends by hand, worries about safety, the evaluation of the day, what is taken back."""

MAY_WAIT = {
    "courses": (
        "awaiting_manager booking_cancelled booking_confirmed booking_moved booking_released booking_restored "
        "calendar_day changed_by_link certificate_issued certificate_refresher certificate_withdrawn charge_appealed "
        "charge_decided charge_invoice charge_proposed charge_reason charge_withdrawn event_cancelled "
        "event_for_trainer event_joining event_moved event_place event_postponed joining_instructions last_reminder "
        "managers_copy managers_day not_agreed offer_lapsed place_found place_given place_returned place_taken "
        "reminder review_asked topic_found training_due trainings_due waiting"
    ),
    "surveys": (
        "baseline impact manager_nudge managers_day managers_view observation_answered observation_asked "
        "observation_due observation_written reminder waited waiting workforce_link"
    ),
    "briefings": "approved briefing cascade cascade_reminder correction returned to_approve to_check",
    "reviews": "action_due action_overdue action_returned dates_to_look_at",
    "reports": "quarter_for_agency quarter_for_group",
}
"""Nobody sits and waits for it, unless they did it themselves just now or it concerns the next 48 hours."""


def names(table: dict[str, str]) -> set[str]:
    """Its kinds, as `surveys.concern`."""
    return {f"{plugin}.{each}" for plugin, words in table.items() for each in words.split()}


def check(letter: Letter | ForMany) -> None:
    """Fails when a letter of the site may wait and must not, or the other way round."""
    if letter.kind in names(AT_ONCE) | names(MAY_WAIT):
        is_right = letter.can_wait is (letter.kind in names(MAY_WAIT))
        assert is_right, f"{letter.kind} has can_wait={letter.can_wait}: tests/hours.py says otherwise"


@contextmanager
def hours_heard() -> Iterator[None]:
    """Holds whatever is sent to the tables."""
    at_its_hour, send_to_many = Work._at_its_hour, Work.send_to_many

    @wraps(at_its_hour)
    def checked(work: Work, letter: Letter) -> Letter:
        check(letter)
        return at_its_hour(work, letter)

    @wraps(send_to_many)
    def checked_for_many(work: Work, letter: ForMany, copies: Iterable[Copy]) -> int:
        check(letter)
        return send_to_many(work, letter, copies)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Work, "_at_its_hour", checked)
        patch.setattr(Work, "send_to_many", checked_for_many)
        yield
