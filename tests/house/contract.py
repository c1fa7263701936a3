"""The shape of the contract, a line for each thing that a plugin may rely on: names, fields, parameters, types."""

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from functools import cached_property
from types import ModuleType
from typing import Any, ParamSpec, TypeVar

from lms.frame import plugins
from lms.testing.source import OPEN_MODULES

INSIDE = re.compile(r"\blms(?:\.\w+)+")
ADDRESS = re.compile(r" at 0x[0-9a-f]+")


def lines() -> list[str]:
    """Every line, in order."""
    open_modules = [module for name in OPEN_MODULES for module in _modules(name)]
    known_as = _known_as(open_modules)
    found = {line for module in open_modules for line in _of_module(module)}
    return sorted(INSIDE.sub(lambda name: known_as.get(name[0], name[0]), line) for line in found)


def _known_as(open_modules: list[ModuleType]) -> dict[str, str]:
    """What an open module offers of one that is not open has the name by which plugins know it."""
    names = {module.__name__ for module in open_modules}
    return {
        f"{value.__module__}.{name}": f"{module.__name__}.{name}"
        for module in open_modules
        for name in getattr(module, "__all__", ())
        if (value := getattr(module, name)) is not None and getattr(value, "__module__", module.__name__) not in names
    }


def _modules(name: str) -> Iterator[ModuleType]:
    module = importlib.import_module(name)
    yield module
    for each in pkgutil.walk_packages(getattr(module, "__path__", ()), f"{name}."):
        yield importlib.import_module(each.name)


def _of_module(module: ModuleType) -> Iterator[str]:
    offered = getattr(module, "__all__", None)
    for name, value in sorted(vars(module).items()):
        is_own = getattr(value, "__module__", module.__name__) == module.__name__ and not inspect.ismodule(value)
        if name in offered if offered is not None else is_own and not name.startswith("_"):
            yield from _of_thing(f"{module.__name__}.{name}", value)


def _of_thing(name: str, value: Any) -> Iterator[str]:
    if inspect.isclass(value):
        yield f"{name}: class"
        yield from (f"{name}.{each.name} = {each.value!r}" for each in value) if issubclass(value, Enum) else ()
        yield from _fields(name, value) if is_dataclass(value) else ()
        yield from _methods(name, value)
    elif inspect.isroutine(value):
        yield f"{name}{_signature(value)}"
    elif not isinstance(value, TypeVar | ParamSpec):
        yield f"{name}: {type(value).__name__}"


def _fields(name: str, value: Any) -> Iterator[str]:
    for each in fields(value):
        is_needed = each.default is MISSING and each.default_factory is MISSING
        kind = each.type if isinstance(each.type, str) else inspect.formatannotation(each.type)
        yield f"{name}.{each.name}: {kind}{'' if is_needed else ' = ...'}"


def _methods(name: str, value: type) -> Iterator[str]:
    for method, found in sorted(vars(value).items()):
        if method.startswith("_"):
            continue
        if isinstance(found, property | cached_property):
            yield f"{name}.{method}: property"
        elif inspect.isroutine(found):
            yield f"{name}.{method}{_signature(getattr(value, method))}"


def _signature(value: Any) -> str:
    try:
        return ADDRESS.sub("", str(inspect.signature(value)))
    except ValueError:
        return "(...)"


def wrong_change(before: tuple[str, list[str]], now: tuple[str, list[str]]) -> list[str]:
    """What changed without the version saying so: each is a version and its lines."""
    (old, were), (new, are) = before, now
    gone = [f"gone: {line}" for line in were if line not in are]
    mine = plugins.__name__
    added = [f"new: {line}" for line in are if line not in were and line.startswith(mine)]
    (old_major, old_minor), (major, minor) = _numbers(old), _numbers(new)
    if major > old_major:
        return []
    return gone if minor > old_minor and major == old_major else [*gone, *added]


def _numbers(version: str) -> tuple[int, int]:
    major, minor = version.split(".")
    return int(major), int(minor)
