"""Third parties' plugins, found by the entry points of what is installed here."""

import traceback
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from flask import Flask

from lms.frame.apart import FAULTS
from lms.frame.plugins import Plugin
from lms.frame.site import SiteError

ENTRY_POINT_GROUP = "golden_thread.plugins"


def installed() -> dict[str, EntryPoint]:
    """Every third party's plugin that is installed beside the host, named by LMS_PLUGINS or not."""
    return {point.name: point for point in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda each: each.name)}


def find_plugins(names: Sequence[str]) -> tuple[Plugin, ...]:
    """The plugins that LMS_PLUGINS names. Raises SiteError with every one that is not there or cannot be loaded."""
    found = installed()
    missing = [name for name in names if name not in found]
    if missing:
        there = ", ".join(found) or "none"
        raise SiteError(f"LMS_PLUGINS names {', '.join(missing)}, which is not installed. Installed: {there}.")
    loaded: list[Plugin] = []
    wrong: list[str] = []
    for name in dict.fromkeys(names):
        try:
            loaded.append(load(found[name]))
        except SiteError as fault:
            wrong.append(str(fault))
    if wrong:
        raise SiteError("\n".join(wrong))
    return tuple(loaded)


def installed_site() -> Callable[..., Flask]:
    """What makes the application of the `lms` command that is installed here: `make_site`, beside its `main`."""
    (command,) = entry_points(group="console_scripts", name="lms")
    make_site: Callable[..., Flask] = import_module(command.module).make_site
    return make_site


def load(point: EntryPoint) -> Plugin:
    """The plugin of an entry point. Raises SiteError when it raises, or is something else."""
    try:
        plugin = point.load()
    except FAULTS as fault:
        raise SiteError(f"{point.name}: {point.value} cannot be loaded: {said_fault(fault)}") from fault
    if not isinstance(plugin, Plugin):
        raise SiteError(f"{point.name}: {point.value} is a {type(plugin).__name__}; it should be a Plugin.")
    if plugin.name != point.name:
        raise SiteError(f"{point.name}: {point.value} is called {plugin.name}. Give both one name.")
    return plugin


def where_from(wrong: str, names: Sequence[str]) -> str:
    """The lines of a SiteError and, when a third party's plugin is among them, how to start without it."""
    at_fault = [name for name in names if any(line.startswith(f"{name}:") for line in wrong.splitlines())]
    if not at_fault:
        return wrong
    return f"{wrong}\n{', '.join(at_fault)} comes by LMS_PLUGINS. Take it out there to start without it."


def said_fault(fault: BaseException) -> str:
    """ImportError: No module named x (plugin.py, line 3)"""
    said = f"{type(fault).__name__}: {fault}".removesuffix(": ")
    if isinstance(fault, SyntaxError):
        return said
    here = traceback.extract_tb(fault.__traceback__)
    return f"{said} ({here[-1].filename}, line {here[-1].lineno})" if here else said
