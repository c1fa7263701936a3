"""What is typed to sign in."""

from wtforms.validators import DataRequired, InputRequired, Length

from lms.frame.fields import PasswordField, StringField
from lms.frame.web import Form
from lms.signin.rules import LONGEST_PASSWORD

WHO = "Email address or staff reference"
SAY_WHO = "Enter your email address, or the staff reference in our emails."


class SignInForm(Form):
    """Who it is."""

    identifier = StringField(
        WHO,
        description="Your work address, or your reference if you share a mailbox.",
        validators=[DataRequired(SAY_WHO), Length(max=254, message=SAY_WHO)],
    )


class MailedCodeForm(Form):
    """The code that was mailed."""

    code = StringField(
        "Code",
        description="The digits in our email. You can leave out the spaces.",
        validators=[DataRequired("Enter the code."), Length(max=40, message="Enter the code.")],
    )


class PasswordForm(Form):
    """Who it is, and their password."""

    identifier = StringField(WHO, validators=[DataRequired(SAY_WHO), Length(max=254, message=SAY_WHO)])
    password = PasswordField(
        "Password",
        validators=[
            InputRequired("Enter your password."),
            Length(max=LONGEST_PASSWORD, message="That is longer than any password can be here."),
        ],
    )


class SecondFactorForm(Form):
    """What the authenticator app shows."""

    code = StringField(
        "Code",
        description="6 digits from your authenticator app, or one of your recovery codes.",
        validators=[DataRequired("Enter the code."), Length(max=40, message="Enter the code.")],
    )
