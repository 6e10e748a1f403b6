"""What the server and the way to it refuse, as errors of ours: each names the database and ends in the next step.

A password stands in none of them: libpq's and the server's own messages carry none, and no statement is quoted.
"""

from __future__ import annotations

import re
from types import TracebackType
from typing import NamedTuple

import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy.exc import DBAPIError, PendingRollbackError, SQLAlchemyError

from worker.errors import DataAccessError, DataDamagedError, FollowthroughError

_AGAIN = "the worker tries again by itself; if it lasts, see the server's log"


class Place(NamedTuple):
    """Which database, as a person knows it."""

    user: str
    host: str
    name: str

    def __str__(self) -> str:
        """Return it without what is secret."""
        return f"database {self.name} on {self.host}"


def place_of(url: str) -> Place:
    """Return which database a URL means; what it leaves out is libpq's to find. Raises ValueError."""
    try:
        found = conninfo_to_dict(url)
    except psycopg.Error:
        raise ValueError("the address of the database cannot be read") from None
    host = str(found.get("host") or found.get("hostaddr") or "")
    if not host and found.get("service"):
        host = f"service {found['service']}"
    user = str(found.get("user") or "")
    here = "this machine" if not host or host.startswith(("/", "@")) else host
    return Place(user or "this user", here, str(found.get("dbname") or user or "of this user"))


# What libpq says where no connection comes about, which has no SQLSTATE: part of its words, what to do.
_NO_CONNECTION = (
    (
        r"password authentication failed|no password supplied",
        (
            "the password of {user} is missing or wrong: set FOLLOWTHROUGH_DATABASE_PASSWORD, or name a file with it "
            "in FOLLOWTHROUGH_DATABASE_PASSWORD_FILE"
        ),
    ),
    (
        r'database ".*" does not exist',
        (
            "there is no such database: as the server's administrator type: "
            "createdb --owner {user} --encoding UTF8 --template template0 {name}"
        ),
    ),
    (
        r'role ".*" does not exist',
        "the server knows no user {user}: as its administrator type: createuser --pwprompt {user}",
    ),
    (
        r"(peer|ident|gssapi|sspi|certificate|radius|ldap|pam) authentication failed|no pg_hba\.conf entry",
        "the server lets {user} not in from here: add a line for user and database to its pg_hba.conf and reload it",
    ),
    (
        r"permission denied for database|not permitted to log in",
        (
            "{user} may not connect: as the server's administrator type: "
            'psql -c \'GRANT CONNECT ON DATABASE "{name}" TO "{user}"\', and give it the right to log in'
        ),
    ),
    (r"could not translate host name|resolve host", "there is no such host: correct `data` in the configuration"),
    (
        r"\bssl\b|certificate|\btls\b",
        (
            "the encrypted connection failed: set sslmode and sslrootcert among the parameters of `data` "
            "as the server's administrator says"
        ),
    ),
    (r"remaining connection slots|too many (connections|clients)", f"the server has no connection left: {_AGAIN}"),
    (r"starting up|shutting down|recovery mode|not accepting connections", f"the server is about to start: {_AGAIN}"),
    (
        r"refused|timeout|timed out|no route|unreachable|reset by peer|closed the connection|no such file",
        (
            "the server does not answer: look whether it runs and whether host and port are right; the worker tries "
            "again by itself"
        ),
    ),
)

# By SQLSTATE, the longest beginning first.
_REFUSED = {
    "42501": "{user} lacks a right there: as the server's administrator type: "
    'psql -c \'ALTER DATABASE "{name}" OWNER TO "{user}"\'',
    "25006": "it only lets itself be read: name the primary server in `data`, or end what made it read-only",
    "53100": "its disk is full: make room there; the worker then goes on from where it was",
    "53300": f"the server has no connection left: {_AGAIN}",
    "53": f"the server lacks memory or another resource: {_AGAIN}",
    "55P03": f"another program holds its tables: {_AGAIN}",
    "57P": f"the connection was ended by the server: {_AGAIN}",
    "08": f"the connection was lost: {_AGAIN}",
    "58": "the server cannot use its files: see its log, and restore a backup where they are lost",
    "42P01": "a table is missing: restore a backup",
    "42703": "a column is missing: restore a backup",
}


class accessing:  # noqa: N801  # reads as a verb where it is used, as for files
    """Turn what the database refuses into an error of ours."""

    __slots__ = ("_place",)

    def __init__(self, place: Place) -> None:
        self._place = place

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Raise DataAccessError or DataDamagedError in the place of a library's error."""
        if isinstance(error, SQLAlchemyError | psycopg.Error):
            raise told(error, self._place) from error


def told(error: SQLAlchemyError | psycopg.Error, place: Place) -> FollowthroughError:
    """Return the error of ours for one of a library's."""
    if isinstance(error, PendingRollbackError):  # the library opens no other session in the place of the lost one
        return DataAccessError(f"{place}: {_REFUSED['08']}")
    cause = error.orig if isinstance(error, DBAPIError) else error
    state = cause.sqlstate or "" if isinstance(cause, psycopg.Error) else ""
    if state.startswith("XX"):
        return DataDamagedError(f"{place}: the server found its own files damaged ({state}): restore a backup")
    for length in range(len(state), 1, -1):
        if text := _REFUSED.get(state[:length]):
            return DataAccessError(f"{place}: {text.format(**place._asdict())}")
    if not isinstance(cause, psycopg.OperationalError):
        return DataAccessError(f"{place}: it refused a statement ({state or type(cause).__name__}): see its log")
    said = str(cause)
    for words, text in _NO_CONNECTION:
        if re.search(words, said, re.IGNORECASE):
            return DataAccessError(f"{place}: {text.format(**place._asdict())}")
    return DataAccessError(f"{place}: cannot be reached ({_shortened(said)}): {_AGAIN}")


def lacks_right(place: Place) -> DataAccessError:
    """Return the error for a user who may not do there what a worker does."""
    return DataAccessError(f"{place}: {_REFUSED['42501'].format(**place._asdict())}")


def _shortened(text: str) -> str:
    return " ".join(text.rstrip().rpartition("\n")[2].split())[:200]
