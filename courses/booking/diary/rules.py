"""When calendars of ours remind people. Pure."""

from datetime import timedelta
from enum import StrEnum


class Alarms(StrEnum):
    """Which reminders somebody wants in the calendar that they subscribe to."""

    NONE = ""
    HOUR = "hour"
    DAY = "day"
    DAY_AND_HOUR = "day_and_hour"


DAY, HOUR = timedelta(days=1), timedelta(hours=1)
BEFORE: dict[Alarms, tuple[timedelta, ...]] = {
    Alarms.NONE: (),
    Alarms.HOUR: (HOUR,),
    Alarms.DAY: (DAY,),
    Alarms.DAY_AND_HOUR: (DAY, HOUR),
}
ALARM_WORDS = {
    Alarms.NONE: "None: my calendar has its own",
    Alarms.HOUR: "One hour before",
    Alarms.DAY: "One day before",
    Alarms.DAY_AND_HOUR: "One day and one hour before",
}


def alarms_before(kept: str) -> tuple[timedelta, ...]:
    """How long before each day of an event. What is not known reminds of nothing."""
    return BEFORE.get(Alarms(kept), ()) if kept in list(Alarms) else ()
