"""Which invitations are shown, and the button of a page."""

from wtforms import Form as PlainForm

from lms.frame.fields import SelectField, choices_of
from surveys.stages.rules import STAGE_WORDS, Stage

WHICH_WORDS = {
    "to_chase": "To chase: came back, or no address",
    "bounced": "Came back",
    "no_address": "No address",
    "scheduled": "Still to go",
    "undated": "Without a date: bank holidays are not known",
}


class InvitationFilters(PlainForm):
    """Sent by GET, so that a filtered page has an address."""

    which = SelectField("Which", choices=choices_of(list(WHICH_WORDS.items()), ("", "All")))
    stage = SelectField(
        "Stage", choices=choices_of([(stage.value, STAGE_WORDS[stage]) for stage in Stage], ("", "All"))
    )

    @property
    def chosen_stage(self) -> Stage | None:
        """The stage asked for; none for all, and for one that there is not."""
        return Stage(self.stage.data) if self.stage.data in list(Stage) else None
