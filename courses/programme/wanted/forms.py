"""What people type who ask for a topic, and what the office answers."""

from wtforms.validators import InputRequired, Length, Optional

from courses.programme.wanted.rules import LONGEST_TOPIC
from lms.frame.fields import SelectField, StringField, TextAreaField
from lms.frame.web import Form


class TopicForm(Form):
    """A topic for which there is no course."""

    topic = StringField(
        "What you would like to learn about",
        validators=[
            InputRequired("Enter what you would like to learn about."),
            Length(max=LONGEST_TOPIC, message=f"Shorten this to {LONGEST_TOPIC} characters."),
        ],
    )
    note = TextAreaField(
        "What it would help you to do",
        description="Do not name a child or describe a case.",
        validators=[Optional(), Length(max=500, message="Shorten this to 500 characters.")],
    )


class AnswerForm(Form):
    """The course that covers a topic."""

    course_id = SelectField("The course for it", coerce=int)
