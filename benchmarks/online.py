"""What a worker asks of a provider over the network: requests, memory and time, against the shipped fakes.

Memory is measured with the fake in a process of its own. Bars: while nothing changes one calendar request for each
manager and poll, and one mail request for each watched folder of the whole worker; under 200 MB with 1,000 managers.
"""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import orjson

from tests.story.online import PERSON, Clock, Online, both
from tests.story.world import DANA, PAIR, WORKER, berlin
from worker.commands.office import open_office
from worker.config import load
from worker.fakes.google import CLIENT, FakeGoogle
from worker.providers.google import calendar_scopes, mail_scopes
from worker.providers.google.tokens import Token, save_token
from worker.tick import Office, tick

MANAGERS, EVENTS, LATENCY, MEMORY_BAR = 1000, 8, 0.05, 200
# Google allows 10,000 requests a minute and project; the worker keeps to 60 % of that.
QUOTA_A_SECOND = 100
POLLS = 6
MORNING = berlin("2026-10-29 06:00")
MEETING = berlin("2026-11-03 10:00")
REPLY = "Next check-in: in one week\nHighlights: shipped\nAction items:\nAlex sends the plan by Friday"
FOLDERS = {"google": 1, "microsoft": 2}
# What a meeting cannot do without: each mail is drafted, sent and read back; topics, agendas and form look at the event
# once more; the answer is fetched; the date is looked up, held against the other's time, and written.
LEAST = {"mail": 3, "event": 1, "answer": 1, "check-in": 3}


@dataclass
class Fake:
    """The other process, and what can be asked of it."""

    pipe: Connection
    url: str

    def ask(self, what: str, *value: object) -> Any:  # noqa: ANN401  # whatever that question is answered with
        """Ask, and wait for the answer."""
        self.pipe.send((what, value))
        return self.pipe.recv()

    def requests(self) -> Counter[str]:
        """Return the requests since the last time, by operation."""
        return Counter(self.ask("requests"))


def _serve(pipe: Connection, folder: Path, managers: int) -> None:
    now = [MORNING]
    with FakeGoogle(lambda: now[0]) as fake:
        fake.add_mailbox(WORKER)
        for number in range(managers):
            fake.add_calendar(_manager(number), "Europe/Berlin")
            for day in range(EVENTS):
                fake.calendars.add(_manager(number), _event(number, day))
        _sign_in(fake, folder)
        pipe.send(fake.url)
        while True:
            what, value = pipe.recv()
            found: object = None
            if what == "end":
                return
            if what == "now":
                now[0] = value[0]
            elif what == "latency":
                fake.latency = value[0]
            elif what == "requests":
                found = dict(fake.requests)
                fake.requests.clear()
            pipe.send(found)


def _sign_in(fake: FakeGoogle, folder: Path) -> None:
    """Leave the files that `login` and an administrator's set-up leave: a client, a key, the mailbox's token."""
    fake.sign_in.delegated = frozenset(calendar_scopes(write=True))
    for name, content in (("client.json", CLIENT), ("key.json", fake.sign_in.service_account())):
        (folder / name).write_bytes(orjson.dumps(content))
        (folder / name).chmod(0o600)
    client = CLIENT["installed"]
    refresh = fake.sign_in.grant(WORKER, frozenset(mail_scopes()))
    token = Token(WORKER, refresh, client["client_id"], client["client_secret"], mail_scopes(), MORNING)
    save_token(folder / "data/tokens", token)


def _manager(number: int) -> str:
    return f"m{number}@example.com"


def _event(number: int, day: int) -> dict[str, Any]:
    start = MEETING + timedelta(days=day)
    people = (_manager(number), f"p{number}-{day}@example.com")
    return {
        "summary": "1:1",
        "start": {"dateTime": start.isoformat(), "timeZone": "Europe/Berlin"},
        "end": {"dateTime": (start + timedelta(minutes=30)).isoformat(), "timeZone": "Europe/Berlin"},
        "attendees": [{"email": person, "responseStatus": "accepted"} for person in people],
    }


@contextmanager
def _organisation(managers: int) -> Iterator[tuple[Fake, Office]]:
    """Run the fake in its process, and give the office of a resident worker with so many managers."""
    ours, theirs = multiprocessing.Pipe()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs, root, managers))
        process.start()
        theirs.close()  # so that its end is noticed
        fake = Fake(ours, ours.recv())
        (root / "followthrough.toml").write_text(_settings(fake.url, managers))
        config = load(root / "followthrough.toml", {"FOLLOWTHROUGH_SECRET": "0" * 64})
        yield fake, open_office(config, now=MORNING)
        ours.send(("end", ()))
        process.join()


