"""Reviews, learning points, themes and actions on both databases."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lms.audit.models import AuditEntry
from lms.frame.access import PUBLIC, Role
from lms.frame.work import Work
from lms.kit.errors import Conflict, Invalid, NotFound
from lms.mail.models import OutboxLetter
from lms.people.models import Person
from reviews import checks
from reviews.actions import jobs
from reviews.actions.documents import plan_workbook
from reviews.actions.queries import PlanFilter, plan
from reviews.actions.rules import ActionState, Response
from reviews.actions.services import change_recommendation, write_action
from reviews.actions.written import Owed, Recommended
from reviews.cases.queries import ReviewScope, reviews_seen_by, tally
from reviews.cases.rules import Publication, ReviewType
from reviews.cases.services import publish_review
from reviews.embargoes.services import set_embargo
from reviews.evidence.services import record_evidence
from reviews.evidence.written import EvidenceFound
from reviews.facts import EmbargoSet, LearningPointAgreed, LearningPointChanged, ReviewPublished
from reviews.learning.queries import point_rows, shared_points
from reviews.learning.rules import EvidenceKind, PointStatus, Verdict
from reviews.learning.services import (
    Addressed,
    agree_point,
    change_point,
    link_learning_point,
    supersede_point,
    unlink_learning_point,
    write_point,
)
from reviews.learning.written import PointWritten
from reviews.themes.queries import themes_by_plain_name
from reviews.themes.services import add_theme, rename_theme
from reviews.theming.queries import count_themes
from reviews.theming.services import merge_theme
from tests.make import Make
from tests.moments import NOW
from tests.queries import counted_queries

Acting = Callable[[Person], Work]
FIGURES = json.loads((Path(__file__).parent.parent / "data" / "published_figures.json").read_text())
SANDWELL = FIGURES["sandwell_reviews_2019_23"]


class Told:
    """A site that remembers the facts it was told."""

    def __init__(self, site: object) -> None:
        self.facts: list[object] = []
        self.settings = site.settings  # type: ignore[attr-defined]

    def listeners_to(self, fact: object) -> tuple[Callable[[Work, object], None]]:
        return (lambda _work, told: self.facts.append(told),)

    def setting(self, name: str) -> object:
        raise KeyError(name)


@pytest.fixture
def told(work: Work) -> Told:
    return Told(work.site)


def test_the_published_theme_table_comes_out_of_the_records(make: Make, session: Session) -> None:
    counts: dict[str, int] = SANDWELL["theme_counts_of_13"]
    for number in range(SANDWELL["local_child_safeguarding_practice_reviews"]):
        carried = tuple(theme for theme, count in counts.items() if number < count)
        make.review(f"Practice review {number}", themes=carried)
    for number in range(SANDWELL["rapid_reviews"]):
        make.review(f"Rapid review {number}", types=(ReviewType.RAPID_REVIEW,), publication=Publication.IN_PROGRESS)
    found = count_themes(session, PUBLIC, ReviewScope(types=(ReviewType.LCSPR,)))
    assert {each.theme: each.count for each in found.counts} == counts
    assert next(each.words for each in found.counts if each.theme == "Neglect") == "10 of 13"
    everything = tally(reviews_seen_by(session, PUBLIC, ReviewScope()))
    assert everything.by_type == {ReviewType.LCSPR: 13, ReviewType.RAPID_REVIEW: 20}
    assert (everything.total, sum(everything.by_publication.values())) == (33, 33)


def test_a_joint_review_counts_once_in_the_total_and_under_each_type(make: Make, session: Session) -> None:
    make.review(types=(ReviewType.DHR, ReviewType.SCR))
    found = tally(reviews_seen_by(session, PUBLIC, ReviewScope()))
    assert (found.total, found.by_type) == (1, {ReviewType.SCR: 1, ReviewType.DHR: 1})
    assert len(reviews_seen_by(session, PUBLIC, ReviewScope(types=(ReviewType.DHR, ReviewType.SCR)))) == 1


def test_publication_states_add_up_whatever_happens(make: Make, acting: Acting, officer: Person) -> None:
    for state in Publication:
        make.review(publication=state)
    work = acting(officer)
    found = tally(reviews_seen_by(work.session, work.actor, ReviewScope()))
    assert found.total == sum(found.by_publication.values()) == 5
    assert list(checks.publication_states(work)) == []


def test_a_state_that_does_not_fit_is_found_and_refused(make: Make, work: Work) -> None:
    review = make.review(publication=Publication.IN_PROGRESS)
    review.publication = Publication.EMBARGOED
    work.session.flush()
    assert list(checks.publication_states(work)) == [
        f"Review {review.id}: its publication state and its embargo do not agree."
    ]
    review.publication = Publication.FULL
    with pytest.raises(IntegrityError):
        work.session.flush()


def test_publishing_is_told_and_not_publishing_needs_a_reason(make: Make, work: Work, told: Told) -> None:
    review = make.review(publication=Publication.IN_PROGRESS)
    work = replace(work, site=told)
    with pytest.raises(Invalid, match="Explain why it is not published"):
        publish_review(work, review.id, Publication.NONE)
    with pytest.raises(Invalid, match="Enter the date"):
        publish_review(work, review.id, Publication.FULL)
    publish_review(work, review.id, Publication.PART, published_on=NOW.date(), publication_reason="A late inquest")
    assert told.facts == [ReviewPublished(review.id, in_full=False)]


def test_an_embargoed_review_is_not_published(make: Make, acting: Acting, officer: Person) -> None:
    review = make.review(publication=Publication.EMBARGOED)
    with pytest.raises(Conflict, match="Lift it first"):
        publish_review(acting(officer), review.id, Publication.FULL, published_on=NOW.date())


def test_a_renamed_and_a_merged_theme_are_found_by_their_former_names(make: Make, work: Work) -> None:
    review = make.review(themes=("Under 1s", "Babies"))
    other = make.review(themes=("Babies",))
    babies, under = make.theme("Babies"), make.theme("Under 1s")
    rename_theme(work, under.id, "Babies under 1", "Before the first birthday")
    merge_theme(work, babies.id, under.id)
    assert [theme.name for theme in review.themes] == ["Babies under 1"]
    assert [theme.name for theme in other.themes] == ["Babies under 1"]
    names = themes_by_plain_name(work.session)
    assert {names[name].id for name in ("babies", "under 1s", "babies under 1")} == {under.id}
    with pytest.raises(Invalid, match="already on the list, as “Babies under 1”"):
        add_theme(work, "babies")
    with pytest.raises(Conflict, match="merged into another"):
        rename_theme(work, babies.id, "Infants", "")


def test_a_learning_point_is_agreed_once_with_its_minute(make: Make, work: Work, told: Told) -> None:
    work = replace(work, site=told)
    point = write_point(work, PointWritten("Ask who visits the home"))
    assert point.ref.startswith("LP-")
    with pytest.raises(Invalid, match="Enter the minute"):
        agree_point(work, point.id, agreed_on=NOW.date(), agreed_by="", minute=" ")
    agree_point(work, point.id, agreed_on=date(2026, 3, 3), agreed_by="sub-group", minute="7.2")
    with pytest.raises(Conflict):
        agree_point(work, point.id, agreed_on=date(2026, 3, 3), agreed_by="sub-group", minute="7.3")
    change_point(work, point.id, PointWritten("Ask who lives in the home"), is_new_meaning=False)
    change_point(work, point.id, PointWritten("Ask who lives and visits"), is_new_meaning=True)
    assert told.facts == [
        LearningPointAgreed(point.id, date(2026, 3, 3)),
        LearningPointChanged(point.id, NOW.date()),
    ]


def test_links_of_others_make_it_addressed_and_go_again(make: Make, work: Work) -> None:
    point = make.learning_point()
    said = Addressed("courses.coverage:1", "course", "Safer babies teaches it", date(2025, 1, 13))
    link_learning_point(work, point.id, said)
    link_learning_point(work, point.id, replace(said, since_on=date(2025, 2, 3)))
    (row,) = point_rows(work.session, PUBLIC)
    assert (row.status, row.addressed_by) == (PointStatus.ADDRESSED, 1)
    assert unlink_learning_point(work, "courses.coverage:1") == 1
    assert point_rows(work.session, PUBLIC)[0].status is PointStatus.AGREED


def test_evidence_makes_it_embedded_and_a_check_watches(make: Make, work: Work) -> None:
    point = make.learning_point(addressed_since=(date(2025, 1, 13),))
    found = EvidenceFound(EvidenceKind.AUDIT, "Audit", date(2025, 10, 1), "All files", Verdict.EMBEDDED, 36, 40)
    with pytest.raises(Invalid, match="not dated after"):
        record_evidence(work, point.id, replace(found, dated_on=date(2025, 1, 13)))
    record_evidence(work, point.id, found)
    assert point_rows(work.session, PUBLIC)[0].status is PointStatus.EMBEDDED
    assert list(checks.embedded_without_later_evidence(work)) == []
    point.links[0].since_on = date(2025, 12, 1)
    work.session.flush()
    assert len(list(checks.embedded_without_later_evidence(work))) == 1


def test_a_superseded_point_is_shared_no_more(make: Make, work: Work) -> None:
    kept = make.learning_point(review=make.review())
    old = make.learning_point("Ask about fathers", review=make.review())
    make.learning_point("Of a review in progress", review=make.review(publication=Publication.IN_PROGRESS))
    make.learning_point("Hidden", review=make.review(publication=Publication.EMBARGOED))
    supersede_point(work, old.id, by_ref=kept.ref)
    assert [row.id for row in point_rows(work.session, PUBLIC, only=shared_points())] == [kept.id]


def test_lists_take_the_same_number_of_queries_however_long(make: Make, work: Work) -> None:
    engine = work.session.get_bind()
    counts = []
    for _ in range(2):
        review = make.review(themes=("Under 1s", "Neglect"))
        for number in range(5):
            point = make.learning_point(f"Point {number}", review=review, addressed_since=(date(2025, 1, 1),))
            make.action(make.recommendation(review, learning_point=point))
        make.commit()
        with counted_queries(engine) as sent:  # type: ignore[arg-type]
            point_rows(work.session, PUBLIC)
            plan(work.session, work.actor, work.now)
            reviews_seen_by(work.session, PUBLIC, ReviewScope())
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 9


def test_an_action_needs_its_agency_owner_and_date(make: Make, work: Work) -> None:
    recommendation = make.recommendation()
    owner = make.person()
    good = Owed("Change the form.", owner.agency_id, owner.ref, NOW.date() + timedelta(days=60))
    for change, field in (
        ({"agency_id": None}, "agency_id"),
        ({"owner_ref": "nobody"}, "owner_ref"),
        ({"due_on": None}, "due_on"),
        ({"due_on": NOW.date()}, "due_on"),
    ):
        with pytest.raises(Invalid) as refusal:
            write_action(work, recommendation.id, replace(good, **change))
        assert refusal.value.field == field
    assert write_action(work, recommendation.id, good).state is ActionState.OPEN


def test_an_owner_who_leaves_shows_that_one_is_needed(make: Make, work: Work) -> None:
    action = make.action()
    action.owner.left_on = NOW.date() - timedelta(days=40)
    (row,) = plan(work.session, work.actor, work.now)
    assert (row.is_owner_needed, row.standing.words) == (True, "Owner needed")
    assert list(checks.actions_without_owner(work)) == []
    action.due_on = NOW.date() - timedelta(days=1)
    work.session.flush()
    assert list(checks.actions_without_owner(work)) == [
        f"Action {action.id}: its date has passed and its owner has left."
    ]


def test_not_accepting_needs_a_reason_and_withdraws_the_actions(make: Make, work: Work) -> None:
    action = make.action()
    refused = Recommended("Record every adult.", Response.NOT_ACCEPTED)
    with pytest.raises(Invalid) as refusal:
        change_recommendation(work, action.recommendation_id, refused)
    assert refusal.value.field == "not_accepted_reason"
    change_recommendation(work, action.recommendation_id, replace(refused, not_accepted_reason="It is done already"))
    assert action.state is ActionState.WITHDRAWN


def test_owners_are_written_to_once_before_and_once_after(make: Make, program_work: Work) -> None:
    action = make.action(due_on=date(2026, 3, 27))
    make.action(make.recommendation(make.review(publication=Publication.EMBARGOED)), due_on=date(2026, 3, 27))
    gone = make.action(due_on=date(2026, 3, 27))
    gone.owner.left_on = NOW.date()
    for days in (0, 1, 13, 14):
        jobs.write_to_owners(replace(program_work, now=NOW + timedelta(days=days)))
    letters = program_work.session.execute(
        sa.select(OutboxLetter.kind, OutboxLetter.person_id, OutboxLetter.context).order_by(OutboxLetter.id)
    ).all()
    assert [(kind, person_id) for kind, person_id, _ in letters] == [
        ("reviews.action_due", action.owner_id),
        ("reviews.action_overdue", action.owner_id),
    ]
    assert set(letters[0].context) == {"action_id", "agency", "due_on"}


def test_officers_are_told_when_a_date_comes_without_saying_what(
    make: Make, program_work: Work, officer: Person
) -> None:
    make.review(publication=Publication.EMBARGOED)
    jobs.ask_to_look_again(program_work)
    then = replace(program_work, now=NOW + timedelta(days=30))
    jobs.ask_to_look_again(then)
    jobs.ask_to_look_again(then)
    (letter,) = program_work.session.scalars(sa.select(OutboxLetter)).all()
    assert (letter.person_id, letter.context) == (officer.id, {"day": "Wednesday 15 April 2026"})


def test_the_workbook_writes_what_was_typed_as_words(make: Make, work: Work) -> None:
    make.action(text="=HYPERLINK(1)")
    sheet = openpyxl.load_workbook(BytesIO(plan_workbook(plan(work.session, work.actor, work.now), as_at=""))).active
    assert sheet is not None
    cell = sheet.cell(2, 4)
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_a_lead_sees_the_actions_of_the_agency_only(make: Make, acting: Acting) -> None:
    lead = make.person(roles=(Role.AGENCY_LEAD,))
    own = make.action(owner=make.person(agency=lead.agency))
    make.action()
    work = acting(lead)
    assert [row.id for row in plan(work.session, work.actor, work.now)] == [own.id]
    assert plan(work.session, PUBLIC, work.now, PlanFilter()) == []


def test_setting_an_embargo_tells_which_learning_goes_with_it(make: Make, work: Work, told: Told) -> None:
    review = make.review()
    point = make.learning_point(review=review)
    set_embargo(replace(work, site=told), review, reason="A trial", look_again_on=NOW.date() + timedelta(days=9))
    assert told.facts == [EmbargoSet(review.id, (point.id,))]
    with pytest.raises(NotFound):
        link_learning_point(work, point.id, Addressed("courses.coverage:2", "course", "x", NOW.date()))


def test_everything_about_reviews_is_confidential_in_the_audit(make: Make, work: Work) -> None:
    point = write_point(work, PointWritten("Ask who visits the home", review_id=make.review().id))
    agree_point(work, point.id, agreed_on=NOW.date(), agreed_by="", minute="1")
    lines = work.session.scalars(sa.select(AuditEntry)).all()
    mine = [line.is_confidential for line in lines if line.record_type == "LearningPoint"]
    assert mine == [True, True]
