"""How mail clients sort mails into conversations: by references, by Gmail's conditions, and by subject alone.

The first is Jamie Zawinski's algorithm ("message threading", jwz.org/doc/threading.html), written here from its
description: containers linked by References and In-Reply-To, empty ones pruned, roots of one subject gathered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

_ID = re.compile(r"<[^<>\s]+>")
_ANSWER = re.compile(r"^(?:\s*(?:re|fwd?|aw|wg|antw|rv|tr|sv)\s*(?:\[\d+\])?\s*:)+\s*", re.IGNORECASE)


@dataclass(eq=False, slots=True)
class Container:
    """A place in a thread: a mail, or one that is only referred to."""

    id: str
    mail: EmailMessage | None = None
    parent: Container | None = None
    children: list[Container] = field(default_factory=list)

    def within(self) -> Iterator[Container]:
        """Yield this container and all below it."""
        yield self
        for child in self.children:
            yield from child.within()


def opened(raw: bytes) -> EmailMessage:
    """Return a mail as the library parses it."""
    return message_from_bytes(raw, policy=policy.default)


def references(mail: EmailMessage) -> list[str]:
    """Return whom a mail answers, the oldest first: its References, else the first id of In-Reply-To."""
    found = _ID.findall(str(mail["References"] or ""))
    return list(dict.fromkeys(found)) or _ID.findall(str(mail["In-Reply-To"] or ""))[:1]


def base(subject: str) -> str:
    """Return a subject without the marks of answers."""
    return _ANSWER.sub("", " ".join(subject.split())).strip()


def threads(mails: Iterable[bytes]) -> list[list[str]]:
    """Return the conversations: the Message-IDs of each, in the order of the tree."""
    table: dict[str, Container] = {}
    for raw in mails:
        mail = opened(raw)
        own = _container(table, _ID.findall(str(mail["Message-ID"]))[0])
        own.mail = mail
        parent: Container | None = None
        for name in references(mail):
            known = _container(table, name)
            if parent is not None and known.parent is None and not _loops(parent, known):
                _link(parent, known)
            parent = known
        if own.parent is not None:
            own.parent.children.remove(own)
            own.parent = None
        if parent is not None and not _loops(parent, own):
            _link(parent, own)
    roots = [root for one in table.values() if one.parent is None for root in _pruned(one)]
    return [[one.id for one in root.within() if one.mail is not None] for root in _gathered(roots)]


def _container(table: dict[str, Container], name: str) -> Container:
    return table.setdefault(name, Container(name))


def _link(parent: Container, child: Container) -> None:
    child.parent = parent
    parent.children.append(child)


def _loops(parent: Container, child: Container) -> bool:
    return any(one is parent for one in child.within())


def _pruned(one: Container) -> list[Container]:
    """Return what stays of a container: its children in its place where it has no mail, but for a root of several."""
    one.children = [kept for child in one.children for kept in _pruned(child)]
    for child in one.children:
        child.parent = one
    if one.mail is not None or (one.parent is None and len(one.children) > 1):
        return [one]
    for child in one.children:
        child.parent = one.parent
    return one.children


def _gathered(roots: list[Container]) -> list[Container]:
    """Return the roots with those of one subject put together."""
    table: dict[str, Container] = {}
    kept: list[Container] = []
    for root in roots:
        mail = root.mail or next((one.mail for one in root.within() if one.mail is not None), None)
        subject = base(str(mail["Subject"])) if mail is not None else ""
        if subject and subject in table:
            _link(table[subject], root)
            continue
        table[subject] = root
        kept.append(root)
    return kept


def by_subject(mails: Iterable[bytes]) -> dict[str, list[str]]:
    """Return the conversations of a client that goes by the subject alone."""
    found: dict[str, list[str]] = {}
    for raw in mails:
        mail = opened(raw)
        found.setdefault(base(str(mail["Subject"])).casefold(), []).append(str(mail["Message-ID"]))
    return found


def joins_in_gmail(mail: EmailMessage, thread: Iterable[EmailMessage]) -> bool:
    """Whether Gmail puts a mail into this thread: it refers to one, same subject (Gmail API, "Managing threads")."""
    known = list(thread)
    ids = {str(one["Message-ID"]) for one in known}
    return bool(ids & set(references(mail))) and any(
        base(str(one["Subject"])) == base(str(mail["Subject"])) for one in known
    )
