from __future__ import annotations

import re
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from tests.commands.support import NOW, Caller
from tests.databases import server
from tests.store.examples import DANA, KEY, SAM, desk, inbound, pair, row, year
from tests.store.examples import NOW as THEN
from worker.loop import run_lock
from worker.model import CalendarState, OutboxState, Pair, PairKey
from worker.store import Store
from worker.store.moving import FileContents
from worker.store.postgres import PostgresStore
from worker.store.postgres.moving import TableContents
from worker.store.things import MAIL, Thing
from worker.store.tiny import TinyStore
from worker.tokens import record_id

LEE = "lee@example.com"
OTHER = PairKey(DANA, LEE)
MARKER = "k" * 32


def fill(store: Store) -> None:
    """Save one of everything, older years and an erasure included."""
    body = store.put_blob(b"To: sam@example.com\r\n\r\nagenda")
    first = store.save_pair(pair(outbox=(row("a", body=body, message_id="<a@x>", state=OutboxState.SENT),)), None)
    store.save_pair(replace(first, person_name="Sam"), THEN)
    store.save_pair(year(110, key=OTHER), None)
    store.save_desk(desk(LEE, outbox=(row("d", message_id="<d@x>", state=OutboxState.SENT),)))
    store.save_inbound(inbound(store.put_blob(b"From: sam@example.com\r\n\r\n\x00\xff")))
    store.save_calendar(CalendarState(LEE, read_at=THEN, problems=(("x", "\x00"),)))
    store.save_calendar(replace(CalendarState(LEE, read_at=THEN, problems=(("x", "\x00"),)), read_at=THEN))
    store.heartbeat("tick", THEN)
    store.erase("gone@example.com", MARKER)


def contents(place: str | Path) -> list[Thing]:
    """Return everything in a folder or a database."""
    if isinstance(place, Path):
        return list(FileContents(TinyStore(place)).things())
    with closing(PostgresStore(place)) as store:
        return list(TableContents(store).things())


@pytest.fixture
def url() -> str:
    """Return the address of an empty database."""
    return server().database()


@pytest.fixture
def sample(call: Caller) -> Caller:
    """The sample on files, with data."""
    call.sample()
    assert call("tick", "--now", NOW).code == 0
    fill(TinyStore(call.folder / "data"))
    return call


def files(call: Caller) -> dict[str, bytes]:
    """Return the files of the folder, but for the locks that every writer makes."""
    return {name: content for name, content in call.files().items() if not name.endswith(".lock")}


def name_data(call: Caller, place: str) -> None:
    """Write the place of the data into the configuration."""
    text = call.file.read_text(encoding="utf-8")
    call.file.write_text(re.sub(r'(?m)^data = "[^"]*"', lambda _: f'data = "{place}"', text), encoding="utf-8")


def test_everything_moves_into_a_database_and_back(sample: Caller, url: str) -> None:
    """There and back every thing is equal, the old places are untouched, and each call says what to write where."""
    data = sample.folder / "data"
    before, there_before = contents(data), files(sample)
    kinds = {thing.kind for thing in before}
    assert len(kinds) == 8, kinds
    there = sample("move-data", "--to", url)
    assert (there.code, there.err) == (0, "")
    assert f'    data = "{url}"\n' in there.out
    assert f"{sum(thing.kind == MAIL for thing in before)} mails\n" in there.out
    assert contents(url) == before
    assert files(sample) == there_before
    name_data(sample, url)
    assert sample("check", "--now", NOW).code == 0
    back = sample("move-data", "--to", "other")
    assert (back.code, back.err) == (0, "")
    assert '    data = "other"\n' in back.out
    assert contents(sample.folder / "other") == before == contents(url)
    assert (sample.folder / "other" / "secret").read_bytes() == (data / "secret").read_bytes()
    name_data(sample, "other")
    assert sample("check", "--now", NOW).code == 0
    assert TinyStore(sample.folder / "other").check() == ()


def test_what_was_moved_can_be_worked_with(sample: Caller, url: str) -> None:
    """In the new place the same would be done as in the old one, mails of ours are found, and records can be saved."""
    would = sample("tick", "--now", NOW, "--dry-run", "--json").json
    sample("move-data", "--to", url)
    name_data(sample, url)
    assert sample("tick", "--now", NOW, "--dry-run", "--json").json == would
    assert would["sent"]
    with closing(PostgresStore(url)) as store:
        assert store.find_message("<a@x>") == (record_id(str(KEY)), "a")
        assert store.find_message("<d@x>") == (record_id(LEE), "d")
        assert store.find_message(year(110).outbox[0].message_id) is not None
        kept = store.load_pair(KEY)
        assert kept is not None
        assert kept.version >= 2
        assert store.save_pair(kept, None).version == kept.version + 1
        assert store.is_erased(MARKER)
    sample("move-data", "--to", "other")
    moved = TinyStore(sample.folder / "other")
    assert moved.find_message("<a@x>") == (record_id(str(KEY)), "a")
    assert moved.find_message(year(110).outbox[0].message_id) is not None
    again = moved.load_pair(KEY)
    assert again is not None
    assert moved.save_pair(again, None).version == kept.version + 2


