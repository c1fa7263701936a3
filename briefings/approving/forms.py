"""What the second person and the approver say."""

from wtforms.validators import Length, Optional

from briefings.writing.rules import CHECKLIST, ApprovedAs
from lms.frame.fields import RadioField, StringField, TextAreaField, TicksField, choices_of
from lms.frame.web import Form


class CheckForm(Form):
    """The checklist against identifying detail."""

    checklist = TicksField("I have looked, and this holds", choices=choices_of(list(CHECKLIST.items())))


class ReturnBriefingForm(Form):
    """Send it back."""

    reason = TextAreaField("What should change?", [Length(max=2000, message="Shorten this to 2,000 characters.")])


class ApproveBriefingForm(Form):
    """In whose name it is approved."""

    approved_as = RadioField("Approved by", coerce=ApprovedAs)
    minute = StringField(
        "Minute of the sub-group",
        [Optional(), Length(max=60, message="Shorten this to 60 characters.")],
        description="Where the approval is written down, like 7.2 of 3 December. Needed for the sub-group.",
    )

    def offer(self, sub_group: str, *, is_business_manager: bool) -> "ApproveBriefingForm":
        names = {ApprovedAs.SUB_GROUP: f"The {sub_group}"}
        if is_business_manager:
            names[ApprovedAs.BUSINESS_MANAGER] = "Me, as business manager"
        self.approved_as.choices = choices_of([(each.value, name) for each, name in names.items()])
        if not self.is_submitted():
            self.approved_as.data = list(names)[-1]
        return self
