"""Choosing a CSV file."""

from flask_wtf.file import FileField, FileRequired
from wtforms.validators import DataRequired

from lms.frame.fields import SelectChoice, SelectField
from lms.frame.plugins import Import
from lms.frame.web import Form


class UploadForm(Form):
    """Which kind of rows, and the file."""

    kind = SelectField("What is in the file", validators=[DataRequired("Choose what is in the file.")])
    file = FileField(
        "The CSV file",
        description="Nothing is saved yet. You will first see what the file would change.",
        validators=[FileRequired("Choose a file.")],
    )

    def offer(self, kinds: list[Import]) -> "UploadForm":
        """Offer these kinds, in the order in which they need each other."""
        self.kind.choices = [SelectChoice(each.kind, each.words) for each in kinds]
        return self
