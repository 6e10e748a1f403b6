"""What past notes say: Markdown, CSV and mails to notes, promises and feedback, each with its own day."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

from worker import names, replies
from worker.errors import ItemError
from worker.model import (
    ActionItem,
    Feedback,
    FeedbackState,
    Goal,
    ItemState,
    Note,
    Pair,
    PairKey,
    Part,
    Person,
    Policy,
    Reply,
)
from worker.replies import dates, mime
from worker.tokens import item_id

TABLES = ("notes", "action_items", "feedback", "goals")
_KINDS = {".md": "markdown", ".markdown": "markdown", ".txt": "markdown", ".csv": "csv", ".eml": "mail"}
_LARGEST = 20_000_000
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$")
_BULLET = re.compile(r"[-*+•]\s+")
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_LABELS = {
    "highlights": "Highlights",
    "wins": "Highlights",
    "priorities": "Priorities",
    "alignment and priorities": "Priorities",
    "support": "Support",
    "blockers": "Support",
    "feedback": "Feedback",
    "follow-up": "Follow-up",
    "follow up": "Follow-up",
    "action items": "Action items",
    "actions": "Action items",
    "promises": "Action items",
    "to do": "Action items",
    "todo": "Action items",
    "private": "Private notes",
    "private notes": "Private notes",
}
_COLUMNS = {
    "date": "date",
    "day": "date",
    "when": "date",
    "part": "part",
    "section": "part",
    "type": "part",
    "kind": "part",
    "text": "text",
    "note": "text",
    "notes": "text",
    "what": "text",
    "owner": "owner",
    "who": "owner",
    "due": "due",
    "by": "due",
    "author": "author",
    "from": "author",
    "private": "private",
    "state": "state",
    "status": "state",
    "done": "state",
}
_PARTS = {part.value: part for part in Part}
_DONE = frozenset({"done", "closed", "yes", "true", "x", "1"})


@dataclass(frozen=True, slots=True)
class Found:
    """What files say, in the order of their lines. `undated` tells of each date that could not be read."""

    notes: tuple[Note, ...] = ()
    action_items: tuple[ActionItem, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    goals: tuple[Goal, ...] = ()
    undated: tuple[str, ...] = ()

    def __add__(self, other: Found) -> Found:
        """Return both, each entry once."""
        merged: dict[str, Any] = {}
        for table in TABLES:
            every = {one.id: one for one in (*getattr(self, table), *getattr(other, table))}
            merged[table] = tuple(every.values())
        return Found(**merged, undated=(*self.undated, *other.undated))

    @property
    def count(self) -> int:
        """How many entries there are."""
        return sum(len(getattr(self, table)) for table in TABLES)

    def rows(self) -> list[tuple[str, str, str]]:
        """Return day, kind and text of each entry, oldest first."""
        found = [(one.at, "private note" if one.private else "note", one.text) for one in self.notes]
        found += [(one.at, f"promise of {one.owner}", one.text) for one in self.action_items]
        found += [(one.at, "feedback", one.text) for one in self.feedback]
        found += [(one.at, "goal", one.text) for one in self.goals]
        return [(at.date().isoformat(), what, text) for at, what, text in sorted(found)]


def _points(text: str) -> list[str]:
    """Return the points of a list, one each; words that are no list stay as they are."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if lines and all(_BULLET.match(line) for line in lines):
        return [_BULLET.sub("", line) for line in lines]
    return [text]


def _is_in(value: object, year: int) -> bool:
    return isinstance(value, date) and value.year == year


def kind_of(file: Path) -> str | None:
    """Return how a file is read, None where it is of no known kind."""
    return _KINDS.get(file.suffix.lower())


def fresh(pair: Pair, found: Found) -> Found:
    """Return what the pair does not have yet."""
    kept = {}
    for table in TABLES:
        known = {one.id for one in getattr(pair, table)}
        kept[table] = tuple(one for one in getattr(found, table) if one.id not in known)
    return Found(**kept)