def _settings(url: str, managers: int) -> str:
    addresses = "".join(f'{name}_address = "{url}"\n' for name in ("calendar", "gmail", "directory"))
    lines = [
        'timezone = "Europe/Berlin"\n[google]\nclient_file = "client.json"\nservice_account_file = "key.json"\n',
        f'{addresses}token_address = "{url}token"\n[mail]\nprovider = "google"\naddress = "{WORKER}"\n',
    ]
    calendar = 'calendar = { provider = "google" }'
    lines += [f'[[managers]]\nemail = "{_manager(number)}"\n{calendar}\n' for number in range(managers)]
    return "\n".join(lines)


def main() -> int:
    """Measure, print, and return 1 where a bar is missed."""
    missed = False
    for provider, calendar, mail in (
        ("google", "calendar.events.list", "gmail.users.history.list"),
        ("microsoft", "calendarView.list", "messages.delta"),
    ):
        quiet, meeting = _one_pair(provider)
        print(f"{provider}, one manager, {POLLS} polls while nothing changes: {_listed(quiet)}")
        # Microsoft's inbox and its junk are two folders, each with a list of changes of its own.
        missed |= quiet != Counter({calendar: POLLS, mail: POLLS * FOLDERS[provider]})
        sends = next(number for name, number in meeting.items() if name.endswith(".send"))
        least = sends * LEAST["mail"] + 4 * LEAST["event"] + LEAST["answer"] + LEAST["check-in"]
        print(f"{provider}, one meeting from topics to check-in, {sends} mails, without the polls: ", end="")
        print(f"{meeting.total()} requests (least possible {least}): {_listed(meeting)}")
    memory = _many()
    return int(missed or memory > MEMORY_BAR)


def _one_pair(provider: str) -> tuple[Counter[str], Counter[str]]:
    """Return the requests of the quiet polls, and those of a meeting without its polls."""
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder, both(clock) as (google, microsoft):
        vendor = google if provider == "google" else microsoft
        world = Online(Path(folder), clock, vendor, {DANA: vendor}, worker=WORKER, more=PERSON + PAIR)
        world.sign_everybody_in()
        world.one_on_one(MEETING)
        asked = vendor.fake.requests

        def at(moment: datetime) -> None:
            clock.now = moment
            tick(office, moment)

        office = open_office(load(world.config, {"FOLLOWTHROUGH_SECRET": "0" * 64}), now=MORNING)
        at(MORNING)
        asked.clear()
        for poll in range(1, POLLS + 1):
            at(MORNING + timedelta(minutes=5 * poll))
        quiet = Counter(asked)
        asked.clear()
        for moment in (berlin("2026-10-30 09:00"), berlin("2026-11-02 09:00"), MEETING + timedelta(minutes=41)):
            at(moment)
        world.reply(world.newest("follow-up", DANA), REPLY, MEETING + timedelta(minutes=50))
        at(MEETING + timedelta(minutes=51))
        polls = Counter({name: 4 * number // POLLS for name, number in quiet.items()})
        return quiet, Counter(asked) - polls


def _many() -> float:
    with _organisation(MANAGERS) as (fake, office):
        fake.ask("latency", LATENCY)
        begin = time.perf_counter()
        report = _tick(fake, office, MORNING)
        first = time.perf_counter() - begin
        begin = time.perf_counter()
        _tick(fake, office, MORNING + timedelta(minutes=5))
        sweep = time.perf_counter() - begin
        asked = fake.requests()
    memory = next(int(line.split()[1]) / 1024 for line in _status() if line.startswith("VmHWM"))
    alone, allowed = MANAGERS * LATENCY, MANAGERS / QUOTA_A_SECOND
    print(
        f"{MANAGERS:,} managers with {EVENTS} events, {LATENCY * 1e3:.0f} ms a request: first sweep {first:.0f} s, "
        f"the next {sweep:.0f} s (one after the other {alone:.0f} s; the quota allows {allowed:.0f} s), "
        f"{_listed(asked)}; {len(report.failed)} failed; peak memory {memory:.0f} MB (bar {MEMORY_BAR})"
    )
    return memory


def _status() -> list[str]:
    return Path("/proc/self/status").read_text().splitlines()


def _tick(fake: Fake, office: Office, now: datetime) -> Any:  # noqa: ANN401  # a report
    fake.ask("now", now)
    return tick(office, now)


def _listed(asked: Counter[str]) -> str:
    return ", ".join(f"{number} {name}" for name, number in asked.most_common())


if __name__ == "__main__":
    sys.exit(main())
