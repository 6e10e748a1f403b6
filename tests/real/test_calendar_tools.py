"""Our calendar folder in the hands of the tools that people use: khal, vdirsyncer and a Radicale server."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from tests.providers.contract import OTHER, OWNER, STAMP, WORKER, ZONE, Appointment, at, live, write_of
from tests.providers.test_files_calendar import VdirWorld
from worker.model import CalendarOperation
from worker.providers.files import FilesCalendar

pytestmark = pytest.mark.real

BIN = Path(sys.executable).parent
COLLECTION = "dana/calendar/"


def run(home: Path, *command: str) -> str:
    """Run a tool with a home of its own and return what it prints."""
    environment = {"HOME": str(home), "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": ZONE}
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]], env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def calendar(folder: Path) -> FilesCalendar:
    """Our provider on a folder."""
    return FilesCalendar(account=OWNER, path=folder, timezone=ZONE, worker_address=WORKER)


@pytest.fixture
def khal(tmp_path: Path) -> Path:
    """A configuration of khal for the calendar `calendar` in the same folder."""
    config = tmp_path / "khal.conf"
    config.write_text(
        f"[calendars]\n[[dana]]\npath = {tmp_path / 'calendar'}\n"
        f"[locale]\nlocal_timezone = {ZONE}\ndefault_timezone = {ZONE}\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\n"
        "longdateformat = %Y-%m-%d\ndatetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        f"[sqlite]\npath = {tmp_path / 'khal.db'}\n"
    )
    return config


def test_khal_lists_what_we_write(tmp_path: Path, khal: Path) -> None:
    """A check-in that we created, an instance that we moved and one that we cancelled are shown as such by khal."""
    world = VdirWorld(tmp_path / "calendar")
    provider = calendar(world.folder)
    uid = world.put(Appointment("series", at(1, 10), weeks=4, summary="Weekly"))
    provider.write(replace(write_of(CalendarOperation.CREATE, "ours", at(10, 14)), summary="Check-in"), STAMP)
    instance = replace(write_of(CalendarOperation.MOVE, uid, at(9, 15)), recurrence_id=at(8, 10).astimezone(UTC))
    provider.write(instance, STAMP)
    cancelled = replace(instance, operation=CalendarOperation.CANCEL, recurrence_id=at(15, 10).astimezone(UTC))
    provider.write(cancelled, STAMP)
    printed = run(
        tmp_path,
        "khal",
        "-c",
        str(khal),
        "list",
        "--format",
        "{start} {end} {title} {location} {status}",
        "--day-format",
        "",
        "2026-12-01",
        "2026-12-31",
    )
    lines = [" ".join(line.split()) for line in printed.splitlines() if line.strip()]
    assert lines == [
        "2026-12-01 10:00 2026-12-01 10:30 Weekly Room 4 CONFIRMED",
        "2026-12-09 15:00 2026-12-09 15:30 Weekly Room 4 CONFIRMED",
        "2026-12-10 14:00 2026-12-10 14:30 Check-in Room 4 CONFIRMED",
        "2026-12-15 10:00 2026-12-15 10:30 Weekly Room 4 CANCELLED",
        "2026-12-22 10:00 2026-12-22 10:30 Weekly Room 4 CONFIRMED",
    ]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """A Radicale server on loopback with an empty calendar; gives the calendar's address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        str(BIN / "radicale"),
        "--config",
        "",
        "--server-hosts",
        f"127.0.0.1:{port}",
        "--auth-type",
        "none",
        "--storage-filesystem-folder",
        str(tmp_path / "radicale"),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(port)
            address = f"http://127.0.0.1:{port}/{COLLECTION}"
            assert requests.request("MKCALENDAR", address, auth=("dana", "x"), timeout=10).status_code == 201
            yield address
        finally:
            process.terminate()


def _wait(port: int) -> None:
    """Return once somebody listens."""
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    pytest.fail("the server does not start")


@pytest.fixture
def synchronise(tmp_path: Path, server: str) -> list[str]:
    """The command that synchronises the folder `calendar` with the server."""
    config = tmp_path / "vdirsyncer.conf"
    config.write_text(
        f'[general]\nstatus_path = "{tmp_path / "status"}"\n'
        '[pair dana]\na = "ours"\nb = "theirs"\ncollections = null\nconflict_resolution = "b wins"\n'
        f'[storage ours]\ntype = "filesystem"\npath = "{tmp_path / "calendar"}"\nfileext = ".ics"\n'
        f'[storage theirs]\ntype = "caldav"\nurl = "{server}"\nusername = "dana"\npassword = "x"\n'
    )
    return ["vdirsyncer", "-c", str(config), "sync"]


def test_vdirsyncer_carries_what_we_write_and_back(tmp_path: Path, server: str, synchronise: list[str]) -> None:
    """What we create and move reaches a CalDAV server, and what is changed or deleted there is read by us."""
    world = VdirWorld(tmp_path / "calendar")
    provider = calendar(world.folder)
    uid = world.put(Appointment("series", at(1, 10), weeks=4))
    provider.write(write_of(CalendarOperation.CREATE, "ours", at(10, 14)), STAMP)
    moved = replace(write_of(CalendarOperation.MOVE, uid, at(9, 15)), recurrence_id=at(8, 10).astimezone(UTC))
    provider.write(moved, STAMP)
    run(tmp_path, "vdirsyncer", *synchronise[1:3], "discover")
    run(tmp_path, *synchronise)

    there = {url: requests.get(url, auth=("dana", "x"), timeout=10).text for url in _hrefs(server)}
    assert len(there) == 2
    (url, text), *_ = [item for item in there.items() if "UID:ours" in item[1]]
    assert f"mailto:{OTHER}" in text
    changed = text.replace("T140000", "T160000").replace("T143000", "T163000").replace("SEQUENCE:0", "SEQUENCE:1")
    kind = {"Content-Type": "text/calendar"}
    put = requests.put(url, data=changed.encode(), headers=kind, auth=("dana", "x"), timeout=10)
    assert put.status_code in (201, 204)
    run(tmp_path, *synchronise)

    events = live(provider.read(at(1, 0), at(31, 0)).events)
    assert [event.dtstart for event in events] == [at(1, 10), at(9, 15), at(10, 16), at(15, 10), at(22, 10)]
    provider.write(write_of(CalendarOperation.MOVE, "ours", at(11, 9)), STAMP)
    run(tmp_path, *synchronise)
    assert datetime(2026, 12, 11, 9).strftime("%Y%m%dT%H%M%S") in requests.get(url, auth=("dana", "x"), timeout=10).text  # noqa: DTZ001  # wall clock
    requests.delete(url, auth=("dana", "x"), timeout=10)
    run(tmp_path, *synchronise)
    assert provider.find("ours", None, at(11, 9)) is None


def _hrefs(collection: str) -> list[str]:
    """The addresses of the objects in a CalDAV collection."""
    answer = requests.request("PROPFIND", collection, headers={"Depth": "1"}, auth=("dana", "x"), timeout=10)
    root = collection.removesuffix(COLLECTION)
    return [
        root + part.partition("<")[0].lstrip("/") for part in answer.text.split("href>")[1:] if ".ics" in part[:200]
    ]
