"""What people type about a charge."""

from wtforms.validators import InputRequired, Length

from charges.charge.rules import LONGEST_WORDS, NO_CHILD, WAIVER_WORDS, WaiverReason
from lms.frame.fields import NameField, RadioField, SelectChoice, SelectField, TextAreaField, choices_of
from lms.frame.web import Form

WAIVERS = [(reason.value, words) for reason, words in WAIVER_WORDS.items()]
SHORT = Length(max=LONGEST_WORDS, message=f"Shorten this to {LONGEST_WORDS:,} characters.")


def reason_of(value: str | None) -> WaiverReason | None:
    """The reason that was chosen, or none."""
    return WaiverReason(value) if value else None


class DecideChargeForm(Form):
    """Waive or approve; on appeal, waive or uphold."""

    decision = RadioField("Your decision", validators=[InputRequired("Choose what you decide.")])
    reason = SelectField(
        "Reason for waiving",
        description="Only needed if you waive it.",
        default="",
        choices=choices_of(WAIVERS, ("", "Choose a reason")),
    )
    note = TextAreaField("What you relied on", description=f"The agency sees this. {NO_CHILD}", validators=[SHORT])

    def offer(self, pounds: str, *, is_appeal: bool, month: str) -> "DecideChargeForm":
        """Say on each choice what follows from it."""
        stands = ("uphold", f"Uphold {pounds}.", "It goes on the next invoice. This decision is final.")
        approved = (
            "approve",
            f"Approve {pounds}.",
            f"It goes on the {month} invoice. The agency can appeal once, to someone else.",
        )
        value, words, hint = stands if is_appeal else approved
        self.decision.choices = [
            SelectChoice("waive", "Waive it.", {"hint": "The agency pays nothing."}),
            SelectChoice(value, words, {"hint": hint}),
        ]
        return self


class ChargeAnswerForm(Form):
    """What the delegate, the manager or the agency says."""

    name = NameField(
        "Who says so",
        description="The name of the person who answered you by telephone or letter.",
        validators=[Length(max=120, message="Shorten the name to 120 characters.")],
    )
    suggests = SelectField(
        "What applies?",
        default="",
        choices=choices_of(WAIVERS, ("", "None of these")),
        description="If it is none of these, tell us what happened.",
    )
    words = TextAreaField("What happened", description=f"A sentence is enough. {NO_CHILD}", validators=[SHORT])


class AppealForm(Form):
    """The agency's one challenge."""

    suggests = SelectField("What applies?", default="", choices=choices_of(WAIVERS, ("", "None of these")))
    words = TextAreaField(
        "Why the charge should not stand",
        description=f"Someone who was not involved in the first decision will read this. {NO_CHILD}",
        validators=[InputRequired("Explain why the charge should not stand."), SHORT],
    )
