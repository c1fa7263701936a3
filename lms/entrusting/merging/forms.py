"""Which record is merged into which."""

from wtforms.validators import DataRequired

from lms.frame.fields import StringField
from lms.frame.web import Form


class ChooseForm(Form):
    """The reference of the other record."""

    ref = StringField("Reference of the other record", validators=[DataRequired("Enter the other reference.")])
