"""The life of a version: written, checked, approved, published, corrected, recalled; and what is refused."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from briefings.approving.services import approve_version, check_version, publish_version, return_version
from briefings.checks import out_under_embargo, passed_by_a_writer, seven_parts
from briefings.facts import BriefingApproved, BriefingCorrected, BriefingPublished, BriefingRecalled
from briefings.library.queries import briefing_rows
from briefings.personal_data import PERSONAL_DATA
from briefings.writing.models import BriefingPart, BriefingVersion
from briefings.writing.queries import desk_rows, find_briefing, find_published, find_version, published_versions
from briefings.writing.recalling.models import BriefingRecall
from briefings.writing.recalling.services import recall_briefing
from briefings.writing.rules import CHECKLIST, SHAPES, ApprovedAs, Part, VersionState
from briefings.writing.services import ask_for_check, begin_version, change_version, discard_version
from briefings.writing.shapes.letters import letter_of
from lms.audit.models import AuditEntry
from lms.frame.access import PUBLIC, program
from lms.kit.errors import Conflict, Invalid, NotAllowed, NotFound
from lms.mail.models import OutboxLetter
from reviews.cases.rules import Publication
from reviews.embargoes.services import lift_embargo, set_embargo
from reviews.learning.models import LearningPointLink
from tests.briefings.conftest import SEVEN, Office
from tests.courses.facts_told import hearing
from tests.moments import NOW

BASE = "https://training.rowanvalleyscp.example"


def letters(office: Office) -> list[tuple[str, int | None]]:
    rows = office.work.session.execute(
        sa.select(OutboxLetter.kind, OutboxLetter.person_id)
        .where(OutboxLetter.kind.startswith("briefings."))
        .order_by(OutboxLetter.id)
    )
    return [(kind, person_id) for kind, person_id in rows]


def sources(office: Office) -> list[str]:
    return list(office.work.session.scalars(sa.select(LearningPointLink.source).order_by(LearningPointLink.source)))


def test_a_briefing_goes_from_its_writer_over_two_others_to_everybody(office: Office) -> None:
    point = office.make.learning_point()
    version = office.draft(point_ids=(point.id,), title=" Every adult\x00 in a baby’s life\r\n")
    assert version.title == "Every adult in a baby’s life"
    with pytest.raises(Conflict, match="still at it"):
        check_version(office.acting(office.second), version.id, CHECKLIST)
    ask_for_check(office.acting(office.writer), version.id)
    asked = {office.second.id, office.officer.id, office.manager.id}
    assert {person for kind, person in letters(office) if kind == "briefings.to_check"} == asked
    with pytest.raises(Conflict, match="someone else has to check"):
        check_version(office.acting(office.writer), version.id, CHECKLIST)
    with pytest.raises(Invalid, match="One is not ticked"):
        check_version(office.acting(office.second), version.id, list(CHECKLIST)[1:])
    with pytest.raises(Conflict, match="second person checks it before"):
        approve_version(office.acting(office.manager), version.id, ApprovedAs.BUSINESS_MANAGER)
    check_version(office.acting(office.second), version.id, CHECKLIST)
    with pytest.raises(Conflict, match="No one has approved this version"):
        publish_version(office.acting(office.writer), version.id)
    with pytest.raises(Invalid, match="Enter the minute"):
        approve_version(office.acting(office.chair), version.id, ApprovedAs.SUB_GROUP, minute=" ")
    with pytest.raises(NotAllowed, match="Only the business manager"):
        approve_version(office.acting(office.chair), version.id, ApprovedAs.BUSINESS_MANAGER)
    work = office.acting(office.chair)
    heard = hearing(work)
    approve_version(work, version.id, ApprovedAs.SUB_GROUP, minute="7.2")
    assert heard.facts == [BriefingApproved(version.briefing_id, version.id)]
    assert letters(office)[-1] == ("briefings.approved", office.writer.id)
    with pytest.raises(NotFound):
        find_published(office.work.session, PUBLIC, version.briefing_id)
    work = office.acting(office.writer)
    heard = hearing(work)
    publish_version(work, version.id)
    assert heard.facts == [BriefingPublished(version.briefing_id, version.id)]
    assert find_published(office.work.session, PUBLIC, version.briefing_id) is version
    assert sources(office) == [f"briefings.briefing:{version.briefing_id}:{point.id}"]
    for check in (out_under_embargo, passed_by_a_writer, seven_parts):
        assert list(check(office.work)) == []


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"questions": ("Only one?",)}, "at least 3 questions"),
        ({"parts": tuple(Part(each, "word " * 200) for each in SHAPES[SEVEN].titles)}, "at most 1,400 words"),
        ({"parts": (*(Part(each, "x") for each in SHAPES[SEVEN].titles[:6]), Part("More", ""))}, "Part 7"),
        ({"parts": tuple(Part(each, "Born 3 May 2019.") for each in SHAPES[SEVEN].titles)}, "a date of birth"),
    ],
)
def test_what_is_not_ready_is_refused_in_words_before_anybody_is_asked(
    office: Office, other: dict[str, object], words: str
) -> None:
    version = office.draft(**other)
    with pytest.raises(Invalid, match=words):
        ask_for_check(office.acting(office.writer), version.id)
    assert letters(office) == []


def test_an_eighth_part_is_refused_and_the_database_refuses_it_too(office: Office) -> None:
    parts = (*office.written().parts, Part("One more", "x"))
    with pytest.raises(Invalid, match="exactly seven parts, and this has 8"):
        office.draft(parts=parts)
    office.work.session.rollback()
    version = office.draft()
    office.work.session.add(BriefingPart(version_id=version.id, number=8, title="x", body="x"))
    with pytest.raises(sa.exc.IntegrityError):
        office.work.session.flush()


def test_a_change_takes_check_and_approval_back_and_two_writers_do_not_overwrite_each_other(office: Office) -> None:
    version = office.approved()
    change_version(office.acting(office.second), version.id, office.written("Another title"))
    assert (version.state, version.checked_at, version.approved_as, version.edition) == (
        VersionState.DRAFT,
        None,
        None,
        2,
    )
    with pytest.raises(Invalid, match="Someone else changed this"):
        change_version(office.acting(office.writer), version.id, office.written("Mine"))
    assert version.title == "Another title"
    ask_for_check(office.acting(office.writer), version.id)
    with pytest.raises(Conflict, match="someone else has to check"):
        check_version(office.acting(office.second), version.id, CHECKLIST)
    return_version(office.acting(office.officer), version.id, reason="Part 3 names a street.")
    assert (version.returned_reason, version.asked_at) == ("Part 3 names a street.", None)
    assert ("briefings.returned", office.second.id) in letters(office)


def test_without_anybody_who_may_approve_it_says_so(office: Office) -> None:
    for person in (office.manager, office.chair):
        person.roles.clear()
    version = office.draft()
    with pytest.raises(Conflict, match="no one else here who may"):
        publish_version(office.acting(office.writer), version.id)


def test_a_correction_takes_the_place_of_the_old_version_and_says_what_is_different(office: Office) -> None:
    kept, dropped = office.make.learning_point(), office.make.learning_point("Another")
    first = office.published(point_ids=(kept.id, dropped.id))
    work = office.acting(office.writer)
    second = begin_version(work, first.briefing_id)
    assert [part.body for part in second.parts] == [part.body for part in first.parts]
    with pytest.raises(Conflict, match="already in progress"):
        begin_version(work, first.briefing_id)
    with pytest.raises(Invalid, match="what has changed"):
        ask_for_check(work, second.id)
    change_version(work, second.id, office.written(correction="Part 5 is clearer.", point_ids=(kept.id,)))
    office.approved(second)
    later = replace(work, now=NOW + timedelta(days=9))
    heard = hearing(later)
    publish_version(later, second.id)
    assert heard.facts == [BriefingCorrected(first.briefing_id, first.id, second.id)]
    assert (first.state, second.state) == (VersionState.SUPERSEDED, VersionState.PUBLISHED)
    links = office.work.session.scalars(sa.select(LearningPointLink)).all()
    assert [(link.learning_point_id, link.since_on) for link in links] == [(kept.id, NOW.date())]
    with pytest.raises(NotFound):
        letter_of(office.work.session, first.id, BASE)
    assert letter_of(office.work.session, second.id, BASE)["sections"][6]["title"] == "Where to find more"


def test_a_recall_takes_everything_back_and_a_new_version_can_follow(office: Office) -> None:
    point = office.make.learning_point()
    version = office.published(point_ids=(point.id,))
    with pytest.raises(Invalid, match="Explain why"):
        recall_briefing(office.acting(office.writer), version.briefing_id, reason=" ")
    work = office.acting(office.writer)
    heard = hearing(work)
    recall_briefing(work, version.briefing_id, reason="A figure is wrong.")
    assert heard.facts == [BriefingRecalled(version.briefing_id, version.id, is_embargo=False)]
    assert sources(office) == []
    assert briefing_rows(office.work.session, office.acting(None).actor) == []
    with pytest.raises(Conflict, match="nothing to recall"):
        recall_briefing(office.acting(office.writer), version.briefing_id, reason="Again.")
    again = begin_version(office.acting(office.writer), version.briefing_id)
    office.published(again)
    assert find_published(office.work.session, PUBLIC, version.briefing_id) is again


def test_only_those_who_sign_in_find_what_is_not_public(office: Office) -> None:
    version = office.published(is_public=False)
    assert briefing_rows(office.work.session, PUBLIC) == []
    assert [row.id for row in briefing_rows(office.work.session, office.acting(None).actor)] == [version.briefing_id]
    with pytest.raises(NotFound, match="sign in"):
        find_published(office.work.session, PUBLIC, version.briefing_id)


def test_a_draft_can_be_thrown_away_and_what_was_out_cannot(office: Office) -> None:
    draft, version = office.draft(), office.published()
    assert discard_version(office.acting(office.writer), draft.id) is None
    with pytest.raises(Conflict, match="Recall it instead"):
        discard_version(office.acting(office.writer), version.id)


def test_the_database_refuses_two_versions_out_and_ones_own_approval(office: Office) -> None:
    version = office.published()
    session = office.work.session
    session.commit()
    values = {
        each.key: getattr(version, each.key) for each in BriefingVersion.__mapper__.column_attrs if each.key != "id"
    }
    for changed in ({"number": 2}, {"number": 3, "approved_by_id": version.written_by_id}):
        session.add(BriefingVersion(**{**values, **changed}))
        with pytest.raises(sa.exc.IntegrityError):
            session.flush()
        session.rollback()


class TestEmbargo:
    """From the moment that it is set, the briefing exists for officers alone, and nothing of it goes out."""

    def test_a_published_briefing_is_recalled_and_hidden_and_comes_back_only_by_a_new_version(
        self, office: Office
    ) -> None:
        review = office.make.review(publication=Publication.IN_PROGRESS)
        point, other = office.make.learning_point(review=review), office.make.learning_point("Open")
        first = office.published(point_ids=(point.id, other.id))
        second = begin_version(office.acting(office.writer), first.briefing_id)
        change_version(
            office.acting(office.writer), second.id, office.written(correction="No longer on it", point_ids=(other.id,))
        )
        published = office.published(second)
        before = len(letters(office))
        set_embargo(office.acting(office.officer), review, reason="A trial.", look_again_on=NOW.date() + timedelta(30))
        session = office.work.session
        recall = session.scalars(sa.select(BriefingRecall)).one()
        assert (recall.version_id, recall.is_embargo, published.state) == (published.id, True, VersionState.WITHDRAWN)
        assert sources(office) == []
        for actor in (PUBLIC, program("a job"), office.acting(office.writer).actor, office.acting(office.chair).actor):
            assert session.scalars(published_versions(actor)).all() == []
            assert desk_rows(session, actor) == []
            for find, number in (
                (find_briefing, first.briefing_id),
                (find_version, first.id),
                (find_version, second.id),
            ):
                with pytest.raises(NotFound):
                    find(session, actor, number)
        assert find_briefing(session, office.acting(office.officer).actor, first.briefing_id)
        assert desk_rows(session, office.acting(office.officer).actor)[0].is_under_embargo
        assert PERSONAL_DATA.export(office.acting(office.chair), office.writer.id) == {}
        third = begin_version(office.acting(office.officer), first.briefing_id)
        ask_for_check(office.acting(office.officer), third.id)
        check_version(office.acting(office.manager), third.id, CHECKLIST)
        other_manager = office.make.person("Una Verrill", roles=(office.manager.roles[0].role,))
        with pytest.raises(Conflict, match="under embargo"):
            approve_version(office.acting(other_manager), third.id, ApprovedAs.BUSINESS_MANAGER)
        assert len(letters(office)) == before, "an email tells that there is something"
        with pytest.raises(NotFound):
            letter_of(session, published.id, BASE)
        lift_embargo(office.acting(office.officer), review, reason="The trial is over.")
        assert session.scalars(published_versions(PUBLIC)).all() == []
        approve_version(office.acting(other_manager), third.id, ApprovedAs.BUSINESS_MANAGER)
        publish_version(office.acting(office.writer), third.id)
        assert find_published(session, PUBLIC, first.briefing_id) is third

    def test_an_approved_version_is_not_published_and_learning_under_embargo_gets_its_own_briefing(
        self, office: Office
    ) -> None:
        review = office.make.review(publication=Publication.IN_PROGRESS)
        point = office.make.learning_point(review=review)
        version, out = office.approved(point_ids=(point.id,)), office.published()
        set_embargo(office.acting(office.officer), review, reason="A trial.", look_again_on=NOW.date() + timedelta(30))
        with pytest.raises(Conflict, match="under embargo"):
            publish_version(office.acting(office.officer), version.id)
        with pytest.raises(NotFound):
            publish_version(office.acting(office.writer), version.id)
        again = begin_version(office.acting(office.officer), out.briefing_id)
        with pytest.raises(Invalid, match="Write a new briefing"):
            change_version(office.acting(office.officer), again.id, office.written(point_ids=(point.id,)))

    def test_no_line_of_the_audit_says_a_title_or_is_for_everybody(self, office: Office) -> None:
        version = office.published()
        recall_briefing(office.acting(office.writer), version.briefing_id, reason="Wrong.")
        lines = office.work.session.scalars(sa.select(AuditEntry).where(AuditEntry.record_type == "Briefing")).all()
        assert len(lines) >= 5
        assert all(line.is_confidential and version.title not in str(line.details) for line in lines)
