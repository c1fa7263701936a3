"""A list that is pasted beside the table, with the date for it."""

from collections.abc import Sequence

from wtforms.validators import InputRequired

from courses.booking.team.forms import PasteForm
from courses.records.staff.queries import DateToBook
from lms.frame.fields import SelectField, choices_of


class PasteOnForm(PasteForm):
    """A list as it was copied from a spreadsheet, and the date on which those in it are to be booked."""

    paste_on = SelectField("Book them on", validators=[InputRequired("Choose the date to book them on.")])

    def offer(self, dates: Sequence[tuple[str, list[DateToBook]]]) -> None:
        """The dates that take bookings, by course."""
        self.dates = dates
        those = [(str(each.event_id), each.words) for _, dates_of in dates for each in dates_of]
        self.paste_on.choices = choices_of(those, ("", "Choose a date"))
