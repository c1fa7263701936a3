"""Letters in plain text come out at 72 columns, with links that can be clicked."""

import re

from hypothesis import given
from hypothesis import strategies as st

from lms.kit.wrapping import WIDTH, wrap_letter

LINK = "https://training.rowanvalleyscp.example/bookings/21936/cancel?token=" + "a1b2" * 20


def test_a_long_paragraph_is_wrapped_at_72_columns() -> None:
    words = (
        "After that, a colleague from Rowan Valley Community Health can still take your place at no cost. "
        "If no one comes, your agency may be charged £50. You are never charged yourself."
    )
    assert wrap_letter(words) == (
        "After that, a colleague from Rowan Valley Community Health can still\n"
        "take your place at no cost. If no one comes, your agency may be charged\n"
        "£50. You are never charged yourself.\n"
    )


def test_lines_of_an_address_stay_apart() -> None:
    address = "Safer babies\nThursday 9 April 2026, 09:30 to 16:00\nAshbeck Centre, 4 Mill Lane, Larkham RV1 4QT\n"
    assert wrap_letter(address) == address


def test_a_bullet_hangs_under_its_first_word() -> None:
    bullet = "* Tuesday 24 March: a reminder, while you can still cancel your place free of charge"
    assert wrap_letter(bullet) == (
        "* Tuesday 24 March: a reminder, while you can still cancel your place\n  free of charge\n"
    )


def test_a_numbered_line_hangs_by_the_width_of_its_number() -> None:
    first, second = wrap_letter("10. " + "word " * 20).splitlines()
    assert first.startswith("10. word")
    assert second.startswith("    word")


def test_a_link_stands_on_its_own_line_and_is_never_broken() -> None:
    assert wrap_letter(f"See, change or cancel this booking: {LINK} before Tuesday.") == (
        f"See, change or cancel this booking:\n{LINK}\nbefore Tuesday.\n"
    )


def test_a_link_in_a_bullet_hangs_under_the_words() -> None:
    assert wrap_letter(f"- Book: {LINK}") == f"- Book:\n  {LINK}\n"


def test_a_bullet_that_is_only_a_link_keeps_its_mark() -> None:
    assert wrap_letter(f"* {LINK}") == f"* {LINK}\n"


def test_blank_lines_come_one_at_a_time_and_never_at_the_ends() -> None:
    assert wrap_letter("\n\nDear Amara\n  \n\n\n\tYOUR PLACE IS BOOKED\n\n") == "Dear Amara\n\nYOUR PLACE IS BOOKED\n"


def test_blank_lines_that_a_loop_leaves_between_bullets_are_dropped() -> None:
    assert (
        wrap_letter("WHAT HAPPENS NEXT\n\n* one\n\n* two\n\nRegards")
        == "WHAT HAPPENS NEXT\n\n* one\n* two\n\nRegards\n"
    )


def test_a_no_break_space_holds_a_date_together() -> None:
    words = "x" * 66 + " 9\u00a0April"
    assert wrap_letter(words).splitlines() == ["x" * 66, "9\u00a0April"]


@given(st.text(alphabet=st.sampled_from("ab*-1. :/\n\té£"), max_size=400))
def test_no_word_is_lost_and_only_a_single_word_is_wider_than_the_page(text: str) -> None:
    laid_out = wrap_letter(text)
    assert laid_out.split() == text.split()
    assert "\n\n\n" not in laid_out
    for line in laid_out.splitlines():
        assert line == line.rstrip()
        assert len(line) <= WIDTH or len(re.sub(r"^(?:[*-]|\d+[.)]) ", "", line).split()) == 1
