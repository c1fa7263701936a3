"""The day on which somebody left, and a choice for each thing that they would leave behind."""

from typing import Any

from wtforms.validators import DataRequired, InputRequired, Length

from lms.frame.fields import DayField, RadioField, SelectChoice, StringField
from lms.frame.plugins import LeavingChoice, LeftOpen
from lms.frame.web import Form
from lms.people.leaving.queries import Chosen, choice_field, receiver_field


class LeftForm(Form):
    """The day on which somebody left; `form_for` adds the choices."""

    left_on = DayField("Left on", validators=[DataRequired("Enter the date they left.")])

    def choice_of(self, thing: LeftOpen) -> Any:
        """What becomes of one thing."""
        return self[choice_field(thing.key)]

    def receiver_of(self, thing: LeftOpen) -> dict[str, list[Any]]:
        """Who takes it over, below the choice that asks for it."""
        name = receiver_field(thing.key)
        return {LeavingChoice.GIVE.value: [self[name]]} if name in self else {}

    def chosen(self, things: list[LeftOpen]) -> dict[str, Chosen]:
        """What was chosen for each."""
        return {thing.key: self._chosen(thing) for thing in things}

    def _chosen(self, thing: LeftOpen) -> Chosen:
        receiver = receiver_field(thing.key)
        typed = self[receiver].data if receiver in self else ""
        return Chosen(LeavingChoice(self[choice_field(thing.key)].data), typed)


def form_for(things: list[LeftOpen], **data: Any) -> LeftForm:
    """The form with a choice for each of these; what usually happens is chosen already."""
    fields: dict[str, Any] = {}
    for thing in things:
        fields[choice_field(thing.key)] = RadioField(
            thing.words,
            choices=[SelectChoice(each.value, words) for each, words in thing.choices.items()],
            default=thing.usual.value,
            validators=[InputRequired("Choose what should happen to this.")],
        )
        if LeavingChoice.GIVE in thing.choices:
            fields[receiver_field(thing.key)] = StringField(
                "Who takes it over",
                description=thing.receiver,
                validators=[Length(max=254, message="Use at most 254 characters.")],
            )
    made: type[LeftForm] = type("LeftFormOfOne", (LeftForm,), fields)
    return made(data=data)
