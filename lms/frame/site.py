"""The site: the host and its plugins, checked once and then only read."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lms.frame.access import Actor, Role
from lms.frame.fitting import faults
from lms.frame.fitting_tables import wrong_tables
from lms.frame.plugins import (
    Check,
    Export,
    Import,
    Job,
    Keyed,
    Leaving,
    LinksOut,
    Listener,
    MailingList,
    MenuItem,
    Operation,
    Panel,
    PanelPlace,
    PersonalData,
    Plugin,
    RecordSource,
    ReportPart,
    ReportSection,
    Retention,
    ToldFact,
    Waiting,
    Written,
)
from lms.frame.settings import OWN_NAMES, Settings
from lms.frame.values import wrong_values
from lms.frame.work import Work
from lms.mail.models import OutboxLetter


class SiteError(Exception):
    """The plugins do not fit together. Each line says what is wrong and where."""


@dataclass(frozen=True)
class Site:
    """What the host asks of its plugins: who may do what, who hears what, what runs when."""

    settings: Settings
    plugins: tuple[Plugin, ...]
    roles_by_permission: Mapping[str, frozenset[Role]]
    values: Mapping[str, Any]
    listeners: Mapping[type, tuple[Listener, ...]]
    answers: Mapping[type, Callable[[Work, Any], Any]]
    menu: tuple[MenuItem, ...]
    jobs: tuple[Job, ...]
    imports: tuple[Import, ...]
    checks: tuple[Check, ...]
    report_sections: tuple[ReportSection, ...]
    waiting: tuple[Waiting, ...]
    exports: tuple[Export, ...]
    operations: tuple[Operation, ...]
    told_facts: Mapping[str, ToldFact]
    mailing_lists: tuple[MailingList, ...] = ()
    record_sources: tuple[RecordSource, ...] = ()
    leaving: tuple[Leaving, ...] = ()

    @property
    def personal_data(self) -> tuple[PersonalData, ...]:
        """What the plugins keep of people, those first that others stand on; erase in the opposite order."""
        return tuple(each.personal_data for each in self.plugins if each.personal_data is not None)

    def why_not_send(self, work: Work, letter: OutboxLetter) -> str:
        """Why a letter does not go any more, in a plugin's sentence; "" when it may."""
        asked = (each for plugin in self.plugins for each in plugin.still_true if letter.kind in each.kinds)
        return next((words for each in asked if (words := each.why_not(work, letter))), "")

    def own_links(self, work: Work, letter: OutboxLetter, address: str) -> dict[str, Any]:
        """What a letter carries for its reader alone, as it goes to this address."""
        asked = (each for plugin in self.plugins for each in plugin.own_links if letter.kind in each.kinds)
        return {name: value for each in asked for name, value in each.find(work, letter, address).items()}

    @property
    def written(self) -> tuple[Written, ...]:
        """What is written for everybody."""
        return tuple(each for plugin in self.plugins for each in plugin.written)

    @property
    def keyed(self) -> tuple[Keyed, ...]:
        """Everything that stands under the secret key."""
        return tuple(each for plugin in self.plugins for each in plugin.keyed)

    @property
    def links(self) -> tuple[LinksOut, ...]:
        """Every kind of signed link that is out."""
        return tuple(each for plugin in self.plugins for each in plugin.links)

    @property
    def retention(self) -> tuple[Retention, ...]:
        """Everything that is kept only for a time."""
        return tuple(each for part in self.personal_data for each in part.retention)

    def hosts(self, plugin: str) -> bool:
        """Whether a plugin is there, for words that are true only with it."""
        return any(each.name == plugin for each in self.plugins)

    def permissions_of(self, roles: frozenset[Role]) -> frozenset[str]:
        """All that these roles may do together."""
        return frozenset(name for name, allowed in self.roles_by_permission.items() if allowed & roles)

    def permissions_of_token(self, role: Role) -> frozenset[str]:
        """All that a token with this role may do: what its role may, less what is for people only."""
        for_people = {each.name for plugin in self.plugins for each in plugin.permissions if each.is_for_people}
        return self.permissions_of(frozenset({role})) - for_people

    @property
    def permissions_of_systems(self) -> frozenset[str]:
        """All that operations and told facts ask for: what it means to give a token a role."""
        asked = {each.permission for each in self.operations} | {each.permission for each in self.told_facts.values()}
        return frozenset(each for each in asked if each is not None)

    def title_of(self, name: str) -> str:
        """The title of the plugin to which something called `<plugin>.<name>` belongs."""
        return next((each.title for each in self.plugins if name.startswith(f"{each.name}.")), name)

    def menu_for(self, actor: Actor) -> list[MenuItem]:
        """The lines of the menu that lead somewhere for this person."""
        return [item for item in self.menu if item.permission is None or actor.may(item.permission)]

    def setting(self, name: str) -> Any:
        """A setting by its full name. Raises KeyError for one that no plugin declares."""
        return self.values[name]

    def listeners_to(self, fact: object) -> tuple[Any, ...]:
        """The functions that want to hear a fact, in the plugins' order."""
        return tuple(listener.hear for listener in self.listeners.get(type(fact), ()))

    def answer_to(self, question: object) -> Any:
        """The function that answers such questions; None when no plugin does."""
        return self.answers.get(type(question))

    def place(self, name: str) -> PanelPlace:
        """A place for panels by its name. Raises KeyError for one that no plugin declares."""
        return next(each for plugin in self.plugins for each in plugin.places if each.name == name)

    def panels_for(self, place: str) -> list[tuple[Plugin, Panel]]:
        """What the plugins add to a place, each with the plugin that adds it."""
        return [(plugin, panel) for plugin in self.plugins for panel in plugin.panels if panel.place == place]


