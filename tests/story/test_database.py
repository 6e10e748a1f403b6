"""What a worker does on files it does in a database: a whole story, an erasure, and a server that goes away."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.databases import own_server, server
from tests.story.test_four_weeks import FIRST, the_loop
from tests.story.world import ALEX, CONFIG, DANA, PAIR, World, berlin, event
from worker.store.postgres import PostgresStore

SECONDS = 60.0


def world_at(root: Path, url: str) -> World:
    """Return an office whose data lie in this database."""
    return World(root, f'data = "{url}"\n{CONFIG}{PAIR}')


@pytest.fixture
def world(tmp_path: Path) -> World:
    """The pair of the four weeks, in an empty database."""
    world = world_at(tmp_path, server().database())
    world.put("first", event("first", FIRST))
    return world


def url_of(world: World) -> str:
    """Return the address of a world's database."""
    return world.config.read_text(encoding="utf-8").partition('"')[2].partition('"')[0]


def everything(url: str) -> str:
    """Return every column of every table, with the mails as text."""
    found = []
    with psycopg.connect(url, options="-c search_path=followthrough") as asking:
        tables = asking.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'followthrough'")
        for (table,) in tables.fetchall():
            for line in asking.execute(f"TABLE {table}".encode()):
                found += [value.decode("latin-1") if isinstance(value, bytes) else str(value) for value in line]
    return "\n".join(found)


def test_the_loop_closes_in_a_database(world: World) -> None:
    """The four weeks through the command line alone, each call a new look at the database; nothing lies in files."""
    the_loop(world)
    data = world.root / "data"
    assert [path.name for path in data.iterdir()] == ["secret"]
    first = world.mails("topics", ALEX)[0].text
    assert "a database of the organisation that runs this program" in " ".join(first.split())
    shown = world.json("status", "--now", berlin("2026-11-19 12:02").isoformat())
    assert [pair["started"] for pair in shown["pairs"]] == [True]
    code, out, err = world.run("check", "--now", berlin("2026-11-19 12:02").isoformat())
    assert (code, err) == (0, "")
    assert (
        f"fine: data: database {Path(url_of(world).partition('?')[0]).name} on this machine is sound, 1 pair\n" in out
    )


def test_a_person_is_erased_from_a_database(world: World) -> None:
    """After `erase` neither address nor name nor any word of theirs is in a table, and nobody is greeted anew."""
    the_loop(world)
    before = everything(url_of(world))
    for word in (ALEX, "Alex Moreno", "My training budget", "Alex shipped the importer"):
        assert word in before
    code, out, err = world.run("erase", ALEX, "--yes")
    assert (code, err) == (0, "")
    assert re.search(rf"Erased {ALEX}: 1 pair, \d+ rows\.", out)
    assert "stays in its files for a while, and in its backups: see docs/operations.md" in out
    after = everything(url_of(world)).lower()
    for word in (ALEX, "alex", "moreno", "training budget", "importer", "looked tired"):
        assert word not in after
    with closing(PostgresStore(url_of(world))) as store:
        assert store.check() == ()


def test_a_second_worker_is_refused_wherever_it_runs(world: World) -> None:
    """Where another machine's worker runs on the database, `run` exits 1 and says what to do; `tick` goes on."""
    with closing(PostgresStore(url_of(world))) as elsewhere, elsewhere.resident():
        code, out, err = world.run("run")
        assert (code, out) == (1, "")
        assert err.endswith("stop that one first, or leave it to it.\n")
        assert world.run("tick")[0] == 0


