"""Imports and exports as pages: choose a file, look at what it would do, then save it."""

from flask import Blueprint
from werkzeug.wrappers import Response

from lms.frame.files import file_to_keep
from lms.frame.plugins import Import
from lms.frame.web import Answer, back_to, page, requires, say, site, work
from lms.kit.errors import NotFound
from lms.kit.words import count
from lms.tables.documents import workbook
from lms.tables.forms import UploadForm
from lms.tables.queries import Download, downloads_for, export_table, upload_of
from lms.tables.services import forget_upload, preview_upload, save_upload
from lms.tables.words import BYTE_ORDER_MARK, csv_file

bp = Blueprint("tables", __name__)


def _kinds() -> list[Import]:
    return [kind for kind in site().imports if work().actor.may(kind.permission)]


def _kind(name: str) -> Import:
    found = next((kind for kind in _kinds() if kind.kind == name), None)
    if found is None:
        raise NotFound("We cannot find that kind of file, or you cannot import it.")
    return found


@bp.route("/tables", methods=["GET", "POST"])
@requires("tables.import")
def tables() -> Answer:
    form = UploadForm().offer(_kinds())
    if form.validate_on_submit():
        with form.refusals():
            file = form.file.data
            kind, data = _kind(form.kind.data), file.read()
            work().session.rollback()  # who asks is known: while the file is tried out, others may write
            upload = preview_upload(work(), kind, data, filename=file.filename or "file.csv")
            return back_to("tables.upload", upload_id=upload.id)
    return page("tables/tables.html", form=form, kinds=_kinds())


@bp.get("/tables/files/<int:upload_id>")
@requires("tables.import")
def upload(upload_id: int) -> Answer:
    found = upload_of(work().session, upload_id, work().actor.person_id)
    return page("tables/upload.html", upload=found, preview=found.preview, kind=_kind(found.kind))


@bp.post("/tables/files/<int:upload_id>/save")
@requires("tables.import")
def save(upload_id: int) -> Answer:
    found = upload_of(work().session, upload_id, work().actor.person_id)
    done = save_upload(work(), _kind(found.kind), found)
    if not done.is_saved:
        return back_to("tables.upload", upload_id=upload_id)
    say(f"Saved {done.kind}: {count(done.added, 'row')} added, {done.changed} changed, {done.unchanged} unchanged.")
    return back_to("tables.tables")


@bp.post("/tables/files/<int:upload_id>/forget")
@requires("tables.import")
def forget(upload_id: int) -> Answer:
    forget_upload(work(), upload_of(work().session, upload_id, work().actor.person_id))
    say("Deleted the file. Nothing was saved.")
    return back_to("tables.tables")


@bp.get("/tables/<name>.csv")
@requires("tables.import")
def export(name: str) -> Response:
    return file_to_keep(BYTE_ORDER_MARK + export_table(work(), _kind(name)), f"{name}.csv")


@bp.get("/downloads")
@requires("tables.export")
def downloads() -> Answer:
    return page("tables/downloads.html", tables=downloads_for(site(), work().actor))


@bp.get("/downloads/<name>.csv")
@requires("tables.export")
def download(name: str) -> Response:
    return file_to_keep(csv_file(work(), _table(name)), f"{name}.csv")


@bp.get("/downloads/<name>.xlsx")
@requires("tables.export")
def download_workbook(name: str) -> Response:
    table = _table(name)
    return file_to_keep(workbook(name, table.columns, table.rows(work())), f"{name}.xlsx")


def _table(name: str) -> Download:
    found = next((each for each in downloads_for(site(), work().actor) if each.kind == name), None)
    if found is None:
        raise NotFound("We cannot find that table, or you do not have access to it.")
    return found


@bp.get("/tables/<name>-empty.csv")
@requires("tables.import")
def empty(name: str) -> Response:
    header = ",".join(column.name for column in _kind(name).columns)
    return file_to_keep(f"{BYTE_ORDER_MARK}{header}\r\n", f"{name}-empty.csv")
