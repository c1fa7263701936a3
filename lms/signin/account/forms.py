"""What is typed to change a way to sign in."""

from wtforms.validators import DataRequired, EqualTo, InputRequired, Length

from lms.frame.fields import PasswordField, StringField
from lms.frame.web import Form
from lms.signin.rules import LONGEST_PASSWORD, SHORTEST_PASSWORD


class NewPasswordForm(Form):
    """A password, twice. Long is what matters: no rules about signs and capitals."""

    password = PasswordField(
        "New password",
        description=f"At least {SHORTEST_PASSWORD} characters. 3 or 4 unrelated words work well. Do not use a common "
        "password or your own name.",
        validators=[
            InputRequired("Enter a password."),
            Length(min=SHORTEST_PASSWORD, message=f"Make it at least {SHORTEST_PASSWORD} characters long."),
            Length(max=LONGEST_PASSWORD, message=f"Keep it to {LONGEST_PASSWORD} characters."),
        ],
    )
    again = PasswordField(
        "Enter it again", validators=[EqualTo("password", "The passwords do not match. Enter both again.")]
    )


class SetUpForm(Form):
    """The first code of an authenticator app."""

    code = StringField(
        "Code that the app shows now",
        validators=[DataRequired("Enter the 6 digits that your app shows."), Length(max=40, message="Enter 6 digits.")],
    )
