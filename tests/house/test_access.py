"""Who may open what: a table to read and review, equal to the code."""

import os
from pathlib import Path

from flask import Flask

from tests.house.world import World

TABLE = Path(__file__).with_name("access_table.txt")


def guards(app: Flask) -> list[str]:
    """One line a view: its address, methods, and whom its guard lets in."""
    lines = []
    for rule in app.url_map.iter_rules():
        methods = " ".join(sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))
        guard = getattr(app.view_functions[rule.endpoint], "guard", "everybody")
        lines.append(f"{rule.rule:55} {methods:10} {guard:30} {rule.endpoint}")
    return sorted(lines)


def permissions(world: World) -> list[str]:
    """One line a permission: what it allows, and the roles that hold it."""
    held = world.site.roles_by_permission
    return [f"{name:30} {' '.join(sorted(roles))}" for name, roles in sorted(held.items())]


def test_every_view_and_permission_stands_in_the_table(own_world: World) -> None:
    """Read the difference as who gains and who loses; UPDATE_SNAPSHOTS=1 writes the table anew."""
    lines = ["# Address, methods, guard, view", *guards(own_world.app), "", "# Permission, roles"]
    now = "\n".join([*lines, *permissions(own_world)]) + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        TABLE.write_text(now, encoding="utf-8")
    assert TABLE.read_text(encoding="utf-8") == now
