"""A plugin with many topics is written in parts, a room each, and joined."""

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any

from lms.frame.plugins import Plugin


def joined(plugin: Plugin, rooms: Iterable[Plugin]) -> Plugin:
    """The plugin with all that its rooms add, in their order. What there is once comes from the room that has it."""
    for room in rooms:
        added: dict[str, Any] = {}
        for each in fields(Plugin):
            whole, part = getattr(plugin, each.name), getattr(room, each.name)
            if isinstance(whole, tuple) and each.name != "requires":
                added[each.name] = (*whole, *part)
            elif whole is None:
                added[each.name] = part
        plugin = replace(plugin, **added)
    return plugin
