"""Put what is unreleased under a version of its own: `make release VERSION=0.4.0`. Commit and tag are left to whoever
read what it wrote."""

import re
import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[1]
UNRELEASED = "## Unreleased\n"
HEADING = re.compile(r"^## (\d+)\.(\d+)\.(\d+), ", re.MULTILINE)
VERSION = re.compile(r'^version = "(\d+\.\d+\.\d+)"$', re.MULTILINE)
Numbers = tuple[int, ...]


def numbers(version: str) -> Numbers:
    """0.4.0 as numbers. Raises ValueError for anything else."""
    if re.fullmatch(r"\d+\.\d+\.\d+", version) is None:
        raise ValueError("A version is three numbers: make release VERSION=0.4.0")
    return tuple(int(each) for each in version.split("."))


def released(changelog: str, version: str, day: date) -> str:
    """The changelog with that version. Raises ValueError when it is not later than all others, or has no changes."""
    last: Numbers = max((tuple(int(n) for n in each) for each in HEADING.findall(changelog)), default=(0, 0, 0))
    if numbers(version) <= last:
        raise ValueError(f"{version} is not later than {'.'.join(map(str, last))}.")
    before, heading, rest = changelog.partition(UNRELEASED)
    if not heading or not rest.lstrip().startswith(("* ", "- ")):
        raise ValueError("Nothing stands under “Unreleased”.")
    return f"{before}{heading}\n## {version}, {day.day} {day:%B %Y}\n{rest.lstrip()}"


def main() -> None:
    """Write both files, or say why not."""
    version = sys.argv[1] if len(sys.argv) > 1 else ""
    changelog, project = ROOT / "CHANGELOG.md", ROOT / "pyproject.toml"
    try:
        text = released(changelog.read_text(encoding="utf-8"), version, date.today())  # noqa: DTZ011
    except ValueError as wrong:
        raise SystemExit(str(wrong)) from wrong
    changelog.write_text(text, encoding="utf-8")
    said = VERSION.sub(f'version = "{version}"', project.read_text(encoding="utf-8"), count=1)
    project.write_text(said, encoding="utf-8")
    print(f"CHANGELOG.md and pyproject.toml say {version}. Read them, commit, then: git tag v{version}")  # noqa: T201


if __name__ == "__main__":
    main()
