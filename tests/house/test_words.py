"""What people read has nothing that the list of words does not want; headings and classes say the glossary's."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.house.reading import sentences, templates, texts_of, words_of_template

ROOT = Path(__file__).parents[2]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
WORDS = (ROOT / "docs" / "words.md").read_text(encoding="utf-8")
PACKAGES = ("lms", "reviews", "courses", "charges", "surveys", "briefings")
HEADING = re.compile(
    r"<(h[1-6]|th|legend|caption|title)\b[^>]*>(.*?)</\1>|{% block (?:title|heading) %}(.*?){% endblock %}", re.DOTALL
)
TAG = re.compile(r"<[^>]*>|{{.*?}}|{%.*?%}|{#.*?#}", re.S)
CAPITALS = re.compile(r"[A-Z][a-z0-9]*")
MAY_BE_SAID = frozenset({"class", "order", "company", "queue", "login", "instance", "registration"})
"""Words that also mean something else: a standing order is no booking, and people register."""
MAY_REPEAT = {
    "Meta": "the class inside a form where WTForms looks for its settings",
    "Question": "a survey has questions, and a plugin asks another one: the field's word and the contract's",
}
"""Classes may not be called alike, but for these reasons."""
MAY_STAY = {
    (
        "templates/policies/version.html",
        "policy version",
    ): "the office's page of one version, which is called by its number",
    (
        "charges/charging/documents.py",
        "policy version",
    ): "a charge names the terms that it was decided by, with a link to them",
    ("charges/claims/rules.py", "policy version"): "the same, kept with the charge",
    ("lms/api/openapi.py", "there is no such"): "the document of the API, for programmers, which stays the same",
    ("lms/api/views.py", "there is no such"): "an answer of the API, which stays the same",
    ("lms/frame/plugins/systems.py", "there is no such"): "an answer of the API, which stays the same",
    ("lms/frame/problems.py", "there is no such"): "an answer of the API, which stays the same",
    ("lms/keys/checks.py", "it stands"): "a database stands under a key: the word of the guide to keys",
    ("lms/kit/identifying.py", "somebody"): "words that people may write, not ours",
    ("lms/kit/identifying.py", "upon"): "words that people may write, not ours",
    ("lms/mail/outbox.py", "this letter"): "as letters keep it that were taken back before; nobody reads it anew",
    ("lms/kit/providers.py", "login"): "an address of another system, as an example",
}
"""Where something unwanted may be said, and why."""
SEVERAL = frozenset(
    {"tell", "telling", "word", "words", "list", "lists", "table", "tables", "figures", "page", "pages", "facts"}
)


def unwanted() -> frozenset[str]:
    """The last column of the table of the office's words."""
    rows = [line.split("|") for line in GLOSSARY.split("## The house's words")[0].splitlines() if line.startswith("| ")]
    said = {word.strip() for row in rows[1:] for word in row[3].split(",") if word.strip()}
    return frozenset(said - MAY_BE_SAID)


def headings() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for _, one, other in HEADING.findall(path.read_text(encoding="utf-8")):
            yield str(path.relative_to(ROOT)), TAG.sub(" ", one or other).lower()


