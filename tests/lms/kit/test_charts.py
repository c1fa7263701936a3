"""Charts: what is drawn, what is said, and the same in a PDF."""

from io import BytesIO

import pytest
from bs4 import BeautifulSoup
from flask import render_template_string
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from lms.hosting.app import create_app
from lms.kit.chart_drawings import drawn
from lms.kit.charts import Bar, Bars, Chart, Dot, Dots, Funnel, Line, Lines, Stacked, StackedBar
from lms.kit.documents import Document, table
from tests.built_in import BUILT_IN

FUNNEL = Funnel(
    "funnel",
    "Who was asked and who answered",
    "Step",
    "People",
    (
        Bar("attended or part attended", 912, "912"),
        Bar("invited", 905, "905", "7 were not"),
        Bar("answered", None, "hidden"),
    ),
)
BARS = Bars(
    "sector", "By sector", "Sector", "Rate", (Bar("Police & co", 0.25, "25.0%"), Bar("Health", 1.2, "x")), most=1
)
STACKED = Stacked(
    "agree",
    "How far people agree",
    "Question",
    ("Agree", "Neither", "Disagree"),
    (
        StackedBar("I ask", (10, 0, 30), ("10", "0", "30")),
        StackedBar("I know", (7, None, None), ("7", "hidden", "fewer than 5")),
    ),
)
LINES = Lines(
    "rates", "Response rate", "Quarter", ("Q1", "Q2", "Q3"), (Line("All", (0.2, None, 0.4), ("20%", "hidden", "40%")),)
)
DOTS = Dots(
    "change",
    "Mean of 212 matched people",
    "Practice",
    ("Before", "On the day", "Three months on"),
    (
        Dot("I notice", (5.6, 8.1, 7.6), ("5.6", "8.1", "7.6"), "+2.0", 7.3, 7.9, "1.7 to 2.3"),
        Dot("I know who to call", (7.1, None, 6.7), ("7.1", "hidden", "6.7"), "fell by 0.4", is_fall=True),
    ),
    ends=("never", "always"),
)
ALL: tuple[Chart, ...] = (FUNNEL, BARS, STACKED, LINES, DOTS)


def test_bars_reach_as_far_as_their_share_of_the_whole() -> None:
    assert [FUNNEL.share(bar) for bar in FUNNEL.bars] == [1, pytest.approx(0.9923, abs=1e-4), None]
    assert [BARS.share(bar) for bar in BARS.bars] == [0.25, 1]
    assert Bars("empty", "Empty", "A", "B", (Bar("none", 0, "0"),)).table.rows == (("none", "0"),)


def test_the_parts_of_a_bar_fill_it_and_a_bar_with_a_hidden_part_is_not_drawn() -> None:
    assert STACKED.parts(STACKED.bars[0]) == ((1, 0.0, 0.25, "10"), (3, 0.25, 0.75, "30"))
    assert STACKED.parts(STACKED.bars[1]) == ()


def test_a_line_leaves_a_gap_where_a_value_is_hidden() -> None:
    assert LINES.places(LINES.series[0])[1] is None
    assert LINES.strokes(LINES.series[0]) == ()
    assert LINES.top == 0.5


def test_ticks_name_both_ends_of_the_scale() -> None:
    assert [words for _, _, words in DOTS.ticks] == ["1 never", "4", "7", "10 always"]


@given(st.floats(min_value=0.001, max_value=1e9))
def test_an_axis_ends_at_or_above_the_largest_value(largest: float) -> None:
    top = Lines("n", "t", "l", ("a",), (Line("x", (largest,), ("x",)),)).top
    assert largest <= top <= largest * 10


def test_a_chart_that_nobody_could_read_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 5"):
        Stacked("x", "x", "x", tuple("abcdef"), ())
    with pytest.raises(ValueError, match="as many values"):
        Dots("x", "x", "x", ("a", "b"), (Dot("r", (1,), ("1",), ""),))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_chart_is_drawn_on_a_page_with_its_words_and_its_table(settings: object) -> None:
    app = create_app(settings, BUILT_IN)  # type: ignore[arg-type]
    with app.test_request_context():
        html = render_template_string(
            "{% from 'components/charts.html' import chart %}{% for c in charts %}{{ chart(c) }}{% endfor %}",
            charts=ALL,
        )
    page = BeautifulSoup(html, "html.parser")
    assert len(page.find_all("figure")) == len(page.find_all("table")) == 5
    assert "style=" not in html
    assert {svg.get("width") for svg in page.find_all("rect", class_="gt-fill")} >= {"100.0%", "99.23%", "25.0%"}
    assert page.find("svg", attrs={"aria-label": "Before 5.6, On the day 8.1, Three months on 7.6"})
    assert page.find("title", string="I ask: Agree 10, Neither 0, Disagree 30")
    assert "Police &amp; co" in html
    assert page.find("li", class_="is-fall").find("b").text == "fell by 0.4"


def test_every_chart_is_drawn_into_a_document_with_its_figures() -> None:
    document = Document("Charts", "Rowan Valley", as_at="As at Monday 16 March 2026")
    for each in ALL:
        document.add(
            *drawn(each), table(each.table.head, each.table.rows, widths=[3] + [1] * (len(each.table.head) - 1))
        )
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(document.data())).pages)
    for words in ("Who was asked", "905", "fell by 0.4", "hidden", "Three months on", "10 always", "Q2"):
        assert words in text
