"""The page on which somebody asks for a topic, and the office's list of what is wanted."""

from datetime import timedelta

from flask import Blueprint, request

from courses.programme.catalogue.finding.queries import Search, finds_nothing
from courses.programme.courses.queries import courses_in_catalogue
from courses.programme.searching.rules import LONGEST_TYPED
from courses.programme.wanted import queries, services
from courses.programme.wanted.forms import AnswerForm, TopicForm
from lms.frame.fields import choices_of
from lms.frame.network import network_address
from lms.frame.web import Answer, back_to, page, public, requires, say, signed_in, work
from lms.kit.folding import folded
from lms.kit.names import clean_words
from lms.kit.words import count
from lms.limits.services import hit

bp = Blueprint("wanted", __name__)

ONCE_A_DAY = timedelta(days=1)
MOST_WORDS_A_DAY = 40


@bp.route("/ask-for-a-topic", methods=["GET", "POST"])
@signed_in
def ask() -> Answer:
    form = TopicForm(data={"topic": clean_words(request.args.get("topic", ""))[:LONGEST_TYPED]})
    if form.validate_on_submit():
        with form.refusals():
            asked = services.ask_for_topic(work(), form.topic.data, form.note.data)
            say(f"Thank you. We’ll email you as soon as there is a course about {asked.topic}.")
            return back_to("wanted.ask")
    return page(
        "courses/wanted/ask.html", form=form, own=queries.own_topics(work().session, work().actor.person_id or 0)
    )


@bp.post("/ask-for-a-topic/<int:topic_id>/withdraw")
@signed_in
def withdraw(topic_id: int) -> Answer:
    services.withdraw_topic(work(), topic_id)
    say("You no longer ask for this topic.")
    return back_to("wanted.ask")


@bp.post("/searched-in-vain")
@public
def searched_in_vain() -> Answer:
    """Told by the page that found nothing: what is no longer so, and what one network tells twice, is not counted."""
    typed = " ".join(clean_words(request.form.get("q", "")).split())[:LONGEST_TYPED]
    who = network_address()
    is_new = hit(work(), "searched in vain: words", f"{who}\0{folded(typed)}", most=1, per=ONCE_A_DAY)
    if typed and is_new and hit(work(), "searched in vain", who, most=MOST_WORDS_A_DAY, per=ONCE_A_DAY):
        found_nothing, known = finds_nothing(work(), Search(typed))
        if found_nothing:
            services.keep_search_in_vain(work(), typed, known)
    say("Thank you. The training team will see that these words found nothing.")
    return back_to("catalogue.catalogue")


@bp.get("/catalogue/wanted")
@requires("courses.manage_catalogue")
def wanted() -> Answer:
    session = work().session
    topics, in_vain = queries.topics_asked(session), queries.searched_in_vain(session, work().now)
    return page("courses/wanted/wanted.html", topics=topics, in_vain=in_vain)


@bp.route("/catalogue/wanted/<int:topic_id>", methods=["GET", "POST"])
@requires("courses.manage_catalogue")
def topic(topic_id: int) -> Answer:
    found = queries.topic_by_id(work().session, topic_id)
    form = AnswerForm()
    form.course_id.choices = choices_of(courses_in_catalogue(work().session), (0, "None: put this topic aside"))
    if form.validate_on_submit():
        with form.refusals():
            asked = services.answer_topic(work(), found, form.course_id.data or None)
            people = count(asked, "person", "people")
            say(f"{people} asked. We’ll email them." if form.course_id.data else f"Put aside. {people} had asked.")
            return back_to("wanted.wanted")
    asking = queries.asking_for(work().session, found)
    return page("courses/wanted/topic.html", form=form, topic=found, asking=asking)
