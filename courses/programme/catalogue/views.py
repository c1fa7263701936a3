"""The catalogue that everybody looks through, and the pages on which coordinators write it."""

from urllib.parse import urlsplit

from flask import Blueprint, make_response, redirect, request

from courses.programme.catalogue import forms, queries, services
from courses.programme.catalogue.finding.forms import (
    addresses_of,
    filters_chosen,
    month_words,
    remember,
    remembered,
    search_asked,
)
from courses.programme.catalogue.finding.queries import catalogue as look_through
from courses.programme.catalogue.queries import CourseRow
from courses.programme.courses import rules
from courses.programme.courses.life import LIFE
from courses.programme.courses.queries import course_by_id, courses_to_choose, needed_first, role_groups
from courses.programme.courses.rules import EventType
from courses.programme.demand import services as demand
from courses.programme.demand.queries import demand_by_course, people_asking
from courses.programme.events.rules import calendar_uid
from courses.programme.nearby.rules import WITHIN_MILES, district_typed
from courses.questions import LearnedIn
from lms.frame.fields import choices_of
from lms.frame.files import calendar_to_follow
from lms.frame.paging import address_with, page_of
from lms.frame.web import Answer, back_to, page, public, requires, say, signed_in, site, site_url, work
from lms.kit.calendars import CalendarEntry, feed
from lms.kit.errors import NotFound
from lms.partnership.queries import the_partnership
from lms.policies.queries import policy_in_force, terms_of

bp = Blueprint("catalogue", __name__)

COURSES_ON_A_PAGE = 12
DATES_ON_A_PAGE = 40


@bp.get("/courses")
@public
def catalogue() -> Answer:
    """What fits; to whoever asks for nothing, what this browser was asked to remember."""
    kept = remembered()
    if kept and not request.args:
        return redirect(site_url("catalogue.catalogue", **kept, remember="yes"))
    typed = request.args.get("near", "")
    if district_typed(typed) not in ("", typed):  # a whole postcode stands in no address of ours
        return redirect(address_with(near=[district_typed(typed)]))
    search = search_asked()
    found = look_through(work(), search)
    part = page_of(found.found, COURSES_ON_A_PAGE)
    answer = page(
        "courses/catalogue/catalogue.html",
        found=found,
        part=part,
        learned=work().ask(LearnedIn(tuple(each.version_id for each in (*part.items, *found.nearest, *found.soonest)))),
        search=search,
        words=search.typed,
        addresses=addresses_of(search, found),
        chosen=filters_chosen(search, found),
        month_words=month_words,
        level_words=rules.level_words,
        within_miles=WITHIN_MILES,
        is_remembered=request.args.get("remember") == "yes",
        now=work().now,
    )
    if request.args.get("asked") != "yes":
        return answer
    wanted = {"audience": str(search.audience or ""), "near": search.near, "within": str(search.within or "")}
    is_secure = site().settings.base_url.startswith("https:")
    return remember(make_response(answer), wanted, is_secure=is_secure)


@bp.get("/courses/<code>")
@public
def course(code: str) -> Answer:
    found = queries.course_page(work(), code)
    return _course_page(found, is_preview=False)


def _course_page(found: CourseRow, *, is_preview: bool) -> Answer:
    return page(
        "courses/catalogue/course.html",
        course=found,
        part=page_of(found.dates, DATES_ON_A_PAGE),
        venues=queries.venues_of(found.dates),
        trainers=sorted({name for date in found.dates for name in date.trainers}),
        needed=needed_first(work().session, found.id) if found.asks_for_others else [],
        policy=terms_of(policy_in_force(work().session, work().now)),
        is_preview=is_preview,
        now=work().now,
    )


@bp.route("/courses/<code>/interest", methods=["GET", "POST"])
@signed_in
def interest(code: str) -> Answer:
    found = queries.course_page(work(), code)
    form = forms.InterestForm()
    if form.validate_on_submit():
        with form.refusals():
            demand.ask_for_date(work(), found.id, form.note.data)
            say("Thank you. The training team plans dates from what people ask for.")
            return back_to("catalogue.course", code=code)
    return page("courses/catalogue/interest.html", form=form, course=found)


@bp.post("/courses/<code>/interest/withdraw")
@signed_in
def withdraw(code: str) -> Answer:
    found = queries.course_page(work(), code)
    demand.withdraw_interest(work(), found.id)
    say("You no longer ask for another date of this course.")
    return back_to("catalogue.course", code=code)


