"""Whether plugins fit together: every fault is named at the start, by the plugin that has it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import is_dataclass
from datetime import timedelta
from typing import Any

from lms.frame.ownership import is_inside
from lms.frame.plugins import CONTRACT, Job, Plugin
from lms.frame.settings import OWN_NAMES
from lms.kit.questions import Question

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
VERSION = re.compile(r"([0-9]+)\.([0-9]+)")
ROUND = timedelta(minutes=1)
"""The worker looks once a minute: nothing recurs more often."""

NAMED_BY_PLUGIN = frozenset(
    {
        "permission",
        "setting",
        "job",
        "check",
        "keyed",
        "report section",
        "mailing list",
        "record source",
        "retention",
        "operation",
        "told fact",
        "waiting",
        "place for panels",
        "letter",
    }
)
"""What is called `<plugin>.<name>`, so that two plugins never meet in a name."""


def faults(plugins: Sequence[Plugin], strangers: Sequence[str]) -> Iterator[str]:
    """What does not fit, a sentence each. `strangers` are the names of third parties' plugins."""
    for plugin in plugins:
        if plugin.name in strangers:
            yield from _wrong_introduction(plugin)
        yield from _wrong_jobs(plugin)
        yield from _wrong_facts(plugin, plugins)
        yield from _wrong_columns(plugin)
    yield from _wrong_answers(plugins)
    yield from _wrong_names(plugins)
    yield from _undeclared(plugins)


def _wrong_introduction(plugin: Plugin) -> Iterator[str]:
    """What a third party's plugin must say of itself."""
    if NAME.fullmatch(plugin.name) is None:
        yield f"{plugin.name}: a plugin's name is small letters, digits and underscores, like parking_permits."
    if not plugin.package:
        yield f"{plugin.name}: say package=__package__, so that its tables, templates and static files are found."
    written_for, ours = VERSION.fullmatch(plugin.contract), VERSION.fullmatch(CONTRACT)
    if written_for is None:
        yield f'{plugin.name}: say which contract it was written for: contract="{CONTRACT}".'
        return
    major, minor = (int(each) for each in written_for.groups())
    our_major, our_minor = (int(each) for each in ours.groups()) if ours else (0, 0)
    if major != our_major or minor > our_minor:
        yield f"{plugin.name}: it was written for contract {plugin.contract}, and this site has {CONTRACT}."


def _wrong_jobs(plugin: Plugin) -> Iterator[str]:
    for job in plugin.jobs:
        if (job.every is None) == (job.daily_at is None):
            yield f"{plugin.name}: the job {job.name} needs either `every` or `daily_at`."
        elif (wrong := _wrong_time(job)) is not None:
            yield f"{plugin.name}: the job {job.name} {wrong}"


def _wrong_time(job: Job) -> str | None:
    if job.every is not None and job.every < ROUND:
        return "runs every minute at most."
    if job.daily_at is not None and job.daily_at.tzinfo is not None:
        return "has a time zone: `daily_at` is a wall time in London."
    return None


def _wrong_columns(plugin: Plugin) -> Iterator[str]:
    for each in plugin.imports:
        if not any(column.is_key for column in each.columns):
            yield f"{plugin.name}: the import {each.kind} has no column that is the key of a row."
    tables = [(each.kind, [column.name for column in each.columns]) for each in plugin.imports]
    tables += [(each.kind, list(each.columns)) for each in plugin.exports]
    for kind, names in tables:
        if len(set(names)) < len(names):
            yield f"{plugin.name}: {kind} has two columns of the same name."


def _wrong_facts(plugin: Plugin, plugins: Sequence[Plugin]) -> Iterator[str]:
    """A fact is a frozen dataclass in the `facts.py` of the host, or of a plugin that this one may know."""
    known = {plugin.name, *required(plugin, plugins)}
    packages = ["lms", *(each.package for each in plugins if each.package and each.name in known)]
    waited_for = [(each.fact, "listens to") for each in plugin.listeners]
    waited_for += [(each.fact, "tells other systems of") for each in plugin.told_facts]
    for fact, does in waited_for:
        module = fact.__module__
        is_frozen = is_dataclass(fact) and fact.__dataclass_params__.frozen  # type: ignore[attr-defined]
        if not is_frozen or module.rpartition(".")[2] != "facts":
            yield f"{plugin.name}: it {does} {fact.__name__}, which is no fact: a frozen dataclass in a facts.py."
        elif not any(is_inside(module, package) for package in packages):
            yield f"{plugin.name}: it {does} {fact.__name__} of {module}, a plugin that it does not require."


