"""Erasing many people of a large partnership."""

from unittest.mock import patch

from lms.frame.work import Work
from lms.people.models import Person
from lms.personal_data import services
from lms.personal_data.queries import mentions_of
from lms.personal_data.services import erase_person


def erase_after_a_look(work: Work, person: Person) -> None:
    """As an office does it: the texts are looked at, and then they lose the words.

    Nothing changes between the two, so the look that the erasure takes for itself is this one. Looking takes longest.
    """
    found = mentions_of(work, person.id)
    with patch.object(services, "mentions_of", return_value=found):
        erase_person(work, person, reason="They asked on 2 April", texts_seen=len(found.texts))
