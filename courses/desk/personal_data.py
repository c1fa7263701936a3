"""What courses keep of a person: bookings and all that hangs on them, certificates, what they teach.

Erasing leaves every row and every number: who booked and who came is counted as before, under no name.
Bookings that are past their time move to a person without a name, always the same one for the same person, so that
distinct people stay distinct; only the secret key of the installation leads from the one to the other.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from courses.attendance.register.models import Mark
from courses.booking.bookings.models import AccessNeeds, Booking
from courses.booking.bookings.places.models import Offer
from courses.booking.bookings.rules import LIVE_STATES
from courses.booking.messages.models import Message, MessageCopy
from courses.booking.needs.models import KeptNeeds
from courses.booking.needs.rules import KEPT_MONTHS_WITHOUT_BOOKING
from courses.booking.wishes.models import BookingWish
from courses.desk.nobody.rules import nobodys_refs
from courses.facts import BookingsForgotten
from courses.programme.courses.models import Interest
from courses.programme.events.models import Event, EventTrainer
from courses.programme.wanted.models import TopicAsked
from courses.records.certificates.models import Certificate
from courses.records.completions.models import Completion
from courses.records.materials.models import EventMaterial
from lms.frame.plugins import PersonalData, Retention
from lms.frame.work import Work
from lms.kit.erased import ERASED_NAME
from lms.kit.portions import portions
from lms.kit.working_days import london_date
from lms.people.models import Person
from lms.policies.queries import policy_in_force, terms_of
from lms.retention.queries import not_held, past, still_needed

ACCESS_NEEDS = "courses.access_needs"
KEPT_NEEDS = "courses.kept_needs"
BOOKINGS = "courses.bookings"
COMPLETIONS = "courses.completions"


def _export(work: Work, person_id: int) -> Mapping[str, Any]:
    return {
        "Bookings": [_booking(each) for each in _bookings(work, person_id)],
        "Certificates": list(_certificates(work, person_id)),
        "E-learning that you completed": list(_completed(work, person_id)),
        "Places that you were offered from the waiting list": list(_offers(work, person_id)),
        "Courses for which you wanted a date": list(_interests(work, person_id)),
        "Topics that you asked for": list(_topics(work, person_id)),
        "What you asked us to keep for next time": list(_kept_needs(work, person_id)),
        "Places that you asked for and have not been given": list(_wishes(work, person_id)),
        "Events that you taught": list(_taught(work, person_id)),
        "Slides and handouts that you added to events": list(_materials(work, person_id)),
        "Messages that the training team wrote to you": list(_messages(work, person_id)),
    }


def _materials(work: Work, person_id: int) -> Iterator[dict[str, Any]]:
    added = EventMaterial.title, Event.ref, EventMaterial.added_at
    theirs = sa.select(*added).join(Event, Event.id == EventMaterial.event_id)
    theirs = theirs.where(EventMaterial.added_by_id == person_id).order_by(EventMaterial.id)
    for title, ref, added_at in work.session.execute(theirs):
        yield {"Event": ref, "File": title, "Added": added_at.isoformat()}


def _kept_needs(work: Work, person_id: int) -> Iterator[dict[str, Any]]:
    for each in work.session.scalars(sa.select(KeptNeeds).where(KeptNeeds.person_id == person_id)):
        yield {"Access needs": each.needs, "Food": each.food, "Kept since": each.kept_at.isoformat()}


def _is_wish_of(work: Work, person_id: int) -> sa.ColumnElement[bool]:
    own = [each for each in work.session.get_one(Person, person_id).own_addresses if each]
    return sa.or_(BookingWish.person_id == person_id, BookingWish.email.in_(own))


def _wishes(work: Work, person_id: int) -> Iterator[dict[str, Any]]:
    query = sa.select(BookingWish).where(_is_wish_of(work, person_id)).options(joinedload(BookingWish.event))
    for each in work.session.scalars(query.order_by(BookingWish.id)):
        yield {"Event": each.event.ref, "Asked": each.asked_at.isoformat(), "What you said": each.said}


def _bookings(work: Work, person_id: int) -> list[Booking]:
    query = (
        sa.select(Booking)
        .where(Booking.person_id == person_id)
        .options(joinedload(Booking.event).joinedload(Event.version), joinedload(Booking.agency))
        .options(joinedload(Booking.needs))
        .order_by(Booking.id)
    )
    return list(work.session.scalars(query))


def _booking(booking: Booking) -> dict[str, Any]:
    return {
        "Event": booking.event.ref,
        "Course": booking.event.version.title,
        "First day": london_date(booking.event.starts_at).isoformat(),
        "Agency then": booking.agency.name if booking.agency else "",
        "Booked": booking.booked_at.isoformat(),
        "State": booking.state.value,
        "Outcome": booking.outcome.value if booking.outcome else "",
        "Cancelled": booking.cancelled_at.isoformat() if booking.cancelled_at else "",
        "Why cancelled": booking.cancel_reason,
        "Line manager": booking.manager_name,
        "Line manager’s address": booking.manager_email,
        "Telephone on the day": booking.phone_on_day,
        "What you need on the day": booking.needs.needs if booking.needs else "",
        "What you eat": booking.needs.food if booking.needs else "",
    }


def _certificates(work: Work, person_id: int) -> Iterator[dict[str, Any]]:
    query = sa.select(Certificate).where(Certificate.person_id == person_id).order_by(Certificate.id)
    for each in work.session.scalars(query):
        yield {
            "Number": each.serial,
            "Name on it": each.name,
            "Course": each.title,
            "Dates": each.dates,
            "CPD minutes": each.cpd_minutes,
            "State": each.state.value,
        }


def _completed(work: Work, person_id: int) -> Iterator[dict[str, Any]]:
    query = sa.select(Completion).where(Completion.person_id == person_id).options(joinedload(Completion.course))
    for each in work.session.scalars(query.order_by(Completion.completed_on, Completion.course_id)):
        yield {"Course": each.course.code, "Completed": each.completed_on.isoformat()}


def _offers(work: Work, person_id: int) -> Iterator[dict[str, Any]]:
    query = sa.select(Offer, Event.ref).join(Booking, Offer.booking_id == Booking.id).join(Event)
    for offer, ref in work.session.execute(query.where(Booking.person_id == person_id).order_by(Offer.id)):
        yield {
            "Event": ref,
            "Offered": offer.made_at.isoformat(),
            "Open until": offer.open_until.isoformat(),
            "Ended": offer.ended_as.value if offer.ended_as else "",
        }


def _interests(work: Work, person_id: int) -> Iterator[dict[str, Any]]:
    query = sa.select(Interest).where(Interest.person_id == person_id).options(joinedload(Interest.course))
    for each in work.session.scalars(query.order_by(Interest.id)):
        yield {"Course": each.course.code, "Asked": each.asked_at.isoformat(), "Note": each.note}


def _topics(work: Work, person_id: int) -> Iterator[dict[str, Any]]:
    query = sa.select(TopicAsked).where(TopicAsked.person_id == person_id).options(joinedload(TopicAsked.course))
    for each in work.session.scalars(query.order_by(TopicAsked.id)):
        course = each.course.code if each.course else ""
        yield {"Topic": each.topic, "Asked": each.asked_at.isoformat(), "Note": each.note, "Course": course}


def _taught(work: Work, person_id: int) -> Iterator[dict[str, Any]]:
    query = sa.select(Event).join(EventTrainer, EventTrainer.event_id == Event.id)
    query = query.where(EventTrainer.person_id == person_id).options(joinedload(Event.version))
    for each in work.session.scalars(query.order_by(Event.id)):
        yield {
            "Event": each.ref,
            "Course": each.version.title,
            "First day": london_date(each.starts_at).isoformat(),
        }


def _messages(work: Work, person_id: int) -> Iterator[dict[str, Any]]:
    query = sa.select(Message).join(MessageCopy).where(MessageCopy.person_id == person_id).order_by(Message.id)
    for each in work.session.scalars(query):
        yield {"Written": each.written_at.isoformat(), "Subject": each.subject, "Message": each.body}


def _prevents(work: Work, person_id: int) -> Iterator[str]:
    """A place to give up, an event to teach, and a charge that an agency may still dispute."""
    is_to_come = sa.and_(Event.ends_at > work.now, Event.cancelled_at.is_(None))
    holds = sa.select(Event.ref).join(Booking, Booking.event_id == Event.id)
    unfinished = sa.or_(is_to_come, sa.and_(Event.finalised_at.is_(None), Booking.outcome.is_(None)))
    holds = holds.where(Booking.person_id == person_id, Booking.state.in_(LIVE_STATES), unfinished)
    for ref in work.session.scalars(holds.where(Event.is_history.is_(False)).order_by(Event.ref)):
        yield f"There is a booking on {ref}. Cancel it or finalise the register first."
    teaches = sa.select(Event.ref).join(EventTrainer, EventTrainer.event_id == Event.id)
    for ref in work.session.scalars(teaches.where(EventTrainer.person_id == person_id, is_to_come).order_by(Event.ref)):
        yield f"This person trains {ref}. Name another trainer first."


def _erase(work: Work, person_id: int) -> None:
    ids = list(work.session.scalars(sa.select(Booking.id).where(Booking.person_id == person_id).order_by(Booking.id)))
    for some in portions(ids):
        _forget_words(work, some)
    work.session.execute(sa.delete(MessageCopy).where(MessageCopy.person_id == person_id))
    work.session.execute(sa.delete(TopicAsked).where(TopicAsked.person_id == person_id))
    work.session.execute(sa.delete(KeptNeeds).where(KeptNeeds.person_id == person_id))
    work.session.execute(sa.delete(BookingWish).where(_is_wish_of(work, person_id)))
    for column in (Certificate.person_id, Interest.person_id):
        table = column.class_
        values = {"name": ERASED_NAME, "reason": ""} if table is Certificate else {"note": ""}
        work.session.execute(sa.update(table).where(column == person_id).values(values))


def _forget_words(work: Work, booking_ids: Sequence[int]) -> None:
    """Everything said in words about these bookings. What happened, and when, stays."""
    session = work.session
    here = Booking.id.in_(booking_ids)
    session.execute(sa.delete(AccessNeeds).where(AccessNeeds.booking_id.in_(booking_ids)))
    blank = dict.fromkeys(
        ("cancel_reason", "told_us_how", "manager_name", "manager_email", "phone_on_day", "clash_reason"), ""
    )
    session.execute(sa.update(Booking).where(here).values(blank))
    session.execute(sa.update(Mark).where(Mark.booking_id.in_(booking_ids)).values(note=""))


def _forget_access_needs(work: Work) -> int:
    """What people needed, once the time that the policy names has passed."""
    free = sa.select(Booking.id).where(not_held(ACCESS_NEEDS, Booking.person_id))
    old = (AccessNeeds.delete_after < london_date(work.now), AccessNeeds.booking_id.in_(free))
    gone = sa.delete(AccessNeeds).where(*old).returning(AccessNeeds.booking_id)
    return len(work.session.execute(gone.execution_options(synchronize_session=False)).all())


def _forget_kept_needs(work: Work) -> int:
    """Who has not booked for so long has probably forgotten that we keep it."""
    before = past(work.now, months=KEPT_MONTHS_WITHOUT_BOOKING)
    has_booked = sa.exists().where(Booking.person_id == KeptNeeds.person_id, Booking.booked_at >= before)
    old = (KeptNeeds.kept_at < before, ~has_booked, not_held(KEPT_NEEDS, KeptNeeds.person_id))
    gone = sa.delete(KeptNeeds).where(*old).returning(KeptNeeds.id)
    return len(work.session.execute(gone.execution_options(synchronize_session=False)).all())


def _forget_bookings(work: Work) -> int:
    """Take the person from bookings, attendance and certificates of events that ended so many years ago."""
    years = terms_of(policy_in_force(work.session, work.now)).records_kept_years
    old = (
        sa.select(Booking.person_id, Booking.id)
        .join(Event, Booking.event_id == Event.id)
        .join(Person, Booking.person_id == Person.id)
        .where(Event.ends_at < past(work.now, months=12 * years), Person.erased_at.is_(None))
        .where(not_held(BOOKINGS, Booking.person_id), *still_needed(work, BOOKINGS, Booking.id))
        .order_by(Booking.person_id, Booking.id)
    )
    by_person: dict[int, list[int]] = {}
    for person_id, booking_id in work.session.execute(old):
        by_person.setdefault(person_id, []).append(booking_id)
    for person_id, ids in by_person.items():
        nobody = _nobody(work, person_id)
        work.tell(BookingsForgotten(person_id, tuple(ids)))
        _forget_words(work, ids)
        _forget_copies(work, person_id, ids)
        work.session.execute(sa.update(Booking).where(Booking.id.in_(ids)).values(person_id=nobody.id))
        certificates = sa.update(Certificate).where(Certificate.booking_id.in_(ids))
        work.session.execute(certificates.values(person_id=nobody.id, name=ERASED_NAME, reason=""))
    return sum(len(ids) for ids in by_person.values())


def _forget_copies(work: Work, person_id: int, booking_ids: Sequence[int]) -> None:
    """That messages about these events went to somebody; how many read each stays."""
    events = sa.select(Booking.event_id).where(Booking.id.in_(booking_ids))
    messages = sa.select(Message.id).where(Message.event_id.in_(events))
    work.session.execute(
        sa.delete(MessageCopy).where(MessageCopy.person_id == person_id, MessageCopy.message_id.in_(messages))
    )


def _forget_completions(work: Work) -> int:
    """Take the person from e-learning completed so many years ago; that it was completed stays counted."""
    years = terms_of(policy_in_force(work.session, work.now)).records_kept_years
    before = london_date(past(work.now, months=12 * years))
    old = Completion.completed_on < before, not_held(COMPLETIONS, Completion.person_id)
    people = sa.select(Completion.person_id).join(Person).where(*old, Person.erased_at.is_(None)).distinct()
    moved = 0
    for person_id in work.session.scalars(people.order_by(Completion.person_id)).all():
        theirs = sa.update(Completion).where(Completion.person_id == person_id, Completion.completed_on < before)
        gone = theirs.values(person_id=_nobody(work, person_id).id).returning(Completion.course_id)
        moved += len(work.session.execute(gone.execution_options(synchronize_session=False)).all())
    return moved


def _nobody(work: Work, person_id: int) -> Person:
    """The person without a name to who somebody's old bookings belong from now on."""
    refs = nobodys_refs(work.site.settings.keys, person_id)
    found = work.session.scalar(sa.select(Person).where(Person.ref.in_(refs)))
    if found is None:
        found = Person(
            ref=refs[0],
            name=ERASED_NAME,
            created_at=work.now,
            left_on=london_date(work.now),
            erased_at=work.now,
        )
        work.session.add(found)
        work.session.flush()
    return found


PERSONAL_DATA = PersonalData(
    tables=(
        "access_needs",
        "awaited_evaluation",
        "booking",
        "booking_wish",
        "kept_needs",
        "certificate",
        "register_check_in",
        "course_completion",
        "course_version",
        "courses_message",
        "courses_message_copy",
        "event_material",
        "event_trainer",
        "course_interest",
        "topic_asked",
        "register_mark",
        "register_mark_received",
        "place_offer",
    ),
    export=_export,
    erase=_erase,
    prevents=_prevents,
    retention=(
        Retention(ACCESS_NEEDS, "What people need on the day, as long as the policy says", _forget_access_needs),
        Retention(
            BOOKINGS,
            "Whose bookings, attendance and certificates they are, as long as the policy says",
            _forget_bookings,
        ),
        Retention(
            KEPT_NEEDS,
            f"What people asked us to keep for next time, {KEPT_MONTHS_WITHOUT_BOOKING} months without a booking",
            _forget_kept_needs,
        ),
        Retention(COMPLETIONS, "Whose completed e-learning it is, as long as the policy says", _forget_completions),
    ),
)
