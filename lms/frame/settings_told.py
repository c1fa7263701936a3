"""Every setting of an installation: what it is, what holds without it, and what is in force and from where."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from lms.frame.plugins import Setting
from lms.frame.settings import LOG_FORMATS, LOG_LEVELS, Settings
from lms.kit.providers import is_of_provider

NOT_SHOWN = "(set, and not shown)"
BY_DEFAULT = "default"


@dataclass(frozen=True)
class SettingTold:
    """A setting for whoever sets it. `default` is told in words; "" where there is none."""

    name: str
    words: str
    default: str = ""
    is_secret: bool = False


@dataclass(frozen=True)
class SettingInForce:
    """A value, without secrets, and where it was said."""

    name: str
    value: str
    origin: str


HOST = (
    SettingTold(
        "LMS_SECRET_KEY",
        "a long random text, 16 characters or more, that signs sessions and links; keep it, and keep it secret",
        "made by `lms init` in `instance/settings.env`",
        is_secret=True,
    ),
    SettingTold(
        "LMS_SECRET_KEYS_BEFORE",
        "keys that it was before, the newest first, with commas between them: they are read and never written",
        is_secret=True,
    ),
    SettingTold(
        "LMS_DATABASE_URL",
        "`sqlite:///path/to/file` or `postgresql://user:password@host/database`",
        "`sqlite:///instance/lms.sqlite3`",
    ),
    SettingTold(
        "LMS_MAIL_URL",
        "how letters leave: `smtp://host:port` (encrypted where the server offers it), "
        "`smtp+starttls://user:password@host:port` and `smtps://user:password@host` (encrypted or not at all), or "
        "`file:///folder`, a file for each letter",
        "none: `lms serve` and `lms worker` want it said; a demonstration and `make run` take `instance/mailbox`",
    ),
    SettingTold("LMS_MAIL_FROM", "the sender of letters", "`Training team <training@localhost.example>`"),
    SettingTold(
        "LMS_BASE_URL",
        "the address that people type, `https://training.example.org`; with https, cookies and browsers keep to it",
        "`http://localhost:8000`",
    ),
    SettingTold("LMS_INSTANCE", "the folder of this installation's own files", "`instance/`"),
    SettingTold("LMS_PLUGINS", "plugins of third parties to host, with commas between them"),
    SettingTold("LMS_WITHOUT", "plugins that come with the service and are left out: `charges`"),
    SettingTold("LMS_DEMO", "`1`: an invented partnership, anyone signs in as anyone. Never with real people", "`0`"),
    SettingTold("LMS_TIMEZONE", "the clock of deadlines; there is one", "`Europe/London`"),
    SettingTold("LMS_LOG_FORMAT", " or ".join(f"`{each}`" for each in LOG_FORMATS), "`plain`"),
    SettingTold("LMS_LOG_LEVEL", ", ".join(f"`{each}`" for each in LOG_LEVELS), "`INFO`"),
    SettingTold(
        "LMS_ERROR_DSN",
        "where reports of errors go, in Sentry's protocol: `https://key@errors.example.org/1`",
        is_secret=True,
    ),
)


def told_of(settings: Iterable[Setting]) -> Iterator[SettingTold]:
    """The host's settings, then the plugins', in their order."""
    yield from HOST
    for each in settings:
        yield SettingTold(each.environment_name, each.words, _default(each.default))


def in_force(settings: Settings, plugins: Iterable[Setting]) -> list[SettingInForce]:
    """What holds here, in the order of the documents; then each provider's settings that were said."""
    said = settings.said
    rows = [_row(told, said) for told in told_of(plugins)]
    of_providers = sorted(name for name in said if is_of_provider(name))
    return rows + [_row(SettingTold(name, "", is_secret="SECRET" in name), said) for name in of_providers]


def _row(told: SettingTold, said: Mapping[str, tuple[str, str]]) -> SettingInForce:
    if told.name not in said:
        return SettingInForce(told.name, told.default.replace("`", "") or "nothing", BY_DEFAULT)
    value, origin = said[told.name]
    return SettingInForce(told.name, NOT_SHOWN if told.is_secret else without_password(value), origin)


def without_password(value: str) -> str:
    """An address without the password in it; anything else as it is."""
    try:
        parts = urlsplit(value)
        password = parts.password
    except ValueError:
        return value
    if not parts.scheme or not password:
        return value
    return urlunsplit(parts._replace(netloc=parts.netloc.replace(f":{password}@", ":...@", 1)))


def _default(value: Any) -> str:
    if value in ((), "", None):
        return ""
    if isinstance(value, tuple):
        return f"`{', '.join(map(str, value))}`"
    return f"`{int(value) if isinstance(value, bool) else value}`"
