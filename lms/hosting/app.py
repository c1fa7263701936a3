"""The application: wire the site together, check it, and refuse to start when something is wrong."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any

from flask import Flask, current_app, request
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers import Response

from lms.api.views import make_blueprint as make_api
from lms.api.views import take_tokens_at_downloads
from lms.api.webhooks.services import listeners_for
from lms.commands import add_commands
from lms.frame.application import Application
from lms.frame.db import engine_options, prepare_engine
from lms.frame.fitting_pages import add_pages, check_pages
from lms.frame.found import find_plugins
from lms.frame.impossible import refuse_the_impossible
from lms.frame.lines import HOST_FOLDER
from lms.frame.menu import menu_of
from lms.frame.metrics import Metrics
from lms.frame.observed import HEADER, observe_statements, observed_here
from lms.frame.paging import found_here
from lms.frame.panels import panels_at
from lms.frame.plugins import Plugin
from lms.frame.refusals import answer_refusals
from lms.frame.settings import Settings
from lms.frame.site import assemble, leave_out
from lms.frame.static_files import start_static_files
from lms.frame.templates import start_templates
from lms.frame.web import db, open_session, said, site, site_url, work
from lms.hosting import host
from lms.hosting.forbidden import note_forbidden
from lms.hosting.packing import pack_pages
from lms.jobs.worker import wake_mail
from lms.monitoring.rules import METRICS_FROM
from lms.partnership.queries import the_partnership
from lms.signin.security import seconds_left, session_here, start_security
from lms.unsent import browser as unsent

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
LARGEST_UPLOAD_BYTES = 20 * 1024 * 1024


def moment_now() -> datetime:
    """The only clock of the application."""
    return datetime.now(UTC)


def create_app(
    settings: Settings, plugins: Sequence[Plugin] = (), *, clock: Callable[[], datetime] = moment_now
) -> Flask:
    """The application with these plugins, and those that LMS_PLUGINS names. Raises SiteError when they do not fit."""
    plugins = [*host.PLUGINS, *leave_out(plugins, settings.without), *find_plugins(settings.plugins)]
    the_site = assemble(settings, plugins, also=listeners_for(plugins))
    app = Application("lms", static_folder=None, template_folder=None, instance_path=str(settings.instance))
    app.config.update(_configuration(settings))
    app.extensions["lms"] = the_site
    app.extensions["lms.clock"] = clock
    app.extensions["lms.wake_mail"] = lambda: wake_mail(settings)
    app.extensions["lms.note_forbidden"] = note_forbidden
    app.extensions["lms.unsent"] = unsent
    if the_site.setting(METRICS_FROM):
        app.extensions["lms.metrics"] = Metrics(settings.instance)
    app.before_request(open_session)
    refuse_the_impossible(app)
    _start_database(app)
    csrf = CSRFProtect(app)
    start_security(app)
    start_templates(app, the_site.plugins)
    start_static_files(app, the_site.plugins)
    app.context_processor(_page_context)
    add_pages(app, the_site)
    for view in app.view_functions.values():
        if getattr(view, "takes_tokens", False):
            csrf.exempt(view)  # it knows no cookies: whoever asks brings a token
    api = make_api(the_site)
    csrf.exempt(api)  # it knows no cookies: whoever asks brings a token
    app.register_blueprint(api)
    take_tokens_at_downloads(app, the_site)
    answer_refusals(app)
    pack_pages(app)
    app.after_request(_add_headers)
    add_commands(app)
    check_pages(app, the_site)
    return app


def _configuration(settings: Settings) -> dict[str, Any]:
    is_https = settings.base_url.startswith("https://")
    return {
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": list(settings.keys.before),
        "WTF_CSRF_SECRET_KEY": settings.keys.oldest_first,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database_url),
        "MAX_CONTENT_LENGTH": LARGEST_UPLOAD_BYTES,
        "SESSION_COOKIE_NAME": "__Host-golden_thread" if is_https else "golden_thread",
        "SESSION_COOKIE_SECURE": is_https,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": is_https,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        "SEND_FILE_MAX_AGE_DEFAULT": 31_536_000,
        "TEMPLATES_AUTO_RELOAD": False,
    }


def _start_database(app: Flask) -> None:
    db.init_app(app)
    with app.app_context():
        observe_statements(prepare_engine(db.engine))
    Migrate(app, db, directory=str(HOST_FOLDER), render_as_batch=True, compare_type=True)


def _page_context() -> dict[str, Any]:
    """What the layout shows on every page."""
    actor, partnership = work().actor, the_partnership(work().session)
    return {
        "partnership": partnership,
        "hosts": site().hosts,
        "menu": menu_of(site().menu_for(actor), request.path, site_url),
        "footer_links": host.footer_links(with_charges=site().hosts("charges")),
        "session_here": session_here,
        "seconds_left": seconds_left,
        "person": actor if actor.is_signed_in else None,
        "role_words": host.role_words(actor),
        "is_demo": site().settings.is_demo,
        "flashes": said,
        "found_here": found_here,
        "typed_came_back": unsent.came_back,
        "actor": actor,
        "panels_at": partial(panels_at, actor=actor, partnership=partnership),
    }


def _add_headers(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("X-Frame-Options", "DENY")
    response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if (seen := observed_here()) is not None:
        response.headers.setdefault(HEADER, seen.id)
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
