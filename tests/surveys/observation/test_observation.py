"""A colleague is asked, writes, the trainer answers; nobody else reads it."""

from collections.abc import Callable
from datetime import timedelta

import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from lms.frame.access import Role
from lms.frame.work import Work
from lms.mail.models import OutboxLetter
from lms.people.models import Person
from surveys.observation import personal_data
from surveys.observation.models import Observation
from surveys.observation.rules import ITEMS
from surveys.observation.services import remind_observers
from tests.conftest import Clock
from tests.make import Make
from tests.moments import NOW


def test_an_observation_from_asking_to_answering(
    make: Make, session: Session, clock: Clock, work: Work, sign_in: Callable[[Person], FlaskClient]
) -> None:
    trainer, observer = make.person("Tove Larch", roles=(Role.TRAINER,)), make.person("Idris Wyn", ref="OBS")
    event = make.event(starts=NOW - timedelta(days=1), trainers=[trainer], hours=5)
    office = sign_in(make.coordinator())
    assert "does not train" in office.post(
        f"/events/{event.id}/observe", data={"trainer_id": trainer.id, "observer_ref": trainer.ref}
    ).get_data(as_text=True)
    office.post(f"/events/{event.id}/observe", data={"trainer_id": trainer.id, "observer_ref": "OBS"})
    again = office.post(f"/events/{event.id}/observe", data={"trainer_id": trainer.id, "observer_ref": "OBS"})
    assert again.status_code == 409
    make.commit()
    page = f"/observations/{session.scalar(sa.select(Observation.id))}"

    colleague, theirs, other = sign_in(observer), sign_in(trainer), sign_in(make.person("Someone Else"))
    assert theirs.get(page).status_code == other.get(page).status_code == 404
    ratings = dict.fromkeys(ITEMS, "3")
    refused = colleague.post(page, data={**ratings, "went_well": "", "to_develop": "More time to practise."})
    assert refused.status_code == 422
    assert "More time to practise." in refused.get_data(as_text=True)
    assert other.post(page, data={**ratings, "went_well": "x"}).status_code == 404
    assert colleague.post(page, data={**ratings, "went_well": "Calm and clear."}).status_code == 303
    assert "Calm and clear." in theirs.get(page).get_data(as_text=True)
    assert theirs.post(page, data={"response": "Thank you."}).status_code == 303
    assert "Thank you." in colleague.get(page).get_data(as_text=True)
    assert "Calm" not in colleague.get("/my-observations").get_data(as_text=True)
    assert "Answered" in office.get("/observations").get_data(as_text=True)

    make.commit()
    kinds = [letter.kind for letter in session.scalars(sa.select(OutboxLetter).order_by(OutboxLetter.id))]
    assert kinds == ["surveys.observation_asked", "surveys.observation_written", "surveys.observation_answered"]
    assert not [each for each in session.scalars(sa.select(OutboxLetter)) if "Calm" in str(each.context)]
    assert personal_data.export(work, trainer.id)["Observations of training"][0]["What went well"] == "Calm and clear."
    personal_data.erase(work, trainer.id)
    session.expire_all()
    kept = session.scalars(sa.select(Observation)).one()
    assert (kept.went_well, kept.response, kept.ratings) == ("Erased", "Erased", {})


def test_an_observer_is_reminded_once_on_the_fifth_day(make: Make, work: Work, session: Session) -> None:
    trainer, observer = make.person("Tove Larch"), make.person("Idris Wyn")
    event = make.event(starts=NOW - timedelta(days=9), trainers=[trainer])
    due = NOW.date()
    for day, by in ((due, observer), (due + timedelta(days=1), make.person("Later"))):
        session.add(Observation(event=event, trainer=trainer, observer=by, asked_at=NOW, due_on=day))
    session.flush()
    remind_observers(work)
    remind_observers(work)
    assert [letter.person_id for letter in session.scalars(sa.select(OutboxLetter))] == [observer.id]
