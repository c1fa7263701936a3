"""The page on which a briefing is taken back."""

from flask import Blueprint

from briefings.writing.queries import find_briefing, review_ids_of
from briefings.writing.recalling import forms, services
from lms.frame.web import Answer, back_to, page, requires, say, work
from reviews.cases.readings.services import note_reading

bp = Blueprint("recalling", __name__)


@bp.route("/briefings/<int:briefing_id>/recall", methods=["GET", "POST"])
@requires("briefings.write")
def recall(briefing_id: int) -> Answer:
    briefing = find_briefing(work().session, work().actor, briefing_id)
    note_reading(work(), [each for version in briefing.versions for each in review_ids_of(version)], "recall")
    form = forms.RecallForm()
    if form.validate_on_submit():
        with form.refusals():
            services.recall_briefing(work(), briefing_id, reason=form.reason.data)
            say("The briefing is recalled. Its page, its files and its place in the feed are gone.")
            return back_to("writing.manage", briefing_id=briefing_id)
    return page("briefings/recalling/recall.html", form=form, briefing=briefing)
