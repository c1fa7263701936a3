"""What a publication, a correction, a recall and an embargo mean for what was sent or is about to be."""

import sqlalchemy as sa

from briefings.cascade.rules import answer_by
from briefings.cascade.services import note_readers
from briefings.distribution import letters, services
from briefings.distribution.drawing.queries import agency_names, leads_asked
from briefings.distribution.models import Recipient
from briefings.distribution.queries import Got, live_orders, people_sent, shared_keys, who_got
from briefings.distribution.rules import Drawn, Trigger, mailboxes
from briefings.facts import BriefingCorrected, BriefingPublished, BriefingRecalled
from briefings.writing.models import Briefing, BriefingVersion, briefing_point
from briefings.writing.queries import published_versions
from briefings.writing.recalling.models import BriefingRecall
from lms.frame.access import program
from lms.frame.work import Work
from lms.kit.words import long_date
from lms.kit.working_days import london_date
from lms.lists.queries import people_with_own_copy
from lms.mail.outbox import stop_shared
from reviews.cases.models import Review
from reviews.cases.rules import OUT
from reviews.facts import EmbargoSet, ReviewPublished
from reviews.learning.models import LearningPoint

REPLACED = "Not sent: a newer version took its place."
RECALLED = "Not sent: the briefing was recalled."
WITHHELD = "Not sent: it may not go out."


def send_when_published(work: Work, fact: BriefingPublished) -> None:
    """A briefing is out: standing orders send it, once the reviews behind it are published too."""
    waits = (
        sa.select(Review.id)
        .join(LearningPoint, LearningPoint.review_id == Review.id)
        .join(briefing_point, briefing_point.c.learning_point_id == LearningPoint.id)
        .where(briefing_point.c.version_id == fact.version_id, Review.publication.not_in(OUT))
    )
    if work.session.scalar(waits.limit(1)) is None:
        _by_orders(work, [fact.briefing_id])


def send_when_review_is_published(work: Work, fact: ReviewPublished) -> None:
    """A review is published: standing orders send the briefings about its learning that are out."""
    about = (
        sa.select(briefing_point.c.version_id)
        .join(LearningPoint, LearningPoint.id == briefing_point.c.learning_point_id)
        .where(LearningPoint.review_id == fact.review_id)
    )
    out = published_versions(program("standing orders")).where(BriefingVersion.id.in_(about))
    ids = work.session.scalars(out.with_only_columns(BriefingVersion.briefing_id).order_by(BriefingVersion.id))
    _by_orders(work, list(ids))


def _by_orders(work: Work, briefing_ids: list[int]) -> None:
    orders = [order for order in live_orders(work.session) if order.trigger is Trigger.PUBLISHED]
    for briefing_id in briefing_ids:
        for order in orders:
            services.plan_by_order(work, order, briefing_id)


def tell_of_correction(work: Work, fact: BriefingCorrected) -> None:
    """A new version: those who got the old one are told what is different; those who had not, get the new one."""
    got = who_got(work.session, fact.briefing_id)
    stop_shared(work.session, shared_keys(work.session, fact.briefing_id), why=REPLACED, now=work.now)
    version = work.session.get_one(BriefingVersion, fact.new_version_id)
    people, own = people_sent(work.session, fact.briefing_id), people_with_own_copy(work.session)
    arrived = _still_here(got.arrived, people)
    if arrived:
        boxes = mailboxes(arrived, own)
        work.send_to_many(letters.correction_letter(work, version), letters.copies("correction", version, boxes))
    _send_new_instead(work, version, got, people, own)
    work.session.execute(
        sa.update(Recipient).where(Recipient.briefing_id == fact.briefing_id).values(version_id=version.id)
    )
    work.record("briefing correction sent", version, people=len(arrived))


def _send_new_instead(work: Work, version: BriefingVersion, got: Got, people: dict[int, Drawn], own: set[int]) -> None:
    """Copies of the old version that had not gone: their readers get the new one, as if it had been the first."""
    names: dict[int, str] = {}
    waiting = {each.person_id: each for each in got.waiting}
    asked = [lead for lead in leads_asked(work.session, version.briefing_id) if lead.person.id in waiting]
    if asked:
        names = agency_names(work.session, {each for lead in asked for each in lead.agency_ids})
        by = long_date(answer_by(london_date(work.now)))
        work.send_to_many(
            letters.lead_letter(work, version, by, 0),
            [services.lead_copy(work, "cascade", version, lead, names) for lead in asked],
        )
    is_asked = {lead.person.id for lead in asked}
    boxes = mailboxes([each for each in people.values() if each.id in waiting and each.id not in is_asked], own)
    if boxes:
        work.send_to_many(letters.briefing_letter(work, version), letters.copies("briefing", version, boxes))
    for lead in asked:
        waiting[lead.person.id].letter_key = letters.copy_key("cascade", version, [lead.person])
    for readers in boxes:
        for person in readers:
            waiting[person.id].letter_key = letters.copy_key("briefing", version, readers)
    work.session.flush()


def _still_here(recipients: tuple[Recipient, ...], people: dict[int, Drawn]) -> list[Drawn]:
    ids = {each.person_id for each in recipients}
    return [person for person_id, person in people.items() if person_id in ids]


def take_back(work: Work, fact: BriefingRecalled) -> None:
    """A recall: what waits is stopped, those who got it are told, and who had read it is written down.

    Under an embargo nothing names it: what letters said is wiped, and the telling has neither title nor reason.
    """
    got = who_got(work.session, fact.briefing_id)
    why = WITHHELD if fact.is_embargo else RECALLED
    services.stop_planned(work, fact.briefing_id, why)
    keys = shared_keys(work.session, fact.briefing_id)
    stop_shared(work.session, keys, why=why, now=work.now, forget=fact.is_embargo)
    version = work.session.get_one(BriefingVersion, fact.version_id)
    recall = work.session.scalars(sa.select(BriefingRecall).where(BriefingRecall.version_id == fact.version_id)).one()
    readers = _still_here(got.arrived, people_sent(work.session, fact.briefing_id))
    if readers:
        letter = (
            letters.nameless_recall_letter(version)
            if fact.is_embargo
            else letters.recall_letter(version, recall.reason)
        )
        boxes = mailboxes(readers, people_with_own_copy(work.session))
        work.send_to_many(letter, letters.copies("recalled", version, boxes))
    note_readers(work, recall, told=len(readers))


def withhold_letters(work: Work, fact: EmbargoSet) -> None:
    """An embargo: what letters said of a briefing that links this learning is wiped, also of one recalled long ago."""
    linking = (
        sa.select(BriefingVersion.briefing_id)
        .join(briefing_point, briefing_point.c.version_id == BriefingVersion.id)
        .where(briefing_point.c.learning_point_id.in_(fact.learning_point_ids))
    )
    for briefing_id in work.session.scalars(
        sa.select(Briefing.id).where(Briefing.id.in_(linking)).order_by(Briefing.id)
    ):
        services.stop_planned(work, briefing_id, WITHHELD)
        stop_shared(work.session, shared_keys(work.session, briefing_id), why=WITHHELD, now=work.now, forget=True)
