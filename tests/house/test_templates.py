"""Templates: every one compiles, uses no inline script or style, and every panel has a page that shows it."""

import re

import pytest

from lms.frame.settings import ROOT
from tests.house.world import World

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
