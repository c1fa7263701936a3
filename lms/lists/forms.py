"""What a person ticks about letters: a choice for each list there is."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms.fields import BooleanField

from lms.frame.fields import RadioField, SelectChoice
from lms.frame.plugins import MailingList
from lms.frame.web import Form
from lms.lists.rules import Wish

CHOICES = (
    (Wish.ALL, "Every one", "Also those for other kinds of work."),
    (Wish.MEANT, "Those meant for my work", "What the training team sends to people like me."),
    (Wish.NONE, "None", "You can still read them on this site."),
)


def choices_form(lists: Sequence[MailingList], wishes: Mapping[str, Wish], *, own_copy: bool) -> Form:
    """The form with a radio for each list, filled in with what the person chose before."""
    names = {each.name: each.name.replace(".", "_") for each in lists}
    fields: dict[str, Any] = {
        names[each.name]: RadioField(
            each.title,
            description=each.words,
            choices=[SelectChoice(wish.value, words, {"hint": hint}) for wish, words, hint in CHOICES],
            validate_choice=True,
        )
        for each in lists
    }
    fields["own_copy"] = BooleanField(
        "Send me a copy of my own",
        description="Other people use this address, which gets these emails once. Select this to get a copy too.",
    )
    given = {names[each.name]: wishes.get(each.name, Wish.MEANT).value for each in lists}
    made: Form = type("ChoicesForm", (Form,), fields)(data={**given, "own_copy": own_copy})
    return made


def chosen(form: Form, lists: Sequence[MailingList]) -> dict[str, Wish]:
    """What was ticked, by list."""
    return {each.name: Wish(form[each.name.replace(".", "_")].data) for each in lists}
