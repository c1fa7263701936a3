"""What a new token is to be."""

from collections.abc import Sequence

from wtforms.fields import BooleanField
from wtforms.validators import DataRequired, Optional

from lms.api.tokens.rules import POWER_WORDS, ROLES, Power, TokenWanted
from lms.frame.access import ROLE_WORDS, Role
from lms.frame.fields import DayField, SelectField, StringField, TicksField, choices_of
from lms.frame.web import Form


class TokenForm(Form):
    """Which system it is for, and what it may."""

    name = StringField(
        "Which system uses it",
        description="For example “HR system of the council”. The audit names it by this.",
        validators=[DataRequired("Enter which system uses it, for example “HR system of the council”.")],
    )
    role = SelectField(
        "It can see the same as",
        description="Never more than you may see yourself, and never what is under embargo.",
        choices=choices_of([(role.value, ROLE_WORDS[role]) for role in ROLES]),
    )
    agency_id = SelectField(
        "Agency",
        description="Only for a token of an agency lead: it shows that agency’s people and bookings and no others.",
        validators=[Optional()],
    )
    further_codes = StringField(
        "Further agencies",
        description="Their codes with commas between, for a system that serves several.",
        validators=[Optional()],
    )
    may_write = BooleanField(
        "It may book and cancel too", description="Otherwise it can only read, even if you select something below."
    )
    powers = TicksField(
        "It may also",
        description="Each of these shows or changes personal details. Only select what the system needs.",
        choices=choices_of([(power.value, POWER_WORDS[power][0].upper() + POWER_WORDS[power][1:]) for power in Power]),
    )
    ends_on = DayField("Last day", description="Leave empty for a token without an end.", validators=[Optional()])

    def offer(self, agencies: Sequence[tuple[int, str]]) -> "TokenForm":
        """Offer these agencies."""
        self.agency_id.choices = choices_of([(str(each), name) for each, name in agencies], ("", "None"))
        return self

    @property
    def wanted(self) -> TokenWanted:
        """What was asked for."""
        return TokenWanted(
            name=self.name.data,
            role=Role(self.role.data),
            agency_id=int(self.agency_id.data) if self.agency_id.data else None,
            may_write=bool(self.may_write.data),
            ends_on=self.ends_on.data,
            powers=tuple(Power(each) for each in self.powers.data or []),
            further_codes=tuple(each.strip() for each in self.further_codes.data.split(",") if each.strip()),
        )
