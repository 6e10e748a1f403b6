"""What is the database's own: sessions, the lock, what a crash leaves, and what the server refuses."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from sqlalchemy import Connection, Engine, event

from tests.databases import Server, other_releases, own_server, schema_name, server
from tests.store.contract import MARKER, StoreContract
from tests.store.examples import ALEX, DANA, KEY, NOW, SAM, inbound, pair, row, year
from tests.store.kill import Result, kill_a_writer, look, writer_of
from worker.errors import (
    BusyError,
    ConflictError,
    DataAccessError,
    DataDamagedError,
    DataNewerError,
    FollowthroughError,
    NeedsPersonError,
)
from worker.model import CalendarState, Desk, Note, Pair, PairKey, Part
from worker.store import Store
from worker.store.postgres import PostgresStore
from worker.store.postgres.layout import Layout
from worker.store.postgres.moving import TableContents
from worker.store.tables import Schema, Tables
from worker.store.things import DESKS, MAIL, OLDER, PAIRS
from worker.tokens import record_id

OTHER = PairKey(DANA, ALEX)


class Opener:
    """Opens one store again and again, each time as another process would."""

    def __init__(self) -> None:
        self.schema = schema_name()
        self.stores: list[PostgresStore] = []

    def __call__(self, **options: Any) -> PostgresStore:
        """Open it."""
        self.stores.append(PostgresStore(server().url(), schema=self.schema, **options))
        return self.stores[-1]

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the server by itself."""
        return server().ask(query, self.schema)


@pytest.fixture
def opened() -> Iterator[Opener]:
    """Return what opens the store."""
    opener = Opener()
    yield opener
    for store in opener.stores:
        store.close()


@pytest.fixture
def statements() -> Iterator[list[str]]:
    """Return a list that gets each statement that goes to a server."""
    found: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield found
    event.remove(Engine, "before_cursor_execute", note)


class TestPostgresStore(StoreContract):
    """The store in a database keeps the same promises."""

    @pytest.fixture
    def store(self, opened: Opener) -> Store:
        """Return an empty store."""
        return opened()

    @pytest.fixture
    def reopen(self, store: Store, opened: Opener) -> Callable[[], Store]:
        """Return what opens the store as another process would."""
        return opened


# -- sessions and the lock


def end_sessions(opened: Opener) -> None:
    """Let the server end every session but the one that asks."""
    opened.ask(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
        "WHERE application_name = 'followthrough' AND pid <> pg_backend_pid()"
    )


def test_whoever_lost_the_lock_writes_nothing(opened: Opener) -> None:
    """After the session of the lock has ended somebody else may have it, so no write of the old holder succeeds."""
    old, new = opened(), opened()
    first = old.save_pair(pair(), NOW)
    with old.lock(5):
        end_sessions(opened)
        with pytest.raises(DataAccessError, match="the worker tries again by itself"):
            old.save_pair(replace(first, person_name="lost"), NOW)
        second = new.save_pair(replace(first, person_name="new"), NOW)
        for write in (
            lambda: old.save_pair(replace(second, person_name="stale"), NOW),
            lambda: old.put_blob(b"stale"),
            lambda: old.save_desk(Desk(SAM)),
            lambda: old.set_due(KEY, None),
            lambda: old.save_calendar(CalendarState(SAM)),
            lambda: old.save_inbound(inbound("a" * 64)),
            lambda: old.heartbeat("tick", NOW),
            lambda: old.erase(SAM, MARKER),
        ):
            with pytest.raises(DataAccessError, match="the worker tries again by itself"):
                write()
    assert new.load_pair(KEY) == second == old.load_pair(KEY)
    assert new.desks() == ()
    assert not new.is_erased(MARKER)
    assert old.save_pair(replace(second, person_name="again"), NOW).version == 3