@bp.get("/courses.ics")
@public
def calendar() -> Answer:
    base_url = site().settings.base_url.rstrip("/")
    host = urlsplit(base_url).hostname or "localhost"
    entries = [
        CalendarEntry(
            uid=calendar_uid(day.id, host),
            sequence=int(date.changed_at.timestamp()) // 60,  # rises with every change
            starts_at=day.starts_at,
            ends_at=day.ends_at,
            title=date.title + (f", day {day.number} of {len(date.days)}" if len(date.days) > 1 else ""),
            location=day.place,
            description="",
            url=base_url + site_url("catalogue.course", code=date.course_code),
            changed_at=date.changed_at,
        )
        for date in queries.coming_dates(work())
        for day in date.days
    ]
    name = f"{the_partnership(work().session).name}: courses and events"
    return calendar_to_follow(feed(entries, name, is_busy=False))


@bp.get("/catalogue")
@requires("courses.manage_catalogue")
def courses() -> Answer:
    rows = demand_by_course(work().session, work().now)
    return page("courses/catalogue/courses.html", rows=rows, status_words=rules.STATUS_WORDS)


@bp.route("/catalogue/new", methods=["GET", "POST"])
@requires("courses.manage_catalogue")
def write() -> Answer:
    form = _offered(forms.CourseForm())
    if form.validate_on_submit():
        with form.refusals():
            made = services.write_course(work(), _terms(form), _written(form))
            say(f"{made.code} is a draft now. Look at the preview, then approve it.")
            return back_to("catalogue.manage", course_id=made.id)
    return page("courses/catalogue/write.html", form=form, course=None)


@bp.get("/catalogue/<int:course_id>")
@requires("courses.manage_catalogue")
def manage(course_id: int) -> Answer:
    found = course_by_id(work().session, course_id)
    return page(
        "courses/catalogue/manage.html",
        course=found,
        newest=found.versions[-1],
        status_words=rules.STATUS_WORDS[found.status],
        steps=LIFE.open_steps(found.status),
        asking=people_asking(work().session, course_id),
    )


@bp.route("/catalogue/<int:course_id>/edit", methods=["GET", "POST"])
@requires("courses.manage_catalogue")
def edit(course_id: int) -> Answer:
    found = course_by_id(work().session, course_id)
    form = _offered(forms.CourseForm(data=forms.as_typed(found, found.versions[-1])), besides=found.id)
    if form.validate_on_submit():
        with form.refusals():
            services.edit_course(work(), course_id, _terms(form), _written(form))
            say("The course is changed.")
            return back_to("catalogue.manage", course_id=course_id)
    return page("courses/catalogue/write.html", form=form, course=found)


@bp.get("/catalogue/<int:course_id>/preview/<int:number>")
@requires("courses.manage_catalogue")
def preview(course_id: int, number: int) -> Answer:
    return _course_page(queries.version_page(work(), course_id, number), is_preview=True)


@bp.post("/catalogue/<int:course_id>/<change>")
@requires("courses.manage_catalogue")
def change(course_id: int, change: str) -> Answer:
    if change not in services.CHANGES:
        raise NotFound("That step does not exist in a course's life. Go back and use the page's buttons.")
    do_it, words = services.CHANGES[change]
    do_it(work(), course_id)
    say(words)
    return back_to("catalogue.manage", course_id=course_id)


def _offered(form: forms.CourseForm, *, besides: int = 0) -> forms.CourseForm:
    """What can be chosen: kinds of work, and other courses."""
    form.audience_ids.choices = choices_of(role_groups(work().session))
    others = [each for each in courses_to_choose(work().session) if each[0] != besides]
    form.needed_ids.choices = choices_of(others)
    return form


def _terms(form: forms.CourseForm) -> services.Terms:
    return services.Terms(
        code=form.code.data,
        event_type=EventType(form.event_type.data),
        capacity=form.capacity.data,
        refresher_months=form.refresher_months.data,
        needs_approval=form.needs_approval.data,
        needed_ids=tuple(form.needed_ids.data or ()),
    )


def _written(form: forms.CourseForm) -> services.CourseWritten:
    return services.CourseWritten(
        title=form.title.data,
        level=form.level.data,
        summary=form.summary.data,
        aims=form.aims.data,
        outcomes=tuple(rules.lines_of(form.outcomes.data)),
        audience_note=form.audience_note.data,
        audience_ids=tuple(form.audience_ids.data or ()),
    )
