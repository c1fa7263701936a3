"""Nothing is defined that nobody names: it would be read, kept and translated for nothing."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lms.frame.settings import ROOT

ROOMS = ("lms", "courses", "charges", "reviews", "surveys", "briefings")
ALSO = ("tests", "templates", "bench", "bin", "docs", "examples")
BY_OTHERS = frozenset({"SharedStorage"})
"""Found by a library: the store of limits by the scheme that it names."""

TEXT = {".py", ".html", ".txt", ".md", ".toml"}


def files(*rooms: str) -> Iterator[Path]:
    for room in rooms:
        yield from (path for path in (ROOT / room).rglob("*") if path.suffix in TEXT and path.is_file())


def test_every_function_and_class_of_a_module_is_named_somewhere() -> None:
    words: Counter[str] = Counter()
    for path in (*files(*ROOMS, *ALSO), ROOT / "wsgi.py", ROOT / "pyproject.toml"):
        words.update(re.findall(r"\w+", path.read_text(encoding="utf-8", errors="replace")))
    unnamed = [
        f"{path.relative_to(ROOT)}: {each.name}"
        for path in files(*ROOMS)
        if path.suffix == ".py" and "migrations" not in path.parts
        for each in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(each, ast.FunctionDef | ast.ClassDef) and not each.decorator_list
        if words[each.name] == 1 and each.name not in BY_OTHERS
    ]
    assert unnamed == []
