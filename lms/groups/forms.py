"""The name of a sector or a role group."""

from wtforms.validators import DataRequired, Length

from lms.frame.fields import NameField
from lms.frame.web import Form


class GroupForm(Form):
    """A name."""

    name = NameField(
        "Name",
        filters=[lambda typed: (typed or "").strip()],
        validators=[DataRequired("Enter a name."), Length(max=120)],
    )
