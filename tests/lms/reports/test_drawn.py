"""Tables of a report are drawn as what they are: parts of a whole, and means with their interval, frozen ones too."""

from datetime import UTC, datetime

from lms.frame.plugins import ReportPart
from lms.kit.charts import Dots, Stacked
from lms.kit.figures import FigureTable, ReportQuestion, SectionContent
from lms.reports.figures import charts_of
from lms.reports.freezing.figures import Yearly, freeze, thaw
from lms.reports.queries import Gathered, Report, table_values
from lms.reports.rules import financial_year

SAID = FigureTable(
    "said",
    "How many said what",
    {"practice": "Practice", "when": "When", "said": "How many said"},
    (
        {"practice": "I ask", "when": "Before", "said": "1 to 6: 14; 7 or 8: 6",
         "part_1": 70.0, "part_1_shown": "14", "part_2": 0.0, "part_2_shown": "–", "part_3": 30.0, "part_3_shown": "6"},
    ) * 20,
    parts={"part_1": "1 to 3", "part_2": "4 to 6", "part_3": "7 or 8"},
)  # fmt: skip
HALVES = FigureTable(
    "halves",
    "Half-years",
    {"half": "Events in", "before": "Before", "after": "3 months", "change": "Change", "interval": "95% interval"},
    ({"half": "2025", "before": "5.1", "after": 4.8, "change": "fell by 0.3", "interval": "−0.6 to 0.0", "low": 4.5,
      "high": 5.1},),
    dots=("before", "after"),
)  # fmt: skip


def test_parts_and_means_are_drawn_the_same_before_and_after_the_report_is_frozen() -> None:
    content = SectionContent(tables=(SAID, HALVES))
    report = Report(
        ReportQuestion(financial_year(2025)),
        datetime(2026, 5, 1, tzinfo=UTC),
        (Gathered("tryout.said", "Said", ReportPart.DIFFERENCE, content),),
    )
    kept = thaw(freeze(Yearly("Report", report, {})), None).report
    for tables in (content.tables, tuple(kept.tables)):
        said, more, halves = (chart for table in tables for chart in charts_of(table))
        assert isinstance(said, Stacked)
        assert isinstance(more, Stacked)
        assert isinstance(halves, Dots)
        assert len({said.name, more.name, halves.name}) == 3
        assert said.table.rows[0] == ("I ask, before", "14", "–", "6")
        assert [number for number, *_ in said.parts(said.bars[0])] == [1, 3]
        assert (halves.rows[0].values, halves.rows[0].low, halves.rows[0].high) == ((5.1, 4.8), 4.5, 5.1)
        assert halves.rows[0].is_fall


def test_what_is_there_to_be_drawn_is_no_figure_of_its_own() -> None:
    assert list(table_values(HALVES)[0]) == ["half", "before", "after", "change", "interval"]
    assert table_values(SAID)[0] == {"practice": "I ask", "when": "Before", "said": "1 to 6: 14; 7 or 8: 6"}
