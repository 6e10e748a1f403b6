"""Whom each line of a mail is about: from the words and names of one mail to the pairs that they concern."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from worker import names
from worker.apply.items import find
from worker.apply.undoing import changed_something
from worker.model import (
    Applied,
    Command,
    OutboxEntry,
    Pair,
    PairKey,
    PairState,
    Person,
    WrittenNote,
    WrittenTopic,
)
from worker.tick.office import Office

CAPTURES = frozenset({"check-in", "feedback", "goal", "private", "remind", "review-done", "topic"})
_ANYBODY = frozenset({"help", "open", "start", "stop"})
_NUMBERED = frozenset({"all-done", "by", "done", "drop", "keep", "progress"})


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody with whom the sender has 1:1s; `leads` where the sender is the manager of the two."""

    pair: Pair
    person: Person
    leads: bool

    @property
    def key(self) -> PairKey:
        """The pair's key."""
        return self.pair.key


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that was written: a command, or a topic or a note that names nobody."""

    command: Command
    topic: WrittenTopic | None = None
    note: WrittenNote | None = None


@dataclass
class Routed:
    """Where everything goes: to pairs, to the sender's desk, or back as a question whom it is about."""

    pairs: dict[PairKey, list[Piece]] = field(default_factory=dict)
    desk: list[Command] = field(default_factory=list)
    unclear: list[tuple[str, Piece]] = field(default_factory=list)
    leftover: list[str] = field(default_factory=list)

    def add(self, key: PairKey, piece: Piece) -> None:
        """Send a piece to a pair."""
        self.pairs.setdefault(key, []).append(piece)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who wrote, with whom they have 1:1s, the pair that their mail is about by itself, and the mail it answers."""

    author: Person
    contacts: tuple[Contact, ...]
    message_id: str
    default: PairKey | None = None
    row: OutboxEntry | None = None

    @property
    def only(self) -> PairKey | None:
        """The pair that words without a name can only be about."""
        if self.default is not None:
            return self.default
        active = [one for one in self.contacts if one.pair.state in (PairState.STARTED, PairState.FOUND)]
        return active[0].key if len(active) == 1 else self.contacts[0].key if len(self.contacts) == 1 else None


def contacts(office: Office, who: str) -> tuple[Contact, ...]:
    """Return everybody with whom this person has 1:1s, those whom they manage first, by name."""
    found: list[Contact] = []
    for due in office.store.pairs():
        if who not in (due.key.manager, due.key.person):
            continue
        pair = office.store.load_pair(due.key)
        if pair is None:
            continue
        leads = due.key.manager == who
        found.append(Contact(pair, office.person_of(pair) if leads else office.manager_of(pair), leads))
    return tuple(sorted(found, key=lambda one: (not one.leads, one.person.name, one.person.email)))


def route(pieces: Iterable[Piece], sender: Sender) -> Routed:
    """Return where each piece goes. Names that fit nobody or several are unclear, and so are words that name nobody."""
    routed = Routed()
    unnamed: list[Piece] = []
    for piece in pieces:
        if piece.topic is None and piece.command.names:
            _named(piece, sender, routed)
        else:
            unnamed.append(piece)
    several = bool(routed.pairs or routed.unclear)
    for piece in unnamed:
        _unnamed(piece, sender, routed, several=several)
    return routed


def fitting(name: str, sender: Sender) -> tuple[Contact, ...]:
    """Return whom of the sender's contacts a name may mean; those with whom mail has begun count first."""
    people = [one.person for one in sender.contacts]
    known = names.fitting(name, people)
    found = [one for one in sender.contacts if one.person in known]
    active = [one for one in found if one.pair.state in (PairState.STARTED, PairState.FOUND)]
    return tuple(active or found)


def likely(name: str, sender: Sender) -> tuple[str, ...]:
    """Return the addresses of whom a name may have meant, for a question; all where nobody was named."""
    found = [one.person for one in fitting(name, sender)] if name else []
    people = found or [one.person for one in sender.contacts if one.pair.state is not PairState.LEFT]
    chosen = names.likely(name, people) if name else people[:_MOST_CHOICES]
    return tuple(person.email for person in chosen)


