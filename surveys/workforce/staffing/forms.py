"""How many people a round is for, at one agency or at all of them."""

from collections.abc import Sequence
from typing import Any

from wtforms.validators import InputRequired, NumberRange, Optional

from lms.frame.fields import WholeNumberField
from lms.frame.web import Form
from surveys.workforce.models import RoundLink
from surveys.workforce.staffing.rules import MOST_STAFF

WHOLE = f"Enter a whole number from 1 to {MOST_STAFF:,}."


class StaffForm(Form):
    """One agency's."""

    staff = WholeNumberField(
        "How many people there work with children or their families?",
        description="Count everyone that the link is for once, including part-time staff. An estimate is fine.",
        validators=[InputRequired(WHOLE), NumberRange(1, MOST_STAFF, WHOLE)],
    )


def all_staff_form(links: Sequence[RoundLink]) -> Form:
    """A field for each agency, with what it said."""
    fields = {
        _name(link): WholeNumberField(link.agency.name, [Optional(), NumberRange(1, MOST_STAFF, WHOLE)])
        for link in links
    }
    made: Form = type("AllStaffForm", (Form,), fields)(data={_name(link): link.staff for link in links})
    return made


def staff_typed(form: Any, links: Sequence[RoundLink]) -> dict[int, int | None]:
    """What was typed, by agency."""
    return {link.agency_id: form[_name(link)].data for link in links}


def _name(link: RoundLink) -> str:
    return f"staff_{link.agency_id}"
