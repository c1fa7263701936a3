"""The installation's settings: one frozen value, read once from the environment and `instance/settings.env`."""

import csv
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import sqlalchemy as sa
from dotenv import dotenv_values
from sqlalchemy.exc import ArgumentError

from lms.kit.addresses import is_address
from lms.kit.keys import Keys
from lms.kit.names import read_mailbox, why_no_name
from lms.kit.providers import OidcProvider, is_of_provider, read_providers

ROOT = Path(__file__).parents[2]
HOME = ROOT if (ROOT / "pyproject.toml").is_file() else Path.cwd()
"""Where an installation keeps its `instance/` unless LMS_INSTANCE says otherwise: beside the source, or, where the
project was installed as a package, in the folder from which it is started."""

OWN_NAMES = frozenset(
    {
        "LMS_SECRET_KEY",
        "LMS_SECRET_KEYS_BEFORE",
        "LMS_DATABASE_URL",
        "LMS_MAIL_URL",
        "LMS_MAIL_FROM",
        "LMS_BASE_URL",
        "LMS_PLUGINS",
        "LMS_WITHOUT",
        "LMS_DEMO",
        "LMS_TIMEZONE",
        "LMS_INSTANCE",
        "LMS_LOG_FORMAT",
        "LMS_LOG_LEVEL",
        "LMS_ERROR_DSN",
    }
)
SHORTEST_KEY = 16
IN_ENVIRONMENT, IN_FILE = "the environment", "instance/settings.env"
LOG_FORMATS = ("plain", "json")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
DATABASE_DRIVERS = frozenset({"sqlite", "postgres", "postgresql", "postgresql+psycopg"})


