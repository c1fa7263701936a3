"""Who needs which training: an agency lead's people by required course, ticked to be booked or reminded."""

from flask import Blueprint, request
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from courses.booking.team.views import check_pasted, ticked_here
from courses.records.staff.documents import staff_csv, staff_workbook
from courses.records.staff.forms import PasteOnForm
from courses.records.staff.queries import StaffTable, dates_to_book, staff_table
from courses.records.staff.rules import SHOWN_WORDS, StaffShown
from lms.frame.files import file_to_keep
from lms.frame.paging import page_of
from lms.frame.web import Answer, page, requires, site_url, work
from lms.kit.ticks import MOST_TICKED, read_ticks, said_ticks
from lms.tables.words import BYTE_ORDER_MARK

bp = Blueprint("staff", __name__)

PEOPLE_ON_A_PAGE = 25
NOBODY_TICKED = "Tick at least one person."
NO_DATE = "Choose the date to book them on."


@bp.route("/team/training", methods=["GET", "POST"])
@requires("courses.book_team")
def staff() -> Answer:
    """The table; with `do`, on to booking or reminding those who are ticked; posted, on to checking a pasted list."""
    table, form, ticked = staff_table(work()), PasteOnForm(), ticked_here()
    form.offer(dates_to_book(work(), table.courses))
    if form.validate_on_submit():
        with form.refusals():
            return check_pasted(int(form.paste_on.data), form.list.data)
    do, event_id = request.args.get("do", ""), request.args.get("on", "")
    is_date = event_id.isascii() and event_id.isdigit() and len(event_id) < 10
    problem = NOBODY_TICKED if do and not ticked else NO_DATE if do == "book" and not is_date else ""
    if do == "book" and not problem:
        return redirect(site_url("team.check", event_id=int(event_id), kept=said_ticks(ticked)))
    if do == "remind" and not problem:
        course = request.args.get("course") or None
        return redirect(site_url("reminding.remind", kept=said_ticks(ticked), course=course))
    return _table(table, ticked, problem, form)


def _table(table: StaffTable, ticked: list[int], problem: str, form: PasteOnForm) -> Answer:
    args = request.args
    wanted = args.get("show", StaffShown.NEEDS.value)
    shown = StaffShown(wanted) if wanted in set(StaffShown) else StaffShown.NEEDS
    course, typed = table.course(args.get("course", "")), args.get("find", "").strip()
    rows = table.shown(shown, course, typed)
    if args.get("tick") == "all":
        ticked = read_ticks(said_ticks(ticked), [str(each.id) for each in rows])
    part = page_of(rows, PEOPLE_ON_A_PAGE)
    elsewhere = [each for each in ticked if each not in {row.id for row in part.items}]
    needed = {course_id for row in part.items for course_id in row.needs}
    return page(
        "courses/staff/staff.html",
        form=form,
        table=table,
        part=part,
        total=len(rows),
        columns=[course] if course else [each for each in table.courses if each.id in needed],
        shown=shown,
        shown_words=SHOWN_WORDS,
        course=course,
        typed=typed,
        ticked=frozenset(ticked),
        kept=said_ticks(elsewhere),
        elsewhere=len(elsewhere),
        dates=[each for each in form.dates if not course or each[0] == course.title],
        on=args.get("on", ""),
        most_ticked=MOST_TICKED,
        problem=problem,
        now=work().now,
    )


@bp.get("/team/training.xlsx")
@requires("courses.book_team")
def workbook() -> Response:
    """Everyone, with every course that somebody needs."""
    return file_to_keep(staff_workbook(staff_table(work())), "who-needs-which-training.xlsx")


@bp.get("/team/training.csv")
@requires("courses.book_team")
def csv() -> Response:
    """The same as CSV."""
    return file_to_keep(BYTE_ORDER_MARK + staff_csv(staff_table(work())), "who-needs-which-training.csv")
