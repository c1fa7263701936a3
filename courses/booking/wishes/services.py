"""Asking for a place: at once for whoever is signed in, else by the code that proves the address.

Nothing that somebody types signed out touches a record before the code is typed, and the page reads the same whether
we know the address or not. Locks as everywhere: the event, then the person, then the booking.
"""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from courses.booking.bookings.about.queries import event_to_book
from courses.booking.bookings.models import Booking
from courses.booking.bookings.places.services import lock_event
from courses.booking.bookings.queries import event_with_days
from courses.booking.bookings.rules import BookingRequest
from courses.booking.bookings.services import book_place
from courses.booking.needs.services import keep_needs, take_needs_away
from courses.booking.wishes import letters
from courses.booking.wishes.models import BookingWish
from courses.booking.wishes.queries import (
    cautions,
    last_time,
    title_and_date,
    waiting_wishes,
    wish_of_code,
)
from courses.booking.wishes.rules import WORDS, Asks, PlaceWanted, turn_since, wanted_of, what_is_asked, with_manager
from courses.programme.events.models import Event
from lms.frame.access import Actor
from lms.frame.locks import lock_rows
from lms.frame.work import Work
from lms.kit.addresses import clean_address
from lms.kit.errors import Conflict, Invalid, Refused
from lms.people.accounts.models import Account
from lms.people.models import Person
from lms.people.rules import check_manager_is_another
from lms.signin.models import Registration, SignInCode
from lms.signin.registrations.rules import Newcomer
from lms.signin.registrations.services import account_registered, ask_to_prove, confirm_address, register_proved
from lms.signin.services import check_code, needs_second_factor, open_account

UNCONFIRMED_KEPT = timedelta(days=1)
KEPT_AFTER_EVENT = timedelta(days=30)
ASKED_BEFORE = "Asked for before we could check who they are"
KNOWN_BY_NOW = "Someone has since registered with this address. Sign in, then book."
NO_LAST_MANAGER = "We do not have a line manager from an earlier booking. Tell us who it is."


def book_for_oneself(
    work: Work, event_id: int, person: Person, wanted: PlaceWanted, *, since: datetime | None = None
) -> Booking:
    """Book what somebody asks for themselves, who has proved who they are. `since`: from when their turn counts.

    Raises Invalid where the manager of last time is meant and there was none, or for a caution without a reason.
    """
    event = lock_event(work, event_id)
    request = with_manager(wanted, last_time(work.session, person))
    if since is not None:
        request = asked_before(request or replace(wanted.request, manager_name="", manager_email=""))
    if request is None:
        raise Invalid(NO_LAST_MANAGER, field="manager")
    said = cautions(work, event, person)
    if said and not request.clash_reason:
        raise Invalid(" ".join(said), field="clash_reason")
    booking = book_place(work, event_id, person, request, since=since)
    if wanted.keeps_needs:
        keep_needs(work, person, needs=request.needs, food=request.food)
    elif wanted.keeps_needs is False:
        take_needs_away(work, person)
    return booking


def asked_before(request: BookingRequest) -> BookingRequest:
    """Whoever waited for the office is asked nothing more: they wanted it, and that is the reason."""
    return replace(request, clash_reason=request.clash_reason or ASKED_BEFORE)


def ask_for_place(work: Work, event_id: int, newcomer: Newcomer, wanted: PlaceWanted) -> SignInCode:
    """Mail a code to the address that was typed; what is asked for waits for it. Raises Invalid."""
    event = event_with_days(work.session, event_id)
    address = clean_address(newcomer.email)
    check_manager_is_another(wanted.request.manager_email, [address])
    newcomer = _who_wants(work, newcomer, event)
    row, code = ask_to_prove(work, newcomer)
    _wish(work, newcomer, wanted, event_id, row)
    if code:
        work.send(letters.booking_code(row, event, code=code, address=address))
    work.has_letters = True  # whoever delivers is woken for everybody alike
    return row


def ask_again(work: Work, wish: BookingWish) -> SignInCode:
    """Another code for the same wish."""
    newcomer = Newcomer(**wish.said["newcomer"])
    return ask_for_place(work, wish.event_id, newcomer, wanted_of(wish.said))


def _asks(work: Work, event_id: int) -> Asks:
    about = event_to_book(work.session, event_id, work.now)
    return what_is_asked(needs_approval=about.event.course.needs_approval, left=about.left)


@dataclass(frozen=True)
class Proved:
    """What came of a code: an account and the booking, or why there is none yet; or a wish that the office looks at."""

    account: Account | None = None
    booking: Booking | None = None
    meanwhile: str = ""
    registration: Registration | None = None


