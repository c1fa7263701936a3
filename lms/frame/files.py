"""Files as answers: what kind of file it is stands at the end of its name."""

import hashlib

from flask import Response, request

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "html": "text/html; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
    "jpg": "image/jpeg",
    "json": "application/json",
    "pdf": "application/pdf",
    "png": "image/png",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def file_to_keep(data: str | bytes, name: str) -> Response:
    """A file that browsers save under this name."""
    return _answer(data, name, "attachment")


def file_to_show(data: str | bytes, name: str) -> Response:
    """A file that browsers show, and save under this name."""
    return _answer(data, name, "inline")


def calendar_to_follow(text: str) -> Response:
    """A calendar that programs ask for every hour: whoever has it as it is now hears only that (304)."""
    answer = Response(text, content_type=TYPES["ics"])
    answer.set_etag(hashlib.sha256(text.encode()).hexdigest()[:32])
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.make_conditional(request)
    return answer


def _answer(data: str | bytes, name: str, disposition: str) -> Response:
    kind = TYPES[name.rpartition(".")[2]]
    return Response(data, content_type=kind, headers={"Content-Disposition": f'{disposition}; filename="{name}"'})
