"""Learning points to cover, and Work as the people of the office have it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import Any

import pytest
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingState, Outcome
from courses.coverage.models import Coverage
from courses.coverage.rules import How
from courses.coverage.services import keep_links
from courses.programme.courses.models import Course
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.frame.access import Actor, Role
from lms.frame.site import Site, assemble
from lms.frame.work import Work
from lms.hosting import host
from lms.people.models import Person
from reviews.cases.models import Review, ReviewKind
from reviews.cases.rules import Publication, ReviewStage, ReviewType
from reviews.learning.models import LearningPoint
from reviews.themes.models import Theme
from tests.built_in import BUILT_IN
from tests.databases import NoSite
from tests.make import Make
from tests.moments import NOW

AGREED_ON = date(2025, 6, 2)
SINCE = date(2025, 7, 1)


@dataclass
class Learning:
    """Makes reviews, learning points and coverage."""

    session: Session

    def __post_init__(self) -> None:
        self._numbers = count(1)

    def keep(self, record: Any) -> Any:
        self.session.add(record)
        self.session.flush()
        return record

    def review(self, *, embargoed: bool = False, **values: Any) -> Review:
        publication = Publication.EMBARGOED if embargoed else Publication.FULL
        given = {
            "ref": f"R{next(self._numbers)}",
            "title": "Adults who were not seen",
            "stage": ReviewStage.PUBLISHED,
            "publication": publication,
            "published_on": date(2024, 11, 12),
            "created_at": NOW,
            "kinds": [ReviewKind(type=ReviewType.LCSPR)],
        }
        return self.keep(Review(**{**given, **values}))

    def theme(self, name: str) -> Theme:
        return self.keep(Theme(name=name))

    def point(self, text: str = "Find out about every adult in a baby’s life", **values: Any) -> LearningPoint:
        given: dict[str, Any] = {
            "ref": f"LP-{next(self._numbers)}",
            "agreed_on": AGREED_ON,
            "agreed_minute": "7.2",
            "created_at": NOW,
        }
        if "review" not in values and "review_id" not in values:
            values["review"] = self.review()
        return self.keep(LearningPoint(text=text, **{**given, **values}))

    def cover(self, course: Course, point: LearningPoint, how: How = How.TAUGHT, **values: Any) -> Coverage:
        given: dict[str, Any] = {"since_on": SINCE, "created_at": NOW}
        version = course.versions[-1]
        made = Coverage(course_version_id=version.id, learning_point_id=point.id, how=how, **{**given, **values})
        return self.keep(made)

    def attend(self, event: Event, person: Person, outcome: Outcome | None = Outcome.ATTENDED, place: int = 1) -> None:
        self.keep(
            Booking(
                event=event,
                person=person,
                agency_id=person.agency_id,
                policy_version_id=1,
                state=BookingState.CONFIRMED,
                booked_at=NOW,
                confirmed_at=NOW,
                place_number=place,
                free_until=event.free_until,
                outcome=outcome,
            )
        )


@pytest.fixture
def learning(session: Session) -> Learning:
    return Learning(session)


@pytest.fixture(scope="session")
def whole_site() -> Site:
    return assemble(NoSite.settings, [*host.PLUGINS, *BUILT_IN])


@pytest.fixture
def acting(work: Work, whole_site: Site) -> Callable[[Person], Work]:
    """The same Work on the whole site, with this person asking."""

    def acting(person: Person) -> Work:
        roles = frozenset({Role.DELEGATE, *(grant.role for grant in person.roles)})
        actor = Actor(person.name, person.id, roles, whole_site.permissions_of(roles))
        return replace(work, actor=actor, site=whole_site)

    return acting


@pytest.fixture
def desk(acting: Callable[[Person], Work], make: Make) -> Work:
    """A coordinator's Work."""
    return acting(make.coordinator())


@pytest.fixture
def officer(acting: Callable[[Person], Work], make: Make) -> Work:
    """A review officer's Work."""
    return acting(make.person("Imogen Thackeray-Lunn", roles=(Role.REVIEW_OFFICER,)))


@pytest.fixture
def program_work(work: Work, whole_site: Site) -> Work:
    """A command's Work."""
    return replace(work, site=whole_site)


def delivered(make: Make, course: Course, starts: Any, **values: Any) -> Event:
    return make.event(course, starts=starts, state=EventState.DELIVERED, finalised_at=NOW, places_offered=24, **values)


def link_now(work: Work, course: Course) -> None:
    keep_links(work, course)
