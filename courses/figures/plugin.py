"""What the programme's figures add to the courses plugin."""

from courses.figures.behind.queries import rows_behind
from courses.figures.sections import COUNTED_TYPES, PROGRAMME, gather_programme, gather_quality
from courses.programme.courses.rules import EventType
from lms.frame.plugins import Plugin, ReportPart, ReportSection, Setting


def event_types(typed: str) -> tuple[str, ...]:
    """Event types as a setting says them, divided by semicolons. Raises ValueError for an unknown one."""
    return tuple(EventType(each.strip()).value for each in typed.split(";") if each.strip())


FIGURES = Plugin(
    name="courses",
    title="Figures",
    settings=(
        Setting(
            COUNTED_TYPES,
            "event types divided by semicolons, of which reports tell how many events each person came to, "
            "like “learning-from-practice event;conference”",
            default=(EventType.LEARNING_FROM_PRACTICE.value,),
            read=event_types,
        ),
    ),
    report_sections=(
        ReportSection(PROGRAMME, "Training delivered", ReportPart.HOW_MUCH, 10, gather_programme, rows_behind),
        ReportSection("courses.quality", "Places and attendance", ReportPart.HOW_WELL, 10, gather_quality, rows_behind),
    ),
)
