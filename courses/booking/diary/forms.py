"""Which reminders a calendar has."""

from courses.booking.diary.rules import ALARM_WORDS
from lms.frame.fields import RadioField, SelectChoice
from lms.frame.web import Form


class AlarmsForm(Form):
    """One of four."""

    alarms = RadioField(
        "Reminders in your calendar",
        choices=[SelectChoice(each.value, words) for each, words in ALARM_WORDS.items()],
        validate_choice=True,
    )
