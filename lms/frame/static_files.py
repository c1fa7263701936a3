"""Static files: the host's, and each plugin's under its name, with their content in the address.

What a script imports carries its content in the address too, so that a browser never runs a new script with an old
part. Scripts, styles and drawings are sent packed: they are alike for everybody, so that their length tells nothing.
"""

import gzip
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from mimetypes import guess_type
from pathlib import Path, PurePosixPath
from posixpath import normpath

from flask import Flask, Response, request, send_from_directory
from werkzeug.security import safe_join

from lms.frame.lines import package_folder
from lms.frame.plugins import Plugin

HOST_STATIC = Path(__file__).parents[1] / "static"
IMPORTS = re.compile(rb"""((?:from|import)\s*\(?\s*)(["'])(\.{1,2}/[\w./-]+\.js)\2""")
"""What one of our scripts says of another beside it; one that was made by others imports nothing."""

PACKED = {".css", ".js", ".svg"}


@dataclass(frozen=True)
class Packed:
    """A text as it is sent: as it is, packed, and by what a browser knows it again."""

    plain: bytes
    packed: bytes
    digest: str


@dataclass(frozen=True)
class StaticFiles:
    """`/static/start.js` is the host's; `/static/parking/map.js` is `static/map.js` in the package of parking."""

    folders: Mapping[str, Path]
    urls: dict[str, str] = field(default_factory=dict)
    texts: dict[str, Packed] = field(default_factory=dict)

    def send(self, filename: str) -> Response:
        """A file, or 404. Without its content in the address it is asked for anew each time."""
        folder, name = self._lies(filename)
        inside = safe_join(str(folder), name)
        is_text = inside is not None and Path(inside).suffix in PACKED and Path(inside).is_file()
        if is_text and normpath(filename) == filename:
            answer = self._send_text(filename)
        else:
            answer = send_from_directory(folder, name)
        if "v" not in request.args:
            answer.cache_control.max_age = None
            answer.cache_control.no_cache = True
        return answer

    def url(self, filename: str) -> str:
        """The address of a file with its content in the name, so that it can be kept for a year."""
        if filename not in self.urls:
            self.urls[filename] = f"/static/{filename}?v={self._digest(filename)}"
        return self.urls[filename]

    def _send_text(self, filename: str) -> Response:
        text, wants_packed = self._text(filename), request.accept_encodings.quality("gzip") > 0
        answer = Response(text.packed if wants_packed else text.plain, mimetype=guess_type(filename)[0])
        answer.cache_control.max_age = 31_536_000
        answer.vary.add("Accept-Encoding")
        answer.set_etag(f"{text.digest}{'-gzip' if wants_packed else ''}")
        if wants_packed:
            answer.content_encoding = "gzip"
        answer.make_conditional(request)
        return answer

    def _text(self, filename: str) -> Packed:
        if filename not in self.texts:
            folder, name = self._lies(filename)
            plain = (folder / name).read_bytes()
            if name.endswith(".js"):
                plain = IMPORTS.sub(lambda found: self._imported(filename, found), plain)
            digest = hashlib.sha256(plain).hexdigest()[:12]
            self.texts[filename] = Packed(plain, gzip.compress(plain, mtime=0), digest)
        return self.texts[filename]

    def _imported(self, filename: str, found: re.Match[bytes]) -> bytes:
        before, mark, path = found.groups()
        return before + mark + self.url(normpath(PurePosixPath(filename).parent / path.decode())).encode() + mark

    def _digest(self, filename: str) -> str:
        folder, name = self._lies(filename)
        if Path(name).suffix in PACKED:
            return self._text(filename).digest
        return hashlib.sha256((folder / name).read_bytes()).hexdigest()[:12]

    def _lies(self, filename: str) -> tuple[Path, str]:
        first, _, rest = filename.partition("/")
        return (self.folders[first], rest) if first in self.folders and rest else (HOST_STATIC, filename)


def start_static_files(app: Flask, plugins: Sequence[Plugin]) -> None:
    """Serve the files of the host and of the plugins, and let templates ask for their addresses: `static_url(...)`."""
    found = {each.name: folder / "static" for each in plugins if (folder := package_folder(each)) is not None}
    files = StaticFiles({name: folder for name, folder in found.items() if folder.is_dir()})
    app.add_url_rule("/static/<path:filename>", "static", files.send)
    app.jinja_env.globals["static_url"] = files.url