def test_a_session_that_a_pooler_made_new_writes_nothing(opened: Opener) -> None:
    """A pooler may let a session forget its lock while the connection lives: that is noticed before each write."""
    store, other = opened(), opened()
    saved = store.save_pair(pair(), NOW)

    def reset(_connection: Connection, cursor: psycopg.Cursor[Any], *_: object) -> None:
        cursor.connection.execute('RESET "followthrough.lock"; SELECT pg_advisory_unlock_all()')

    with store.lock(5):
        event.listen(Engine, "before_cursor_execute", reset)
        assert store.load_pair(OTHER) is None
        event.remove(Engine, "before_cursor_execute", reset)
        with pytest.raises(DataAccessError, match="the session that held the lock was lost, so this was not stored"):
            store.save_pair(replace(saved, person_name="lost"), NOW)
        with pytest.raises(DataAccessError, match="name the server itself in `data` and no pooler"):
            store.set_due(KEY, None)
        assert other.save_pair(saved, NOW).version == 2
    assert store.load_pair(KEY) == replace(saved, version=2)


def test_a_session_that_was_ended_between_two_calls_is_opened_again(opened: Opener) -> None:
    """A restart of the server between two steps is nobody's business."""
    store = opened()
    saved = store.save_pair(pair(), NOW)
    end_sessions(opened)
    assert store.load_pair(KEY) == saved
    end_sessions(opened)
    assert store.save_pair(saved, NOW).version == 2


def test_the_lock_keeps_others_out_and_readers_in(opened: Opener) -> None:
    """While one store holds the data another one is told so in time; reading needs no lock."""
    one, two = opened(), opened()
    saved = one.save_pair(pair(), NOW)
    with one.lock(5):
        began = time.monotonic()
        with pytest.raises(BusyError, match="wait until it has ended, then try again"), two.lock(0.2):
            pass
        with pytest.raises(BusyError), two.lock(0):
            pass
        assert time.monotonic() - began < 5
        assert two.load_pair(KEY) == saved
        changed = one.save_pair(replace(saved, person_name="x"), None)
        assert two.load_pair(KEY) == changed
    with two.lock(5):
        assert two.load_pair(KEY) == changed


def test_the_lock_is_one_thread_s(opened: Opener) -> None:
    """Another thread of the holder's process waits as another process does, and may read meanwhile."""
    store = opened()
    saved = store.save_pair(pair(), NOW)
    found: list[object] = []

    def other() -> None:
        found.append(store.load_pair(KEY))
        try:
            with store.lock(0.1):
                found.append("in")
        except BusyError:
            found.append("busy")

    with store.lock(5):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join(30)
    assert found == [saved, "busy"]


def test_one_worker_runs_on_a_database(opened: Opener) -> None:
    """A second worker is refused, on whatever machine, until the first one ends; other commands go on beside it."""
    one, two = opened(), opened()
    with one.resident():
        with pytest.raises(NeedsPersonError, match="stop that one first, or leave it to it"), two.resident():
            pass
        assert two.save_pair(Pair(KEY), NOW).version == 1
        end_sessions(opened)  # the server was restarted: the first one shows itself again at its next step
        with one.lock(5):
            pass
        with pytest.raises(NeedsPersonError), two.resident():
            pass
        end_sessions(opened)
        with two.resident():
            with (
                pytest.raises(NeedsPersonError, match="another `followthrough run` works on this database"),
                one.lock(5),
            ):
                pass
            assert two.load_pair(KEY) is not None
        with one.lock(5):
            pass
    with two.resident():
        pass


def test_a_worker_that_died_holds_no_lock() -> None:
    """The lock goes with its process, killed or not."""
    url = server().database()
    with writer_of(url) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        writer.kill()
    with closing(PostgresStore(url)) as store, store.lock(5):
        assert [due.key for due in store.pairs()] == [KEY]


