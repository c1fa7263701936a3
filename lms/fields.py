"""Form fields that refuse in the house's words: dates, times, whole numbers, and choices by number."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import fields
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]


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


def choices_of(pairs: Sequence[tuple[Any, str]], *first: tuple[Any, str]) -> list[Any]:
    """Choices for a select, radios or checkboxes, from pairs of value and words."""
    return [SelectChoice(value, words) for value, words in (*first, *pairs)]


def _in_words(process: Any, valuelist: list[Any], words: str) -> None:
    try:
        process(valuelist)
    except ValueError:
        raise ValueError(words) from None


__all__ = ["ClockField", "DayField", "SelectChoice", "WholeNumberField", "choices_of"]