def test_files_alone_load_no_database_library(tmp_path: Path) -> None:
    """Whoever keeps the data in files pays nothing for the database and needs none of its libraries."""
    world = World(tmp_path)
    code = (
        "import sys\n"
        "sys.modules.update({'sqlalchemy': None, 'psycopg': None})\n"
        "from worker.cli import main\n"
        f"sys.exit(main(['--config', {str(world.config)!r}, 'tick']))\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_without_the_libraries_the_line_says_how_to_get_them(world: World) -> None:
    """A database that is configured without its extra is exit code 2 with the command to type."""
    code = (
        "import sys\n"
        "sys.modules.update({'sqlalchemy': None})\n"
        "from worker.cli import main\n"
        f"sys.exit(main(['--config', {str(world.config)!r}, 'tick']))\n"
    )
    called = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert called.returncode == 2
    assert called.stderr == f"{world.config}: data: needs two libraries: `pip install 'followthrough[organisation]'`\n"


@pytest.mark.parametrize("url", ["mysql://root:hush-hush@host/x", "postgresql://", "postgresql://u:hush-hush@[host/x"])
def test_what_is_no_address_of_a_database_is_told_without_its_password(tmp_path: Path, url: str) -> None:
    """A `data` that cannot be understood is exit code 2 with an example to write, and nothing of it is shown."""
    code, out, err = world_at(tmp_path, url).run("status")
    assert (code, out) == (2, "")
    assert 'write "postgresql://user@host/name"' in err
    assert "hush" not in err


def test_the_password_comes_from_a_file(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As every secret, the database's password may be named by the environment as a file; it is printed nowhere."""
    name = Path(url_of(world).partition("?")[0]).name
    server().ask(f"CREATE ROLE p_{name} LOGIN PASSWORD 'hush-hush'")
    server().ask(f"ALTER DATABASE {name} OWNER TO p_{name}")
    text = world.config.read_text(encoding="utf-8")
    world.config.write_text(text.replace("postgresql://postgres@", f"postgresql://p_{name}@"), encoding="utf-8")
    code, out, err = world.run("check")
    assert code == 1
    assert "set FOLLOWTHROUGH_DATABASE_PASSWORD" in err
    (tmp_path / "password").write_text("hush-hush\n")
    monkeypatch.setenv("FOLLOWTHROUGH_DATABASE_PASSWORD_FILE", str(tmp_path / "password"))
    code, out, err = world.run("check")
    assert (code, err) == (0, "")
    (tmp_path / "password").write_text("another-one\n")
    code, out, err = world.run("tick")
    assert code == 1
    assert "another-one" not in out + err


@pytest.fixture
def running() -> Iterator[Callable[[World], subprocess.Popen[bytes]]]:
    """Return what starts a resident worker, which ends with the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(world: World) -> subprocess.Popen[bytes]:
        started.append(world.start("run", "--show"))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def wait_until(found: Callable[[], bool]) -> None:
    """Wait for something that a worker beside us does."""
    deadline = time.monotonic() + SECONDS
    while not found():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_worker_outlives_its_server(tmp_path: Path, running: Callable[[World], subprocess.Popen[bytes]]) -> None:
    """The server is killed under a resident worker and comes back: an answer that arrived meanwhile is read, once."""
    with own_server("fsync=on") as own:
        world = world_at(tmp_path, own.database())
        world.config.write_text(world.config.read_text() + '[timing]\nquiet = ""\nfollow_up_gap = "0 minutes"\n')
        now = time.time()
        world.put("now", event("now", berlin("2026-11-03 10:00").fromtimestamp(now - 3600, FIRST.tzinfo), 30))
        process = running(world)
        wait_until(lambda: bool(list((world.root / "mail").glob("out/new/*"))) and bool(world.mails("follow-up", DANA)))
        form = world.newest("follow-up", DANA)
        own.kill()
        world.reply(form, "Highlights: Alex shipped the importer.\n", FIRST.fromtimestamp(now, FIRST.tzinfo))
        time.sleep(2.0)  # the worker meets the server's absence
        assert process.poll() is None
        own.start()
        wait_until(lambda: bool(world.mails("receipt", DANA)))
        assert "importer" in world.newest("receipt", DANA).text
        time.sleep(1.5)
        assert len(world.mails("receipt", DANA)) == 1
        process.terminate()
        _, err = process.communicate(timeout=30)
        assert process.returncode == 0, err
        told = [line for line in err.decode().splitlines() if "database" in line]
        assert told
        assert all("the worker tries again by itself" in line for line in told)
        history = json.loads(world.run("history", ALEX, "--json")[1])
        assert [note["text"] for note in history["notes"]] == ["Alex shipped the importer."]
