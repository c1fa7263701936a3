"""What a plugin's source may do: what it imports of others, and what it leaves to whoever called it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from lms.frame.fitting import required
from lms.frame.lines import package_folder
from lms.frame.ownership import is_inside
from lms.frame.plugins import Plugin
from lms.testing.tryout import Tryout

INLINE = re.compile(r"""<script(?![^>]*\bsrc=)|<style|\bstyle\s*=\s*["']|\son[a-z]+\s*=\s*["']|javascript:""")
OPEN_FILES = frozenset({"facts", "models", "queries", "questions", "rules", "services"})
"""Of a topic of the host, and of a plugin that is required: what others may import."""

OPEN_MODULES = (
    "lms.api.shapes",
    "lms.frame.access",
    "lms.frame.cells",
    "lms.frame.db",
    "lms.frame.demonstration",
    "lms.frame.fields",
    "lms.frame.files",
    "lms.frame.links",
    "lms.frame.locks",
    "lms.frame.paging",
    "lms.frame.plugins",
    "lms.frame.web",
    "lms.frame.work",
    "lms.kit.addresses",
    "lms.kit.calendars",
    "lms.kit.charts",
    "lms.kit.documents",
    "lms.kit.errors",
    "lms.kit.figures",
    "lms.kit.money",
    "lms.kit.names",
    "lms.kit.pages",
    "lms.kit.portions",
    "lms.kit.questions",
    "lms.kit.rows_behind",
    "lms.kit.telephones",
    "lms.kit.telling",
    "lms.kit.words",
    "lms.kit.working_days",
    "lms.mail.letters",
    "lms.testing.fixtures",
    "lms.testing.house",
)
"""Of the host: what its contract answers for (`tests/house/contract.txt`)."""

NOT_DONE_HERE = {
    "commit": "commits: whoever made the Work does, once",
    "rollback": "rolls back: whoever made the Work does; `begin_nested()` undoes a part",
    "utcnow": "reads a clock: what time it is stands in `work.now`",
    "today": "reads a clock: what day it is, is `london_date(work.now)`",
}


def wrong_source(tryout: Tryout) -> Iterator[str]:
    """Imports of what may change without notice, and what is not a plugin's to do."""
    for plugin in tryout.plugins:
        folder = package_folder(plugin)
        for path in sorted(folder.rglob("*.py")) if folder else ():
            if "migrations" not in path.parts:
                tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
                name = path.relative_to(folder or path)
                yield from (f"{name}: {fault}" for fault in _wrong_imports(tree, plugin, tryout))
                yield from (f"{name}: {fault}" for fault in _wrong_calls(tree))


def _wrong_imports(tree: ast.Module, plugin: Plugin, tryout: Tryout) -> Iterator[str]:
    packages = {each.package: each.name for each in tryout.site.plugins if each.package and each.package != "lms"}
    allowed = {plugin.name, *required(plugin, tryout.site.plugins)}
    for module, names in _imports(tree):
        owner = next((name for package, name in packages.items() if is_inside(module, package)), None)
        if plugin.package and is_inside(module, plugin.package):
            continue
        if owner is not None and owner not in allowed:
            yield f"imports {module}, and `requires` does not name {owner}"
        elif (owner is not None or is_inside(module, "lms")) and not _are_open(module, names):
            yield f"imports {module}, which may change at any time. The guide says what may be imported"
        elif owner is not None or is_inside(module, "lms"):
            yield from (f"imports {module}.{name}, which is private" for name in names if name.startswith("_"))


def _imports(tree: ast.Module) -> Iterator[tuple[str, list[str]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((each.name, []) for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, [each.name for each in node.names]


def _are_open(module: str, names: list[str]) -> bool:
    """Also `from lms.frame import cells`, which names modules."""
    return _is_open(module) or (bool(names) and all(_is_open(f"{module}.{name}") for name in names))


def _is_open(module: str) -> bool:
    return module.rpartition(".")[2] in OPEN_FILES or any(is_inside(module, each) for each in OPEN_MODULES)


def _wrong_calls(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            said = NOT_DONE_HERE.get(node.func.attr)
            is_now = (
                node.func.attr == "now" and isinstance(node.func.value, ast.Name) and node.func.value.id == "datetime"
            )
            if said or is_now:
                yield f"line {node.lineno} {said or NOT_DONE_HERE['utcnow']}"


def templates_with_scripts_inside(tryout: Tryout) -> Iterator[str]:
    """The content security policy would silently refuse scripts and styles that stand in a page."""
    for plugin in tryout.plugins:
        folder = package_folder(plugin)
        for path in sorted((folder / "templates").rglob("*.html")) if folder else ():
            inside = path.relative_to(folder / "templates") if folder else Path()
            if inside.parts[0] != "email" and INLINE.search(path.read_text(encoding="utf-8")):
                yield f"{inside} has a script or a style inside: put it into static/"
