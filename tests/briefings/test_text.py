"""Markdown, and every shape that is made of it."""

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefings.text.rules import ATTRIBUTES, TAGS, blocks_of, html_of, plain, text_of, words_in

LIST = """We learned:

* one **thing**
* two
  more

  and a second paragraph
  1. inner
* three, see [the guide](https://guide.example/a?b=1&c=2)
"""


def test_a_list_keeps_its_levels_in_html_and_in_text() -> None:
    blocks = blocks_of(LIST)
    assert html_of(blocks) == (
        "<p>We learned:</p><ul><li>one <strong>thing</strong></li><li>two more<br>and a second paragraph"
        "<ol><li>inner</li></ol></li>"
        '<li>three, see <a href="https://guide.example/a?b=1&amp;c=2">the guide</a></li></ul>'
    )
    assert text_of(blocks).splitlines() == [
        "We learned:",
        "",
        "* one thing",
        "* two more and a second paragraph",
        "  1. inner",
        "* three, see the guide: https://guide.example/a?b=1&c=2",
    ]


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](//elsewhere.example)",
        "[x](/\\\\elsewhere.example)",
        "[x](</\\\\elsewhere.example>)",
        "![x](https://pixel.example/p.png)",
        '<a href="x" onclick="y">z</a>',
        "[x](data:text/html,hello)",
    ],
)
def test_nothing_that_runs_or_fetches_gets_through(typed: str) -> None:
    made = html_of(blocks_of(typed))
    assert "<script" not in made
    assert "<img" not in made
    assert "onclick=" not in made.replace("&lt;", "").partition(">")[0]
    assert 'href="javascript' not in made
    assert 'href="//' not in made
    assert 'href="/' not in made
    assert 'href="data' not in made


def test_an_address_of_this_site_becomes_whole_in_a_letter() -> None:
    blocks = blocks_of("[the course](/courses/SB)")
    assert 'href="/courses/SB"' in html_of(blocks)
    assert 'href="https://x.example/courses/SB"' in html_of(blocks, base_url="https://x.example")
    assert text_of(blocks, base_url="https://x.example") == "the course: https://x.example/courses/SB"


@given(st.text(alphabet=st.sampled_from(list("ab *_-#>[]()<&1.\n`!\\\"'|~ ")), max_size=80))
def test_whatever_is_typed_is_read_and_is_clean(typed: str) -> None:
    blocks = blocks_of(typed)
    made = html_of(blocks, is_govuk=True)
    assert nh3.clean(made, tags=TAGS, attributes=ATTRIBUTES, link_rel=None) == made
    assert made.count("<li>") == sum(1 for block in blocks if block.is_item)
    assert "".join(text_of(blocks).split()).count("<") <= typed.count("<")


def test_words_are_what_a_reader_reads() -> None:
    assert words_in("It’s 1,400 words - and **14-year-old** [guide](https://a.example/b/c)") == 6
    assert words_in("") == words_in("***") == 0
    assert plain("* one\n* **two**") == "one\ntwo"
