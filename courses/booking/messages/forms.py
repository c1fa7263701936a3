"""A message as it is written, looked at, and sent."""

from collections.abc import Sequence
from uuid import uuid4

from wtforms.validators import InputRequired, Length

from courses.booking.messages.rules import (
    GROUP_WORDS,
    LONGEST_BODY,
    LONGEST_SUBJECT,
    MessageReader,
    MessageWritten,
    ReaderGroup,
    groups_there,
)
from lms.frame.fields import HiddenField, StringField, TextAreaField, TicksField, choices_of
from lms.frame.web import Form


class MessageForm(Form):
    """Who to, and what. `seen` and `key` come from the preview."""

    groups = TicksField("Who to")
    people = TicksField("People by name", coerce=int)
    subject = StringField(
        "Subject",
        validators=[
            InputRequired("Enter a subject."),
            Length(max=LONGEST_SUBJECT, message=f"Keep the subject to {LONGEST_SUBJECT} characters."),
        ],
    )
    body = TextAreaField(
        "Message",
        description="Each line becomes a paragraph. We add the course name and the date.",
        validators=[
            InputRequired("Enter the message."),
            Length(max=LONGEST_BODY, message=f"Keep the message to {LONGEST_BODY:,} characters."),
        ],
    )
    seen = HiddenField()
    key = HiddenField()

    def offer(self, readers: Sequence[MessageReader]) -> "MessageForm":
        """The groups that somebody is in, and everybody by name."""
        self.groups.choices = choices_of([(g.value, _words(g, n)) for g, n in groups_there(readers).items()])
        names = {each.person_id: f"{each.name}, {each.agency}" if each.agency else each.name for each in readers}
        self.people.choices = choices_of(list(names.items()))
        return self

    @property
    def written(self) -> MessageWritten:
        """What was typed and ticked."""
        return MessageWritten(
            subject=self.subject.data.strip(),
            body=self.body.data.strip(),
            groups=frozenset(ReaderGroup(each) for each in self.groups.data or ()),
            person_ids=frozenset(self.people.data or ()),
        )

    @property
    def seen_ids(self) -> frozenset[int]:
        """Whom the writer saw in the preview."""
        return frozenset(int(each) for each in self.seen.data.split(",") if each.isdecimal() and len(each) < 10)

    def look_at(self, readers: Sequence[MessageReader]) -> None:
        """What the preview carries along: whom it names, and a key of its own."""
        self.seen.data = ",".join(str(each.person_id) for each in readers)
        self.key.data = uuid4().hex


def _words(group: ReaderGroup, number: int) -> str:
    return f"{GROUP_WORDS[group][:1].upper()}{GROUP_WORDS[group][1:]} ({number})"