def test_a_place_that_holds_data_is_refused(sample: Caller, url: str) -> None:
    """Nothing is ever mixed with or put over what is there already."""
    with closing(PostgresStore(url)) as store:
        store.save_pair(Pair(KEY), None)
    for target in (url, "taken"):
        if target == "taken":
            TinyStore(sample.folder / "taken").save_pair(Pair(KEY), None)
        before = contents(url), files(sample)
        refused = sample("move-data", "--to", target)
        assert (refused.code, refused.out) == (1, "")
        assert "holds data already" in refused.err
        assert (contents(url), files(sample)) == before
    assert sample("move-data", "--to", "data").code == 1


def test_a_running_worker_is_stopped_first(sample: Caller, url: str) -> None:
    """A worker that goes on in the old place would write what the copy does not have."""
    with run_lock(sample.folder / "data"):
        refused = sample("move-data", "--to", url)
    assert refused.code == 1
    assert "stop that one first" in refused.err
    with closing(PostgresStore(url)) as elsewhere, elsewhere.resident():
        refused = sample("move-data", "--to", url)
        assert refused.code == 1
        assert "another `followthrough run` works on this database" in refused.err
        name_data(sample, url)
        refused = sample("move-data", "--to", "other")
        assert refused.code == 1
        assert "another `followthrough run` works on this database" in refused.err
        assert not (sample.folder / "other").exists()
    assert contents(url) == []


def test_damage_is_not_copied(sample: Caller, url: str) -> None:
    """Where something cannot be read nothing is copied, neither to tables nor to files."""
    name_data(sample, url)
    with closing(PostgresStore(url)) as store:
        fill(store)
        digest = store.put_blob(b"a mail")
    name = url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(url, autocommit=True) as asking:
        asking.execute("UPDATE followthrough.mails SET raw = 'x' WHERE digest = %s", [digest])
    refused = sample("move-data", "--to", "other")
    assert refused.code == 1
    assert f"database {name}" in refused.err
    assert [path for path in (sample.folder / "other").rglob("*") if path.is_file()] == []
    name_data(sample, "data")
    next((sample.folder / "data" / "people").glob("*.json")).write_bytes(b"{")
    target = server().database()
    assert sample("move-data", "--to", target).code == 1
    assert contents(target) == []


def test_another_secret_in_the_new_place_is_not_put_aside(sample: Caller) -> None:
    """The secret proves replies to mails already sent: one that differs is a person's to decide on."""
    (sample.folder / "other").mkdir()
    (sample.folder / "other" / "secret").write_text("f" * 64 + "\n")
    refused = sample("move-data", "--to", "other")
    assert refused.code == 1
    assert "move the one away that is not in use" in refused.err
    assert [path.name for path in (sample.folder / "other").iterdir()] == ["secret"]


def test_the_secret_and_sign_ins_come_along_to_where_a_database_looks_for_them(sample: Caller, url: str) -> None:
    """With a database they lie in `data` beside the configuration, wherever the files were before."""
    shutil.move(sample.folder / "data", sample.folder / "elsewhere")
    name_data(sample, "elsewhere")
    tokens = sample.folder / "elsewhere" / "tokens"
    tokens.mkdir(mode=0o700)
    (tokens / "google-dana@example.com.json").write_text("{}")
    (tokens / "google-dana@example.com.json").chmod(0o600)
    assert sample("move-data", "--to", url).code == 0
    for name in ("secret", "tokens/google-dana@example.com.json"):
        moved = sample.folder / "data" / name
        assert moved.read_bytes() == (sample.folder / "elsewhere" / name).read_bytes()
        assert moved.stat().st_mode & 0o777 == 0o600


def test_a_password_is_not_printed(call: Caller, url: str) -> None:
    """The line to write has the address without its password, and says where that belongs."""
    call.sample()
    call("tick", "--now", NOW)
    server().ask(f"CREATE ROLE mover_{Path(url.partition('?')[0]).name} LOGIN SUPERUSER PASSWORD 'hush-hush'")
    name = Path(url.partition("?")[0]).name
    called = call("move-data", "--to", server().url(name, f"mover_{name}", "hush-hush"))
    assert called.code == 0, called.err
    assert "hush-hush" not in called.out + called.err
    assert f'data = "postgresql://mover_{name}@/{name}?host=' in called.out
    assert "FOLLOWTHROUGH_DATABASE_PASSWORD" in called.out


def test_no_such_place(sample: Caller) -> None:
    """Another kind of database is a wrong call."""
    called = sample("move-data", "--to", "mysql://root:hush@host/x")
    assert (called.code, called.out) == (2, "")
    assert "postgresql://user@host/name" in called.err
    assert "hush" not in called.err


def test_a_person_who_is_erased_is_gone_from_the_new_place_alone(sample: Caller, url: str) -> None:
    """An erasure reaches the place that the configuration names; `move-data` says that the old one remains."""
    assert "The old place still holds all that people wrote" in sample("move-data", "--to", url).out
    name_data(sample, url)
    assert sample("erase", SAM, "--yes").code == 0
    assert not [thing for thing in contents(url) if SAM in repr(thing)]
    assert [thing for thing in contents(sample.folder / "data") if SAM in repr(thing)]
