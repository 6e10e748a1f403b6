"""What a worker asks of a provider over the network: requests, memory and time, against the shipped fake of Google.

The fake runs in a process of its own. Bars: while nothing changes one calendar request for each manager and poll, and
one mail request for each watched folder of the whole worker; under 200 MB with 1,000 managers.
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

from tests.story.world import berlin
from worker.commands.office import open_office
from worker.config import load
from worker.fakes.google import CLIENT, FakeGoogle
from worker.fakes.mime import answer
from worker.providers.google import calendar_scopes, mail_scopes
from worker.providers.google.tokens import Token, save_token
from worker.tick import Office, tick

MANAGERS, EVENTS, LATENCY, MEMORY_BAR = 1000, 8, 0.05, 200
# Google allows 10,000 requests a minute and project; the worker keeps to 60 % of that.
QUOTA_A_SECOND = 100
POLLS = 6
WORKER = "one-on-ones@example.com"
MORNING = berlin("2026-10-29 06:00")
MEETING = berlin("2026-11-03 10:00")
REPLY = "Next check-in: in one week\nHighlights: shipped\nAction items:\nAlex sends the plan by Friday"
# What a meeting cannot do without: each mail is drafted, sent and read back; topics, agendas and form look at the event
# once more; the answer is listed and fetched; the date is looked up, held against the other's time, and written.
LEAST = {"mails": 3, "events": 1, "answer": 2, "check-in": 3}


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
        box = fake.add_mailbox(WORKER)
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
            elif what == "reply":
                form = next(raw for _, raw in reversed(fake.mail.left) if b"Kind: follow-up" in raw)
                verdict = b"Authentication-Results: mx.google.com; dmarc=pass header.from=example.com\r\n"
                box.receive(verdict + answer(form, _manager(0), REPLY, now[0]), now[0])
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
def _world(managers: int, *, started: bool) -> Iterator[tuple[Fake, Office]]:
    """Run the fake, and give the office of a resident worker with so many managers; `started`: the first pair is."""
    ours, theirs = multiprocessing.Pipe()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs, root, managers))
        process.start()
        theirs.close()  # so that its end is noticed
        fake = Fake(ours, ours.recv())
        (root / "followthrough.toml").write_text(_settings(fake.url, managers, started=started))
        config = load(root / "followthrough.toml", {"FOLLOWTHROUGH_SECRET": "0" * 64})
        yield fake, open_office(config, now=MORNING)
        ours.send(("end", ()))
        process.join()


def _settings(url: str, managers: int, *, started: bool) -> str:
    addresses = "".join(f'{name}_address = "{url}"\n' for name in ("calendar", "gmail", "directory"))
    lines = [
        'timezone = "Europe/Berlin"\n[google]\nclient_file = "client.json"\nservice_account_file = "key.json"\n',
        f'{addresses}token_address = "{url}token"\n[mail]\nprovider = "google"\naddress = "{WORKER}"\n',
    ]
    calendar = 'calendar = { provider = "google" }'
    lines += [f'[[managers]]\nemail = "{_manager(number)}"\n{calendar}\n' for number in range(managers)]
    if started:
        lines.append(f'[[pairs]]\nmanager = "{_manager(0)}"\nperson = "p0-0@example.com"\n')
    return "\n".join(lines)


def main() -> int:
    """Measure, print, and return 1 where a bar is missed."""
    quiet, per_meeting = _one_pair()
    print(f"one manager, nothing changes, for each of {POLLS} polls: {_listed(quiet)} (bar: 1 calendar, 1 mail)")
    mails = per_meeting["gmail.users.drafts.send"]
    least = mails * LEAST["mails"] + 4 * LEAST["events"] + LEAST["answer"] + LEAST["check-in"]
    total = per_meeting.total()
    print(f"one meeting, topics to check-in, {mails} mails: {total} requests, polls left out (least possible {least})")
    for name, number in per_meeting.most_common():
        print(f"    {number:3} {name}")
    memory = _many()
    return int(any(number > POLLS for number in quiet.values()) or memory > MEMORY_BAR)


def _one_pair() -> tuple[Counter[str], Counter[str]]:
    with _world(1, started=True) as (fake, office):
        _tick(fake, office, MORNING)
        fake.requests()
        for poll in range(POLLS):
            _tick(fake, office, MORNING + timedelta(minutes=5 * (1 + poll)))
        quiet = fake.requests()
        moments = [berlin("2026-10-30 09:00"), berlin("2026-11-02 09:00"), MEETING + timedelta(minutes=41)]
        for moment in moments:
            _tick(fake, office, moment)
        fake.ask("now", MEETING + timedelta(minutes=50))
        fake.ask("reply")
        _tick(fake, office, MEETING + timedelta(minutes=51))
        whole = fake.requests()
        each = Counter({name: number // POLLS for name, number in quiet.items()})
        for _ in range(len(moments) + 1):
            whole -= each
        return quiet, whole


def _many() -> float:
    with _world(MANAGERS, started=False) as (fake, office):
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
