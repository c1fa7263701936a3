"""The codes of those who signed."""

from wtforms import BooleanField
from wtforms.validators import InputRequired

from lms.frame.fields import TextAreaField
from lms.frame.web import Form


class TypeBackForm(Form):
    """Codes, and whether everybody else was absent."""

    codes = TextAreaField(
        "Codes of those who signed",
        description="With spaces or on lines of their own. 4KX+20 came 20 minutes late, 4KX-30 left 30 minutes early.",
        validators=[InputRequired("Enter the codes of those who signed.")],
    )
    others_are_absent = BooleanField("Everyone else without a mark was absent")
