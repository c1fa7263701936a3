"""Nothing is defined that nobody names: it would be read, kept and translated for nothing."""

import ast
import importlib
import inspect
import pkgutil
import re
import smtplib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from lms.frame.settings import ROOT

ROOMS = ("lms", "courses", "charges", "reviews", "surveys", "briefings")
ALSO = ("tests", "templates", "bench", "bin", "docs", "examples")
BY_OTHERS = frozenset({"SharedStorage"})
"""Found by a library: the store of limits by the scheme that it names."""

OVERRIDES = frozenset({"lms.frame.together.Together"})
"""May override what is private to its library: SQLAlchemy has no public way to write a constraint of one's own."""
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


def constants(path: Path) -> Iterator[str]:
    for each in ast.parse(path.read_text(encoding="utf-8")).body:
        match each:
            case ast.Assign(targets=targets):
                yield from (target.id for target in targets if isinstance(target, ast.Name))
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name


def test_every_constant_of_a_module_is_named_somewhere() -> None:
    words: Counter[str] = Counter()
    for path in (*files(*ROOMS, *ALSO), ROOT / "wsgi.py"):
        words.update(re.findall(r"\w+", path.read_text(encoding="utf-8", errors="replace")))
    theirs = [path for path in files(*ROOMS) if path.suffix == ".py" and "migrations" not in path.parts]
    found = [(path, name) for path in theirs for name in constants(path) if not name.startswith("__")]
    assert len(found) > 1000
    assert [f"{path.relative_to(ROOT)}: {name}" for path, name in found if words[name] == 1] == []


def modules() -> Iterator[ModuleType]:
    for room in ROOMS:
        for found in pkgutil.walk_packages(importlib.import_module(room).__path__, f"{room}."):
            if ".migrations" not in found.name and ".skeleton." not in found.name:
                yield importlib.import_module(found.name)


def overridden(kind: type) -> Iterator[str]:
    """Methods of ours that stand in the place of what is private to a library."""
    theirs = [base for base in kind.__mro__[1:] if base.__module__.split(".", maxsplit=1)[0] not in ROOMS]
    for name, method in vars(kind).items():
        is_private = name.startswith("_") and not name.endswith("_") and inspect.isfunction(method)
        if is_private and method.__module__ == kind.__module__ and any(name in vars(base) for base in theirs):
            yield name


def test_no_method_that_is_private_to_a_library_is_overridden() -> None:
    kinds = [
        kind
        for module in modules()
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if kind.__module__ == module.__name__
    ]
    assert len(kinds) > 500
    found = {f"{kind.__module__}.{kind.__qualname__}": list(overridden(kind)) for kind in kinds}
    assert {name: those for name, those in found.items() if those and name not in OVERRIDES} == {}


def test_a_private_method_that_is_overridden_is_found() -> None:
    class Talk(smtplib.SMTP):
        def _get_socket(self, *_: object) -> None: ...

        def connect(self, *_: object) -> None: ...  # type: ignore[override]

    assert list(overridden(Talk)) == ["_get_socket"]


def test_who_is_here_is_said_once() -> None:
    """`Person.is_here` says it of a record and in a query: whoever writes it out forgets one of its three parts.

    Agencies over time are kept for records that were merged as well, so the check of them asks something else.
    """
    writes_out = re.compile(r"\bPerson\.left_on\.is_\(None\)")
    found = [path for path in files(*ROOMS) if path.suffix == ".py" and writes_out.search(path.read_text("utf-8"))]
    assert [str(path.relative_to(ROOT)) for path in found] == ["lms/people/affiliations/checks.py"]