def test_two_stores_see_each_save(opened: Opener) -> None:
    """Caches never hide what somebody else saved, and a save of what was changed meanwhile is a conflict."""
    one, two = opened(), opened()
    current = one.save_pair(pair(), NOW)
    for count in range(20):
        writer, reader = (one, two) if count % 3 else (two, one)
        assert reader.load_pair(KEY) == current
        changed = replace(current, manager_name=f"Dana {count % 10}")
        current = writer.save_pair(changed, NOW + timedelta(minutes=count))
        assert reader.load_pair(KEY) == current
        assert reader.pairs()[0].next_due == NOW + timedelta(minutes=count)
        with pytest.raises(ConflictError):
            reader.save_pair(changed, NOW)
    one.save_calendar(CalendarState(DANA, read_at=NOW, events=1))
    assert two.load_calendar(DANA) == CalendarState(DANA, read_at=NOW, events=1)
    one.save_calendar(CalendarState(DANA, read_at=NOW + timedelta(minutes=5), events=1))
    assert two.load_calendar(DANA) == CalendarState(DANA, read_at=NOW + timedelta(minutes=5), events=1)


# -- what an idle worker asks


def test_an_unchanged_list_is_the_same_tuple(opened: Opener, statements: list[str]) -> None:
    """While nothing changed one small query answers, none for whoever holds the lock, and the tuple is the same."""
    store = opened()
    store.save_pair(Pair(KEY), NOW)
    store.save_pair(Pair(OTHER), NOW)
    listed = store.pairs()
    statements.clear()
    assert store.pairs() is listed
    assert len(statements) == 1
    with store.lock(5):
        assert store.pairs() is listed
        statements.clear()
        assert store.pairs() is listed
        store.set_due(KEY, NOW)  # as it was
        assert store.pairs() is listed
        assert store.pair_by_id(listed[0].id) == OTHER
        assert statements == []
    opened().set_due(KEY, None)
    assert [due.next_due for due in store.pairs()] == [NOW, None]


def test_what_was_read_is_not_read_again(opened: Opener, statements: list[str]) -> None:
    """A record, or that there is none, is asked for once; and again when somebody else has written it."""
    store, other = opened(), opened()
    saved = store.save_pair(Pair(KEY), NOW)
    with store.lock(5):
        assert (store.load_pair(KEY), store.load_desk(SAM), store.load_calendar(DANA)) == (saved, None, None)
        statements.clear()
        assert (store.load_pair(KEY), store.load_desk(SAM), store.load_calendar(DANA)) == (saved, None, None)
        assert statements == []
    desk = other.save_desk(Desk(SAM))
    other.save_calendar(CalendarState(DANA, events=3))
    assert store.load_desk(SAM) == desk
    assert store.load_calendar(DANA) == CalendarState(DANA, events=3)
    statements.clear()
    assert store.load_desk(SAM) == desk
    assert len(statements) == 1  # what changed since


def test_a_pair_is_found_in_its_place_however_it_came(opened: Opener) -> None:
    """The list stays in order, whoever adds to it, changes it or erases from it."""
    one, two = opened(), opened()
    names = [PairKey(f"m{number % 7}@example.com", f"p{number}@example.com") for number in range(30)]
    for number, key in enumerate(names):
        (one, two)[number % 2].save_pair(Pair(key), NOW + timedelta(minutes=number))
        if number % 4 == 0:
            one.pairs()
    expected = {key: NOW + timedelta(minutes=number) for number, key in enumerate(names)}
    for store in (one, two, opened()):
        assert [due.key for due in store.pairs()] == sorted(names, key=str)
        assert {due.key: due.next_due for due in store.pairs()} == expected
    two.erase("p4@example.com", MARKER)
    assert [due.key for due in one.pairs()] == sorted([key for key in names if key.person != "p4@example.com"], key=str)


# -- texts


