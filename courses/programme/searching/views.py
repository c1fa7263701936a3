"""The office's list of short forms and everyday words by which courses are found."""

from flask import Blueprint, request

from courses.programme.courses.rules import lines_of
from courses.programme.searching import queries, services
from courses.programme.searching.forms import MeaningForm
from courses.programme.searching.queries import MeaningRow
from courses.programme.searching.rules import WordsMeant
from lms.frame.web import Answer, back_to, page, requires, say, work

bp = Blueprint("searching", __name__)


@bp.get("/catalogue/words")
@requires("courses.manage_catalogue")
def meanings() -> Answer:
    return page("courses/searching/meanings.html", rows=queries.meaning_rows(work().session))


@bp.route("/catalogue/words/one", methods=["GET", "POST"])
@requires("courses.manage_catalogue")
def meaning() -> Answer:
    """One line of the list, `?of=` its words; without them a new one."""
    of = request.args.get("of", "")
    row = queries.meaning_by_words(work().session, of) if of else MeaningRow("", (), None, False)
    form = MeaningForm(data={"words": row.words, "others": "\n".join(row.others)})
    if form.validate_on_submit():
        with form.refusals():
            written = WordsMeant(form.words.data, tuple(lines_of(form.others.data)))
            saved = services.save_meaning(work(), written, instead_of=row.words)
            say(f"“{saved.words}” can now be found with them.")
            return back_to("searching.meanings")
    return page("courses/searching/meaning.html", form=form, row=row)


@bp.post("/catalogue/words/put-back")
@requires("courses.manage_catalogue")
def put_back() -> Answer:
    services.put_back(work(), request.form.get("words", ""))
    say("Removed what you had added.")
    return back_to("searching.meanings")
