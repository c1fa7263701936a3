"""Every search compares names folded: none may look into them as they were typed."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("lms", "reviews", "courses", "charges", "surveys", "briefings", "examples")
IN_SQL = frozenset({"contains", "endswith", "icontains", "iendswith", "ilike", "istartswith", "like", "startswith"})
SMALL = frozenset({"casefold", "lower"})
NAMES = frozenset({"name", "title", "to_name"})

MAY_COMPARE = {
    "lms/frame/folding.py": "the one place where columns are searched",
    "lms/personal_data/mentions/queries.py": "finds more than is meant and sifts it by its own plain letters",
    "lms/strangers/services.py": "names of jobs",
    "courses/desk/nobody/services.py": "references of those erased",
    "courses/programme/events/rules.py": "the host in the address of an online event",
}
"""Files that may look for a text inside another otherwise, each with why."""


SEARCHING = frozenset({"queries.py", "services.py", "views.py", "rules.py"})
"""Files that may hold a search. What stands elsewhere compares headings, kinds and settings."""


def searches(source: str) -> Iterator[tuple[int, str]]:
    """Lines that look for one text inside another without `lms.kit.folding`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in IN_SQL:
            column = node.func.value
            if node.func.attr.startswith("i") or node.func.attr == "like" or _is_name(column):
                yield node.lineno, ast.unparse(node)
        if isinstance(node, ast.Compare) and any(isinstance(each, ast.In | ast.NotIn) for each in node.ops):
            within = node.comparators[0]
            if isinstance(within, ast.Call) and isinstance(within.func, ast.Attribute) and within.func.attr in SMALL:
                yield node.lineno, ast.unparse(node)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "bears":
            yield from ((node.lineno, ast.unparse(node)) for each in node.args[1:] if _is_name(each))


def _is_name(node: ast.AST) -> bool:
    is_column = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    return is_column and node.attr in NAMES and node.value.id.strip("_")[:1].isupper()


@pytest.mark.parametrize(
    "unfolded",
    [
        "Person.name.icontains(word, autoescape=True)",
        "Agency.name.contains(word)",
        "CourseVersion.title.startswith(word)",
        "all(word in row.name.casefold() for word in words)",
        "bears(word, Person.ref, Venue.name)",
        "sa.or_(*(each.icontains(word) for each in columns))",
    ],
)
def test_a_search_that_does_not_fold_is_found(unfolded: str) -> None:
    assert list(searches(unfolded))
    assert not list(searches("finds(word, Person.name_folded), bears(word, Person.ref), has_words(row.name, words)"))


@pytest.mark.slow
def test_every_search_folds() -> None:
    found = {
        str(path.relative_to(ROOT)): list(searches(path.read_text(encoding="utf-8")))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if path.name in SEARCHING or path.parent.name == "frame"
    }
    wrong = {path: lines for path, lines in found.items() if lines and path not in MAY_COMPARE}
    assert not wrong, "use lms.kit.folding.has_words, or lms.frame.folding.finds of a column that is kept folded"
    assert sorted(path for path in MAY_COMPARE if not found[path]) == []
