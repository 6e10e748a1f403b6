from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.commands.support import NOW, Caller
from worker import __version__
from worker.cli import COMMANDS
from worker.commands.common import Call

SLOW = (
    "pydantic",
    "jinja2",
    "icalendar",
    "tinydb",
    "rich",
    "requests",
    "google",
    "msal",
    "lxml",
    "sqlalchemy",
    "worker.config",
)
ROOT = Path(__file__).resolve().parent.parent.parent


def seconds(*words: str) -> float:
    """Return how long a Python program takes."""
    start = time.perf_counter()
    subprocess.run([sys.executable, *words], check=True, capture_output=True)
    return time.perf_counter() - start


def test_help_lists_every_command(call: Caller) -> None:
    """`--help` names every command with a line on what it does, and exits 0."""
    called = call.bare("--help")
    assert called.code == 0
    for name, text in COMMANDS.items():
        assert re.search(rf"(?m)^  {name} +{re.escape(text.split(',')[0][:30])}", called.out), name


@pytest.mark.parametrize("name", list(COMMANDS))
def test_each_command_has_help(call: Caller, name: str) -> None:
    """Each command of the table exists and says what it is for."""
    called = call.bare(name, "--help")
    assert called.code == 0
    assert called.out.startswith(f"Usage: followthrough {name}")
    assert len(called.out.splitlines()) > 4


def test_version(call: Caller) -> None:
    """`--version` says the version and nothing else."""
    called = call.bare("--version")
    assert (called.code, called.out, called.err) == (0, f"followthrough {__version__}\n", "")


