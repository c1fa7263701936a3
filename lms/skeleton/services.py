"""Writing a new plugin's first files."""

from pathlib import Path

from lms.frame.fitting import NAME
from lms.kit.errors import Conflict, Invalid

FILES = Path(__file__).with_name("files")
SOURCE = ".txt"
"""What ends the names of files that tools must not take for their own here."""


def write_skeleton(name: str, folder: Path) -> Path:
    """Write the plugin into a new folder. Raises Invalid for a name that cannot be, Conflict when it is there."""
    if NAME.fullmatch(name) is None or len(name) > 30:
        raise Invalid("A plugin's name is small letters, digits and underscores, like parking_permits.")
    if folder.exists():
        raise Conflict(f"{folder} is there already. Choose another name, or say --into another folder.")
    said = {
        "@name@": name,
        "@kebab@": name.replace("_", "-"),
        "@package@": f"golden_thread_{name}",
        "@Class@": "".join(part.title() for part in name.split("_")),
        "@Title@": name.replace("_", " ").capitalize(),
    }
    for source in sorted(path for path in FILES.rglob("*") if path.is_file()):
        target = folder / _filled(_name_of(source), said)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_filled(source.read_text(encoding="utf-8"), said), encoding="utf-8")
    return folder


def _name_of(source: Path) -> str:
    """`package/views.py.txt` is `@package@/views.py`; a letter's own `subject.txt` keeps its name."""
    inside = str(source.relative_to(FILES)).replace("package/", "@package@/", 1)
    return inside if "templates/" in inside else inside.removesuffix(SOURCE)


def _filled(text: str, said: dict[str, str]) -> str:
    for mark, value in said.items():
        text = text.replace(mark, value)
    return text
