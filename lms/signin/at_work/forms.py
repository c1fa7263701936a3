"""What somebody new says whose provider has proved their address."""

from lms.frame.fields import HiddenField
from lms.frame.web import Form
from lms.signin.registrations.forms import RegistrationForm


class ProvedNewcomerForm(RegistrationForm):
    """As everybody new says it, but for the address."""

    def offer(self, groups: list[tuple[int, str]]) -> "ProvedNewcomerForm":
        """The kinds of work to choose from."""
        super().offer(groups)
        del self.email
        return self


class BackForm(Form):
    """What a provider sends somebody back with. The page sends it on by itself; without scripts, by its button."""

    state = HiddenField()
    code = HiddenField()
