"""Fetch GOV.UK Frontend from npm and keep the two files of it that our pages use.

The result is committed, so only whoever raises the version needs npm: change VERSION and run `make assets`.
"""

import re
import subprocess
import tarfile
import tempfile
from pathlib import Path

VERSION = "6.6.0"
TARGET = Path(__file__).resolve().parent.parent / "lms" / "static" / "govuk"

FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
CREST = re.compile(r"url\([^)]*govuk-crest[^)]*\)")
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*")


def fetch(version: str) -> tuple[str, str]:
    """The minified style sheet and script module as published."""
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run(["npm", "pack", "--silent", f"govuk-frontend@{version}"], cwd=directory, check=True)
        (package,) = Path(directory).glob("govuk-frontend-*.tgz")
        with tarfile.open(package) as archive:
            return read(archive, "govuk-frontend.min.css"), read(archive, "govuk-frontend.min.js")


def read(archive: tarfile.TarFile, name: str) -> str:
    member = archive.extractfile(f"package/dist/govuk/{name}")
    if member is None:
        raise FileNotFoundError(name)
    return member.read().decode()


def without_crown(css: str) -> str:
    """Cut GDS Transport and the crest: both belong to GOV.UK, where this service is not."""
    css = CREST.sub("none", FONT_FACE.sub("", SOURCE_MAP.sub("", css)))
    if "url(" in css:
        raise ValueError("The style sheet still asks for files that are not served from here.")
    return css.strip() + "\n"


def build() -> None:
    css, script = fetch(VERSION)
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / "govuk-frontend.min.css").write_text(without_crown(css))
    (TARGET / "govuk-frontend.min.js").write_text(SOURCE_MAP.sub("", script).strip() + "\n")
    (TARGET / "VERSION").write_text(f"{VERSION}\n")


if __name__ == "__main__":
    build()