def with_found(pair: Pair, found: Found) -> Pair:
    """Return the pair with these entries among its own, by time."""
    merged: dict[str, Any] = {}
    for table in TABLES:
        every = (*getattr(found, table), *getattr(pair, table))
        merged[table] = tuple(sorted(every, key=lambda one: one.at))
    return replace(pair, **merged)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads past notes of one pair; `now` (in the manager's zone) is the day of what names none."""

    key: PairKey
    manager: Person
    person: Person
    now: datetime
    policy: Policy

    def read(self, file: Path) -> Found:
        """Return what a file says. Raises ItemError, OSError and UnicodeDecodeError where it cannot be used."""
        kind = kind_of(file)
        if kind is None:
            raise ItemError(str(file), "is no Markdown, CSV or mail by its ending: it was passed over; rename it.")
        if file.stat().st_size > _LARGEST:
            raise ItemError(str(file), "is larger than 20 MB: it was passed over; split it.")
        if kind == "mail":
            return self.mail(file.read_bytes(), str(file))
        text = file.read_bytes().decode("utf-8-sig")
        return self.table(text, str(file)) if kind == "csv" else self.markdown(text)

    # -------------------------------------------------------------------------------------------------------- Markdown

    def markdown(self, text: str) -> Found:
        """Return what a page says: a heading with a date begins a day, one with a label of the form that part."""
        found = Found()
        day, lines = self.now, []  # type: datetime, list[str]
        for line in text.splitlines():
            heading = _HEADING.match(line)
            begun = self._day(heading[1]) if heading else None
            if begun is not None:
                found, day, lines = found + self._said("\n".join(lines), day), begun, []
            elif heading:
                lines += self._headed(heading[1])
            else:
                lines.append(line)
        return found + self._said("\n".join(lines), day)

    def _headed(self, heading: str) -> list[str]:
        label = _LABELS.get(heading.strip().rstrip(":").casefold())
        return ["", f"{label}:"] if label else []

    def _day(self, text: str) -> datetime | None:
        iso = _ISO.search(text)
        found: object = None
        if iso:
            try:
                found = date(int(iso[1]), int(iso[2]), int(iso[3]))
            except ValueError:
                return None
        elif (year := _YEAR.search(text)) is not None:
            language = self.manager.language or self.policy.language
            # Read as if said on the eve of that year: a day is taken for one to come, and none lies over a year ahead.
            eve = datetime(int(year[0]) - 1, 12, 31, tzinfo=self.now.tzinfo)
            spans = dates.find_when(text, reference=eve, language=language)
            found = next((one.value for one in spans if _is_in(one.value, int(year[0]))), None)
        if not isinstance(found, date):
            return None
        day = found.date() if isinstance(found, datetime) else found
        return datetime.combine(day, time(12), self.now.tzinfo) if day <= self.now.date() else None

    # ------------------------------------------------------------------------------------------------------------- CSV

    def table(self, text: str, name: str) -> Found:
        """Return what a table says: a row an entry; an owner, a due day or "action item" makes it a promise."""
        try:
            dialect: type[csv.Dialect] = csv.Sniffer().sniff(text[:10_000], delimiters=",;\t")
        except csv.Error:
            dialect = csv.excel
        rows = list(csv.reader(io.StringIO(text), dialect))
        heads = [_COLUMNS.get(cell.strip().casefold(), "") for cell in rows[0]] if rows else []
        if "text" not in heads:
            raise ItemError(name, 'has no column "text" or "note" in its first row: it was passed over; add one.')
        found = Found()
        for number, row in enumerate(rows[1:], start=2):
            cells = {head: cell.strip() for head, cell in zip(heads, row, strict=False) if head}
            if not cells.get("text"):
                continue
            found = found + self._row(cells)
            if cells.get("date") and self._day(cells["date"]) is None:
                said = f'{name}, row {number}: "{cells["date"]}" is no day of the past'
                found = found + Found(undated=(f"{said}: it counts as today; write it as 2026-08-31.",))
        return found

    def _row(self, cells: Mapping[str, str]) -> Found:
        at = self._day(cells.get("date", "")) or self.now
        text, part = cells["text"], cells.get("part", "").casefold()
        author = self._person(cells.get("author", ""))
        due = self._due(cells.get("due", ""), at)
        identity = self._id(at, part, text)
        if part == "feedback":
            return Found(feedback=(self._feedback(identity, at, text, None),))
        if part.startswith("goal"):
            return Found(goals=(Goal(identity, at, text, self.manager.email, due),))
        if cells.get("owner") or due or part.startswith(("action", "promise", "to do", "todo")):
            done = cells.get("state", "").casefold() in _DONE
            return Found(
                action_items=(self._promise(identity, at, self._person(cells.get("owner", "")), text, due, done),)
            )
        private = cells.get("private", "").casefold() in _DONE or part.startswith("private")
        mine = author == self.manager.email
        shelf = _PARTS.get(part, Part.GENERAL)
        return Found(notes=(Note(identity, at, shelf, text, author, private=private, only_you=mine),))

    def _person(self, written: str) -> str:
        fitting = names.fitting(written, (self.manager, self.person)) if written else ()
        return fitting[0].email if len(fitting) == 1 else self.manager.email

    def _due(self, written: str, at: datetime) -> date | None:
        if not written:
            return None
        found = replies.when(written, reference=at, language=self.manager.language or self.policy.language)
        return found.date() if isinstance(found, datetime) else found if isinstance(found, date) else None

    # ----------------------------------------------------------------------------------------------------------- mails

    def mail(self, raw: bytes, name: str) -> Found:
        """Return what a mail between the two says, each in their own words; of anybody else nothing."""
        mail = mime.read(raw)
        sender = (mail.sender or "").lower()
        at = (mail.date or self.now).astimezone(self.now.tzinfo)
        if self.manager.owns(sender):
            return self._said_in(raw, at)
        if self.person.owns(sender):
            said = self._form(raw, at, self.person)
            text = said.written.strip()
            if not text:
                return Found()
            return Found(notes=(Note(self._id(at, sender, text), at, Part.GENERAL, text, self.person.email),))
        raise ItemError(name, f"is from neither {self.manager.email} nor {self.person.email}: it was passed over.")

    # --------------------------------------------------------------------------------------------------------- entries

    def _said(self, text: str, at: datetime) -> Found:
        if not text.strip():
            return Found()
        made = EmailMessage(policy=SMTP)
        made["From"] = self.manager.email
        made.set_content(text + "\n")
        return self._said_in(made.as_bytes(), at)

    def _said_in(self, raw: bytes, at: datetime) -> Found:
        said = self._form(raw, at, self.manager)
        return Found(
            notes=tuple(self._notes(said, at)),
            action_items=tuple(
                self._promise(self._id(at, one.owner, one.text), at, one.owner, one.text, one.due, one.done)
                for one in said.action_items
            ),
            feedback=tuple(
                self._feedback(self._id(at, "feedback", one.text), at, one.text, one.follow_up_on)
                for one in said.feedback
            ),
        )

    def _form(self, raw: bytes, at: datetime, author: Person) -> Reply:
        return replies.read_form(
            raw,
            "",
            None,
            reference=at,
            sender=author.email,
            people=(self.manager, self.person),
            language=author.language or self.policy.language,
        )

    def _notes(self, said: Reply, at: datetime) -> Iterator[Note]:
        author = self.manager.email
        for one in said.notes:
            for text in _points(one.text):
                yield Note(self._id(at, one.part, text), at, one.part, text, author, one.private, only_you=True)
        for topic in said.topics:
            yield Note(self._id(at, topic.part, topic.text), at, topic.part, topic.text, author, only_you=True)
        words = [*said.leftover, *(problem.text for problem in said.problems)]
        if said.next_check_in_text:
            words.append(said.next_check_in_text)
        for text in dict.fromkeys(words):
            yield Note(self._id(at, "", text), at, Part.GENERAL, text, author, only_you=True)

    def _promise(  # the parts of a promise
        self,
        identity: str,
        at: datetime,
        owner: str,
        text: str,
        due: date | None,
        done: bool,  # noqa: FBT001
    ) -> ActionItem:
        state = ItemState.DONE if done else ItemState.OPEN
        closed = at if done else None
        return ActionItem(identity, at, owner, text, self.manager.email, due, state, closed)

    def _feedback(self, identity: str, at: datetime, text: str, day: date | None) -> Feedback:
        """Return past feedback: it comes back only where its day still lies ahead."""
        until = day or at.date()
        state = FeedbackState.OPEN if until > self.now.date() else FeedbackState.CLOSED
        return Feedback(identity, at, text, self.manager.email, until, state, only_you=True)

    def _id(self, at: datetime, *words: str) -> str:
        return item_id("import", str(self.key), at.date().isoformat(), *words)
