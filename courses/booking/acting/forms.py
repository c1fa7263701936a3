"""What somebody types by the link of a letter."""

from wtforms import BooleanField

from courses.booking.bookings.forms import NeedsForm


class NeedsByLinkForm(NeedsForm):
    """What somebody needs on the day, who is not shown what they told us before."""

    is_emptied = BooleanField(
        "Delete what I told you before",
        description="Otherwise a box that you leave empty stays as it is.",
    )
