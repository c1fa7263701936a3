"""My team: an agency lead's people on events to come, and booking for several of them at once."""

from collections.abc import Collection

from flask import Blueprint, request

from courses.booking.bookings.about.queries import EventToBook, event_to_book_by
from courses.booking.team.forms import BookForm, PasteForm
from courses.booking.team.queries import lines_pasted, lines_planned, lines_ticked, people_to_book, team_events
from courses.booking.team.rules import WILL_BE_BOOKED, LinePlanned, summed_up
from courses.booking.team.services import book_lines
from lms.frame.paging import number_asked, pages_of
from lms.frame.web import Answer, page, requires, site, work
from lms.kit.ticks import read_ticks, said_ticks

bp = Blueprint("team", __name__)


@bp.get("/team")
@requires("courses.book_team")
def team() -> Answer:
    """Who of the agency is booked on what, and what can be done about it."""
    return page("courses/team/team.html", events=team_events(work().session, work().actor, work().now))


@bp.get("/events/<int:event_id>/book-team")
@requires("courses.book_team")
def book(event_id: int) -> Answer:
    """Tick people, search for others and tick them too, or paste a list; then see what booking them would do."""
    return _choose(_about(event_id), PasteForm())


def _choose(about: EventToBook, form: PasteForm) -> Answer:
    typed, ticked = request.args.get("q", "").strip(), ticked_here()
    found = people_to_book(work().session, work().actor, about.event.id, typed, number_asked())
    shown = {each.id for each in found.rows}
    return page(
        "courses/team/book.html",
        form=form,
        about=about,
        typed=typed,
        found=found,
        pages=pages_of(found),
        ticked=frozenset(ticked),
        kept=said_ticks([each for each in ticked if each not in shown]),
        elsewhere=len([each for each in ticked if each not in shown]),
    )


@bp.route("/events/<int:event_id>/book-team/check", methods=["GET", "POST"])
@requires("courses.book_team")
def check(event_id: int) -> Answer:
    """What booking those who were ticked, or the lines that were pasted, would do. Nothing is booked yet."""
    about, form = _about(event_id), PasteForm()
    if not form.is_submitted():
        ticked = ticked_here()
        return _to_check(about, BookForm(ticked=said_ticks(ticked)), _planned(about, ticked=ticked))
    if form.validate():
        with form.refusals():
            return check_pasted(event_id, form.list.data)
    return _choose(about, form)


def check_pasted(event_id: int, text: str) -> Answer:
    """What booking the people in a pasted list would do. Raises Invalid for a list that cannot be checked."""
    about = _about(event_id)
    return _to_check(about, BookForm(formdata=None, list=text), _planned(about, text=text))


@bp.post("/events/<int:event_id>/book-team")
@requires("courses.book_team")
def booked(event_id: int) -> Answer:
    """Book them: what became of each line. The same sent twice books nobody twice."""
    about, form = _about(event_id), BookForm()
    ticked, text = read_ticks(form.ticked.data, ()), form.list.data
    lines = _planned(about, ticked=ticked, text=text)
    if not _offered(form, lines).validate():
        return _checked(about, form, lines)
    accepted = form.accepted.data or ()
    lines = _planned(about, ticked=ticked, text=text, accepted=accepted) if accepted else lines
    done = book_lines(work(), event_id, lines, clash_reason=form.reason)
    return page("courses/team/booked.html", about=about, lines=done, summed_up=summed_up(done), is_pasted=bool(text))


def _about(event_id: int) -> EventToBook:
    return event_to_book_by(work().session, event_id, work().now, work().actor)


def ticked_here() -> list[int]:
    """Those who are ticked on this page, and on the pages before it."""
    return read_ticks(request.args.get("kept", ""), request.args.getlist("person"))


def _planned(
    about: EventToBook, *, ticked: Collection[int] = (), text: str = "", accepted: Collection[int] = ()
) -> list[LinePlanned]:
    session, actor = work().session, work().actor
    lines = lines_pasted(session, actor, text, accepted) if text else lines_ticked(session, actor, ticked)
    return lines_planned(session, about, lines)


def _offered(form: BookForm, lines: list[LinePlanned]) -> BookForm:
    return form.offer(lines, with_charges=site().hosts("charges"))


def _to_check(about: EventToBook, form: BookForm, lines: list[LinePlanned]) -> Answer:
    return _checked(about, _offered(form, lines), lines)


def _checked(about: EventToBook, form: BookForm, lines: list[LinePlanned]) -> Answer:
    return page(
        "courses/team/check.html",
        form=form,
        about=about,
        lines=lines,
        summed_up=summed_up(lines),
        can_book=any(each.comes in WILL_BE_BOOKED or each.line.guess for each in lines),
        is_pasted=bool(form.list.data),
    )
