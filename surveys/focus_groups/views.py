"""Impact focus groups: the list, one of them, and recording one that has met."""

from flask import Blueprint

from lms.frame.web import Answer, back_to, page, requires, say, work
from surveys.focus_groups.forms import FocusGroupForm
from surveys.focus_groups.queries import group_row, group_rows, role_choices
from surveys.focus_groups.services import record_group
from surveys.free_text.queries import text_themes
from surveys.permissions import READ_IMPACT, RECORD_GROUPS
from surveys.questions.queries import courses_to_choose, points_to_choose

bp = Blueprint("focus_groups", __name__)


@bp.get("/impact/groups")
@requires(READ_IMPACT)
def groups() -> Answer:
    rows = group_rows(work().session, work().actor)
    return page("surveys/focus_groups/list.html", rows=rows, may_record=work().actor.may(RECORD_GROUPS))


@bp.get("/impact/groups/<int:focus_group_id>")
@requires(READ_IMPACT)
def group(focus_group_id: int) -> Answer:
    return page("surveys/focus_groups/one.html", row=group_row(work().session, work().actor, focus_group_id))


@bp.route("/impact/groups/add", methods=["GET", "POST"])
@requires(RECORD_GROUPS)
def add() -> Answer:
    session = work().session
    themes = [(each.id, each.name) for each in text_themes(session)]
    form = FocusGroupForm().offer(courses_to_choose(session), role_choices(session), themes, points_to_choose(session))
    if form.validate_on_submit():
        with form.refusals():
            made = record_group(work(), form.held, names_nobody=bool(form.names_nobody.data))
            session.flush()
            say("The group is recorded.")
            return back_to("focus_groups.group", focus_group_id=made.id)
    return page("surveys/focus_groups/add.html", form=form)
