"""What people say of their car."""

from wtforms.validators import DataRequired

from lms.frame.fields import StringField
from lms.frame.web import Form


class PlateForm(Form):
    """The number plate."""

    plate = StringField(
        "Number plate",
        description="So that no one tows your car away. We delete it when you ask.",
        validators=[DataRequired("Enter the number plate, like AB12 CDE.")],
    )
