"""Beginning, writing and publishing the yearly report."""

from wtforms.validators import InputRequired, Length

from lms.frame.fields import SelectField, StringField, TextAreaField
from lms.frame.web import Form
from lms.kit.figures import Period
from lms.reports.rules import LONGEST_TEXT


class BeginReportForm(Form):
    """Which year; offered are those that a report can be about."""

    year = SelectField("Financial year", coerce=int)

    def offer(self, periods: list[Period]) -> "BeginReportForm":
        self.year.choices = [(period.from_on.year, period.words) for period in periods]
        return self


class WriteReportForm(Form):
    """The title, and a text box for each place of the report (`write_form`)."""

    title = StringField(
        "Title",
        validators=[InputRequired("Give the report a title."), Length(max=120, message="Use at most 120 characters.")],
    )

    @property
    def texts(self) -> dict[str, str]:
        """What was typed, by place."""
        return {field.name: field.data for field in self if isinstance(field, TextAreaField)}


class ConfirmForm(Form):
    """Nothing to type: what is done for good is confirmed."""


def write_form(places: list[tuple[str, str]], title: str, texts: dict[str, str]) -> WriteReportForm:
    """The form with a box for each place, as it stands or as it was typed."""
    too_long = Length(max=LONGEST_TEXT, message=f"Shorten this to {LONGEST_TEXT:,} characters.")
    boxes = {place: TextAreaField(label, validators=[too_long]) for place, label in places}
    made: WriteReportForm = type("WriteReportForm", (WriteReportForm,), boxes)(data={"title": title, **texts})
    return made
