"""The table of docs/architecture.md, held against the code: who imports whom, and who may ask for the time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rooms import breaches, room_of

ROOT = Path(__file__).resolve().parent.parent


def plant(folder: Path, **sources: str) -> list[str]:
    """Make a small package of modules ("store__tiny" is store/tiny.py) and return its breaches."""
    package = folder / "worker"
    files = ("__init__", "model", "errors", "http", "meetings", "cli", "loop", "store____init__", "store__tiny")
    for name in (*files, "providers____init__", "providers__files"):
        _write(package, name, "")
    for name, source in sources.items():
        _write(package, name, source)
    return breaches(package)


def _write(package: Path, name: str, source: str) -> None:
    for head in ("store__", "providers__", "replies__", "commands__"):
        name = name.replace(head, head.removesuffix("__") + "/")
    file = package / f"{name}.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(source, encoding="utf-8")


def test_the_worker_keeps_to_the_table() -> None:
    """Every module imports only what its room may import, and asks for nothing that is an argument."""
    found = breaches(ROOT / "worker")
    assert not found, "\n".join(["", *found])


def test_the_walk_sees_the_worker() -> None:
    """The walk reads the real package: an empty one could not break anything."""
    assert len(list((ROOT / "worker").rglob("*.py"))) >= 5
    assert room_of("model") == "model"


@pytest.mark.parametrize(
    ("name", "source", "breach"),
    [
        ("model", "from worker.errors import Problem", "model imports errors"),
        ("model", "import pydantic", "model imports the library pydantic"),
        ("plan", "from worker.store import Store", "plan imports store"),
        ("plan", "import requests", "plan imports the library requests"),
        ("plan", "from datetime import datetime\nnow = datetime.now()", "plan uses datetime.datetime.now"),
        ("plan", "import datetime as dt\nclock = dt.datetime.now", "plan uses datetime.datetime.now"),
        ("plan", "from datetime import date as d\nday = d.today()", "plan uses datetime.date.today"),
        ("meetings", "from datetime import datetime\nnow = datetime.utcnow()", "uses datetime.datetime.utcnow"),
        ("checkin", "def f():\n    import time\n    return time.time()", "checkin uses time.time"),
        ("checkin", "from time import monotonic as m\nm()", "checkin uses time.monotonic"),
        ("compose", "from uuid import uuid4", "compose uses uuid.uuid4"),
        ("compose", "import random", "compose uses random"),
        ("compose", "from email.utils import make_msgid", "compose uses email.utils.make_msgid"),
        ("tokens", "import os\nkey = os.urandom(32)", "tokens uses os"),
        ("tokens", "import secrets as s", "tokens uses secrets"),
        ("ical", "def read(path):\n    return open(path)", "ical uses open"),
        ("ical", "from pathlib import Path", "ical uses pathlib.Path"),
        ("replies__dates", "from .. import store", "replies imports store"),
        ("replies____init__", "from ..http import get", "replies imports http"),
        (
            "replies__mime",
            "import importlib\nimportlib.import_module('worker.store.tiny')",
            "replies imports store.tiny",
        ),
        ("replies__form", "import importlib\nimportlib.import_module(''.join(['a']))", "only running it would tell"),
        ("replies__form", "import importlib\nimportlib.import_module(f'worker.store.{x}')", "replies imports store"),
        ("store____init__", "import tinydb", "store imports the library tinydb"),
        ("store__tiny", "import worker.meetings", "store.tiny imports meetings"),
        ("store__tiny", "import time\ntime.sleep(1)", "store.tiny uses time.sleep"),
        ("providers__google", "from worker.providers.files import F", "providers.google imports providers.files"),
        ("providers__google", "from worker.store import Store", "providers.google imports store"),
        ("providers__google", "import msal", "providers.google imports the library msal"),
        ("providers__carrier_pigeon", "", "has no room"),
        ("tick", "from worker.store import tiny", "tick imports store.tiny"),
        ("tick", "from worker.store.tiny import TinyStore", "tick imports store.tiny"),
        ("tick", "import googleapiclient.discovery", "tick imports the library googleapiclient"),
        ("tick", "from worker.loop import run", "tick imports loop, which nobody may import"),
        ("loop", "from worker.commands.status import show", "loop imports cli, which nobody may import"),
        ("config", "import os\nx = os.environ['HOME']", "config uses os.environ"),
        ("http", "from time import sleep", "http uses time.sleep"),
        ("http", "def wait():\n    time.sleep(1)\nimport time", "http uses time.sleep"),
        ("somewhere", "", "has no room"),
    ],
)
def test_a_planted_breach_is_found(tmp_path: Path, name: str, source: str, breach: str) -> None:
    """Each rule of the table goes red when it is broken, in whatever way the import is written."""
    extra = {} if name.startswith("commands__") else {"commands__status": ""}
    found = plant(tmp_path, **extra, **{name: source})
    assert [line for line in found if breach in line], found


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("plan", "from worker.model import Event\nimport datetime\nspan = datetime.timedelta(days=1)"),
        ("plan", "def plan(now, time, secrets):\n    return now.time(), time.time, secrets.get(now)"),
        ("tick", "from worker.store import Store\nfrom worker.providers import MailProvider\nimport structlog"),
        ("store__tiny", "import os, tinydb, filelock\nfrom worker.store import Store\nos.replace('a', 'b')"),
        ("providers__google", "from worker.http import door\nimport googleapiclient.discovery"),
        ("providers__google_mail", "from worker.providers.google import service\nfrom worker.providers import Sent"),
        ("replies____init__", "import importlib\ndef __getattr__(n):\n    return importlib.import_module(n, __name__)"),
        ("replies____init__", "import importlib\ndef of(n):\n    return importlib.import_module(f'{__name__}.{n}')"),
        ("commands__status", "import time\nfrom worker.store import tiny\nfrom worker import cli\ntime.time()"),
        ("__main__", "from worker.cli import main"),
    ],
)
def test_what_the_table_allows_is_no_breach(tmp_path: Path, name: str, source: str) -> None:
    """The guard stays quiet where the table allows an import or a name only looks like the clock."""
    assert plant(tmp_path, **{name: source}, **({} if name == "providers__google" else {"providers__google": ""})) == []