def _wrong_answers(plugins: Sequence[Plugin]) -> Iterator[str]:
    """A question has one who answers."""
    seen: dict[type, str] = {}
    for plugin, answer in ((one, each) for one in plugins for each in one.answers):
        if not issubclass(answer.question, Question):
            yield f"{plugin.name}: it answers {answer.question.__name__}, which is no Question."
        if answer.question in seen:
            yield f"{plugin.name}: {seen[answer.question]} answers {answer.question.__name__} already."
        seen.setdefault(answer.question, plugin.name)


def required(plugin: Plugin, plugins: Sequence[Plugin]) -> set[str]:
    """The names of what a plugin requires, and of what those require."""
    by_name = {each.name: each for each in plugins}
    found: set[str] = set()
    left = list(plugin.requires)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += by_name[name].requires if name in by_name else ()
    return found


def _wrong_names(plugins: Sequence[Plugin]) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    for plugin in plugins:
        for kind, name in _names(plugin):
            if kind in NAMED_BY_PLUGIN and not name.startswith(f"{plugin.name}."):
                yield f"{plugin.name}: the {kind} {name} should be called {plugin.name}.something."
            if (kind, name) in seen and kind != "letter":
                yield f"{plugin.name}: there is already {'an' if kind[0] in 'aeio' else 'a'} {kind} called {name}."
            seen.add((kind, name))
        for setting in plugin.settings:
            if setting.environment_name in OWN_NAMES:
                yield f"{plugin.name}: the setting {setting.name} would be {setting.environment_name}, the host's own."


def _names(plugin: Plugin) -> Iterator[tuple[str, str]]:
    yield "plugin", plugin.name
    named: tuple[tuple[str, Iterable[Any]], ...] = (
        ("permission", plugin.permissions),
        ("setting", plugin.settings),
        ("job", plugin.jobs),
        ("check", plugin.checks),
        ("keyed", plugin.keyed),
        ("report section", plugin.report_sections),
        ("mailing list", plugin.mailing_lists),
        ("record source", plugin.record_sources),
        ("waiting", plugin.waiting),
        ("retention", plugin.personal_data.retention if plugin.personal_data else ()),
        ("operation", plugin.operations),
        ("told fact", plugin.told_facts),
        ("blueprint", plugin.blueprints),
        ("place for panels", plugin.places),
    )
    for what, things in named:
        yield from ((what, each.name) for each in things)
    for setting in plugin.settings:
        yield "variable", setting.environment_name
    for kind in [each.kind for each in plugin.imports] + [each.kind for each in plugin.exports]:
        yield "import", kind
    for letter in plugin.letters:
        yield "letter", letter.kind
    for table in plugin.personal_data.tables if plugin.personal_data else ():
        yield "table answered for", table


def _undeclared(plugins: Sequence[Plugin]) -> Iterator[str]:
    """Permissions and places that are named, but that no plugin has."""
    declared = {each.name for plugin in plugins for each in plugin.permissions}
    places = {each.name for plugin in plugins for each in plugin.places}
    for plugin in plugins:
        for what, permission in _asked(plugin):
            if permission is not None and permission not in declared:
                yield f"{plugin.name}: the {what} needs {permission}, which no plugin declares."
        for panel in plugin.panels:
            if panel.place not in places:
                known = ", ".join(sorted(places))
                yield f"{plugin.name}: no page has a place {panel.place} for panels. There are: {known}."


def _asked(plugin: Plugin) -> Iterator[tuple[str, str | None]]:
    yield from ((f"menu item {each.title}", each.permission) for each in plugin.menu)
    yield from ((f"import {each.kind}", each.permission) for each in plugin.imports)
    yield from ((f"export {each.kind}", each.permission) for each in plugin.exports)
    yield from ((f"waiting {each.name}", each.permission) for each in plugin.waiting)
    yield from ((f"told fact {each.name}", each.permission) for each in plugin.told_facts)
    yield from ((f"operation {each.name}", each.permission) for each in plugin.operations)
