"""A database that cannot be reached, read or written now: nobody's fault here, and told as such."""

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

CLASSES_AWAY = ("08", "53", "57P")
"""PostgreSQL: connections that fail, a server without memory, disk or connections, one that stops or starts."""
SQLITE_AWAY = ("SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_FULL", "SQLITE_READONLY")
NOT_LET_IN = frozenset({"28P01", "28000", "3D000"})


def is_away(error: BaseException) -> bool:
    """Whether the database is away, so that the same may work later. A query that was too large is no such thing."""
    if isinstance(error, NoConnectionFree):
        return True
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return error.connection_invalidated or str(state).startswith(CLASSES_AWAY)
    named = getattr(error.orig, "sqlite_errorname", None)
    if named is not None:
        return str(named).startswith(SQLITE_AWAY)
    return error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)


def only_reads(error: BaseException) -> bool:
    """Whether SQLite says that nothing can be written here: of a disk, or of a transaction that is there to read."""
    return getattr(getattr(error, "orig", None), "sqlite_errorname", "") == "SQLITE_READONLY"


def why_not_let_in(error: BaseException) -> str:
    """A sentence where the server is there and refuses us: another password, no such database. "" otherwise."""
    said = str(getattr(error, "orig", None) or error)
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    if state not in NOT_LET_IN and "authentication failed" not in said and "does not exist" not in said:
        return ""
    return (
        "The database server does not let this service in: the user, the password or the name of the database in "
        f"LMS_DATABASE_URL is not right. It says: {said.splitlines()[-1].strip()}"
    )
