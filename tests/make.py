"""Invented records for tests: only what a test names matters, the rest is plausible."""

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.programme.courses.models import Course, CourseVersion
from courses.programme.courses.rules import CourseStatus
from courses.programme.events.models import Event, EventDay, Venue
from courses.programme.events.rules import EventState
from lms.agencies.models import Agency, AgencyDomain, RoleGroup, Sector
from lms.frame.access import Role
from lms.kit.working_days import free_cancellation_until, london_date, wall_time, working_days_before
from lms.partnership.models import Partnership
from lms.people.accounts.models import Account
from lms.people.invitations.models import FactorInvitation
from lms.people.invitations.rules import INVITATION_LASTS
from lms.people.models import Person, RoleGrant
from lms.sessions.models import SignInSession
from reviews.actions.models import Action, Recommendation
from reviews.actions.rules import Response
from reviews.cases.models import Review, ReviewKind
from reviews.cases.rules import Publication, ReviewStage, ReviewType
from reviews.cases.visibility.models import Embargo
from reviews.learning.models import LearningPoint, LearningPointLink
from reviews.themes.models import Theme
from tests.moments import NOW


class Make:
    """Makes records in one session. Each is flushed, so that it has an id."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._numbers = count(1)

    def commit(self) -> None:
        self.session.commit()

    def mark_as_demonstration(self, is_invented: bool = True) -> None:
        """As if `lms demo` had filled the database."""
        self.session.execute(sa.update(Partnership).values(is_invented=is_invented))

    def _keep(self, record: Any) -> Any:
        self.session.add(record)
        self.session.flush()
        return record

    def sector(self, name: str = "Health") -> Sector:
        found = self.session.scalar(sa.select(Sector).where(Sector.name == name))
        return found or self._keep(Sector(name=name))

    def role_group(self, name: str = "Health visiting and midwifery") -> RoleGroup:
        found = self.session.scalar(sa.select(RoleGroup).where(RoleGroup.name == name))
        return found or self._keep(RoleGroup(name=name))

    def agency(self, name: str = "Rowan Valley Community Health", **values: Any) -> Agency:
        number = next(self._numbers)
        domains = [AgencyDomain(domain=each) for each in values.pop("domains", [])]
        values = {"code": f"A{number}", "sector": self.sector(), **values}
        return self._keep(Agency(name=name, domains=domains, **values))

    def person(self, name: str = "Amara Fenwick-Osei", *, roles: tuple[Role, ...] = (), **values: Any) -> Person:
        number = next(self._numbers)
        values = {"ref": f"P{number}", "email": f"person{number}@rvch.example", "created_at": NOW, **values}
        if "agency" not in values and "agency_id" not in values:
            values["agency"] = self.agency()
        person = Person(name=name, **values)
        for role in roles:
            leads = person.agency if role is Role.AGENCY_LEAD else None
            person.roles.append(RoleGrant(role=role, agency=leads, granted_at=NOW))
        return self._keep(person)

    def coordinator(self, name: str = "Priyanka Hallowdale") -> Person:
        return self.person(name, roles=(Role.COORDINATOR,))

    def sign_in_session(self, person: Person) -> SignInSession:
        """They are signed in somewhere."""
        seen = {"began_at": NOW, "seen_at": NOW, "has_second_factor": True, "device": "Firefox on Windows"}
        return self._keep(SignInSession(digest=f"digest-{next(self._numbers)}", person_id=person.id, **seen))

    def account(self, person: Person) -> Account:
        found = self.session.scalar(sa.select(Account).where(Account.person_id == person.id))
        return found or self._keep(
            Account(
                person=person,
                email=person.email,
                username=person.ref,
                created_at=NOW,
                fs_uniquifier=f"uniquifier-{person.id}",
            )
        )

    def invitation(self, person: Person, **values: Any) -> FactorInvitation:
        """Somebody entrusted is invited to set up their first second factor."""
        values = {"made_at": NOW, "good_until": NOW + INVITATION_LASTS, "address": person.email, **values}
        return self._keep(FactorInvitation(person_id=person.id, **values))

    def course(self, title: str = "Safer babies: working with families in the first year", **values: Any) -> Course:
        number = next(self._numbers)
        about = {"summary": "A practical day.", "level": "3", "outcomes": ["name the signs"]}
        about |= {name: values.pop(name) for name in list(values) if name in CourseVersion.__mapper__.attrs}
        values = {"code": f"C{number}", "status": CourseStatus.LIVE, "created_at": NOW, **values}
        version = CourseVersion(number=1, title=title, created_at=NOW, is_current=True, **about)
        return self._keep(Course(versions=[version], **values))

    def venue(self, name: str = "Ashbeck Centre, Larkham", **values: Any) -> Venue:
        found = self.session.scalar(sa.select(Venue).where(Venue.name == name))
        return found or self._keep(Venue(name=name, **values))

    def event(
        self,
        course: Course | None = None,
        *,
        starts: datetime | None = None,
        hours: float = 6.5,
        days: int = 1,
        capacity: int = 24,
        state: EventState = EventState.PUBLISHED,
        **values: Any,
    ) -> Event:
        """A published event, on Thursday 9 April 2026 at 09:30 unless said otherwise; further days follow daily."""
        number = next(self._numbers)
        course = course or self.course()
        starts = starts or wall_time(datetime(2026, 4, 9).date(), time(9, 30))  # noqa: DTZ001
        venue = values.pop("venue", None) or self.venue()
        blocks = [
            EventDay(
                number=each + 1,
                starts_at=starts + timedelta(days=each),
                ends_at=starts + timedelta(days=each, hours=hours),
                venue=venue,
            )
            for each in range(days)
        ]
        first = london_date(starts)
        closes_on = working_days_before(first, 2)
        values = {
            "ref": f"E{number}",
            "version": course.versions[-1],
            "created_at": NOW,
            "published_at": NOW,
            "booking_closes_at": wall_time(closes_on, time(23, 59, 59)),
            "free_until": free_cancellation_until(first, 5),
            **values,
        }
        event = Event(
            course=course,
            capacity=capacity,
            state=state,
            days=blocks,
            starts_at=blocks[0].starts_at,
            ends_at=blocks[-1].ends_at,
            **values,
        )
        return self._keep(event)

    def theme(self, name: str = "Under 1s") -> Theme:
        found = self.session.scalar(sa.select(Theme).where(Theme.name == name))
        return found or self._keep(Theme(name=name))

    def review(
        self,
        title: str = "Adults who were not seen",
        *,
        types: tuple[ReviewType, ...] = (ReviewType.LCSPR,),
        themes: tuple[str, ...] = (),
        publication: Publication = Publication.FULL,
        **values: Any,
    ) -> Review:
        """A review, published in full unless said otherwise; an embargoed one has its embargo."""
        number = next(self._numbers)
        is_out = publication in (Publication.FULL, Publication.PART)
        values = {
            "ref": f"2024/{number:02}",
            "stage": ReviewStage.PUBLISHED if is_out else ReviewStage.UNDER_WAY,
            "published_on": NOW.date() - timedelta(days=100) if is_out else None,
            "decided_on": NOW.date() - timedelta(days=200),
            "not_published_reason": "It was decided so" if publication is Publication.NONE else "",
            "created_at": NOW,
            **values,
        }
        kinds = [ReviewKind(type=each) for each in types]
        tags = [self.theme(each) for each in themes]
        review: Review = self._keep(Review(title=title, kinds=kinds, themes=tags, publication=publication, **values))
        if publication is Publication.EMBARGOED:
            self._embargo(review)
        return review

    def _embargo(self, review: Review) -> None:
        self._keep(
            Embargo(
                review_id=review.id,
                reason="A trial is coming.",
                look_again_on=NOW.date() + timedelta(days=30),
                publication_before=Publication.IN_PROGRESS,
                set_at=NOW,
                set_by_name="Imogen Thackeray-Lunn",
            )
        )

    def learning_point(
        self,
        text: str = "Find out about every adult in a baby’s life",
        *,
        review: Review | None = None,
        themes: tuple[str, ...] = (),
        addressed_since: tuple[date, ...] = (),
        **values: Any,
    ) -> LearningPoint:
        """An agreed learning point, of a review when one is given."""
        number = next(self._numbers)
        agreed = {"agreed_on": date(2024, 12, 3), "agreed_minute": "7.2", "agreed_by": "Learning sub-group"}
        links = [
            LearningPointLink(source=f"test:{number}:{each}", kind="policy", words="A procedure", since_on=each)
            for each in addressed_since
        ]
        tags = [self.theme(each) for each in themes]
        values = {"ref": f"24-{number:02}", "created_at": NOW, **agreed, **values}
        return self._keep(LearningPoint(text=text, review=review, themes=tags, links=links, **values))

    def recommendation(self, review: Review | None = None, **values: Any) -> Recommendation:
        number = next(self._numbers)
        values = {"text": "Record every adult in the home.", "number": number, "response": Response.ACCEPTED, **values}
        return self._keep(Recommendation(review=review or self.review(), **values))

    def action(self, recommendation: Recommendation | None = None, **values: Any) -> Action:
        """Due in 30 days, owned by somebody of its agency."""
        owner = values.pop("owner", None) or self.person("Odalys Brackenbury")
        values = {"text": "Add the question to the form.", "due_on": NOW.date() + timedelta(days=30), **values}
        return self._keep(
            Action(recommendation=recommendation or self.recommendation(), owner=owner, agency=owner.agency, **values)
        )
