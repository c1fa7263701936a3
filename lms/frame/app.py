"""The application: wire the site together, check it, and refuse to start when something is wrong."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from flask import Flask, current_app, request
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from jinja2 import FileSystemLoader, StrictUndefined
from markupsafe import Markup
from werkzeug.wrappers import Response

from lms.api.views import make_blueprint as make_api
from lms.api.webhooks.services import listeners_for
from lms.commands import add_commands
from lms.frame import host
from lms.frame.db import engine_options, prepare_engine
from lms.frame.impossible import refuse_the_impossible
from lms.frame.menu import menu_of
from lms.frame.plugins import PanelContent, Plugin
from lms.frame.refusals import answer_refusals
from lms.frame.settings import ROOT, Settings
from lms.frame.site import Site, SiteError, assemble, find_plugins
from lms.frame.web import db, open_session, said, site, site_url, work
from lms.jobs.worker import wake_mail
from lms.kit import words
from lms.mail.wrapping import wrap_letter
from lms.partnership.queries import the_partnership
from lms.signin.security import start_security

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
WORDS: tuple[Callable[..., str], ...] = (
    words.long_date,
    words.short_date,
    words.day_and_month,
    words.clock,
    words.moment,
    words.duration,
    words.short_duration,
    words.pounds,
    words.ordinal,
    words.listed,
)
LARGEST_UPLOAD_BYTES = 20 * 1024 * 1024


def moment_now() -> datetime:
    """The only clock of the application."""
    return datetime.now(UTC)


def create_app(
    settings: Settings, plugins: Sequence[Plugin] = (), *, clock: Callable[[], datetime] = moment_now
) -> Flask:
    """The application with these plugins, and those that LMS_PLUGINS names. Raises SiteError when they do not fit."""
    plugins = [*host.PLUGINS, *plugins, *find_plugins(settings.plugins)]
    the_site = assemble(settings, plugins, also=listeners_for(plugins))
    app = Flask("lms", static_folder="static", template_folder=None, instance_path=str(settings.instance))
    app.config.update(_configuration(settings))
    app.extensions["lms"] = the_site
    app.extensions["lms.clock"] = clock
    app.extensions["lms.wake_mail"] = lambda: wake_mail(settings)
    app.before_request(open_session)
    refuse_the_impossible(app)
    _start_database(app)
    csrf = CSRFProtect(app)
    start_security(app)
    _start_templates(app)
    for plugin in the_site.plugins:
        for blueprint in plugin.blueprints:
            app.register_blueprint(blueprint)
    api = make_api(the_site)
    csrf.exempt(api)  # it knows no cookies: whoever asks brings a token
    app.register_blueprint(api)
    answer_refusals(app)
    app.after_request(_add_headers)
    add_commands(app)
    check_guards(app, the_site)
    return app


def _configuration(settings: Settings) -> dict[str, Any]:
    is_https = settings.base_url.startswith("https://")
    return {
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database_url),
        "MAX_CONTENT_LENGTH": LARGEST_UPLOAD_BYTES,
        "SESSION_COOKIE_NAME": "golden_thread",
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
        prepare_engine(db.engine)
    Migrate(app, db, directory=str(ROOT / "lms" / "migrations"), render_as_batch=True, compare_type=True)


def _start_templates(app: Flask) -> None:
    app.jinja_loader = FileSystemLoader(ROOT / "templates")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["static_url"] = static_url
    app.jinja_env.filters["wrap"] = wrap_letter
    for filter_of_words in WORDS:
        app.jinja_env.filters[filter_of_words.__name__] = filter_of_words
    app.context_processor(_page_context)


def _page_context() -> dict[str, Any]:
    """What the layout shows on every page."""
    actor, partnership = work().actor, the_partnership(work().session)

    def panels_at(place: str, thing_id: int) -> list[ShownPanel]:
        return [
            ShownPanel(_panel_html(content, actor=actor, partnership=partnership), content.context)
            for content in site().panels_at(place, work(), thing_id)
        ]

    return {
        "partnership": partnership,
        "menu": menu_of(site().menu_for(actor), request.path, site_url),
        "footer_links": host.footer_links(),
        "person": actor if actor.is_signed_in else None,
        "role_words": host.role_words(actor),
        "is_demo": site().settings.is_demo,
        "flashes": said,
        "actor": actor,
        "panels_at": panels_at,
    }


@dataclass(frozen=True)
class ShownPanel:
    """A plugin's panel as a page shows it: `{{ panel.html }}`. `context` is there for pages that sum panels up."""

    html: Markup
    context: Mapping[str, Any]


def _panel_html(content: PanelContent, **shell: Any) -> Markup:
    """A panel sees its own values, `actor` and `partnership`, and nothing of the page around it."""
    template = current_app.jinja_env.get_template(content.template)
    return Markup(template.render({**shell, **content.context}))  # noqa: S704  (rendered with autoescape just now)


@lru_cache(maxsize=64)
def static_url(filename: str) -> str:
    """The address of a static file with its content in the name, so that it can be kept for a year."""
    content = (ROOT / "lms" / "static" / filename).read_bytes()
    return f"/static/{filename}?v={hashlib.sha256(content).hexdigest()[:12]}"


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
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def check_guards(app: Flask, the_site: Site) -> None:
    """Every view is guarded by a declared permission or says that it is open; every permission guards something."""
    wrong = []
    for item in the_site.menu:
        if item.endpoint not in app.view_functions:
            wrong.append(f"The menu item {item.title} leads to {item.endpoint}, which no plugin adds.")
    used = {item.permission for item in the_site.menu}
    used |= {kind.permission for kind in the_site.imports}
    used |= {kind.permission for kind in the_site.exports}
    used |= {each.permission for each in the_site.told_facts.values()}
    used |= {each.name for p in the_site.plugins for each in p.permissions if each.is_asked_in_code}
    for rule in app.url_map.iter_rules():
        guard = getattr(app.view_functions[rule.endpoint], "guard", None)
        used.add(guard)
        if guard is None and rule.endpoint not in host.OPEN_ENDPOINTS:
            wrong.append(f"The view {rule.endpoint} ({rule.rule}) has no guard: @requires, @signed_in or @public.")
        if guard is not None and "." in guard and guard not in the_site.roles_by_permission:
            wrong.append(f"The view {rule.endpoint} requires {guard}, which no plugin declares.")
    wrong += [f"Nothing asks for the permission {name}." for name in the_site.roles_by_permission.keys() - used]
    if wrong:
        raise SiteError("\n".join(sorted(wrong)))
