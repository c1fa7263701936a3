"""The home page, the pages behind the footer, and whether we are well."""

from flask import Blueprint

from lms.web import Answer, back_to, database_answers, page, public, site, work

bp = Blueprint("partnership", __name__)


@bp.get("/")
@public
def home() -> Answer:
    """Everybody's first page: the first line of their menu."""
    menu = site().menu_for(work().actor)
    return back_to(menu[0].endpoint) if menu else page("partnership/home.html")


@bp.get("/contact")
@public
def contact() -> Answer:
    return page("partnership/contact.html")


@bp.get("/privacy")
@public
def privacy() -> Answer:
    return page("partnership/privacy.html")


@bp.get("/accessibility")
@public
def accessibility() -> Answer:
    return page("partnership/accessibility.html")


@bp.get("/health")
@public
def health() -> Answer:
    """200 with the database answering, else 503; for whoever watches the service."""
    return ("ok\n", 200) if database_answers() else ("The database does not answer.\n", 503)
