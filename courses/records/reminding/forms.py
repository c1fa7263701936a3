"""Whom to remind, and of which course."""

from lms.frame.fields import HiddenField
from lms.frame.web import Form


class RemindForm(Form):
    """Those who were ticked; of one course, or of all that they need."""

    ticked = HiddenField()
    course = HiddenField()
