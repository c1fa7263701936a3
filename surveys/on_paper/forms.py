"""The code of a sheet."""

from wtforms.validators import InputRequired, Length

from lms.frame.fields import StringField
from lms.frame.web import Form


class SheetCodeForm(Form):
    """Which sheet is typed in."""

    code = StringField("Code on the sheet", [InputRequired("Enter the code on the sheet."), Length(max=12)])
