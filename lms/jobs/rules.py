"""When a job is due: the latest moment, up to now, at which it should have run."""

from datetime import UTC, datetime, time, timedelta

from lms.kit.working_days import LONDON, london_date

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FAILED_WAITS = timedelta(minutes=10)
MOVED_CLOCK = timedelta(hours=1)


def latest_due(now: datetime, *, every: timedelta | None = None, daily_at: time | None = None) -> datetime:
    """The last due moment at or before now.

    `daily_at` is London wall time: a time that clocks skip in spring is due an hour later by the clock, and one that
    they pass twice in autumn at the first of the two. `every` counts from a fixed moment, so all workers agree.
    """
    if daily_at is not None:
        due = _wall(now, daily_at, days=0)
        return due if due <= now else _wall(now, daily_at, days=-1)
    if every is None:
        raise ValueError("A job needs either `every` or `daily_at`.")
    return EPOCH + (now - EPOCH) // every * every


def next_due(now: datetime, *, every: timedelta | None = None, daily_at: time | None = None) -> datetime:
    """The first due moment after now."""
    if daily_at is not None:
        today = _wall(now, daily_at, days=0)
        return today if today > now else _wall(now, daily_at, days=1)
    if every is None:
        raise ValueError("A job needs either `every` or `daily_at`.")
    return latest_due(now, every=every) + every


def is_due(due: datetime, *, done_until: datetime, failed_at: datetime | None, now: datetime) -> bool:
    """Whether a due moment is still to be carried out. After a failure there are ten minutes of peace.

    However many moments were missed while nothing ran, only the latest is carried out.
    """
    return due > done_until and (failed_at is None or now >= failed_at + FAILED_WAITS or now < failed_at)


def is_from_a_rehearsal(done_until: datetime, now: datetime) -> bool:
    """Whether a job was done for a moment that has not come: a later moment was rehearsed, and time is back."""
    return done_until > now + MOVED_CLOCK


def is_overdue(last: datetime, now: datetime, every: timedelta | None) -> bool:
    """Whether twice its interval has passed since a job was last carried out."""
    return now - last > 2 * (every or timedelta(days=1)) + FAILED_WAITS


def _wall(now: datetime, at: time, *, days: int) -> datetime:
    day = london_date(now) + timedelta(days=days)
    return datetime.combine(day, at.replace(tzinfo=None, fold=0), tzinfo=LONDON).astimezone(UTC)
