"""The home page, the pages behind the footer, help, and settings."""

from flask import Blueprint, current_app, make_response, request
from werkzeug.wrappers import Response

from lms.frame.web import Answer, back_to, page, public, requires, say, site, site_url, work
from lms.partnership.forms import PartnershipForm, StatementsForm
from lms.partnership.queries import the_partnership
from lms.partnership.services import Statements, describe_partnership, write_statements
from lms.partnership.written import GUIDES, PICTURE_SIZE, Guide, guide_called
from lms.policies.queries import policy_in_force, terms_of

bp = Blueprint("partnership", __name__)

KEPT_FOR_A_DAY = "public, max-age=86400"


@bp.get("/")
@public
def home() -> Answer:
    """Everybody's first page: the first line of their menu, unless that is only help."""
    menu = [item for item in site().menu_for(work().actor) if item.endpoint != "partnership.how_to"]
    return back_to(menu[0].endpoint) if menu else page("partnership/home.html")


@bp.get("/contact")
@public
def contact() -> Answer:
    return page("partnership/contact.html")


@bp.get("/privacy")
@public
def privacy() -> Answer:
    terms = terms_of(policy_in_force(work().session, work().now))
    return page("partnership/privacy.html", terms=terms, providers=site().settings.providers)


@bp.get("/accessibility")
@public
def accessibility() -> Answer:
    return page("partnership/accessibility.html")


@bp.get("/help")
@public
def how_to() -> Answer:
    terms = terms_of(policy_in_force(work().session, work().now))
    return page("partnership/help.html", terms=terms, guides=[each for each in GUIDES if is_of_use(each)])


@bp.get("/help/<string:name>")
@public
def guide(name: str) -> Answer:
    """One page of Help: how offers work, or what somebody of a role does here."""
    found = guide_called(name)
    terms = terms_of(policy_in_force(work().session, work().now))
    return page(found.template, guide=found, terms=terms, way=way, size=PICTURE_SIZE)


def is_of_use(guide: Guide) -> bool:
    """Whether all plugins are there that the page of Help is about."""
    return all(site().hosts(each) for each in guide.needs)


def way(endpoint: str) -> str:
    """The address of a page that this reader may open, or nothing: Help names pages of other roles too."""
    view, actor = current_app.view_functions.get(endpoint), work().actor
    guard = getattr(view, "guard", "")
    opens = guard in ("public", "signed in") or (bool(guard) and actor.may(guard))
    return site_url(endpoint) if opens else ""


@bp.get("/settings")
@requires("partnership.manage")
def settings() -> Answer:
    return page("partnership/settings.html")


@bp.route("/settings/partnership", methods=["GET", "POST"])
@requires("partnership.manage")
def change() -> Answer:
    form = PartnershipForm(obj=the_partnership(work().session))
    if form.validate_on_submit():
        with form.refusals():
            describe_partnership(work(), {name: value or "" for name, value in form.data.items()})
            say("Saved the partnership’s settings.")
            return back_to("partnership.settings")
    return page("partnership/change.html", form=form)


@bp.route("/settings/statements", methods=["GET", "POST"])
@requires("partnership.manage")
def statements() -> Answer:
    form = StatementsForm(obj=the_partnership(work().session))
    if form.validate_on_submit():
        with form.refusals():
            said = {name: value for name, value in form.data.items() if name != "csrf_token" and value is not None}
            write_statements(work(), Statements(**said))
            say("Saved. The privacy notice and the accessibility statement are up to date.")
            return back_to("partnership.settings")
    return page("partnership/statements.html", form=form)


@bp.get("/brand.css")
@public
def brand_css() -> Response:
    """The four colours, and nothing else. Kept by browsers until the colours change."""
    partnership = the_partnership(work().session)
    colours = {
        "--gt-brand": partnership.brand,
        "--gt-brand-dark": partnership.brand_dark,
        "--gt-brand-mid": partnership.brand_mid,
        "--gt-brand-tint": partnership.brand_tint,
    }
    lines = "".join(f"{name}:{colour};" for name, colour in colours.items() if colour)
    response = make_response(f":root{{{lines}}}\n")
    response.headers["Content-Type"] = "text/css; charset=utf-8"
    response.headers["Cache-Control"] = KEPT_FOR_A_DAY if "v" in request.args else "no-cache"
    response.add_etag()
    return response.make_conditional(request)
