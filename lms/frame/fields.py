"""Form fields that refuse in the house's words: names, dates, times, whole numbers, money, and choices by number."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import fields
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget, TextInput

from lms.kit.errors import Invalid
from lms.kit.money import parse_pounds, said_pounds
from lms.kit.names import read_name


class _Said:
    """Nothing is "", so that whoever reads a field need not ask."""

    data: str

    def process_data(self, value: Any) -> None:
        super().process_data("" if value is None else value)  # type: ignore[misc]


class StringField(_Said, fields.StringField):  # type: ignore[misc]
    """Words on one line."""


class TextAreaField(_Said, fields.TextAreaField):  # type: ignore[misc]
    """Words on several lines."""


class EmailField(_Said, fields.EmailField):  # type: ignore[misc]
    """An email address."""


class TelField(_Said, fields.TelField):  # type: ignore[misc]
    """A telephone number."""


class SearchField(_Said, fields.SearchField):  # type: ignore[misc]
    """What somebody looks for."""


class PasswordField(_Said, fields.PasswordField):  # type: ignore[misc]
    """A secret, never shown again."""


class HiddenField(_Said, fields.HiddenField):  # type: ignore[misc]
    """What a form carries along."""


NOT_OFFERED = "Choose one of the options."


class _Offered:
    """What is offered, and nothing else."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        _in_words(super().process_formdata, valuelist, NOT_OFFERED)  # type: ignore[misc]

    def pre_validate(self, form: Any) -> None:
        try:
            super().pre_validate(form)  # type: ignore[misc]
        except ValidationError:
            raise ValidationError(NOT_OFFERED) from None


class _Chosen(_Offered):
    """What was chosen; of choices that are words, nothing is ""."""

    data: Any
    coerce: Any

    def process_data(self, value: Any) -> None:
        super().process_data(value)  # type: ignore[misc]
        if self.data is None and self.coerce is str:
            self.data = ""


class SelectField(_Chosen, fields.SelectField):
    """One of a list that folds out."""


class RadioField(_Chosen, fields.RadioField):
    """One of a few that are all shown."""


class SeveralField(_Offered, fields.SelectMultipleField):
    """Any number of a list."""


class TicksField(SeveralField):
    """Any number of a few that are all shown."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class NameField(StringField):
    """The name of a person, an agency or the like. What no name holds is refused in words (`lms.kit.names`)."""

    def pre_validate(self, form: Any) -> None:
        try:
            self.data = read_name(self.data, field=self.name)
        except Invalid as refusal:
            raise StopValidation(refusal.words) from None


class DayField(fields.DateField):
    """A date, as the browser's own date control sends it."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        _in_words(super().process_formdata, valuelist, "Enter a real date, for example 9 April 2026.")

    @property
    def day(self) -> date:
        """The day of a field that has to be filled in, once the form has been found valid."""
        if self.data is None:
            raise ValueError(f"{self.name} is empty: is it InputRequired?")
        return self.data


class ClockField(fields.TimeField):
    """A London wall time."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        _in_words(super().process_formdata, valuelist, "Enter a time like 09:30.")


class WholeNumberField(fields.IntegerField):
    """A whole number."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        _in_words(super().process_formdata, valuelist, "Enter a whole number.")


class PoundsField(fields.Field):
    """An amount in pounds and pence; its `data` are whole pence."""

    widget = TextInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        try:
            self.data = parse_pounds(valuelist[0] if valuelist else "")
        except Invalid as refusal:
            raise ValueError(refusal.words) from None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else said_pounds(self.data)


def choices_of(pairs: Sequence[tuple[Any, str]], *first: tuple[Any, str]) -> list[Any]:
    """Choices for a select, radios or checkboxes, from pairs of value and words."""
    return [SelectChoice(value, words) for value, words in (*first, *pairs)]


def _in_words(process: Any, valuelist: list[Any], words: str) -> None:
    try:
        process(valuelist)
    except ValueError:
        raise ValueError(words) from None


__all__ = [
    "ClockField",
    "DayField",
    "EmailField",
    "HiddenField",
    "NameField",
    "PasswordField",
    "PoundsField",
    "RadioField",
    "SearchField",
    "SelectChoice",
    "SelectField",
    "SeveralField",
    "StringField",
    "TelField",
    "TextAreaField",
    "TicksField",
    "WholeNumberField",
    "choices_of",
]
