"""What surveys keep of people: given back, erased, and removed in time."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from courses.booking.bookings.models import Booking
from courses.programme.courses.models import CourseVersion
from courses.programme.events.models import Event
from lms.frame.plugins import PersonalData, Retention
from lms.frame.work import Work
from lms.kit.words import long_date, moment
from surveys.coding.models import TextCoding
from surveys.comparison.services import forget_consents, forget_person
from surveys.concerns.models import QueueStep
from surveys.free_text.services import anonymise_old_texts
from surveys.invitations.consent.models import Consent
from surveys.invitations.models import Answered, Invitation, SurveyRefusal
from surveys.invitations.queries import facts_of
from surveys.invitations.rules import NotAsked, state_of
from surveys.invitations.services import refuse
from surveys.letting_out.ending.services import cut_links, forget_drafts
from surveys.observation import personal_data as observations_kept
from surveys.stages.rules import OF_DELEGATES, OF_MANAGERS, STAGE_WORDS

ERASED = "Erased"


def export(work: Work, person_id: int) -> Mapping[str, Any]:
    """What they were asked, and whether they answered. What they answered cannot be found: it has no name."""
    rows = work.session.execute(
        sa.select(Invitation, Answered.invitation_id, CourseVersion.title)
        .join(Event, Event.id == Invitation.event_id)
        .join(CourseVersion, CourseVersion.id == Event.course_version_id)
        .outerjoin(Answered, Answered.invitation_id == Invitation.id)
        .where(Invitation.person_id == person_id)
        .order_by(Invitation.id)
    )
    refusal = work.session.get(SurveyRefusal, person_id)
    return {
        **observations_kept.export(work, person_id),
        "surveys": [
            {
                "course": title,
                "stage": STAGE_WORDS[each.stage],
                "due": long_date(each.due_on),
                "sent": moment(each.sent_at) if each.sent_at else "",
                "sent to": each.sent_to if not each.stage.of.asks_manager else "the line manager",
                "state": state_of(facts_of(each, is_answered=answered is not None), work.now).value,
            }
            for each, answered, title in rows
        ],
        "asked while waiting, to compare": _consents(work, person_id),
        "does not want to be asked since": moment(refusal.since_at) if refusal else "",
        "texts that they coded": _coded(work, person_id),
        "answers": "Answers are kept without names. No one can say which are yours.",
    }


def _consents(work: Work, person_id: int) -> list[str]:
    query = sa.select(Consent).join(Booking, Booking.id == Consent.booking_id).where(Booking.person_id == person_id)
    found = work.session.scalars(query.order_by(Consent.booking_id))
    return [f"{'Yes' if each.is_given else 'No'}, said on {long_date(each.said_on)}" for each in found]


def _coded(work: Work, person_id: int) -> int:
    query = sa.select(sa.func.count()).select_from(TextCoding).where(TextCoding.by_id == person_id)
    return work.session.scalar(query) or 0


def erase(work: Work, person_id: int) -> None:
    """They are asked no more, and addresses go. Whether they were asked and answered stays, as a number."""
    observations_kept.erase(work, person_id)
    forget_person(work, person_id)
    refuse(work, person_id, NotAsked.ERASED)
    work.session.execute(sa.update(TextCoding).where(TextCoding.by_id == person_id).values(by_id=None))
    work.session.execute(
        sa.update(Invitation)
        .where(Invitation.person_id == person_id, Invitation.stage.in_(OF_DELEGATES))
        .values(sent_to="", bounce_words="")
    )
    manager = Invitation.person_id == person_id, Invitation.stage.in_(OF_MANAGERS)
    work.session.execute(
        sa.update(Invitation).where(*manager).values(to_name="", to_address="", sent_to="", bounce_words="")
    )
    work.session.execute(
        sa.update(Invitation)
        .where(*manager, Invitation.sent_at.is_(None), Invitation.withdrawn_at.is_(None))
        .values(withdrawn_at=work.now, withdrawn_reason="The person's data were erased")
    )
    work.session.execute(sa.update(QueueStep).where(QueueStep.by_id == person_id).values(by_name=ERASED))


PERSONAL_DATA = PersonalData(
    tables=(
        *observations_kept.TABLES,
        "survey_invitation",
        "survey_consent",
        "survey_answered",
        "survey_refusal",
        "safeguarding_lead",
        "survey_concern_step",
        "survey_text_coding",
    ),
    export=export,
    erase=erase,
    not_shown=("survey_answer_text", "survey_concern", "survey_observation", "survey_concern_step"),
    retention=(
        Retention("surveys.links", "What joins bookings to sealed answers: cut 12 months after the event", cut_links),
        Retention("surveys.consents", "Who agreed to be compared, waiting: 12 months after the event", forget_consents),
        Retention("surveys.drafts", "Answers that were never sent: 30 days after the survey closed", forget_drafts),
        Retention("surveys.texts", "People's own words: 24 months, then only their number", anonymise_old_texts),
    ),
)