_MOST_CHOICES = 9


def _named(piece: Piece, sender: Sender, routed: Routed) -> None:
    command = piece.command
    for name in command.names:
        one = replace(piece, command=replace(command, names=(name,)))
        if name == "all":
            for contact in sender.contacts:
                if contact.leads:
                    routed.add(contact.key, one)
            continue
        found = fitting(name, sender)
        if len(found) == 1:
            routed.add(found[0].key, one)
        else:
            routed.unclear.append((name, one))


def _unnamed(piece: Piece, sender: Sender, routed: Routed, *, several: bool) -> None:
    verb = piece.command.verb
    if sender.only is not None and not (verb == "undo" or (verb in _NUMBERED and sender.row is not None)):
        routed.add(sender.only, piece)
    elif verb == "undo":
        for key in _last_written(sender) or ([sender.only] if sender.only else []):
            routed.add(key, piece)
    elif verb in _NUMBERED:
        _numbered(piece, sender, routed)
    elif verb in _ANYBODY:
        routed.desk.append(piece.command)
    elif verb == "history" and any(not one.leads for one in sender.contacts):
        for contact in sender.contacts:
            if not contact.leads:
                routed.add(contact.key, piece)
    elif (piece.note is not None or piece.topic is not None) and len(routed.pairs) == 1 and not routed.unclear:
        routed.add(next(iter(routed.pairs)), piece)
    elif piece.note is not None and several:
        routed.leftover.append(piece.note.text)
    else:
        routed.unclear.append(("", piece))


def _numbered(piece: Piece, sender: Sender, routed: Routed) -> None:
    """Send numbers where the things behind them are: in the mail answered, else the newest mail with numbers."""
    row = sender.row if sender.row is not None and sender.row.numbers else newest_numbered(sender)
    known = row.numbers if row is not None else ()
    numbers = piece.command.numbers or tuple(range(1, len(known) + 1))
    homes: dict[PairKey, list[int]] = {}
    for number in numbers:
        identity = known[number - 1] if 1 <= number <= len(known) else ""
        home = next((one.key for one in sender.contacts if find(one.pair, identity) is not None), sender.only)
        if home is not None:
            homes.setdefault(home, []).append(number)
    for key, mine in homes.items():
        routed.add(key, replace(piece, command=replace(piece.command, numbers=tuple(mine))))
    if not homes:
        routed.unclear.append(("", piece))


def newest_numbered(sender: Sender) -> OutboxEntry | None:
    """Return the newest mail to the sender, of all their pairs, in which things have numbers."""
    rows = [
        row
        for one in sender.contacts
        for row in one.pair.outbox
        if row.to == sender.author.email and row.numbers and row.sent_at is not None
    ]
    return max(rows, key=lambda row: row.sent_at or row.planned_at, default=None)


def _last_written(sender: Sender) -> list[PairKey]:
    """Return the pairs that the sender's last mail changed: those that `undo` is about."""
    by_pair: list[tuple[PairKey, Applied]] = [
        (one.key, applied)
        for one in sender.contacts
        for applied in one.pair.applied
        if applied.author == sender.author.email
    ]
    again = [applied for _, applied in by_pair if applied.message_id == sender.message_id]
    if again:
        # A crash came between the pairs: the mail that the first has taken back, not the one before it.
        last = next((done.split()[1] for applied in again for done in applied.done if done.startswith("undo ")), "")
        return list(dict.fromkeys(key for key, one in by_pair if one.message_id in (last, sender.message_id)))
    if sender.row is not None and sender.row.cause:
        answered = [key for key, applied in by_pair if applied.message_id == sender.row.cause]
        if answered:
            return answered
    pairs = {one.key: one.pair for one in sender.contacts}
    open_ones = [(key, applied) for key, applied in by_pair if changed_something(pairs[key], applied)]
    if not open_ones:
        return []
    # Of several mails of one moment the last one counts.
    newest = max(reversed(open_ones), key=lambda entry: entry[1].at)[1]
    return [key for key, applied in open_ones if applied.message_id == newest.message_id]
