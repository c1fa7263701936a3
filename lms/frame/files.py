"""Files as answers: what kind of file it is stands at the end of its name."""

from flask import Response

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def file_to_keep(data: str | bytes, name: str) -> Response:
    """A file that browsers save under this name."""
    return _answer(data, name, "attachment")


def file_to_show(data: str | bytes, name: str) -> Response:
    """A file that browsers show, and save under this name."""
    return _answer(data, name, "inline")


def _answer(data: str | bytes, name: str, disposition: str) -> Response:
    kind = TYPES[name.rpartition(".")[2]]
    return Response(data, content_type=kind, headers={"Content-Disposition": f'{disposition}; filename="{name}"'})
