"""Templates: every one compiles, uses no inline script or style, and every panel has a page that shows it."""

import re

import pytest

from lms.frame.settings import ROOT
from tests.house.world import World

ROOMS = ("lms", "courses", "charges", "reviews", "surveys", "briefings")
TEMPLATES = ROOT / "templates"
PANEL_PLACE = re.compile(r"""panels_at\(\s*["']([a-z_.]+)["']""")
INLINE = re.compile(r"""<script(?![^>]*\bsrc=)|<style|\bstyle\s*=\s*["']|\son[a-z]+\s*=\s*["']|javascript:""")


@pytest.mark.slow
def test_every_template_compiles(sqlite_world: World) -> None:
    for path in TEMPLATES.rglob("*.*"):
        sqlite_world.app.jinja_env.compile(path.read_text(encoding="utf-8"), name=str(path.relative_to(TEMPLATES)))


def test_no_page_has_a_script_or_style_inside() -> None:
    """The content security policy would silently refuse it."""
    pages = [path for path in TEMPLATES.rglob("*.html") if path.relative_to(TEMPLATES).parts[0] != "email"]
    assert [path.name for path in pages if INLINE.search(path.read_text(encoding="utf-8"))] == []


def test_every_place_for_panels_is_declared_and_every_declared_place_has_a_page(sqlite_world: World) -> None:
    places = {place for path in TEMPLATES.rglob("*.html") for place in PANEL_PLACE.findall(path.read_text("utf-8"))}
    assert {each.name for plugin in sqlite_world.site.plugins for each in plugin.places} == places


BLUEPRINT = re.compile(r'\bBlueprint\(\s*"([a-z_]+)"')
SHOWN = re.compile(r'\b(?:page|PanelContent)\(\s*"([a-z_/]+)/[a-z_]+\.html"')


def test_blueprints_and_folders_of_templates_are_called_as_their_topic() -> None:
    """A page's endpoint says where its view is, and its view where its template is."""
    views = [path for room in ROOMS for path in (ROOT / room).rglob("views.py")]
    wrong = []
    for path in views:
        text, packages = path.read_text(encoding="utf-8"), path.relative_to(ROOT).parts[:-1]
        wrong += [f"{path}: blueprint {name}" for name in BLUEPRINT.findall(text) if name != packages[-1]]
        wrong += [f"{path}: {folder}" for folder in SHOWN.findall(text) if not {*folder.split("/")} & {*packages}]
    assert len(views) > 50
    assert wrong == []
