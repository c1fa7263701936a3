"""What a text is about, where two people differ, and themes with the words that suggest them."""

from collections.abc import Sequence

from wtforms import BooleanField
from wtforms.validators import InputRequired, Length, Optional

from lms.frame.fields import StringField, TextAreaField, TicksField, choices_of
from lms.frame.web import Form
from surveys.themes.models import TextTheme


class CodeTextForm(Form):
    """What a text is about."""

    theme_ids = TicksField("What it is about", coerce=int)
    is_example = BooleanField("Show it as an example of changed practice")

    def offer(self, themes: Sequence[TextTheme]) -> "CodeTextForm":
        self.theme_ids.choices = choices_of([(each.id, each.name) for each in themes])
        return self


class SettleForm(Form):
    """What reports count, where two people differ."""

    theme_ids = TicksField("What it is about", coerce=int)

    def offer(self, themes: Sequence[TextTheme]) -> "SettleForm":
        self.theme_ids.choices = choices_of([(each.id, each.name) for each in themes])
        return self


class WithdrawForm(Form):
    """Why a text is taken out of reports."""

    reason = TextAreaField(
        "Why you are removing it",
        [InputRequired("Enter why you are removing it."), Length(max=400)],
        description="Do not repeat anything that identifies someone, as this is kept in the audit.",
    )


SIGNS = "Words that suggest it, divided by commas"
OF_SIGNS = "The beginning of a word is enough: supervis finds supervision and supervisor. They stay here."


class TextThemeForm(Form):
    """A further theme."""

    name = StringField("Name of the theme", [InputRequired("Enter a name for the theme."), Length(max=60)])
    signs = TextAreaField(SIGNS, [Optional(), Length(max=600)], description=OF_SIGNS)


class SignsForm(Form):
    """The words that suggest a theme."""

    signs = TextAreaField(SIGNS, [Optional(), Length(max=600)], description=OF_SIGNS)
