"""What is typed about themes."""

from wtforms.validators import InputRequired, Length, Optional

from lms.frame.fields import SelectField, StringField, choices_of
from lms.frame.web import Form


class ReviewThemeForm(Form):
    """A theme and what it means."""

    name = StringField(
        "Theme", [InputRequired("Enter the theme's name."), Length(max=120, message="Shorten this to 120 characters.")]
    )
    meaning = StringField("What it means", [Optional()], description="So that everyone uses it in the same way.")


class MergeThemeForm(Form):
    """Which theme it goes into."""

    into_id = SelectField("Merge it into", coerce=int)

    def offer(self, themes: list[tuple[int, str]]) -> "MergeThemeForm":
        self.into_id.choices = choices_of(themes)
        return self