def leave_out(plugins: Sequence[Plugin], names: Sequence[str]) -> list[Plugin]:
    """The built-in plugins without those that LMS_WITHOUT names. Raises SiteError for a name that is none of them."""
    there = [plugin.name for plugin in plugins]
    unknown = [name for name in names if name not in there]
    if unknown:
        raise SiteError(f"LMS_WITHOUT names {', '.join(unknown)}. Built in: {', '.join(there) or 'none'}.")
    return [plugin for plugin in plugins if plugin.name not in names]


def assemble(settings: Settings, plugins: Sequence[Plugin], *, also: Sequence[Listener] = ()) -> Site:
    """Check that the plugins fit together and index what they add. Raises SiteError with every fault found.

    `also` are listeners of the host's that hear facts after the plugins' own: what is told to other systems.
    """
    _refuse(line for plugin in plugins for line in wrong_values(plugin))  # all else relies on it
    plugins = _in_order(plugins)
    strangers = settings.plugins
    values, wrong = _setting_values(settings, plugins)
    _refuse(
        [
            *faults(plugins, strangers),
            *wrong_tables(plugins, strangers),
            *_unknown_settings(settings, plugins),
            *wrong,
        ]
    )
    listeners: dict[type, tuple[Listener, ...]] = {}
    for listener in (*(each for plugin in plugins for each in plugin.listeners), *also):
        listeners[listener.fact] = (*listeners.get(listener.fact, ()), listener)
    return Site(
        settings=settings,
        plugins=tuple(plugins),
        roles_by_permission={each.name: each.roles for plugin in plugins for each in plugin.permissions},
        values=values,
        listeners=listeners,
        answers={each.question: each.say for plugin in plugins for each in plugin.answers},
        menu=tuple(sorted((each for p in plugins for each in p.menu), key=lambda item: item.position)),
        jobs=tuple(each for plugin in plugins for each in plugin.jobs),
        imports=tuple(sorted((each for p in plugins for each in p.imports), key=lambda kind: kind.position)),
        checks=tuple(each for plugin in plugins for each in plugin.checks),
        waiting=tuple(sorted((each for p in plugins for each in p.waiting), key=lambda each: each.position)),
        report_sections=tuple(sorted((each for p in plugins for each in p.report_sections), key=_reading_order)),
        exports=tuple(each for plugin in plugins for each in plugin.exports),
        operations=tuple(each for plugin in plugins for each in plugin.operations),
        told_facts={each.name: each for plugin in plugins for each in plugin.told_facts},
        mailing_lists=tuple(each for plugin in plugins for each in plugin.mailing_lists),
        record_sources=tuple(each for plugin in plugins for each in plugin.record_sources),
        leaving=tuple(each for plugin in plugins for each in plugin.leaving),
    )


def _refuse(wrong: Iterable[str]) -> None:
    if lines := list(wrong):
        raise SiteError("\n".join(lines))


def _reading_order(section: ReportSection) -> tuple[int, int]:
    return list(ReportPart).index(section.part), section.position


def _in_order(plugins: Sequence[Plugin]) -> list[Plugin]:
    """Those that others require first; otherwise as listed. Raises SiteError when one is missing or they circle."""
    names = {plugin.name for plugin in plugins}
    missing = [
        f"{plugin.name} requires {each}, which is not among the plugins."
        for plugin in plugins
        for each in plugin.requires
        if each not in names
    ]
    if missing:
        raise SiteError("\n".join(missing))
    ordered: list[Plugin] = []
    left = list(plugins)
    while left:
        there = {plugin.name for plugin in ordered}
        ready = next((plugin for plugin in left if there.issuperset(plugin.requires)), None)
        if ready is None:
            raise SiteError(f"These plugins require each other in a circle: {', '.join(p.name for p in left)}.")
        left.remove(ready)
        ordered.append(ready)
    return ordered


def _unknown_settings(settings: Settings, plugins: Sequence[Plugin]) -> Iterator[str]:
    known = OWN_NAMES | {each.environment_name for plugin in plugins for each in plugin.settings}
    for name in sorted(settings.others.keys() - known):
        yield f"{name} is set, but nothing here reads it. Check its spelling, or take it away."


def _setting_values(settings: Settings, plugins: Sequence[Plugin]) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    wrong: list[str] = []
    for setting in (each for plugin in plugins for each in plugin.settings):
        typed = settings.others.get(setting.environment_name)
        try:
            values[setting.name] = setting.default if typed is None else setting.read(typed)
        except Exception:  # whatever it stumbles over, it is the text that it cannot read
            wrong.append(f"{setting.environment_name} should be {setting.words}.")
    return values, wrong
