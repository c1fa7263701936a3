"""People who were asked and answered, for tests of what is made of it: rows as the surveys plugin writes them."""

from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from courses.booking.bookings.models import Booking
from courses.booking.bookings.rules import BookingState, Outcome
from courses.programme.events.models import Event
from courses.programme.events.rules import EventState
from lms.agencies.models import Agency
from surveys.answers.models import AnswerSheet, SurveyAnswer
from surveys.free_text.models import AnswerText
from surveys.free_text.rules import TextState
from surveys.invitations.models import Answered, Invitation
from surveys.invitations.rules import NotAsked
from surveys.pairs.models import PracticeAnswer, PracticeSheet
from surveys.pairs.rules import Side
from surveys.questions.models import Question, QuestionOption, Survey, SurveyVersion
from surveys.questions.rules import QuestionKind, SurveyKind
from surveys.selection.rules import half_of
from surveys.stages.rules import Stage
from tests.make import Make
from tests.moments import NOW

PRACTICE = "practice.every-adult"


class Asked:
    """An office that has asked people for a year."""

    def __init__(self, session: Session, make: Make) -> None:
        self.session, self.make = session, make
        self._numbers = count(1)
        self.versions = {kind: self._survey(kind) for kind in SurveyKind}

    def _survey(self, kind: SurveyKind) -> SurveyVersion:
        options = [
            QuestionOption(position=place, value=f"v{place}", words=words)
            for place, words in enumerate(("Time", "System", "Nothing"), 1)
        ]
        questions = [
            Question(
                position=1,
                code=PRACTICE,
                kind=QuestionKind.SCALE,
                words="I ask about every adult",
                low_words="never",
                high_words="always",
            ),
            Question(
                position=2,
                code=f"{kind}.hindered",
                kind=QuestionKind.CHOICES,
                words="What got in the way?",
                options=options,
            ),
            Question(position=3, code=f"{kind}.example", kind=QuestionKind.TEXT, words="What did you do differently?"),
            Question(position=4, code=f"{kind}.clear", kind=QuestionKind.AGREEMENT, words="It was clear"),
        ]
        version = SurveyVersion(number=1, created_at=NOW, published_at=NOW, questions=questions)
        self.session.add(
            Survey(
                kind=kind,
                title=kind.value,
                created_at=NOW,
                versions=[version],
                is_standing=kind is not SurveyKind.WORKFORCE,
            )
        )
        self.session.flush()
        return version

    def held(self, course: Any, on: date, **values: Any) -> Event:
        """A delivered event."""
        starts = datetime.combine(on, NOW.timetz())
        return self.make.event(
            course,
            starts=starts,
            state=EventState.DELIVERED,
            finalised_at=starts + timedelta(days=1),
            places_offered=24,
            capacity=90,
            **values,
        )

    def people(
        self,
        event: Event,
        agency: Agency,
        there: int,
        answered: int,
        *,
        bounced: int = 0,
        no_address: int = 0,
        closes: datetime | None = None,
        stage: Stage = Stage.IMPACT,
    ) -> None:
        """People of one agency who attended and were asked three months on, or on the day; the first ones answered."""
        sent = event.ends_at + timedelta(days=91 if stage is Stage.IMPACT else 0)
        before = self.session.scalar(sa.select(sa.func.count(Booking.id)).where(Booking.event_id == event.id)) or 0
        for place in range(there):
            number = next(self._numbers)
            person = self.make.person(f"Person {number}", agency=agency, ref=f"Q{number}")
            booking = Booking(
                event_id=event.id,
                person_id=person.id,
                agency_id=agency.id,
                policy_version_id=1,
                state=BookingState.CONFIRMED,
                place_number=before + place + 1,
                booked_at=event.created_at,
                confirmed_at=event.created_at,
                free_until=event.free_until,
                outcome=Outcome.ATTENDED,
            )
            self.session.add(booking)
            self.session.flush()
            is_asked = place < there - no_address
            invitation = Invitation(
                booking_id=booking.id,
                event_id=event.id,
                person_id=person.id,
                stage=stage,
                due_on=sent.date(),
                send_at=sent,
                not_asked=None if is_asked else NotAsked.NO_ADDRESS,
                version_id=self.versions[SurveyKind(stage.value)].id,
                sent_at=sent if is_asked else None,
                closes_at=(closes or sent + timedelta(days=28)) if is_asked else None,
                bounced_at=sent if is_asked and place >= there - no_address - bounced else None,
                created_at=sent,
            )
            self.session.add(invitation)
            self.session.flush()
            if place < answered:
                self.session.add(Answered(invitation_id=invitation.id))
        self.session.flush()

    def managers(self, event: Event, answered: int) -> None:
        """The line managers of everybody who was asked at an event were asked as well; the first ones answered."""
        asked = self.session.scalars(
            sa.select(Invitation).where(Invitation.event_id == event.id, Invitation.sent_at.is_not(None))
        ).all()
        for place, each in enumerate(asked):
            names = ("booking_id", "event_id", "person_id", "due_on", "send_at", "sent_at", "closes_at", "created_at")
            invitation = Invitation(
                stage=Stage.MANAGERS_VIEW,
                version_id=self.versions[SurveyKind.MANAGERS_VIEW].id,
                **{name: getattr(each, name) for name in names},
            )
            self.session.add(invitation)
            self.session.flush()
            if place < answered:
                self.session.add(Answered(invitation_id=invitation.id))
        self.session.flush()

    def sheet(
        self,
        kind: SurveyKind,
        event: Event | None,
        pseudonym: str,
        score: int | None = None,
        *,
        options: tuple[int, ...] = (),
        words: str = "",
        state: TextState = TextState.SHOWN,
        agree: int | None = None,
        is_example: bool = False,
        **values: Any,
    ) -> AnswerSheet:
        """One person's answers at one stage, let out."""
        version = self.versions[kind]
        values = {
            "event_id": event.id if event else None,
            "course_id": event.course_id if event else None,
            "period_on": (event.ends_at.date() if event else NOW.date()).replace(day=1),
            **values,
        }
        sheet = AnswerSheet(
            id=f"s{next(self._numbers)}", kind=kind, version_id=version.id, pseudonym=pseudonym, **values
        )
        self.session.add(sheet)
        self.session.flush()
        scale, choice, text, clear = version.questions
        if score is not None:
            self.session.add(SurveyAnswer(sheet_id=sheet.id, question_id=scale.id, item=0, number=score))
        if agree is not None:
            self.session.add(SurveyAnswer(sheet_id=sheet.id, question_id=clear.id, item=0, number=agree))
        for place in options:
            self.session.add(
                SurveyAnswer(sheet_id=sheet.id, question_id=choice.id, item=choice.options[place].id, number=1)
            )
        if words:
            self.session.add(
                AnswerText(
                    id=f"t{next(self._numbers)}",
                    sheet_id=sheet.id,
                    question_id=text.id,
                    words=words,
                    state=state,
                    found=[],
                    is_example=is_example,
                )
            )
        self.session.flush()
        return sheet

    def pairs(self, event: Event, *scores: tuple[int, int | None, int], side: Side = Side.BOTH, item: int = 0) -> None:
        """People who answered before and three months on, let out by course and half-year."""
        for before, day, after in scores:
            sheet = PracticeSheet(
                id=f"p{next(self._numbers)}",
                course_id=event.course_id,
                half_on=half_of(event.ends_at.date()).from_on,
                side=side,
            )
            self.session.add(sheet)
            self.session.flush()
            steps = {"before": before or None, "on_the_day": day, "after": after or None}
            self.session.add(PracticeAnswer(sheet_id=sheet.id, code=PRACTICE, item=item, **steps))
        self.session.flush()

    def matched(self, event: Event, *scores: tuple[int, int, int]) -> None:
        """As before there were pair sheets: people who answered before, on the day and three months on."""
        for before, then, after in scores:
            name = f"n{next(self._numbers)}"
            self.sheet(SurveyKind.BASELINE, event, name, before)
            self.sheet(SurveyKind.ON_THE_DAY, event, name, then)
            self.sheet(SurveyKind.IMPACT, event, name, after, options=(0,))
