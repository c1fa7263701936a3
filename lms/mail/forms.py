"""What the outbox is filtered by."""

from datetime import datetime

from wtforms import Form

from lms.frame.fields import SelectChoice, SelectField, StringField
from lms.kit.words import count
from lms.mail.life import ENDED_BADLY
from lms.mail.rules import LetterState, TriedAgain

STATE_WORDS = {
    LetterState.WAITING: "Waiting",
    LetterState.SENDING: "Being sent",
    LetterState.SENT: "Sent",
    LetterState.REFUSED: "Refused",
    LetterState.UNDELIVERABLE: "No usable address",
    LetterState.GIVEN_UP: "Given up",
    LetterState.WITHDRAWN: "Withdrawn",
}
DID_NOT_GO = "did_not_go"


class OutboxFilters(Form):
    """State, kind, and words of a name or an address. Sent by GET, so that a filtered page has an address."""

    state = SelectField(
        "State",
        choices=[
            SelectChoice("", "All"),
            SelectChoice(DID_NOT_GO, "Not sent"),
            *(SelectChoice(state.value, words) for state, words in STATE_WORDS.items()),
        ],
    )
    kind = SelectField("Kind", choices=[SelectChoice("", "All")])
    words = StringField("Person or address")

    def offer_kinds(self, kinds: list[str]) -> None:
        """The kinds that there are; one typed into the address is offered as well, so that it says what it shows."""
        self.kind.choices = [SelectChoice("", "All"), *(SelectChoice(kind, kind_words(kind)) for kind in kinds)]

    def states(self) -> tuple[LetterState, ...]:
        """The states that are asked for; none is all."""
        if self.state.data == DID_NOT_GO:
            return ENDED_BADLY
        return (LetterState(self.state.data),) if self.state.data in list(LetterState) else ()


def state_words(state: LetterState, may_have_gone_at: datetime | None) -> str:
    """Given up after the mail server had it whole, it may have arrived."""
    if state is LetterState.GIVEN_UP and may_have_gone_at is not None:
        return "May have arrived"
    return STATE_WORDS[state]


def in_words(done: TriedAgain) -> str:
    """What became of letters that were to be tried again."""
    goes = f"{count(done.number, 'email', 'emails')} will be tried again within a minute."
    kept = "cannot be: nothing that it says is kept any more, or it was withdrawn."
    return f"{goes} {count(done.cannot, 'email', 'emails')} {kept}" if done.cannot else goes


def kind_words(kind: str) -> str:
    """courses.place_found reads "place found"."""
    return kind.split(".", 1)[-1].replace("_", " ").replace("-", " ")