def book_by_proof(work: Work, event_id: int, newcomer: Newcomer, wanted: PlaceWanted) -> Proved:
    """The same without a code, for somebody new whose provider has proved their address. Raises Invalid."""
    event = lock_event(work, event_id)
    check_manager_is_another(wanted.request.manager_email, [newcomer.email])
    newcomer = _who_wants(work, newcomer, event)
    registration = register_proved(work, newcomer)
    if registration is None:
        raise Invalid(KNOWN_BY_NOW, field="email")
    wish = _wish(work, newcomer, wanted, event_id)
    account = account_registered(work, registration)
    return _book_now(work, wish, account) if account is not None else _wait_for_office(work, wish, registration)


def _who_wants(work: Work, newcomer: Newcomer, event: Event) -> Newcomer:
    wants = f"{WORDS[_asks(work, event.id)].wants} {title_and_date(event)}"
    return replace(newcomer, wants=wants, wanted_path=f"/events/{event.id}/book")


def _wish(
    work: Work, newcomer: Newcomer, wanted: PlaceWanted, event_id: int, code: SignInCode | None = None
) -> BookingWish:
    wish = BookingWish(
        event_id=event_id,
        code_id=code.id if code else None,
        person_id=code.person_id if code else None,
        email=clean_address(newcomer.email),
        said=wanted.said() | {"newcomer": asdict(newcomer)},
        asked_at=work.now,
    )
    work.session.add(wish)
    work.session.flush()
    return wish


def book_by_code(work: Work, token: str, typed: str) -> Proved | None:
    """The address is proved, and the place is booked in the same transaction. None for a wrong code, which is counted.

    Whoever needs a second factor books after it. What a booking is refused for is said, and nobody starts again.
    """
    wish = wish_of_code(work.session, token)
    if wish is None:
        return None
    lock_event(work, wish.event_id)
    row = check_code(work, token, typed)
    if row is None:
        return None
    registration = confirm_address(work, row.registration) if row.registration is not None else None
    if row.person is not None:
        account = open_account(work, row.person, by="code")
    else:
        account = account_registered(work, registration) if registration is not None else None
    if account is not None:
        return _book_now(work, wish, account)
    return _wait_for_office(work, wish, registration) if registration is not None else None


def _book_now(work: Work, wish: BookingWish, account: Account) -> Proved:
    event_id, wanted, person = wish.event_id, wanted_of(wish.said), account.person
    work.session.delete(wish)
    work.session.flush()
    if needs_second_factor(account):
        return Proved(account, meanwhile="factor")
    if wanted.saw_place and not event_to_book(work.session, event_id, work.now, person).left:
        return Proved(account, meanwhile="taken")
    work.has_letters = True
    try:
        with work.session.begin_nested():
            return Proved(account, book_for_oneself(as_person(work, person), event_id, person, wanted))
    except Refused:
        return Proved(account, meanwhile="look")


def as_person(work: Work, person: Person) -> Work:
    """The same work by the person who has just proved who they are."""
    return replace(work, actor=Actor(person.name, person_id=person.id, address=person.email))


def _wait_for_office(work: Work, wish: BookingWish, registration: Registration) -> Proved:
    """Whoever asks again for the same event keeps their first turn, with what they say now."""
    earlier = next((each for each in waiting_wishes(work.session, wish.email) if each.event_id == wish.event_id), None)
    if earlier is not None:
        earlier.said = wish.said
        work.session.delete(wish)
    else:
        wish.confirmed_at = work.now
    work.session.flush()
    return Proved(registration=registration)


def lock_for_wishes(work: Work, address: str) -> None:
    """The events of what an address asked for: locked before the person."""
    lock_rows(work.session, Event, [wish.event_id for wish in waiting_wishes(work.session, address)])


def keep_wishes(work: Work, address: str, person: Person) -> None:
    """The office agreed: each wish is booked with the turn that it had, or a letter says why it cannot be."""
    for wish in waiting_wishes(work.session, address):
        event, wanted = event_with_days(work.session, wish.event_id), wanted_of(wish.said)
        since = turn_since(wish.confirmed_at, wish.asked_at)
        try:
            with work.session.begin_nested():
                book_for_oneself(as_person(work, person), event.id, person, wanted, since=since)
        except (Conflict, Invalid) as refusal:
            work.send(letters.wish_not_kept(wish, event, person, refusal.words))
        work.session.delete(wish)
    work.session.flush()


def drop_wishes(work: Work, address: str) -> None:
    """The office does not know them: nothing of what they asked for is kept."""
    work.session.execute(sa.delete(BookingWish).where(BookingWish.email == address))


def forget_wishes(work: Work) -> None:
    """Those that nobody confirmed, after a day; those that waited, when the event is long over."""
    over = sa.select(Event.id).where(Event.ends_at < work.now - KEPT_AFTER_EVENT)
    for gone in (
        sa.and_(BookingWish.confirmed_at.is_(None), BookingWish.asked_at < work.now - UNCONFIRMED_KEPT),
        BookingWish.event_id.in_(over),
    ):
        work.session.execute(sa.delete(BookingWish).where(gone))
