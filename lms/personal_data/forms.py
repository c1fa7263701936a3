"""The form that erases somebody."""

from wtforms import BooleanField
from wtforms.validators import InputRequired, Length

from lms.frame.fields import HiddenField, SeveralField, StringField, TextAreaField, choices_of
from lms.frame.web import Form
from lms.personal_data.mentions.rules import LOOK_TWICE_ABOVE
from lms.personal_data.queries import Mentions


class EraseForm(Form):
    """Why, what others wrote, and the reference once more, so that it is the right person.

    `shown` is how many texts of others stood on the page that was read.
    """

    leave = SeveralField(
        "Leave as they are",
        description="Only select what means something else in the texts above.",
        validate_choice=False,
    )
    texts_seen = BooleanField()
    shown = HiddenField()
    reason = TextAreaField(
        "Why",
        description="Who asked, and when. Kept in the audit, without the name.",
        validators=[InputRequired("Enter why this person is being erased."), Length(max=1000)],
    )
    ref = StringField("Enter the person’s reference", validators=[InputRequired("Enter the reference to confirm.")])

    def offer(self, mentions: Mentions) -> "EraseForm":
        """Ask about the texts of others, where there are some, and for a second look at many."""
        number = len(mentions.texts)
        self.leave.choices = choices_of([(each, each) for each in mentions.words])
        self.texts_seen.label.text = f"I have looked at all {number:,} texts"
        if number <= LOOK_TWICE_ABOVE:
            del self.texts_seen
        if not number:
            del self.leave
        return self

    @property
    def number_seen(self) -> int | None:
        """How many texts somebody says to have looked at."""
        shown = self.shown.data
        return int(shown) if "texts_seen" in self and self.texts_seen.data and shown.isdecimal() else None

    @property
    def left(self) -> list[str]:
        """The words that stay."""
        return list(self.leave.data or ()) if "leave" in self else []
