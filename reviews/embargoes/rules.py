"""When an embargo can be set, and what may be shared from under one. Pure."""

from collections.abc import Iterable
from datetime import date

from lms.kit.errors import Conflict, Invalid

LONGEST_SHARED_RUN = 6


def check_embargo(reason: str, look_again_on: date, *, today: date) -> None:
    """An embargo needs a reason and a day to come on which it is looked at again."""
    if not reason.strip():
        raise Invalid("Explain why nothing may be shared yet, for example that a trial is coming.", field="reason")
    if look_again_on <= today:
        raise Invalid("Choose a future date to review this.", field="look_again_on")


def check_second_person(proposed_by_id: int, decides_id: int | None) -> None:
    """Whoever proposes to share something does not decide on it."""
    if decides_id is None or proposed_by_id == decides_id:
        raise Conflict("You proposed this. Another review officer or the business manager decides on it.")


def check_leads_nowhere(text: str, *, hidden: Iterable[str], field: str = "text") -> None:
    """Refuse words that lead back to what is hidden: its reference, its title, or a run of its words."""
    said = _plain(text)
    for each in hidden:
        words = _plain(each).split()
        run = min(len(words), LONGEST_SHARED_RUN)
        for start in range(len(words) - run + 1 if words else 0):
            if f" {' '.join(words[start : start + run])} " in f" {said} ":
                raise Invalid("This repeats words of the review. Say it in general words.", field=field)


def check_themes_are_common(theme_ids: Iterable[int], common_ids: Iterable[int]) -> None:
    """A theme that no open review carries would point at the one that is hidden."""
    if set(theme_ids) - set(common_ids):
        raise Invalid(
            "Leave out themes that no other review has, because they would lead back to this one.", field="theme_ids"
        )


def _plain(text: str) -> str:
    return " ".join("".join(each if each.isalnum() else " " for each in text.casefold()).split())
