"""Forms for policy versions: one field a term, with its unit and its limits."""

from typing import Any

from wtforms import BooleanField, Field
from wtforms.validators import InputRequired, Length, NumberRange

from lms.frame.fields import DayField, PoundsField, StringField, TextAreaField, TicksField, WholeNumberField, choices_of
from lms.frame.web import Form
from lms.policies.rules import TERMS, Policy, Term, Unit, limits


class StartForm(Form):
    """A name for new terms."""

    draft_name = StringField(
        "Name of the draft",
        description="Like Higher charges from September. Only the training team sees it.",
        validators=[InputRequired("Give the draft a name."), Length(max=120, message="Use at most 120 characters.")],
    )


class TermsForm(StartForm):
    """Every term of a policy; its fields are made from TERMS below."""

    def offer(self, groups: list[str], terms: list[Term]) -> "TermsForm":
        """The role groups to choose from, and these terms alone."""
        self["exempt_role_groups"].choices = choices_of([(name, name) for name in groups])
        for term in TERMS:
            if term not in terms:
                del self[term.name]
        return self

    @property
    def terms(self) -> list[tuple[Term, Field]]:
        """Each term with its field, in order."""
        return [(term, self[term.name]) for term in TERMS if term.name in self]

    def policy(self, before: Policy) -> Policy:
        """What was typed, as values to reckon with; terms that nobody is asked for stay as before."""
        return Policy.from_terms(before.as_terms() | {term.name: field.data for term, field in self.terms})


class ApprovePolicyForm(Form):
    """From when, and why."""

    in_force_on = DayField(
        "In force from",
        description="Tomorrow or later, from midnight. Bookings made before then keep the terms they have.",
        validators=[InputRequired("Enter the date it starts.")],
    )
    why = TextAreaField(
        "Why the policy changes",
        description="Kept with the version, with your name and today’s date.",
        validators=[InputRequired("Explain why the policy changes.")],
    )


def _field(term: Term) -> Any:
    if term.unit is Unit.YES_NO:
        return BooleanField(term.words)
    if term.unit is Unit.NAMES:
        return TicksField(
            term.words, description="People booked in one of these are never charged. We still report what they miss."
        )
    said = limits(term)
    if term.unit is Unit.PENCE:
        return PoundsField(term.words, description=f"In pounds and pence, {said}.")
    sentence = f"Enter a whole number {said}."
    in_range = NumberRange(term.least, term.most, message=sentence.replace("%", "%%"))
    checks = [InputRequired(sentence), in_range]
    return WholeNumberField(term.words, description=f"A whole number {said}.", validators=checks)


for _term in TERMS:
    setattr(TermsForm, _term.name, _field(_term))
