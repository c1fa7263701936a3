"""A new webhook: where to, for whom, and which facts."""

from collections.abc import Iterable, Sequence

from wtforms.validators import DataRequired

from lms.frame.fields import DayField, SelectField, StringField, TicksField, choices_of
from lms.frame.plugins import ToldFact
from lms.frame.web import Form


class WebhookForm(Form):
    """Where facts are sent to."""

    url = StringField(
        "Address of the other system",
        description="It begins with https://. Facts are sent there within a minute or so, signed.",
        validators=[DataRequired("Enter the address that facts are sent to.")],
    )
    token_id = SelectField(
        "Told as much as this token can see",
        description="When the token is revoked, nothing more is sent.",
        validators=[DataRequired("Choose a token. Make one first if there is none.")],
    )
    fact_names = TicksField("Facts to tell")

    def offer(self, tokens: Sequence[tuple[int, str]], facts: Iterable[ToldFact]) -> "WebhookForm":
        """Offer these tokens and facts."""
        self.token_id.choices = choices_of([(str(each), words) for each, words in tokens])
        self.fact_names.choices = choices_of([(fact.name, fact.words) for fact in facts])
        return self


class AgainForm(Form):
    """Which days' facts are sent once more."""

    from_on = DayField("From", validators=[DataRequired("Enter the first day.")])
    to_on = DayField("To", description="Facts are kept for 30 days.", validators=[DataRequired("Enter the last day.")])
