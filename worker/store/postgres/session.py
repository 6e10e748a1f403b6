"""Connections to the database, and the lock that one of them holds.

Reading takes a connection of the pool, one round trip each. Whoever writes holds an advisory lock of the server's, and
writes through the session that holds it: each transaction first asks for a mark that was set in that session together
with the lock. A session that was lost, or a pooler that hands out another one, has no such mark, so nothing is written.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import BigInteger, ColumnElement, Text, case, cast, create_engine, func, literal, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from worker.errors import BusyError, DataAccessError, DataNewerError, NeedsPersonError
from worker.store.postgres.layout import Layout, create, migrate, versions
from worker.store.postgres.refusals import Place, accessing, lacks_right, place_of

OLDEST = 14
"""The oldest server that is supported."""

# The upper halves of the numbers by which the server knows our two locks.
_LOCK_SPACE, _SIGN_SPACE = 7_315_001, 7_315_002
_MARK = "followthrough.lock"
_LOCK_NOT_AVAILABLE = "55P03"
# What a connection has where the address does not say otherwise.
_DEFAULTS = {
    "application_name": "followthrough",
    # A server that is gone is noticed within a minute, and so is a worker: its lock must not outlive it.
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
_SETTINGS = {
    "timezone": "UTC",
    "default_transaction_isolation": "read committed",
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
    # A tick holds the lock while it waits for providers.
    "idle_session_timeout": "0",
    "lock_timeout": "60s",
}


class Session:
    """What a store reads and writes through. `place` is how the database is called in messages."""

    def __init__(self, url: str, password: str, schema: str, layout: Layout, oldest: int) -> None:
        self.place: Place = place_of(url)
        self._url = url
        self._password = password
        self._schema = schema
        self._layout = layout
        self._oldest = oldest
        self._known = False
        self._holder = 0
        self._locked: Connection | None = None
        self._mark = ""
        self._sign: psycopg.Connection[Any] | None = None
        self._engine = create_engine(
            "postgresql+psycopg://",
            creator=self._connect,
            isolation_level="AUTOCOMMIT",
            use_native_hstore=False,
            hide_parameters=True,
            pool_pre_ping=True,
            pool_size=4,
            max_overflow=16,
            pool_timeout=10,
        )

    @property
    def holds_lock(self) -> bool:
        """Whether the calling thread holds the lock."""
        return self._holder == get_ident()

    def close(self) -> None:
        """Give every idle connection back to the server."""
        self._engine.dispose()

    # -- reading

    @contextmanager
    def reading(self) -> Iterator[Connection | None]:
        """Yield a connection on which each statement stands for itself; None where nothing was ever stored.

        Raises DataAccessError, DataNewerError.
        """
        with accessing(self.place):
            if self._locked is not None and self.holds_lock:
                yield self._locked
                return
            with self._engine.connect() as connection:
                if not self._known:
                    found = versions(connection, self._schema)
                    if found is None:
                        yield None
                        return
                    self._check(found)
                    if found == self._current:
                        self._known = True
                    else:
                        with self.lock(10.0):
                            pass  # which brings the tables up to this version
                yield connection

    def hindrances(self) -> tuple[str, ...]:
        """Return why the tables cannot be made at the first start, one line each."""
        with accessing(self.place), self._engine.connect() as connection:
            may_create = func.has_database_privilege(func.current_database(), "CREATE")
            return () if connection.scalar(select(may_create)) else (str(lacks_right(self.place)),)

    # -- writing

    @contextmanager
    def lock(self, timeout: float) -> Iterator[None]:
        """See Store. Makes the tables, or brings them up to this version, where that is to be done."""
        if self.holds_lock:
            yield
            return
        with accessing(self.place):
            connection = self._engine.connect()
            try:
                self._mark = self._acquire(connection, timeout)
                self._locked, self._holder = connection, get_ident()
                self._keep_sign()
                # A newer worker may have changed the tables since this process looked at them.
                if not self._known or versions(connection, self._schema) != self._current:
                    self._prepare()
            except BaseException:
                self._release(connection)
                raise
        try:
            yield
        finally:
            self._release(connection)

    @contextmanager
    def resident(self) -> Iterator[None]:
        """Be the one worker that runs on this database: a session of its own shows it. Raises NeedsPersonError."""
        with accessing(self.place):
            self._sign = self._take_sign()
        try:
            yield
        finally:
            self._sign.close()
            self._sign = None

    @contextmanager
    def writing(self, *, durable: bool = True) -> Iterator[Connection]:
        """Yield the lock's connection in one transaction. The caller holds the lock.

        Not `durable`: a crash of the server may lose it, and nothing else. Raises DataAccessError.
        """
        connection = self._locked
        if connection is None or not self.holds_lock:
            raise RuntimeError("nothing is written without the lock")
        with accessing(self.place):
            driver = connection.connection.driver_connection
            if not isinstance(driver, psycopg.Connection):  # for the type checker
                raise TypeError(type(driver).__name__)
            with driver.transaction():
                if connection.execute(_BEGIN[durable]).one()[0] != self._mark:
                    raise DataAccessError(
                        f"{self.place}: the session that held the lock was lost, so this was not stored; the worker "
                        "tries again by itself. If it lasts, name the server itself in `data` and no pooler"
                    )
                yield connection

    # -- inside

    def _connect(self) -> psycopg.Connection[Any]:
        given = conninfo_to_dict(self._url)
        chosen: dict[str, Any] = {name: value for name, value in _DEFAULTS.items() if name not in given}
        if self._password:
            chosen["password"] = self._password
        connection = psycopg.connect(self._url, autocommit=True, client_encoding="utf8", **chosen)
        try:
            self._look_at(connection)
            settings = [f"SET {name} = '{value}'" for name, value in _SETTINGS.items()]
            connection.execute("; ".join([*settings, f'SET search_path = "{self._schema}"']).encode())
        except BaseException:
            connection.close()
            raise
        return connection

    def _look_at(self, connection: psycopg.Connection[Any]) -> None:
        version = connection.info.server_version // 10_000
        if version < self._oldest:
            raise DataAccessError(
                f"{self.place}: its server is PostgreSQL {version}: upgrade it to {self._oldest} or newer"
            )
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise DataAccessError(
                f"{self.place}: its encoding is {encoding}, which cannot hold what people write: make another one: "
                f"createdb --encoding UTF8 --template template0 --owner {self.place.user} NAME, and name it in `data`"
            )

    def _take_sign(self) -> psycopg.Connection[Any]:
        connection = self._connect()
        taken = connection.execute("SELECT pg_try_advisory_lock(%s)", [_key(_SIGN_SPACE, self._schema)]).fetchone()
        if taken != (True,):
            connection.close()
            raise NeedsPersonError(
                f"{self.place}: another `followthrough run` works on this database: stop that one first, "
                "or leave it to it."
            )
        return connection

    def _keep_sign(self) -> None:
        """Show again that a worker runs here, where the server had to be restarted. Raises NeedsPersonError."""
        if self._sign is None:
            return
        try:
            self._sign.execute("SELECT 1")
        except psycopg.Error:
            self._sign.close()
            self._sign = self._take_sign()

    def _acquire(self, connection: Connection, timeout: float) -> str:
        """Take the lock in this session and return its mark. Raises BusyError."""
        key = literal(_key(_LOCK_SPACE, self._schema), BigInteger)
        wait = f"{max(1, round(timeout * 1000))}ms"
        try:
            connection.execute(select(_set("lock_timeout", wait)))
            connection.execute(select(func.pg_advisory_lock(key)))
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", "") != _LOCK_NOT_AVAILABLE:
                raise
            raise BusyError(
                f"{self.place}: another followthrough command is using this data: "
                "wait until it has ended, then try again"
            ) from None
        mark = _set(_MARK, cast(func.gen_random_uuid(), Text))
        return str(connection.execute(select(mark, _set("lock_timeout", _SETTINGS["lock_timeout"]))).one()[0])

    def _release(self, connection: Connection) -> None:
        if self._locked is connection:
            self._locked, self._holder, self._mark = None, 0, ""
        try:
            as_before = [_set(_MARK, ""), _set("lock_timeout", _SETTINGS["lock_timeout"])]
            connection.execute(select(*as_before, func.pg_advisory_unlock_all()))
        except (SQLAlchemyError, psycopg.Error):
            connection.invalidate()  # the lock goes with its session
        connection.close()

    @property
    def _current(self) -> tuple[int, int]:
        return self._layout.version, self._layout.documents.version

    def _check(self, found: tuple[int, int]) -> None:
        if found[0] > self._current[0] or found[1] > self._current[1]:
            raise DataNewerError(
                f"{self.place}: written by a newer version (schema {found[0]}.{found[1]}, this one knows "
                f"{self._current[0]}.{self._current[1]}): upgrade the worker"
            )

    def _prepare(self) -> None:
        """Make the tables, or bring them up to this version, all of it or nothing. The caller holds the lock."""
        with self.writing() as connection:
            found = versions(connection, self._schema)
            if found is None:
                create(connection, self._schema, self._layout)
            else:
                self._check(found)
                if found != self._current:
                    migrate(connection, self._layout, found)
        self._known = True


def _key(space: int, schema: str) -> int:
    return (space << 32) | zlib.crc32(schema.encode())


def _set(name: str, value: Any) -> ColumnElement[str]:  # noqa: ANN401  # a text or an expression
    """Return the expression that sets one of the session's settings, and is its value."""
    return func.set_config(name, value, text("false"))


# The server's own setting, but never less than what outlasts a crash of this server.
_SETTING = func.current_setting("synchronous_commit")
_DURABLE = case((_SETTING == "off", "on"), else_=_SETTING)

# What each transaction begins with: the session's mark is asked for, and how its end waits for the disk is set.
_BEGIN = {
    durable: select(
        func.current_setting(_MARK, text("true")),
        func.set_config("synchronous_commit", _DURABLE if durable else "off", text("true")),
    )
    for durable in (True, False)
}
