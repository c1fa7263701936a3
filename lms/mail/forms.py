"""What the outbox is filtered by."""

from wtforms import Form

from lms.frame.fields import SelectChoice, SelectField, StringField
from lms.mail.life import ENDED_BADLY
from lms.mail.rules import LetterState

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
            SelectChoice(DID_NOT_GO, "Did not go"),
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


def kind_words(kind: str) -> str:
    """courses.place_found reads "place found"."""
    return kind.split(".", 1)[-1].replace("_", " ").replace("-", " ")
