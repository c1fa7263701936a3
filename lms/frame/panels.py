"""What plugins show on the pages of others. One that fails is a sentence; the page around it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app
from markupsafe import Markup

from lms.frame.apart import Fault, apart
from lms.frame.plugins import Panel, PanelContent, PanelPlace, Plugin
from lms.frame.web import site, work


@dataclass(frozen=True)
class ShownPanel:
    """A plugin's panel as a page shows it: `{{ panel.html }}`. `context` is there for pages that sum panels up."""

    html: Markup
    context: Mapping[str, Any]


def panels_at(place: str, thing_id: int, **shell: Any) -> list[ShownPanel]:
    """What the plugins show in a place to whoever asks. `shell` is what every panel sees besides its own values."""
    here = site().place(place)
    shown = (_shown(plugin, panel, here, thing_id, shell) for plugin, panel in site().panels_for(place))
    return [each for each in shown if each is not None]


def _shown(
    plugin: Plugin, panel: Panel, place: PanelPlace, thing_id: int, shell: Mapping[str, Any]
) -> ShownPanel | None:
    try:
        with apart(work().session, f"the panel of {plugin.name} at {place.name}"):
            content = panel.show(work(), thing_id)
            return None if content is None else ShownPanel(drawn(content, **shell), content.context)
    except Fault:
        sorry = PanelContent("layouts/panel_fault.html", {"title": plugin.title, "is_list": place.is_list})
        return ShownPanel(drawn(sorry, **shell), {})


def drawn(content: PanelContent, **shell: Any) -> Markup:
    """A panel sees its own values, `actor` and `partnership`, and nothing of the page around it."""
    template = current_app.jinja_env.get_template(content.template)
    return Markup(template.render({**shell, **content.context}))  # noqa: S704  (rendered with autoescape just now)
