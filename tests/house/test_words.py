"""Headings, titles of columns and names of classes say the words of the glossary, and none that it does not want."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
GLOSSARY = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
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