@pytest.mark.parametrize("text", ["a\x00b", "\\0 \\\\", "half \ud800 a pair", "\U0001f44d", "نص"], ids=ascii)
def test_no_text_of_a_person_stops_a_save(opened: Opener, text: str) -> None:
    """NUL and half a surrogate pair, which PostgreSQL refuses, may stand wherever people and programs write."""
    written = text.replace("\ud800", "\ufffd")
    store = opened()
    outbox = (row("k", subject=text, message_id=f"<{text}@x>"),)
    saved = store.save_pair(Pair(KEY, notes=(Note("n", NOW, Part.GENERAL, text, DANA),), outbox=outbox), NOW)
    store.save_inbound(inbound("a" * 64, message_id=text))
    store.save_calendar(CalendarState(DANA, problems=((text, text),)))
    for each in (store, opened()):
        assert each.load_pair(KEY) == saved
        assert saved.notes[0].text == saved.outbox[0].subject == written
        found = each.inbound("a" * 64)
        assert found is not None
        assert found.message_id == written
        state = each.load_calendar(DANA)
        assert state is not None
        assert state.problems == ((written, written),)
        if written == text:
            assert each.find_message(f"<{text}@x>") is not None
    if written == text:
        odd = PairKey(DANA, f"{text}@example.com")
        store.save_pair(Pair(odd), NOW)
        store.heartbeat(f"directory {text}", NOW)
        again = opened()
        assert odd in [due.key for due in again.pairs()]
        assert again.load_pair(odd) == Pair(odd, version=1)
        assert again.heartbeat(f"directory {text}") == NOW


# -- crashes


def test_a_killed_writer_leaves_what_it_confirmed() -> None:
    """A process that saves for ever is killed again and again; what it confirmed is there, and readable."""
    result = kill_a_writer(server().database(), kills=5, seed=1)
    assert result.kills == 5
    assert result.confirmed > 5
    assert result.problems == []


def test_a_killed_server_keeps_what_it_confirmed_and_is_found_again() -> None:
    """Killed in the middle of saves, the server has all that was confirmed; a store goes on when it is back."""
    with own_server("fsync=on") as own:
        url = own.database()
        store = PostgresStore(url)
        with closing(store), writer_of(url) as writer:
            assert writer.stdout is not None
            lines = [writer.stdout.readline() for _ in range(5)]
            assert store.load_pair(KEY) is not None
            own.kill()
            lines += [line for line in writer.stdout.readlines() if line.endswith("\n")]
            assert writer.wait(30) != 0
            with pytest.raises(DataAccessError, match="the worker tries again by itself"):
                store.load_pair(KEY)
            with pytest.raises(DataAccessError, match="the worker tries again by itself"), store.lock(1):
                pass
            own.start()
            result = Result()
            look(store, lines[-1], result)
            assert result.problems == []
            current = store.load_pair(KEY)
            assert current is not None
            assert store.save_pair(current, NOW).version == current.version + 1


def test_only_what_may_be_lost_is_written_without_waiting() -> None:
    """Where the administrator let the server confirm early, records wait for the disk all the same; beats do not."""
    url = server().database()
    with closing(PostgresStore(url)) as store:
        saved = store.save_pair(pair(), NOW)
    with psycopg.connect(url, autocommit=True) as asking:
        name = asking.info.dbname
        asking.execute("SET search_path = followthrough")
        asking.execute("CREATE TABLE seen (tx bigint, setting text)")
        asking.execute(
            "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "INSERT INTO seen VALUES (txid_current(), current_setting('synchronous_commit')); RETURN NULL; END $$"
        )
        for table in ("records", "mails", "inbound", "beats"):
            asking.execute(f"CREATE TRIGGER note AFTER INSERT OR UPDATE ON {table} EXECUTE FUNCTION note()".encode())
        asking.execute(f"ALTER DATABASE {name} SET synchronous_commit = off".encode())
        with closing(PostgresStore(url)) as store:
            store.save_pair(saved, NOW)
            store.save_desk(Desk(DANA))
            store.put_blob(b"mail")
            store.save_inbound(inbound("a" * 64))
            store.set_due(KEY, NOW - timedelta(days=1))
            store.save_calendar(CalendarState(DANA, read_at=NOW, events=1))
            store.set_due(KEY, NOW + timedelta(days=1))
            store.save_calendar(CalendarState(DANA, read_at=NOW + timedelta(minutes=5), events=1))
            store.heartbeat("tick", NOW)
        seen = [setting for (setting,) in asking.execute("SELECT setting FROM seen GROUP BY tx, setting ORDER BY tx")]
    assert seen == ["on"] * 6 + ["off"] * 3


# -- other servers


