"""The demonstration partnership, which is loaded once in a run on each kind of database. Loading it takes long."""

from pathlib import Path

from lms.frame.settings import Settings
from lms.testing.databases import KINDS, DatabaseKind
from lms.testing.sharing import shared_folder
from tests.application import lent
from tests.databases import fill
from tests.moments import NOW


def demo_settings(url: str, folder: Path) -> Settings:
    """Demonstration mode."""
    return Settings(
        secret_key="a key for tests, long enough",
        database_url=url,
        mail_url=f"file://{folder / 'mailbox'}",
        mail_from="Training team <training@rowanvalleyscp.example>",
        base_url="http://localhost",
        instance=folder,
        is_demo=True,
    )


def demonstrated(kind: str) -> DatabaseKind:
    """Databases as `lms demo` leaves one."""

    def load(url: str) -> None:
        with lent(demo_settings(url, shared_folder() / f"demonstrated-{kind}"), lambda: NOW) as app:
            result = app.test_cli_runner().invoke(args=["demo"])
        assert result.exit_code == 0, result.output

    begins_as = KINDS[kind]("tests", fill)
    try:
        return KINDS[kind]("demonstrated", load, like=begins_as)
    finally:
        begins_as.stop()
