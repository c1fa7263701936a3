"""What booking does when the office decides about somebody new."""

from courses.booking.wishes.services import drop_wishes, keep_wishes, lock_for_wishes
from lms.frame.work import Work
from lms.people.models import Person
from lms.signin.facts import RegistrationAccepted, RegistrationRefused, RegistrationTaken


def before_accepting(work: Work, fact: RegistrationTaken) -> None:
    """Events are locked before the person is made."""
    lock_for_wishes(work, fact.address)


def when_accepted(work: Work, fact: RegistrationAccepted) -> None:
    """What they came for is booked, in its turn."""
    keep_wishes(work, fact.address, work.session.get_one(Person, fact.person_id))


def when_refused(work: Work, fact: RegistrationRefused) -> None:
    """What they told us about themselves goes."""
    drop_wishes(work, fact.address)
