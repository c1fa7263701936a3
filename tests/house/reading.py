"""What people read: the text of every template, and every sentence in the code that is not for programmers alone."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("lms", "reviews", "courses", "charges", "surveys", "briefings")
FOR_PROGRAMMERS = ("migrations", "testing", "skeleton", "contradictions")
"""Folders whose words only programmers see, or that hold what the database kept from before."""

INSIDE = re.compile(r"{#.*?#}|{{.*?}}|{%.*?%}", re.S)
QUOTED = re.compile(r'"([^"\n]*)"')
TAG = re.compile(r"<[^>]*>")
HEARD = re.compile(r'\b(?:alt|title|aria-label|placeholder|data-label)="([^"]*)"')
Read = Iterator[tuple[str, str]]


def templates() -> Read:
    """Every template by its path, and its words without markup; what it says inside of expressions comes after."""
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.suffix in (".html", ".txt"):
            yield str(path.relative_to(ROOT)), words_of_template(path.read_text(encoding="utf-8"))


def words_of_template(text: str) -> str:
    said = [each for part in INSIDE.findall(text) if part[1] != "#" for each in QUOTED.findall(part) if " " in each]
    plain = INSIDE.sub("\N{HORIZONTAL ELLIPSIS}", text)
    said += HEARD.findall(plain)
    return "\n".join([" ".join(TAG.sub(" ", plain).split()), *said])


def sentences() -> Read:
    """Every text of several words in the code, by the path of its module."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if not set(FOR_PROGRAMMERS) & set(path.relative_to(ROOT).parts):
                where = str(path.relative_to(ROOT))
                yield from ((where, said) for said in texts_of(ast.parse(path.read_text(encoding="utf-8"))))


def texts_of(tree: ast.Module) -> Iterator[str]:
    """Without docstrings, and without what is kept as the name of an action (`record("booking cancelled")`)."""
    unread = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    for each in ast.walk(tree):
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute) and each.func.attr == "record":
            unread |= {id(argument) for argument in each.args[:1]}
        if isinstance(each, ast.JoinedStr):
            unread |= {id(part) for part in each.values}
    for each in ast.walk(tree):
        said = text_of(each)
        if id(each) not in unread and " " in said.strip():
            yield " ".join(said.split())


def text_of(node: ast.AST) -> str:
    if isinstance(node, ast.JoinedStr):
        return "".join(text_of(part) or "\N{HORIZONTAL ELLIPSIS}" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
