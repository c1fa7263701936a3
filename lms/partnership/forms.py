"""The partnership's settings."""

from wtforms.validators import DataRequired, Length, Optional, Regexp

from lms.frame.fields import DayField, EmailField, NameField, StringField, TelField, TextAreaField
from lms.frame.web import Form


class PartnershipForm(Form):
    """Names, addresses and colours."""

    short_name = NameField(
        "Name, in short",
        description="Like Rowan Valley.",
        validators=[DataRequired("Enter the name."), Length(max=60)],
    )
    rest_of_name = NameField(
        "Rest of the name", description="Like Safeguarding Children Partnership.", validators=[Length(max=120)]
    )
    host_authority = NameField("Host authority", description="The data controller, which also raises invoices.")
    team_name = NameField("Training team", validators=[DataRequired("Say what the team is called.")])
    team_email = EmailField("Training team’s email address")
    team_phone = TelField("Training team’s telephone")
    front_door_name = NameField("Where to report a worry about a child", description="Like Front Door.")
    front_door_phone = TelField("Its telephone")
    ref_prefix = StringField(
        "Letters that references start with",
        validators=[Regexp(r"[A-Z]{1,6}\Z", message="Enter one to six capital letters, like RV.")],
    )
    brand = StringField("Main colour", description="Buttons and bars, like #0f4a5a. Leave all four empty to use ours.")
    brand_dark = StringField("Dark colour", description="The bar at the top and headings, like #0a3541.")
    brand_mid = StringField("Middle colour", description="The second bar of a chart, like #4f8390.")
    brand_tint = StringField("Pale colour", description="Behind a chosen line, like #e9f1f3.")


class StatementsForm(Form):
    """What the privacy notice and the accessibility statement say of this partnership."""

    dpo_name = NameField("Data protection officer", description="A name or an office.")
    dpo_email = EmailField("Their email address")
    ico_number = StringField(
        "Registration with the Information Commissioner", description="Like Z1234567.", validators=[Length(max=40)]
    )
    privacy_more = TextAreaField(
        "What else people should know about their data",
        description="Paragraphs, with an empty line between them. For example, who figures are shared with.",
        validators=[Length(max=5000)],
    )
    accessibility_problems = TextAreaField(
        "What does not work well for everyone",
        description="One on each line, in plain words.",
        validators=[Length(max=5000)],
    )
    accessibility_tested = StringField(
        "Who tested it, and how",
        description="For example, our disabled staff network, with NVDA. Leave it empty if no one has yet.",
        validators=[Length(max=300)],
    )
    accessibility_tested_on = DayField("Tested on", validators=[Optional()])
