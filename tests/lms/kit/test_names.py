"""What no name holds is refused in words, and taken out of those that were kept before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.kit.errors import Invalid
from lms.kit.names import LONGEST_NAME, clean_name, clean_words, read_mailbox, read_name, why_no_name
from tests.hostile import HARMLESS_NAMES, HOSTILE_NAMES


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_what_no_name_holds_is_refused_with_a_sentence(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_name(name, field="manager_name")
    assert refused.value.field == "manager_name"
    assert refused.value.words.endswith(".")


@pytest.mark.parametrize("name", HARMLESS_NAMES)
def test_names_that_people_have_stay_as_they_are(name: str) -> None:
    assert read_name(name) == name
    assert clean_name(name) == name


def test_spaces_around_a_name_and_marks_that_nobody_sees_are_left_out() -> None:
    assert read_name(" \u200fAmara\u00ad Fenwick-Osei\ufeff\r\n") == "Amara Fenwick-Osei"
    assert read_name("  ") == ""


def test_a_mark_that_nobody_sees_hides_nothing() -> None:
    with pytest.raises(Invalid):
        read_name("=\u200b?utf-8?q?x?=")
    assert clean_name(":\u2060//evil.example =\u200b?utf-8?q?x?=") == "evil.example utf-8?q?x?="


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_name_that_was_kept_is_cleaned_of_it(name: str) -> None:
    assert why_no_name(clean_name(name)) == ""
    assert clean_name(clean_name(name)) == clean_name(name)


@given(st.text(max_size=300))
def test_whatever_was_kept_a_cleaned_name_is_one(text: str) -> None:
    cleaned = clean_name(text)
    assert why_no_name(cleaned) == ""
    assert len(cleaned) <= LONGEST_NAME
    assert clean_name(cleaned) == cleaned


@given(st.text(max_size=300))
def test_what_is_read_is_what_is_sent_but_for_its_spaces(text: str) -> None:
    try:
        name = read_name(text)
    except Invalid:
        return
    assert clean_name(name) == " ".join(name.split())


def test_words_keep_their_lines_and_lose_what_turns_them() -> None:
    assert clean_words("one\n\ttwo \u202eeerht\u202c\x00\ud800 \u200d") == "one\n\ttwo eerht \u200d"


@pytest.mark.parametrize(
    ("text", "name", "address"),
    [
        ("training@example.org", "", "training@example.org"),
        ("Training team <training@example.org>", "Training team", "training@example.org"),
        ('"Rowan Valley – Training (RVSCP)" <t@x.example>', "Rowan Valley – Training (RVSCP)", "t@x.example"),
        ("Siân Evans, DSL <t@x.example>", "Siân Evans, DSL", "t@x.example"),
    ],
)
def test_a_mailbox_is_taken_apart(text: str, name: str, address: str) -> None:
    assert read_mailbox(text) == (name, address)
