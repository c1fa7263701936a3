"""What is typed about recommendations and actions."""

from wtforms.validators import InputRequired, Optional

from lms.frame.fields import DayField, RadioField, SelectField, StringField, TextAreaField, choices_of
from lms.frame.web import Form
from reviews.actions.rules import Response
from reviews.actions.words import RESPONSES
from reviews.actions.written import Owed, Recommended


class RecommendationForm(Form):
    """A formal proposal, and what the partnership answers."""

    text = TextAreaField("Recommendation", [InputRequired("Enter the recommendation.")])
    point_ref = StringField(
        "Learning point that it follows from", [Optional()], description="Its reference, when there is one."
    )
    response = RadioField(
        "The partnership’s answer",
        choices=choices_of([(r.value, w) for r, w in RESPONSES.items()]),
        default=Response.CONSIDERED.value,
    )
    not_accepted_reason = StringField(
        "Why it is not accepted", [Optional()], description="Only when it is not accepted."
    )

    @property
    def written(self) -> Recommended:
        return Recommended(
            text=self.text.data,
            response=Response(self.response.data),
            not_accepted_reason=self.not_accepted_reason.data,
            point_ref=self.point_ref.data,
        )


class ActionForm(Form):
    """A dated step with its agency and its owner."""

    text = TextAreaField("Action", [InputRequired("Enter what must be done.")])
    agency_id = SelectField("Responsible agency", coerce=int)
    owner_ref = StringField(
        "Owner", [InputRequired("Name an owner. Enter the person’s reference.")], description="The person’s reference."
    )
    due_on = DayField("Due by", [InputRequired("Enter the date it must be done by.")])

    def offer(self, agencies: list[tuple[int, str]]) -> "ActionForm":
        self.agency_id.choices = choices_of(agencies, (0, "Choose an agency"))
        return self

    @property
    def owed(self) -> Owed:
        return Owed(
            text=self.text.data,
            agency_id=self.agency_id.data or None,
            owner_ref=self.owner_ref.data,
            due_on=self.due_on.data,
        )


class ActionDoneForm(Form):
    """What was done."""

    evidence = TextAreaField(
        "What was done, and how it can be seen",
        description="No names of children or families. Say what changed and since when.",
    )


class ReturnActionForm(Form):
    """What is missing."""

    reason = TextAreaField("What is missing")
