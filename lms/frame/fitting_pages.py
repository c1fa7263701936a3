"""Whether pages fit: every view is guarded, no address is there twice, and no plugin reaches beyond its own pages."""

import re
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Flask
from werkzeug.routing import Rule

from lms.frame.apart import FAULTS
from lms.frame.found import said_fault
from lms.frame.plugins import Plugin
from lms.frame.site import Site, SiteError
from lms.frame.static_files import HOST_STATIC
from lms.frame.templates import HOST_TEMPLATES, wrong_templates

CONVERTER = re.compile(r"<(?:([^<>:(]+)(?:\([^)]*\))?:)?[^<>:]+>")
NEVER_MEANT = frozenset({"HEAD", "OPTIONS"})
METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE"})
HOOKS = (
    "before_request_funcs",
    "after_request_funcs",
    "teardown_request_funcs",
    "url_value_preprocessors",
    "url_default_functions",
    "template_context_processors",
    "error_handler_spec",
)


def add_pages(app: Flask, the_site: Site) -> None:
    """Register every plugin's blueprints. Raises SiteError for one that cannot be, or that reaches for all pages."""
    wrong: list[str] = []
    for plugin in the_site.plugins:
        before = _reach(app)
        for blueprint in plugin.blueprints:
            wrong += _wrong_blueprint(plugin, blueprint) if plugin.name in the_site.settings.plugins else ()
            try:
                app.register_blueprint(blueprint)
            except FAULTS as fault:
                wrong.append(f"{plugin.name}: the blueprint {blueprint.name} cannot be added: {said_fault(fault)}")
        if plugin.name in the_site.settings.plugins:
            wrong += [f"{plugin.name}: {what}" for what in _beyond(before, _reach(app))]
    if wrong:
        raise SiteError("\n".join(wrong))


def _wrong_blueprint(plugin: Plugin, blueprint: Blueprint) -> Iterator[str]:
    if blueprint.template_folder or blueprint.static_folder:
        yield (
            f"{plugin.name}: the blueprint {blueprint.name} has folders of its own. Templates and static files lie in "
            f"templates/ and static/ of {plugin.package}."
        )


def _reach(app: Flask) -> dict[str, Any]:
    """What concerns all pages: hooks without a blueprint, and what templates can use."""
    found: dict[str, Any] = {name: repr(getattr(app, name).get(None)) for name in HOOKS}
    found["teardown_appcontext_funcs"] = repr(app.teardown_appcontext_funcs)
    found |= {name: sorted(getattr(app.jinja_env, name)) for name in ("filters", "tests", "globals")}
    return found | {"config": repr(sorted(app.config.items())), "extensions": sorted(app.extensions)}


def _beyond(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    for name, value in after.items():
        if value != before[name]:
            yield f"a blueprint changes {name} of the whole site. It may only say what concerns its own pages."


def check_pages(app: Flask, the_site: Site) -> None:
    """Raises SiteError with every fault of menus, guards, permissions, addresses and templates."""
    wrong = [*_wrong_menu(app, the_site), *_wrong_guards(app, the_site), *_wrong_permissions(app, the_site)]
    wrong += _addresses_twice(app, the_site)
    wrong += [line for plugin in the_site.plugins for line in _wrong_operations(plugin)]
    for plugin in the_site.plugins:
        if plugin.name in the_site.settings.plugins:
            wrong += [*_taken_folders(plugin), *wrong_templates(app.jinja_env, plugin)]
    if wrong:
        raise SiteError("\n".join(sorted(wrong)))


def _wrong_menu(app: Flask, the_site: Site) -> Iterator[str]:
    for item in the_site.menu:
        if item.endpoint not in app.view_functions:
            yield f"The menu item {item.title} leads to {item.endpoint}, which no plugin adds."


def _wrong_guards(app: Flask, the_site: Site) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        guard = _guard(app, rule)
        if guard is None and rule.endpoint != "static":
            yield f"The view {rule.endpoint} ({rule.rule}) has no guard: @requires, @signed_in or @public."
        if guard is not None and "." in guard and guard not in the_site.roles_by_permission:
            yield f"The view {rule.endpoint} requires {guard}, which no plugin declares."


def _guard(app: Flask, rule: Rule) -> str | None:
    found: str | None = getattr(app.view_functions[rule.endpoint], "guard", None)
    return found


def _wrong_permissions(app: Flask, the_site: Site) -> Iterator[str]:
    used = {item.permission for item in the_site.menu}
    used |= {kind.permission for kind in the_site.imports}
    used |= {kind.permission for kind in the_site.exports}
    used |= {each.permission for each in the_site.told_facts.values()}
    used |= {each.name for p in the_site.plugins for each in p.permissions if each.is_asked_in_code}
    used |= {_guard(app, rule) for rule in app.url_map.iter_rules()}
    for name in the_site.roles_by_permission.keys() - used:
        yield f"Nothing asks for the permission {name}."


def _addresses_twice(app: Flask, the_site: Site) -> Iterator[str]:
    """Two views for one address: only one of them would ever be asked."""
    owners = {blueprint.name: plugin.name for plugin in the_site.plugins for blueprint in plugin.blueprints}
    owners |= {f"api.{each.name.replace('.', '_')}": p.name for p in the_site.plugins for each in p.operations}
    seen: dict[tuple[str, str], str] = {}
    for rule in app.url_map.iter_rules():
        address = CONVERTER.sub(lambda found: f"<{found[1] or 'string'}>", rule.rule)
        for method in sorted((rule.methods or set()) - NEVER_MEANT):
            first = seen.setdefault((method, address), rule.endpoint)
            if first != rule.endpoint:
                owner = owners.get(rule.endpoint) or owners.get(rule.endpoint.rpartition(".")[0], "The host")
                yield f"{owner}: {method} {rule.rule} ({rule.endpoint}) is there already: {first}."


def _wrong_operations(plugin: Plugin) -> Iterator[str]:
    for each in plugin.operations:
        if each.method not in METHODS or not each.path.startswith("/"):
            yield f"{plugin.name}: the operation {each.name} needs a method like GET and a path that begins with /."


def _taken_folders(plugin: Plugin) -> Iterator[str]:
    for folder in (HOST_STATIC, HOST_TEMPLATES):
        if (folder / plugin.name).exists():
            yield f"{plugin.name}: choose another name: the host has {folder.name}/{plugin.name}."
