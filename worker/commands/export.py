"""`export`: a person's data in open formats: JSON, Markdown, iCalendar and mails."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import orjson

from worker.commands import picture
from worker.commands.common import Call, clock, find_pair, manager_option, now_option, pass_call
from worker.commands.history import history
from worker.commands.markdown import page
from worker.commands.office import open_office, without_requests
from worker.commands.telling import tell_manager
from worker.errors import NeedsPersonError
from worker.meetings import status_of
from worker.model import Desk, Feedback, MailKind, MeetingStatus, Note, Pair
from worker.replies import mime
from worker.store import Store

# Mails to the other person that hold what both may see; a manager's own mails hold what is theirs alone, too.
_OF_BOTH = (MailKind.TOPICS, MailKind.AGENDA, MailKind.RECAP, MailKind.INVITATION)
_ENOUGH_TO_KNOW = 40


@click.command("export")
@click.argument("person")
@click.option("--to", "folder", type=click.Path(path_type=Path), required=True, metavar="DIR", help="Where to.")
@manager_option
@click.option("--private", is_flag=True, help="Add the notes that only their author may see.")
@now_option
@pass_call
def command(call: Call, person: str, *, folder: Path, manager: str, private: bool, now: datetime | None) -> int:
    """Write the data of PERSON, an address or a name, into a new folder DIR; private notes only with --private.

    history.json, history.md, calendar.ics, person.json, and the mails as .eml files.
    """
    config = call.config()
    office = without_requests(config, open_office(config, write=False, now=now))
    moment = clock(now)
    key = find_pair(config, office.store, person, manager)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise NeedsPersonError(f"{folder}: is not empty: name a new folder with --to.")
    if private and len(config.managers) > 1:
        tell_manager(open_office(config, now=now), key, moment)
    seen = picture.see(config, office, key, moment)
    pair = picture.whole(office.store, seen.pair)
    shown = history(pair, seen, moment, private=private)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _write(folder / "history.json", orjson.dumps(shown, option=orjson.OPT_INDENT_2) + b"\n")
    _write(folder / "history.md", page(shown).encode())
    _write(folder / "calendar.ics", _calendar(pair, moment))
    desk = office.store.load_desk(key.person) or Desk(key.person)
    _write(folder / "person.json", orjson.dumps(_settings(desk), option=orjson.OPT_INDENT_2) + b"\n")
    count = 0
    for name, raw in mails_of(office.store, pair, private=private):
        (folder / "mails").mkdir(mode=0o700, exist_ok=True)
        _write(folder / "mails" / name, raw)
        count += 1
    click.echo(f"Wrote {folder}: history.json, history.md, calendar.ics, person.json and {count} mails.")
    if not private:
        click.echo("Private notes, and mails that may hold some, were left out: --private adds them.")
    return 0


def _write(file: Path, content: bytes) -> None:
    file.touch(mode=0o600)
    file.write_bytes(content)


def _settings(desk: Desk) -> dict[str, Any]:
    """Return what is kept about a person beside their 1:1s."""
    kept = asdict(desk)
    return {name: kept[name] for name in ("email", "aliases", "language", "stopped_at", "bounced_at", "away_until")}


def _calendar(pair: Pair, now: datetime) -> bytes:
    import icalendar

    calendar = icalendar.Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", "-//Followthrough//Export//EN")
    for meeting in sorted(pair.meetings, key=lambda one: one.start):
        event = icalendar.Event()
        event.add("uid", meeting.uid)
        event.add("dtstamp", now.astimezone(UTC))
        if meeting.recurrence_id is not None:
            event.add("recurrence-id", meeting.recurrence_id.astimezone(UTC))
        event.add("dtstart", meeting.start.astimezone(UTC))
        event.add("dtend", meeting.end.astimezone(UTC))
        event.add("summary", meeting.summary or "1:1")
        if meeting.location:
            event.add("location", meeting.location)
        gone = status_of(meeting, now) in (MeetingStatus.CANCELLED, MeetingStatus.MISSED)
        event.add("status", "CANCELLED" if gone else "CONFIRMED")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def mails_of(store: Store, pair: Pair, *, private: bool) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each mail; without `private` those that both may read, and of them none with a secret."""
    found = [
        (row.sent_at, f"sent-{row.kind}", row.body)
        for row in pair.outbox
        if row.sent_at is not None and row.body and (private or (row.to == pair.key.person and row.kind in _OF_BOTH))
    ]
    if private:
        found += [(one.at, f"received-{one.outcome}", one.digest) for one in pair.applied if one.digest]
    secrets = () if private else tuple(_secrets(pair))
    for place, (at, kind, digest) in enumerate(sorted(found), 1):
        raw = store.get_blob(digest)
        if raw is None or (secrets and _shows(raw, secrets)):
            continue
        yield f"{place:04}-{at:%Y-%m-%d}-{kind}.eml", raw


def _secrets(pair: Pair) -> Iterator[str]:
    """Yield the beginning of everything that only its author may see."""
    written: tuple[Note | Feedback, ...] = (*pair.notes, *pair.feedback)
    for one in written:
        if one.private or (one.only_you and one.shared is None):
            yield from _beginnings(one.text)
    for topic in pair.topics:
        if topic.private:
            yield from _beginnings(topic.text)


def _beginnings(text: str) -> Iterator[str]:
    yield from (_plain(line)[:_ENOUGH_TO_KNOW] for line in text.splitlines() if _plain(line))


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text).strip().casefold()


def _shows(raw: bytes, secrets: tuple[str, ...]) -> bool:
    mail = mime.read(raw)
    words = _plain(f"{mail.plain or ''} {mail.html or ''}")
    return any(secret in words for secret in secrets)