class SettingsError(Exception):
    """The start stops here. Each line names one setting and what it should be."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs from one installation to the next. `others` are the plugins' LMS_ settings as typed.

    `said` is every setting that was said: as it was typed, and where.
    """

    secret_key: str
    database_url: str
    mail_url: str
    mail_from: str
    base_url: str
    instance: Path
    plugins: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    is_demo: bool = False
    timezone: str = "Europe/London"
    others: Mapping[str, str] = field(default_factory=dict)
    secret_keys_before: tuple[str, ...] = ()
    providers: tuple[OidcProvider, ...] = ()
    log_format: str = "plain"
    log_level: str = "INFO"
    error_dsn: str = ""
    said: Mapping[str, tuple[str, str]] = field(default_factory=dict, repr=False)

    @property
    def keys(self) -> Keys:
        """The secret key, and those before it that still open what they closed."""
        return Keys(self.secret_key, self.secret_keys_before)


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read and check every setting. Raises SettingsError naming all that are wrong, not only the first."""
    instance = Path(environ.get("LMS_INSTANCE") or HOME / "instance").resolve()
    kept = {name: value or "" for name, value in dotenv_values(instance / "settings.env").items()}
    typed = {name: value for name, value in environ.items() if value}  # an empty one says nothing
    values = {name: value for name, value in {**kept, **typed}.items() if name.startswith("LMS_") and value}
    providers, wrong_providers = read_providers(values)
    wrong = [*_wrong_secret(values), *_wrong_addresses(values), *_wrong_choices(values), *wrong_providers]
    if wrong:
        raise SettingsError("\n".join(wrong))
    return Settings(
        secret_key=values["LMS_SECRET_KEY"],
        database_url=_database_url(values, instance),
        mail_url=values.get("LMS_MAIL_URL", f"file://{instance / 'mailbox'}"),
        mail_from=values.get("LMS_MAIL_FROM", "Training team <training@localhost.example>"),
        base_url=values.get("LMS_BASE_URL", "http://localhost:8000").rstrip("/"),
        instance=instance,
        plugins=_names(values.get("LMS_PLUGINS", "")),
        without=_names(values.get("LMS_WITHOUT", "")),
        is_demo=values.get("LMS_DEMO") == "1",
        others={name: value for name, value in values.items() if name not in OWN_NAMES and not is_of_provider(name)},
        secret_keys_before=_keys_before(values),
        providers=providers,
        log_format=values.get("LMS_LOG_FORMAT", "plain"),
        log_level=values.get("LMS_LOG_LEVEL", "INFO").upper(),
        error_dsn=values.get("LMS_ERROR_DSN", ""),
        said={name: (value, IN_ENVIRONMENT if name in typed else IN_FILE) for name, value in values.items()},
    )


def _names(typed: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in typed.split(",") if name.strip())


def _keys_before(values: Mapping[str, str]) -> tuple[str, ...]:
    """A key may be any text; one with a comma in it stands in quotation marks, as in a CSV file."""
    typed = csv.reader([values.get("LMS_SECRET_KEYS_BEFORE", "")], skipinitialspace=True)
    return tuple(key.strip() for row in typed for key in row if key.strip())


def keep_secret_key(instance: Path) -> bool:
    """Make a secret key for a fresh installation, in `instance/settings.env`. False when there is one already."""
    kept = instance / "settings.env"
    if dotenv_values(kept).get("LMS_SECRET_KEY"):
        return False
    instance.mkdir(parents=True, exist_ok=True)
    kept.touch(mode=0o600)
    kept.chmod(0o600)
    written = kept.read_text(encoding="utf-8")
    with kept.open("a", encoding="utf-8") as file:
        line_end = "\n" if written and not written.endswith("\n") else ""
        file.write(f"{line_end}LMS_SECRET_KEY={secrets.token_urlsafe(48)}\n")
    return True


def _database_url(values: Mapping[str, str], instance: Path) -> str:
    url = values.get("LMS_DATABASE_URL", f"sqlite:///{instance / 'lms.sqlite3'}")
    if url.startswith(("postgresql://", "postgres://")):
        return "postgresql+psycopg://" + url.split("://", 1)[1]
    if url.startswith("sqlite:///") and not url.startswith("sqlite:////"):
        return f"sqlite:///{HOME / url.removeprefix('sqlite:///')}"
    return url


def _wrong_secret(values: Mapping[str, str]) -> list[str]:
    if len(values.get("LMS_SECRET_KEY", "")) < SHORTEST_KEY:
        return [
            "LMS_SECRET_KEY is missing or shorter than 16 characters. Set it to a long random text, "
            "or run `lms init`, which makes one."
        ]
    before = _keys_before(values)
    if any(len(each) < SHORTEST_KEY for each in before):
        return [
            "LMS_SECRET_KEYS_BEFORE holds a key that is shorter than 16 characters. Enter the keys that "
            "LMS_SECRET_KEY was before, whole, the newest first, with commas between them, and one that has a comma "
            'in it "in quotation marks".'
        ]
    if values["LMS_SECRET_KEY"] in before or len(set(before)) < len(before):
        return ["LMS_SECRET_KEYS_BEFORE names a key twice, or the one that LMS_SECRET_KEY is now. Name each key once."]
    return []


def _wrong_addresses(values: Mapping[str, str]) -> list[str]:
    wrong = []
    if not _is_database(values.get("LMS_DATABASE_URL", "sqlite:///x")):
        wrong.append("LMS_DATABASE_URL should be sqlite:///path/to/file or postgresql://user:password@host/database.")
    if not _is_mail(_split(values.get("LMS_MAIL_URL", "file:///x"))):
        wrong.append(
            "LMS_MAIL_URL should be smtp://host:port, smtp+starttls://user:password@host:port, "
            "smtps://user:password@host or file:///folder."
        )
    if not _is_mailbox(values.get("LMS_MAIL_FROM", "a@b")):
        wrong.append("LMS_MAIL_FROM should be an address: training@example.org or Training <training@example.org>.")
    base = _split(values.get("LMS_BASE_URL", "http://localhost"))
    if base.scheme not in ("http", "https") or not base.hostname or base.query or base.fragment:
        wrong.append("LMS_BASE_URL should be the address people type: https://training.example.org.")
    return wrong


def _is_database(url: str) -> bool:
    try:
        parts = sa.make_url(url)
    except (ArgumentError, ValueError):
        return False
    return parts.drivername in DATABASE_DRIVERS and bool(parts.database)


def _is_mail(url: SplitResult) -> bool:
    if url.scheme == "file":
        return not url.netloc and url.path.startswith("/")
    return url.scheme in ("smtp", "smtp+starttls", "smtps") and bool(url.hostname)


def _is_dsn(typed: str) -> bool:
    url = _split(typed)
    return url.scheme in ("http", "https") and all((url.username, url.hostname, url.path.strip("/")))


def _is_mailbox(text: str) -> bool:
    name, address = read_mailbox(text)
    try:
        address.rpartition("@")[2].encode("idna")
    except UnicodeError:
        return False
    return is_address(address) and not why_no_name(name)


def _split(url: str) -> SplitResult:
    """The parts of an address; of none at all when it cannot be read."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  (raises ValueError when it is no number)
    except ValueError:
        return urlsplit("")
    return parts


def _wrong_choices(values: Mapping[str, str]) -> list[str]:
    wrong = []
    if values.get("LMS_DEMO", "0") not in ("0", "1"):
        wrong.append("LMS_DEMO should be 1 (invented people, one-click sign-in) or 0.")
    if values.get("LMS_TIMEZONE", "Europe/London") != "Europe/London":
        wrong.append("LMS_TIMEZONE should be Europe/London: deadlines and bank holidays are reckoned there.")
    if values.get("LMS_LOG_FORMAT", "plain") not in LOG_FORMATS:
        wrong.append("LMS_LOG_FORMAT should be plain (lines to read) or json (an object a line).")
    if values.get("LMS_LOG_LEVEL", "INFO").upper() not in LOG_LEVELS:
        wrong.append(f"LMS_LOG_LEVEL should be one of {', '.join(LOG_LEVELS)}.")
    if not _is_dsn(values.get("LMS_ERROR_DSN", "https://key@host/1")):
        wrong.append("LMS_ERROR_DSN should be the address for reports of errors: https://key@errors.example.org/1.")
    return wrong
