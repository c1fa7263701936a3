"""The code on a printed survey: an invitation's number with a sign that finds a wrong one. Pure."""

from courses.attendance.paper.rules import booking_of_code, sheet_code

OF_SURVEYS = 13
"""Mixed into the check, so that a code of a sign-in sheet is not taken for one of a survey."""


def survey_code(invitation_id: int) -> str:
    """What stands on the sheet."""
    return sheet_code(invitation_id, OF_SURVEYS)


def invitation_of_code(code: str) -> int | None:
    """The invitation that a code names; None for one mistyped."""
    return booking_of_code(code.strip().replace(" ", ""), OF_SURVEYS)