def test_other_releases_and_languages_make_no_difference() -> None:
    """Older and newer servers, and one whose letters are Turkish, keep order, find addresses and erase the same."""
    for programs in other_releases():
        with own_server("fsync=off", programs=programs) as own:
            url = own.database()
            with contextlib.suppress(psycopg.errors.FeatureNotSupported):  # this build knows no languages
                own.ask("CREATE DATABASE tr LOCALE_PROVIDER icu ICU_LOCALE 'tr' LOCALE 'C' TEMPLATE template0")
                url = own.url("tr")
            with closing(PostgresStore(url)) as store:
                _fill(store)
                names = ["info2@example.com", "ınfo@example.com", "zoe@example.com", "ab7@example.com"]
                for name in names:
                    store.save_desk(Desk(name))
                    store.save_pair(Pair(PairKey(name, ALEX)), NOW)
                store.save_desk(Desk("about@example.com", reports_to="INFO@EXAMPLE.com"))
                with closing(PostgresStore(url)) as again:
                    assert [str(due.key) for due in again.pairs()] == sorted(str(due.key) for due in store.pairs())
                    assert again.desks() == tuple(sorted(again.desks()))
                    listed = [(thing.kind, thing.name) for thing in TableContents(again).things()]
                    assert len({*listed}) == len(listed)
                    for kind in (PAIRS, DESKS, OLDER, MAIL):
                        names = [name for one, name in listed if one == kind]
                        assert names == sorted(names), (kind, programs)
                store.purge(lambda pair: pair, lambda desk: desk, lambda _: set(), (NOW, NOW))
                store.erase("info@example.com", MARKER)
                about = store.load_desk("about@example.com")
                assert about is not None
                assert about.reports_to == MARKER, programs
                store.erase(SAM, MARKER)
                assert store.check() == ()
                assert [due.key for due in store.pairs()][-1] == PairKey("ınfo@example.com", ALEX)


# -- versions


def test_a_database_of_a_newer_version_is_refused(opened: Opener) -> None:
    """An older worker neither reads nor writes what a newer one left, whether the tables or the documents are newer."""
    resident = opened()
    resident.save_pair(pair(), NOW)
    for newer in ("layout = 2", "layout = 1, documents = 2"):
        opened.ask(f"UPDATE state SET {newer}")  # noqa: S608  # words of ours
        before = opened.ask("SELECT * FROM records")
        store = opened()
        with pytest.raises(DataNewerError, match="upgrade the worker"):
            store.load_pair(KEY)
        with pytest.raises(DataNewerError, match="upgrade the worker"):
            store.save_pair(Pair(OTHER), NOW)
        for write in (lambda: resident.put_blob(b"x"), lambda: resident.set_due(KEY, None)):
            with pytest.raises(DataNewerError, match="upgrade the worker"):
                write()
        assert opened.ask("SELECT * FROM records") == before
        assert opened.ask("SELECT * FROM mails") == []


def _rename(tables: Tables) -> Tables:
    for document in tables.get("pair", {}).values():
        document["person_name"] = document.pop("called", "")
    return tables


