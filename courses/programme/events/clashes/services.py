"""Warning a coordinator before a room or a trainer is taken twice."""

from collections.abc import Collection

from courses.programme.events.clashes import queries, rules
from courses.programme.events.models import Event, Venue
from lms.frame.locks import lock_rows
from lms.frame.work import Work
from lms.kit.errors import Invalid
from lms.kit.words import day_and_month, listed
from lms.people.models import Person


def check_clashes(work: Work, event: Event, *, despite_clashes: bool) -> None:
    """Refuse when a room or a trainer of the event is taken at the same time, unless the coordinator insists."""
    _lock(work, event, {each.id for each in event.trainers})
    sentences = () if despite_clashes else clashes_of(work, event)
    if sentences:
        raise Invalid(f"{' '.join(sentences)} Change it, or tick the box to do it anyway.", field="anyway")


def clashes_of(work: Work, event: Event) -> tuple[str, ...]:
    """A sentence for each day to come of another event that has a room of this one, or that a trainer is taken by."""
    trainers = {each.id: each.name for each in event.trainers}
    trainer_ids = frozenset(trainers)
    wanted = [
        rules.TakenDay(event.id, day.starts_at, day.ends_at, day.venue_id, trainer_ids)
        for day in event.days
        if day.ends_at > work.now
    ]
    with work.session.no_autoflush:
        taken = queries.taken_blocks(
            work, event.days[0].starts_at, event.days[-1].ends_at, trainers=trainers, but_event_id=event.id
        )
    about = {id(each.block): each for each in taken}
    pairs = rules.clashes(wanted, [each.block for each in taken])
    return tuple(dict.fromkeys(_words(mine, about[id(theirs)]) for mine, theirs in pairs))


def _lock(work: Work, event: Event, trainer_ids: Collection[int]) -> None:
    """Its rooms, then its trainers, until this work ends: two who plan with the same one do so one after the other."""
    with work.session.no_autoflush:
        lock_rows(work.session, Venue, {day.venue_id for day in event.days if day.venue_id is not None})
        lock_rows(work.session, Person, trainer_ids)


def _words(mine: rules.TakenDay, theirs: queries.Taken) -> str:
    """Thornmere Library and Denzil Marrowby are taken on Tue 28 April, by Neglect."""
    names = [name for person_id, name in theirs.people.items() if person_id in mine.person_ids]
    if rules.is_same_room(mine, theirs.block):
        names = [theirs.venue, *names]
    is_are = "is" if len(names) == 1 else "are"
    return f"{listed(names)} {is_are} taken on {day_and_month(mine.starts_at)}, by {theirs.title}."
