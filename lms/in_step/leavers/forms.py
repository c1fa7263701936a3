"""Which leavers were seen."""

from lms.frame.fields import HiddenField
from lms.frame.web import Form


class SeenForm(Form):
    """Those that the page showed: who came meanwhile stays."""

    shown = HiddenField()

    @property
    def ids(self) -> list[int]:
        """Their numbers; what is none is passed over."""
        numbers = [each for each in self.shown.data.split(",") if each.isascii() and each.isdigit()]
        return [int(each) for each in numbers if len(each) < 10]