@pytest.mark.parametrize("word", ["--help", "--version"])
def test_help_and_version_import_nothing_slow(word: str) -> None:
    """Help and version load neither a provider's library nor anything else that takes time."""
    code = (
        "import sys\nfrom worker.cli import main\n"
        f"main([{word!r}])\n"
        f"found = [name for name in {SLOW!r} if name in sys.modules]\n"
        "assert not found, found\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


def test_help_starts_as_fast_as_click() -> None:
    """`--help` takes at most twice the time of importing click, each at its best of many turns."""
    floor, ours = [], []
    for _ in range(40):
        floor.append(seconds("-c", "import click"))
        ours.append(seconds("-m", "worker", "--help"))
        if len(ours) >= 5 and min(ours) <= 2 * min(floor):
            break
    assert min(ours) <= 2 * min(floor)


def test_an_unknown_command_names_the_nearest(call: Caller) -> None:
    """A misspelt command exits 2 with the one that was meant."""
    called = call.bare("statsu")
    assert (called.code, called.out) == (2, "")
    assert called.err == 'there is no command "statsu": did you mean `status`?\n'


@pytest.mark.parametrize(
    "words",
    [("status", "--jsn"), ("tick", "now"), ("preview", "poem", "alex"), ("history",), ("--confg", "x", "status")],
)
def test_a_wrong_call_exits_2_in_one_line(call: Caller, words: tuple[str, ...]) -> None:
    """A call that does not fit is told in one line on stderr that ends in what to do."""
    called = call.bare(*words)
    assert (called.code, called.out) == (2, "")
    assert len(called.err.splitlines()) == 1
    assert called.err.endswith("--help`.\n")


@pytest.mark.parametrize("now", ["2026-11-24T10:00:00", "2026-11-24", "yesterday", ""])
def test_now_needs_an_offset(call: Caller, now: str) -> None:
    """A moment without an offset would depend on the machine, so it is refused."""
    call.sample()
    called = call("tick", "--now", now)
    assert (called.code, called.out) == (2, "")
    assert "+01:00" in called.err


@pytest.mark.parametrize("now", ["2026-11-24T10:00:00+01:00", "2026-11-24T09:00:00Z", "2026-11-24 09:00+00:00"])
def test_now_is_one_moment_however_it_is_written(call: Caller, now: str) -> None:
    """The same moment in any notation of ISO 8601 is the same."""
    call.sample()
    shown = call("status", "--json", "--now", now)
    assert shown.json["now"] == "2026-11-24T09:00:00+00:00"


def test_a_missing_configuration_says_how_to_get_one(
    call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without any configuration the exit code is 2 and the text names `init`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    monkeypatch.delenv("FOLLOWTHROUGH_CONFIG", raising=False)
    for called in (call.bare("status"), call("status")):
        assert (called.code, called.out) == (2, "")
        assert "followthrough init" in called.err
    assert call.bare("status").err.startswith("./followthrough.toml: is not here, nor is ")


def test_which_configuration_is_read(call: Caller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file given goes first, then the environment's, then the one here, then the user's own."""
    places = {name: tmp_path / name / "followthrough.toml" for name in ("given", "named", "here")}
    places["user"] = tmp_path / "xdg" / "followthrough" / "followthrough.toml"
    for name, file in places.items():
        file.parent.mkdir(parents=True)
        file.write_text(f"{name} = 1\n", encoding="utf-8")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("FOLLOWTHROUGH_CONFIG", str(places["named"]))
    monkeypatch.chdir(tmp_path / "here")

    def read(*words: str) -> str:
        found = re.search(r": (\w+): is no known key", call.bare(*words, "status").err)
        assert found is not None
        return found[1]

    assert read("--config", str(places["given"])) == "given"
    assert read() == "named"
    monkeypatch.delenv("FOLLOWTHROUGH_CONFIG")
    assert read() == "here"
    places["here"].unlink()
    assert read() == "user"


def test_every_problem_of_the_configuration_is_a_line(call: Caller) -> None:
    """A wrong configuration exits 2 with one line for each problem, each with the file and the key."""
    call.folder.mkdir()
    call.file.write_text('timezon = "x"\n[mail]\naddress = "x"\n', encoding="utf-8")
    called = call("tick", "--json")
    assert (called.code, called.out) == (2, "")
    lines = called.err.splitlines()
    assert [line.split(": ")[1] for line in lines] == ["mail.address", "managers", "timezon"]
    assert all(line.startswith(f"{call.file}: ") for line in lines)


def test_a_reader_that_goes_away_is_no_error() -> None:
    """`followthrough … | head -1` ends quietly."""
    script = f"{sys.executable} -m worker --help | head -1"
    done = subprocess.run(["bash", "-c", script], check=True, capture_output=True, cwd=ROOT)
    assert done.stderr == b""


def test_a_folder_that_cannot_be_written_is_told(call: Caller) -> None:
    """A data folder whose place is taken by a file is told in one line with its path, and nothing else is done."""
    call.sample()
    (call.folder / "data").write_text("not a folder", encoding="utf-8")
    called = call("tick", "--now", "2026-11-24T10:20:00+01:00")
    assert called.code == 1
    assert str(call.folder / "data") in called.err
    assert "Traceback" not in called.err
    assert len(called.err.splitlines()) == 1
    assert call.mails() == []


def damage(call: Caller) -> None:
    """Cut the pairs' files short."""
    for file in (call.folder / "data" / "pairs").iterdir():
        file.write_bytes(b"{")


def fill(call: Caller) -> None:
    """Answer a form, and take away the room in which its receipt would be stored."""
    call("answer", "in two weeks", "--now", NOW)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


@pytest.fixture
def room() -> Iterator[None]:
    """The room that a file may take, which is given back after the test."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("room")
@pytest.mark.parametrize(
    ("words", "fault", "known"),
    [
        ("tick", damage, {"now", "received", "sent", "calendar", "ended_early"}),
        ("tick", fill, {"now", "received", "sent", "calendar", "ended_early"}),
        ("tick --dry-run", damage, {"now", "received", "sent", "calendar", "ended_early"}),
        ("status", damage, {"now"}),
        ("history alex@example.com", damage, set()),
    ],
)
def test_a_program_that_asked_for_json_is_told_what_ended_a_command(
    call: Caller, words: str, fault: Callable[[Caller], None], known: set[str]
) -> None:
    """A fault is one object with its row in `failed`, and nothing in it that was not found out; stderr says it too."""
    call.sample()
    call("tick", "--now", NOW)
    fault(call)
    called = call(*words.split(), "--now", "2026-11-24T10:30:00+01:00", "--json")
    assert called.code == 1
    assert set(called.json) == {*known, "failed"}
    assert called.json["failed"] == [
        {"action": words.partition(" ")[0], "error": called.err.rstrip("\n"), "retry_at": None}
    ]
    assert str(call.folder / "data") in called.err
    assert len(called.err.splitlines()) == 1


def test_a_tick_that_went_through_did_not_end_early(call: Caller) -> None:
    """Only a tick whose lists may lack something says that it ended early."""
    call.sample()
    assert "ended_early" not in call("tick", "--now", NOW, "--json").json


@pytest.mark.parametrize("words", ["history nobody --json", "tick --json"])
def test_a_wrong_call_or_configuration_has_no_object(call: Caller, words: str) -> None:
    """Exit code 2 stands for itself: nothing is printed that a program could take for an answer."""
    call.sample()
    if words.startswith("tick"):
        call.file.write_text("colour = 1\n", encoding="utf-8")
    called = call(*words.split())
    assert (called.code, called.out) == (2, "")
    assert called.err


@pytest.mark.parametrize("debug", ["", "1"])
def test_an_internal_error_shows_no_content(debug: str) -> None:
    """What nobody foresaw is told by classes and places, at most line by line; what people wrote is not in it."""
    code = (
        "import sys, worker.cli as cli\n"
        "try:\n try:\n  {}['a private note']\n"
        " except KeyError as cause: raise ValueError('a private note') from cause\n"
        "except ValueError as error: sys.exit(cli._failed(error))\n"
    )
    environ = {**os.environ, "FOLLOWTHROUGH_DEBUG": debug}
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, env=environ)
    assert done.returncode == 1
    assert "ValueError" in done.stderr
    assert ("KeyError" in done.stderr) == bool(debug)
    assert "private note" not in done.stderr


@pytest.mark.parametrize(
    ("called", "on_the_path", "shown"),
    [
        (".venv/bin/followthrough", False, ".venv/bin/followthrough"),
        (".venv/bin/followthrough", True, "followthrough"),
        ("/usr/lib/python3/worker/__main__.py", False, "followthrough"),
    ],
)
def test_what_to_type_next_can_be_typed(tmp_path: Path, called: str, *, on_the_path: bool, shown: str) -> None:
    """Where no shell would find the program by its name, it is told by the path by which it was called."""
    if on_the_path:
        (tmp_path / "followthrough").touch(mode=0o755)
    call = Call(Path("var/followthrough.toml"), {"PATH": str(tmp_path)}, called)
    assert call.words("answer", "in two weeks") == f"{shown} --config var/followthrough.toml answer 'in two weeks'"
