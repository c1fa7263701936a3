"""What coordinators type about courses, and what somebody says who asks for another date."""

from wtforms.fields import BooleanField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from courses.programme.courses.models import Course, CourseVersion
from courses.programme.courses.rules import EventType
from lms.frame.fields import SelectField, SeveralField, StringField, TextAreaField, WholeNumberField, choices_of
from lms.frame.web import Form


class CourseForm(Form):
    """A course: what it says, and what holds for it in every version."""

    title = StringField("Title", validators=[InputRequired("Give the course a title."), Length(max=200)])
    code = StringField(
        "Code",
        description="Short, for lists and files, like SB1.",
        validators=[InputRequired("Give the course a code.")],
    )
    event_type = SelectField("Type", choices=choices_of([(each.value, each.value.capitalize()) for each in EventType]))
    level = StringField("Level", description="1, 2 or 3, or your own word.", validators=[Optional(), Length(max=40)])
    summary = TextAreaField(
        "In a sentence or two", description="What the catalogue shows first.", validators=[Optional(), Length(max=1000)]
    )
    aims = TextAreaField("Aims", validators=[Optional(), Length(max=5000)])
    outcomes = TextAreaField(
        "What people will be able to do", description="One on each line.", validators=[Optional(), Length(max=5000)]
    )
    audience_ids = SeveralField("Who it is for", coerce=int, description="None chosen: for everyone.")
    audience_note = TextAreaField("Who it is for, in a sentence", validators=[Optional(), Length(max=1000)])
    capacity = WholeNumberField(
        "Places at a date",
        description="Leave it empty to use the number in the policy.",
        validators=[Optional(), NumberRange(1, 10_000, "Enter a number from 1 to 10,000.")],
    )
    refresher_months = WholeNumberField(
        "Refresh after so many months", validators=[Optional(), NumberRange(1, 240, "Enter months from 1 to 240.")]
    )
    needed_ids = SeveralField(
        "What people should have done first",
        coerce=int,
        description="If you choose none, nothing is required. We tell people who have not done these when they book. "
        "They can still book with a reason.",
    )
    needs_approval = BooleanField(
        "Line managers agree first",
        description="We email them a link. People get a place once their manager has agreed.",
    )


class InterestForm(Form):
    """Asking for another date."""

    note = TextAreaField(
        "When would suit you?",
        description="For example: mornings, online, not in school holidays.",
        validators=[Optional(), Length(max=500, message="Shorten this to 500 characters.")],
    )


def as_typed(course: Course, version: CourseVersion) -> dict[str, object]:
    """A course as the form shows it."""
    return {
        "title": version.title,
        "code": course.code,
        "event_type": course.event_type.value,
        "level": version.level,
        "summary": version.summary,
        "aims": version.aims,
        "outcomes": "\n".join(version.outcomes),
        "audience_ids": [each.id for each in version.audience],
        "audience_note": version.audience_note,
        "capacity": course.capacity,
        "refresher_months": course.refresher_months,
        "needs_approval": course.needs_approval,
        "needed_ids": [each.id for each in course.needed],
    }
