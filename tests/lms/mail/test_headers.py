"""The head of a letter is valid for every name and title, and other parsers read back exactly what was meant."""

import re
from email import message_from_bytes
from email.header import decode_header, make_header
from email.utils import getaddresses

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lms.kit.names import LONGEST_NAME, clean_name
from lms.mail.headers import LONGEST_TEXT
from lms.mail.messages import Sender, compose
from lms.mail.rendering import LetterWords
from lms.mail.rules import one_line
from tests.hostile import HARMLESS_NAMES, HOSTILE_NAMES
from tests.moments import NOW

ADDRESS = "sian@rvch.example"
TITLES = [
    "Booked: Neglect: seeing a child’s daily life and what it is like to live there, Tuesday 1 December 2026",
    "Wedi’i archebu: Esgeulustod – gweld bywyd beunyddiol plentyn a sut beth yw byw yno, ddydd Mawrth 1 Rhagfyr 2026",
    "Mae eich lle ar Ymarfer sy’n Ystyriol o Drawma wedi’i gadarnhau: Canolfan Gymunedol Tŷ’r Ŵyl, Llanfairpwll",
    "=?utf-8?q?=0d=0aBcc:_x?=",
    "a " * 400,
    "a" * 500,
    "",
]

ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
QUOTED = r'"(?:[^"\\\r\n]|\\[ -~])*"'
MAILBOX = re.compile(rf"(?:(?:{ATOM}(?: {ATOM})*|{QUOTED}) <[!-~]+@[!-;=?-~]+>|[!-;=?-~]+@[!-;=?-~]+)")
ENCODED = re.compile(r"=\?utf-8\?[qb]\?[!->@-~]+\?=")


def head(name: str, title: str, *, sender: str = "Training team") -> dict[str, str]:
    """The lines of a letter's head as they travel, folded."""
    message = compose(
        LetterWords(title, "text\n", "<p>html</p>\n"),
        to_name=name,
        to_address=ADDRESS,
        sender=Sender(sender, "training@rvscp.example"),
        message_id="<a@b>",
        sent_at=NOW,
    )
    assert message.content.isascii()
    lines = message.content.decode().split("\r\n\r\n")[0]
    assert all(len(line) <= 78 for line in lines.split("\r\n") if "multipart" not in line)
    assert len([line for line in lines.split("\r\n") if line[:1] != " "]) == 10, "no header more and none less"
    return {each.partition(": ")[0]: each.partition(": ")[2] for each in re.split("\r\n(?! )", lines)}


def decoded(value: str) -> str:
    return str(make_header(decode_header(value)))


def check_mailbox(line: str, name: str, address: str) -> None:
    """By a grammar of one mailbox, written down here; and by Python's old parser, which knows nothing of ours."""
    unfolded = line.replace("\r\n", "")
    assert MAILBOX.fullmatch(unfolded)
    for word in re.findall(r"=\?.*?\?=(?= |$)", unfolded):
        assert ENCODED.fullmatch(word)
        assert len(word) <= 75
    [(read, mailbox)] = getaddresses([line])
    assert (decoded(read), mailbox) == (name, address)


def check_head(name: str, title: str) -> None:
    lines = head(name, title, sender=name)
    check_mailbox(lines["To"], clean_name(name), ADDRESS)
    for each in ("From", "Reply-To"):
        check_mailbox(lines[each], clean_name(name), "training@rvscp.example")
    assert decoded(lines["Subject"].replace("\r\n", "")) == title[:LONGEST_TEXT].rstrip()


@pytest.mark.parametrize("name", HARMLESS_NAMES + HOSTILE_NAMES)
def test_a_name_is_one_mailbox_and_reads_back(name: str) -> None:
    check_head(name, one_line(name[:LONGEST_TEXT]))


@pytest.mark.parametrize("title", TITLES)
def test_a_title_reads_back(title: str) -> None:
    check_head("Siân", one_line(title))


@given(st.text(max_size=LONGEST_NAME + 50), st.text(max_size=300))
@example("", "")
@example("a" * 61, "b" * 71)
@example("=?", "=?")
def test_every_name_and_title_that_unicode_knows(name: str, title: str) -> None:
    check_head(name, one_line(title))


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=120))
def test_every_name_of_plain_letters(name: str) -> None:
    check_head(name, one_line(name))


def test_a_plain_name_and_title_stay_readable_on_the_wire() -> None:
    lines = head("Anne Okoro (she/her)", "Booked: Neglect, Tuesday 1 December 2026")
    assert lines["To"] == '"Anne Okoro (she/her)" <sian@rvch.example>'
    assert lines["Subject"] == "Booked: Neglect, Tuesday 1 December 2026"
    assert head("Siân Evans, DSL", "x")["To"] == "=?utf-8?q?Si=C3=A2n_Evans=2C_DSL?= <sian@rvch.example>"
    assert head("", "x")["To"] == "sian@rvch.example"


def test_a_domain_with_accents_travels_as_it_must() -> None:
    words = LetterWords("x", "x\n", "x\n")
    sender = Sender("", "team@tŷ-gwyn.example")
    made = compose(words, to_name="", to_address="sian@tŷ.example", sender=sender, message_id="<a@b>", sent_at=NOW)
    assert (made.from_address, made.to_address) == ("team@xn--t-gwyn-pob.example", "sian@xn--t-foa.example")
    assert message_from_bytes(made.content)["To"] == made.to_address