def classes() -> Iterator[tuple[str, str]]:
    """Every class that stands in the packages, where and by its name."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef):
                    yield str(path.relative_to(ROOT)), node.name


def class_names() -> Iterator[tuple[str, str]]:
    return ((where, " ".join(CAPITALS.findall(name)).lower()) for where, name in classes())


def repeated(found: Iterable[tuple[str, str]]) -> list[str]:
    """Names that several classes have, without those that may."""
    where = defaultdict(list)
    for path, name in found:
        where[name].append(path)
    return [f"{name}: {', '.join(those)}" for name, those in where.items() if len(those) > 1 and name not in MAY_REPEAT]


def faults(said: Iterator[tuple[str, str]]) -> list[str]:
    words = re.compile(r"\b(" + "|".join(f"{word}s?" for word in sorted(unwanted())) + r")\b")
    return [f"{where}: {words.search(text)[0]!r} in {text.strip()!r}" for where, text in said if words.search(text)]  # type: ignore[index]


def test_the_glossary_says_what_is_not_said() -> None:
    assert {"student", "learner", "ticket", "seat", "enrolment", "campaign", "user"} <= unwanted()


def test_headings_say_the_words_of_the_glossary() -> None:
    assert faults(headings()) == []


def test_names_of_classes_say_the_words_of_the_glossary() -> None:
    assert faults(class_names()) == []


def test_no_two_classes_are_called_alike() -> None:
    found = list(classes())
    assert len(found) > 500
    assert repeated(found) == []
    assert set(MAY_REPEAT) == {name for _, name in found if sum(name == each for _, each in found) > 1}


def test_a_name_that_is_there_already_is_found() -> None:
    assert repeated([("a.py", "Known"), ("b.py", "Known"), ("c.py", "Lead")]) == ["Known: a.py, b.py"]


def test_a_word_of_several_meanings_is_no_name_by_itself() -> None:
    """Words of what, a table of what: the glossary says what each means alone, so a class says more than it."""
    assert [f"{where}: {name}" for where, name in classes() if name.strip("_").lower() in SEVERAL] == []


def test_a_word_that_is_not_wanted_is_found() -> None:
    assert faults(iter([("a page", "your seats")])) == ["a page: 'seats' in 'your seats'"]


def unwanted_phrases() -> dict[str, str]:
    """What the list of words does not want, in small letters, and what it says to write."""
    rows = [line.split("|") for line in WORDS.splitlines() if line.startswith("| ")][1:]
    return {phrase.strip(): row[2].strip() for row in rows for phrase in row[1].split(",") if phrase.strip()}


def phrase_faults(read: Iterable[tuple[str, str]]) -> list[str]:
    """Where something unwanted is said that may not stay there."""
    wanted = unwanted_phrases()
    known = re.compile("|".join(rf"(?<!\w){re.escape(each)}(?!\w)" for each in sorted(wanted, key=len, reverse=True)))
    return [
        f"{where}: {found!r} in {_around(said, found)!r}; write: {wanted[found]}"
        for where, said in read
        for found in dict.fromkeys(known.findall(said.lower()))
        if (where, found) not in MAY_STAY
    ]


def _around(said: str, found: str) -> str:
    at = said.lower().index(found)
    return said[max(0, at - 40) : at + len(found) + 40]


def test_templates_say_nothing_that_the_list_of_words_does_not_want() -> None:
    assert phrase_faults(templates()) == []


def test_sentences_in_the_code_say_nothing_that_the_list_of_words_does_not_want() -> None:
    assert phrase_faults(sentences()) == []


def test_what_may_stay_is_there() -> None:
    said = [(where, text.lower()) for read in (templates(), sentences()) for where, text in read]
    assert [key for key in MAY_STAY if not any(key[0] == where and key[1] in text for where, text in said)] == []


def test_a_phrase_that_is_not_wanted_is_found_wherever_people_read_it() -> None:
    page = words_of_template(
        '<p class="whoever">{{ "Sent to everybody here" if all }} <b>We mail</b>\n you a code.</p>{# shall #}'
    )
    assert "whoever" not in page
    found = phrase_faults([("a page", page), ("code.py", "Nobody seems to be there twice.")])
    assert [each.split(" in ")[0] for each in found] == [
        "a page: 'mail you'",
        "a page: 'everybody'",
        "code.py: 'nobody'",
        "code.py: 'seems to be there'",
    ]
    read = list(
        texts_of(
            ast.parse('"""Nobody."""\nwork.record("letter sent by mail")\nraise Invalid(f"{who} shall " "write.")')
        )
    )
    assert read == ["\N{HORIZONTAL ELLIPSIS} shall write."]


def test_every_row_of_the_list_of_words_says_what_to_write_and_why() -> None:
    rows = [line.strip("| ").split("|") for line in WORDS.splitlines() if line.startswith("| ")]
    assert len(rows) > 20
    assert [row for row in rows if len(row) != 3 or not all(cell.strip() for cell in row)] == []
