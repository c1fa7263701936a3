"""A file for those who came."""

from flask_wtf.file import FileField, FileRequired
from wtforms.validators import InputRequired, Length

from courses.records.materials.rules import KINDS_WORDS
from lms.frame.fields import StringField
from lms.frame.web import Form


class MaterialForm(Form):
    """What it is called, and the file."""

    title = StringField(
        "What is it?",
        description="For example, Slides of the morning. Do not name a child or family.",
        validators=[InputRequired("Say what it is."), Length(max=80, message="Use at most 80 characters.")],
    )
    file = FileField(
        "File",
        description=f"{KINDS_WORDS}, up to 15 MB.",
        validators=[FileRequired("Choose a file.")],
    )