def _add_column(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE beats ADD COLUMN note text")


def _fail(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE beats ADD COLUMN other text")
    connection.exec_driver_sql("SELECT 1 / 0")


def test_an_older_database_is_brought_up_to_date_in_one_step(opened: Opener) -> None:
    """Tables and documents of an older version become those of this one, all or nothing, by whoever comes first."""
    saved = opened().save_pair(replace(year(110), person_name="Sam Okoro"), NOW)
    for table in ("records", "older"):
        opened.ask(f"""UPDATE {table} SET body = replace(body, '"person_name"', '"called"')""")  # noqa: S608  # as above
    documents = Schema(2, {1: _rename})
    with pytest.raises(DataAccessError):
        opened(layout=Layout(3, {1: _add_column, 2: _fail}, documents)).load_pair(KEY)
    assert opened.ask("SELECT layout, documents FROM state") == [(1, 1)]
    assert opened.ask("SELECT count(*) FROM records WHERE body LIKE '%called%'") == [(1,)]
    newer = Layout(2, {1: _add_column}, documents)
    for store in (opened(layout=newer), opened(layout=newer)):
        assert store.load_pair(KEY) == saved
        assert store.older(KEY) is not None
        assert store.check() == ()
    assert opened.ask("SELECT layout, documents FROM state") == [(2, 2)]
    assert opened.ask("SELECT note FROM beats") == []


def test_two_first_starts_at_once_make_one_set_of_tables(opened: Opener) -> None:
    """Two workers that begin on an empty database at the same moment both work."""
    stores = [opened() for _ in range(4)]
    failures: list[Exception] = []

    def begin(number: int, store: PostgresStore) -> None:
        try:
            store.save_desk(Desk(f"p{number}@example.com"))
        except FollowthroughError as error:
            failures.append(error)

    threads = [threading.Thread(target=begin, args=one) for one in enumerate(stores)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert failures == []
    assert len(stores[0].desks()) == 4


# -- what the server refuses


def _role(own: Server) -> tuple[str, str]:
    """Make a database and a user who owns it; return their names."""
    url = own.database()
    name = url.partition("?")[0].rpartition("/")[2]
    own.ask(f"CREATE ROLE u_{name} LOGIN PASSWORD 'hush-hush'")
    own.ask(f"ALTER DATABASE {name} OWNER TO u_{name}")
    return name, f"u_{name}"


Case = Callable[[Server, str, str], tuple[str, str]]
"""Spoils something of a database and its user; returns address and password."""

SECRET = "hush-hush"


def _without_ownership(own: Server, name: str, user: str) -> tuple[str, str]:
    own.ask(f"ALTER DATABASE {name} OWNER TO postgres")
    return own.url(name, user), SECRET


def _without_connect(own: Server, name: str, user: str) -> tuple[str, str]:
    own.ask(f"ALTER DATABASE {name} OWNER TO postgres")
    own.ask(f"REVOKE CONNECT ON DATABASE {name} FROM PUBLIC")
    return own.url(name, user), SECRET


def _in_latin(own: Server, name: str, user: str) -> tuple[str, str]:
    own.ask(f"DROP DATABASE {name}")
    own.ask(f"CREATE DATABASE {name} OWNER {user} ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
    return own.url(name, user), SECRET


def _read_only(own: Server, name: str, user: str) -> tuple[str, str]:
    own.ask(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    return own.url(name, user), SECRET


def _dropped(own: Server, name: str, user: str) -> tuple[str, str]:
    own.ask(f"DROP DATABASE {name}")
    return own.url(name, user), SECRET


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        pytest.param(
            lambda own, name, user: (own.url(name, user), "not-" + SECRET), "DATABASE_PASSWORD", id="password"
        ),
        pytest.param(lambda own, name, user: (own.url(name, user), ""), "DATABASE_PASSWORD", id="no password"),
        pytest.param(lambda own, name, _: (own.url(name, "nobody_here"), SECRET), "DATABASE_PASSWORD", id="user"),
        pytest.param(_dropped, "type: createdb --owner", id="database"),
        pytest.param(_without_ownership, "ALTER DATABASE .* OWNER TO", id="right"),
        pytest.param(_without_connect, "GRANT CONNECT ON DATABASE", id="connect"),
        pytest.param(
            lambda _, name, user: (f"postgresql://{user}@/{name}?host=/nowhere", SECRET),
            "look whether it runs and whether host and port are right",
            id="host",
        ),
        pytest.param(
            lambda _, name, user: (f"postgresql://{user}@no-such-host.invalid/{name}", SECRET),
            "correct `data` in the configuration",
            id="name",
        ),
        pytest.param(_in_latin, "createdb --encoding UTF8", id="encoding"),
        pytest.param(_read_only, "name the primary server", id="read-only"),
    ],
)
def test_each_refusal_names_the_database_and_the_next_step(spoil: Case, says: str) -> None:
    """Whatever is wrong with server, user or database, the line says which database, what to do, and no password."""
    name, user = _role(server())
    url, secret = spoil(server(), name, user)
    with closing(PostgresStore(url, secret)) as store:
        with pytest.raises(DataAccessError, match=says) as refused:
            store.save_pair(pair(), NOW)
        shown = [str(refused.value), repr(store), str(store)]
    assert shown[0].startswith(f"database {name} on ")
    error: BaseException | None = refused.value
    while error is not None:
        shown.append(f"{error} {error!r}")
        error = error.__cause__
    assert not [one for one in shown if secret and secret in one]


def test_an_old_server_is_refused(opened: Opener) -> None:
    """A server older than the oldest supported one is named with the version to upgrade to."""
    with pytest.raises(DataAccessError, match=r"its server is PostgreSQL \d+: upgrade it to 99 or newer$"):
        opened(oldest=99).load_pair(KEY)


def test_a_right_that_will_be_lacking_is_told_beforehand() -> None:
    """`check` says that the tables cannot be made, before the first start tries."""
    name, user = _role(server())
    with closing(PostgresStore(*_without_ownership(server(), name, user))) as store:
        assert [line for line in store.check() if f'ALTER DATABASE "{name}" OWNER TO "{user}"' in line]


def test_a_password_in_the_address_is_used_and_never_shown() -> None:
    """A URL may hold the password; messages show user, host and database alone."""
    own = server()
    name, user = _role(own)
    with closing(PostgresStore(own.url(name, user, "hush-hush"))) as store:
        assert store.save_pair(Pair(KEY), NOW).version == 1
        assert "hush" not in f"{store} {store!r} {store.session.place!r}"
    with closing(PostgresStore(own.url(name, user, "wrong-one"))) as store:
        with pytest.raises(DataAccessError) as refused:
            store.load_pair(KEY)
        assert "wrong-one" not in f"{refused.value} {refused.value.__cause__}"
    with closing(PostgresStore(own.url(name, user, "wrong-one"), "hush-hush")) as store:
        assert store.load_pair(KEY) == Pair(KEY, version=1)
    with pytest.raises(ValueError, match="cannot be read") as unreadable:
        PostgresStore("postgresql://u:hush-hush@[host/x")
    assert "hush" not in str(unreadable.value)


def test_damage_is_told_and_nothing_goes_on_in_its_place(opened: Opener) -> None:
    """A row that does not fit is named by whoever reads it and by the check, without what stands in it."""
    store = opened()
    store.save_pair(pair(), NOW)
    store.save_pair(replace(year(110, key=OTHER)), NOW)
    digest = store.put_blob(b"a mail")
    store.save_inbound(inbound(digest))
    opened.ask("""UPDATE records SET body = '{"pair": {"pair": {"key": "secret words"}}}' WHERE name LIKE '%sam%'""")
    opened.ask("UPDATE older SET body = 'secret words'")
    opened.ask("UPDATE mails SET raw = 'secret words'")
    opened.ask("UPDATE inbound SET body = '{}'")
    store.save_desk(Desk(DANA))
    opened.ask(f"UPDATE records SET id = '{record_id(SAM)}' WHERE kind = 'people'")  # noqa: S608  # words of ours
    again = opened()
    with pytest.raises(DataDamagedError, match=r"is another one than its id says: restore a backup$"):
        again.load_desk(SAM)
    for read in (lambda: again.load_pair(KEY), lambda: again.older(OTHER), lambda: again.get_blob(digest)):
        with pytest.raises(DataDamagedError, match=r"restore a backup$") as refused:
            read()
        assert "secret words" not in str(refused.value)
    found = again.check()
    years = opened.ask("SELECT count(*) FROM older")[0][0]
    assert len(found) == 3 + years
    assert all(line.endswith("restore a backup") and "secret words" not in line for line in found)


# -- erasing

SENTENCE = "nobody but us two should ever read this"


def _fill(store: Store) -> None:
    notes = (*year(110).notes, Note("own", NOW, Part.SUPPORT, SENTENCE, SAM))
    sam = replace(year(110), person_name="Sam Okoro", manager_name="Dana Kim", notes=notes)
    body = store.put_blob(b"To: sam@example.com\r\n\r\nagenda")
    store.save_pair(replace(sam, outbox=(*sam.outbox, row("a", message_id="<a@x>", body=body))), NOW)
    digest = store.put_blob(b"To: dana@example.com\r\n\r\nSam Okoro owes a plan")
    encoded = store.put_blob(
        b"To: dana@example.com\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nask sam@exa=\r\nmple.com"
    )
    alex = replace(year(110, key=OTHER), person_name="Alex Moreno")
    about = [replace(one, about=(SAM, "ask Sam@Example.com")) for one in alex.outbox]
    store.save_pair(replace(alex, outbox=tuple(about)), NOW)
    store.save_desk(Desk(DANA, outbox=(row(f"welcome {SAM}", body=digest), row("y", body=encoded))))
    store.save_desk(Desk(SAM, aliases=("sam.okoro@home.example",)))
    store.save_desk(Desk(f"very.{SAM}"))
    answer = store.put_blob(b"From: sam.okoro@home.example\r\n\r\n" + SENTENCE.encode())
    store.save_inbound(inbound(answer, sender="sam.okoro@home.example", pair=""))
    for number in range(10):
        store.save_inbound(inbound(f"{number:02x}" + "0" * 62, sender=SAM if number % 2 else ALEX, pair=""))
    store.save_calendar(CalendarState(SAM, read_at=NOW))
    store.save_calendar(CalendarState(DANA, read_at=NOW, left_alone=(("u", f"with {SAM}"),)))
    store.heartbeat(f"directory {SAM}", NOW)


def _everything(opened: Opener) -> dict[str, bytes]:
    """Return every column of every table of the schema, as one text for each table."""
    found = {}
    for (table,) in opened.ask(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
    ):
        columns = [value for line in opened.ask(f"TABLE {table}") for value in line]
        found[table] = b"\n".join(
            value if isinstance(value, bytes) else str(value).encode() for value in columns
        ).lower()
    return found


def _traces(opened: Opener) -> set[tuple[str, str]]:
    words = ["sam@example.com", "sam@exa=", "sam okoro", "sam.okoro@home", SENTENCE]
    tables = _everything(opened).items()
    return {
        (table, word)
        for table, text in tables
        for word in words
        if word.encode() in text.replace(b"very.sam@example.com", b"")
    }


def test_after_erasing_no_column_of_any_table_has_a_trace(opened: Opener) -> None:
    """Address, alias, name and words of an erased person are in no table; everybody else's records are whole."""
    store = opened()
    _fill(store)
    assert {table for table, _ in _traces(opened)} >= {"records", "older", "mails", "inbound", "beats"}
    before = store.load_pair(OTHER)
    assert store.erase("Sam@Example.com", MARKER) > 10
    assert _traces(opened) == set()
    again = opened()
    assert again.check() == ()
    assert again.is_erased(MARKER)
    assert [due.key for due in again.pairs()] == [OTHER]
    assert again.desks() == (DANA, f"very.{SAM}")
    kept = again.load_desk(DANA)
    assert kept is not None
    assert [entry.key for entry in kept.outbox] == [f"welcome {MARKER}", "y"]
    assert again.save_desk(kept).version == kept.version + 1
    alex = again.load_pair(OTHER)
    assert alex is not None
    assert before is not None
    assert (alex.notes, alex.version) == (before.notes, before.version + 1)
    assert store.load_pair(OTHER) == alex
    assert len(list(again.inbounds())) == 5


def test_an_erasure_that_fails_changes_nothing(opened: Opener) -> None:
    """Cut off at its last step, an erasure leaves all as it was, marker included; called again it is complete."""
    store = opened()
    _fill(store)
    before = _everything(opened)
    opened.ask(
        "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$; "
        "CREATE TRIGGER fail BEFORE UPDATE ON state EXECUTE FUNCTION fail()"
    )
    with pytest.raises(DataAccessError):
        store.erase(SAM, MARKER)
    assert _everything(opened) == before
    opened.ask("DROP TRIGGER fail ON state")
    store.erase(SAM, MARKER)
    assert _traces(opened) == set()
