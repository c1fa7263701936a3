"""What a text is about, and a further theme."""

from collections.abc import Sequence

from wtforms import BooleanField
from wtforms.validators import InputRequired, Length

from lms.frame.fields import StringField, TicksField, choices_of
from lms.frame.web import Form
from surveys.themes.models import TextTheme


class CodeTextForm(Form):
    """What a text is about."""

    theme_ids = TicksField("What it is about", coerce=int)
    is_example = BooleanField("Show it as an example of changed practice")

    def offer(self, themes: Sequence[TextTheme]) -> "CodeTextForm":
        self.theme_ids.choices = choices_of([(each.id, each.name) for each in themes])
        return self


class TextThemeForm(Form):
    """A further theme."""

    name = StringField("Name of the theme", [InputRequired("Write a name for the theme."), Length(max=60)])
