"""Draws the rooms of the house and who imports whom, from the imports themselves: `make rooms`.

    python bin/draw_rooms.py [--out FILE] [--packages courses ...] [--of TREE] [--title WORDS]

Without packages: the plugins, the rooms of courses, and the host. An arrow that points back up is red and dashed.
"""

import argparse
import sys
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path

import grimp

ROOT = Path(__file__).parents[1]
PACKAGES = ("lms", "courses", "charges", "reviews", "surveys", "briefings")
SPLIT = {"courses": None, "lms": ("kit",)}
"""Of these packages the rooms are drawn: all that are packages, or only those named, and the rest as one."""

TITLE = "Who imports whom"
WIDE, HIGH, GAP, STOREY, EDGE = 150, 44, 26, 108, 24
Arrow = tuple[str, str]


def room_of(module: str, rooms: Mapping[str, frozenset[str]]) -> str:
    """Which box a module lies in."""
    package, _, rest = module.partition(".")
    first = rest.split(".")[0]
    return f"{package}.{first}" if first in rooms.get(package, ()) else package


def arrows_of(packages: Iterable[str], split: Mapping[str, tuple[str, ...] | None]) -> set[Arrow]:
    """From each room to every room that it imports something of."""
    graph = grimp.build_graph(*packages)
    rooms = {
        package: frozenset(
            child.rpartition(".")[2]
            for child in graph.find_children(package)
            if (graph.find_children(child) if names is None else child.rpartition(".")[2] in names)
        )
        for package, names in split.items()
    }
    found = set()
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            here, there = room_of(module, rooms), room_of(imported, rooms)
            is_join = here in split and split[here] is None  # the package itself only joins its rooms
            if here != there and not is_join and there not in (each for each in split if split[each] is None):
                found.add((here, there))
    return found


def storeys_of(arrows: set[Arrow]) -> list[list[str]]:
    """Rooms by storey, the top one first: each stands above all that it imports, as far as there is no circle."""
    rooms = sorted({room for arrow in arrows for room in arrow})
    order = _fewest_back(rooms, arrows)
    height: dict[str, int] = {}
    for room in reversed(order):
        below = [height[there] for here, there in arrows if here == room and there in height]
        height[room] = 1 + max(below, default=-1)
    top = max(height.values(), default=0)
    return [sorted(room for room in rooms if height[room] == level) for level in range(top, -1, -1)]


def _fewest_back(rooms: list[str], arrows: set[Arrow]) -> list[str]:
    """An order in which few arrows point back: the room with most arrows out and fewest in first."""
    left, order = set(rooms), []
    while left:
        inner = [(here, there) for here, there in arrows if here in left and there in left]
        outs = {room: sum(here == room for here, _ in inner) for room in left}
        ins = {room: sum(there == room for _, there in inner) for room in left}
        first = min(left, key=lambda room: (ins[room] > 0, ins[room] - outs[room], room))
        order.append(first)
        left.remove(first)
    return order


def needed(arrows: set[Arrow]) -> set[Arrow]:
    """Without the arrows that say nothing new: where another way leads there already."""
    after: dict[str, set[str]] = {}
    for here, there in arrows:
        after.setdefault(here, set()).add(there)

    def reached(room: str, without: Arrow) -> set[str]:
        seen: set[str] = set()
        left = [room]
        while left:
            here = left.pop()
            for there in after.get(here, ()):
                if (here, there) != without and there not in seen:
                    seen.add(there)
                    left.append(there)
        return seen

    return {(here, there) for here, there in arrows if there not in reached(here, (here, there))}


def drawn(storeys: list[list[str]], arrows: set[Arrow], title: str) -> str:
    """The picture as SVG, with its arrows in words for whoever does not see it."""
    widest = max(len(storey) for storey in storeys)
    width = widest * (WIDE + GAP) - GAP + 2 * EDGE
    height = len(storeys) * STOREY + 2 * EDGE
    at: dict[str, tuple[float, float]] = {}
    for level, storey in enumerate(storeys):
        start = (width - len(storey) * (WIDE + GAP) + GAP) / 2
        for number, room in enumerate(storey):
            at[room] = (start + number * (WIDE + GAP), EDGE + 30 + level * STOREY)
    lines = [_line(at[here], at[there]) for here, there in sorted(arrows)]
    boxes = [_box(room, *where) for room, where in sorted(at.items())]
    told = "; ".join(f"{here} imports {there}" for here, there in sorted(arrows))
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" role="img">',
            f"<title>{escape(title)}</title>",
            f"<desc>{escape(told)}.</desc>",
            '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
            '<path d="M0 0 8 4 0 8z" fill="context-stroke"/></marker></defs>',
            f'<rect width="{width}" height="{height}" fill="#fff"/>',
            f'<text x="{width / 2}" y="{EDGE}" font-family="sans-serif" font-size="16" text-anchor="middle">'
            f"{escape(title)}</text>",
            *lines,
            *boxes,
            "</svg>",
            "",
        ]
    )


def _box(room: str, x: float, y: float) -> str:
    return (
        f'<rect x="{x}" y="{y}" width="{WIDE}" height="{HIGH}" rx="6" fill="#eef3f8" stroke="#1d3557"/>'
        f'<text x="{x + WIDE / 2}" y="{y + HIGH / 2 + 5}" font-family="sans-serif" font-size="13" '
        f'text-anchor="middle" fill="#0b0c0c">{escape(room.replace(".", "/"))}</text>'
    )


def _line(start: tuple[float, float], end: tuple[float, float]) -> str:
    (x1, y1), (x2, y2) = (start[0] + WIDE / 2, start[1]), (end[0] + WIDE / 2, end[1])
    is_back = y2 <= y1
    y1, y2 = (y1, y2 + HIGH) if is_back else (y1 + HIGH, y2)
    look = 'stroke="#c1121f" stroke-dasharray="5 4"' if is_back else 'stroke="#6c7a89"'
    bend = abs(y2 - y1) / 2
    way = f"M{x1} {y1}C{x1} {y1 - bend if is_back else y1 + bend} {x2} {y2 + bend if is_back else y2 - bend} {x2} {y2}"
    return f'<path d="{way}" fill="none" stroke-width="1.2" {look} marker-end="url(#tip)"/>'


def picture(packages: Iterable[str], split: Mapping[str, tuple[str, ...] | None], title: str) -> tuple[str, int]:
    """The picture, and how many of its arrows point back up."""
    arrows = arrows_of(packages, split)
    storeys = storeys_of(arrows)
    level = {room: number for number, storey in enumerate(storeys) for room in storey}
    back = sum(level[there] <= level[here] for here, there in arrows)
    words = f"{len(level)} rooms, {len(arrows)} arrows, {back} back up"
    shown = needed(arrows) | {(here, there) for here, there in arrows if level[there] <= level[here]}
    return drawn(storeys, shown, f"{title}: {words}"), back


def main() -> None:
    """Draw, write, and say how many arrows point back up."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--out", type=Path, default=ROOT / "docs" / "rooms.svg")
    asked.add_argument("--packages", nargs="*", default=[], help="draw what lies in these, and nothing else")
    asked.add_argument("--of", type=Path, default=ROOT, help="another tree of the project")
    asked.add_argument("--title", default=TITLE)
    said = asked.parse_args()
    sys.path.insert(0, str(said.of))
    packages = said.packages or PACKAGES
    split = dict.fromkeys(packages) if said.packages else SPLIT
    drawing, back = picture(packages, split, said.title)
    said.out.write_text(drawing, encoding="utf-8")
    print(f"{said.out}: {back} arrows back up")  # noqa: T201


if __name__ == "__main__":
    main()
