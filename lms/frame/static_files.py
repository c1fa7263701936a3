"""Static files: the host's, and each plugin's under its name, with their content in the address."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask, Response, send_from_directory

from lms.frame.lines import package_folder
from lms.frame.plugins import Plugin

HOST_STATIC = Path(__file__).parents[1] / "static"


@dataclass(frozen=True)
class StaticFiles:
    """`/static/start.js` is the host's; `/static/parking/map.js` is `static/map.js` in the package of parking."""

    folders: Mapping[str, Path]
    urls: dict[str, str] = field(default_factory=dict)

    def send(self, filename: str) -> Response:
        """A file, or 404."""
        return send_from_directory(*self._lies(filename))

    def url(self, filename: str) -> str:
        """The address of a file with its content in the name, so that it can be kept for a year."""
        if filename not in self.urls:
            folder, name = self._lies(filename)
            digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()[:12]
            self.urls[filename] = f"/static/{filename}?v={digest}"
        return self.urls[filename]

    def _lies(self, filename: str) -> tuple[Path, str]:
        first, _, rest = filename.partition("/")
        return (self.folders[first], rest) if first in self.folders and rest else (HOST_STATIC, filename)


def start_static_files(app: Flask, plugins: Sequence[Plugin]) -> None:
    """Serve the files of the host and of the plugins, and let templates ask for their addresses: `static_url(...)`."""
    found = {each.name: folder / "static" for each in plugins if (folder := package_folder(each)) is not None}
    files = StaticFiles({name: folder for name, folder in found.items() if folder.is_dir()})
    app.add_url_rule("/static/<path:filename>", "static", files.send)
    app.jinja_env.globals["static_url"] = files.url
