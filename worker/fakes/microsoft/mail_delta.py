"""Rounds of messages/delta: what is in a folder, then what changed there, page by page, under tokens that die."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Any

from worker.fakes.microsoft.mail_view import shown
from worker.fakes.microsoft.mailboxes import Mailbox, Message, Round
from worker.fakes.microsoft.refusals import RefusalError
from worker.fakes.microsoft.rules import Asked

Json = dict[str, Any]

_PAGE = 10
_KINDS = frozenset({"created", "updated", "deleted"})


def next_page(box: Mailbox, folder: str, asked: Asked, page_size: int, link: str) -> Json:
    """Return the next page of a round; `link` is the operation's own address, to which tokens are added."""
    token = asked.one("$deltatoken") or asked.one("$skiptoken")
    at = _known(box, token, link) if token else _begun(box, folder, asked)
    if at.folder != folder:
        raise RefusalError(400, "ErrorInvalidUrlQuery", "Badly formed token.")
    if at.rest is None:
        # A new round: all that changed since the last one, each message once, in the order of its last change.
        names = dict.fromkeys(name for _, kind, name, _ in reversed(_log(box, at)) if kind in at.kinds)
        at = replace(at, rest=tuple(reversed(names)), position=len(box.log))
    rest = at.rest or ()
    size = min(page_size, int(asked.prefers("odata.maxpagesize", str(at.size))))
    plain = replace(asked, values={"$select": [",".join(at.select)]} if at.select else {})
    items = [_item(box, name, folder, plain) for name in rest[:size]]
    page: Json = {"value": [item for item in items if item]}
    if rest[size:]:
        page["@odata.nextLink"] = f"{link}$skiptoken={_token(box, replace(at, rest=rest[size:]))}"
    else:
        page["@odata.deltaLink"] = f"{link}$deltatoken={_token(box, replace(at, rest=None))}"
    return page


def _begun(box: Mailbox, folder: str, asked: Asked) -> Round:
    since = next((clause.moment for clause in asked.filter()), None)
    inside = [message for message in box.messages.values() if message.folder == folder and _young(message, since)]
    inside.sort(key=lambda message: (message.at, message.id), reverse=True)
    return Round(
        folder=folder,
        position=len(box.log),
        select=asked.listed("$select"),
        kinds=frozenset(asked.listed("changeType")) or _KINDS,
        since=since,
        size=asked.number("$top", _PAGE),
        rest=tuple(message.id for message in inside),
    )


def _log(box: Mailbox, at: Round) -> list[tuple[str, str, str, str]]:
    found = []
    for entry in box.log[at.position :]:
        message = box.messages.get(entry[2])
        if entry[0] == at.folder and (message is None or _young(message, at.since)):
            found.append(entry)
    return found


def _young(message: Message, since: datetime | None) -> bool:
    return since is None or message.at >= since


def _item(box: Mailbox, name: str, folder: str, asked: Asked) -> Json:
    message = box.messages.get(name)
    if message is not None and message.folder == folder:
        return shown(box, message, asked)
    # A message that was moved away is told under the id that it had here.
    place = next(entry[3] for entry in reversed(box.log) if entry[2] == name and entry[0] == folder)
    immutable = asked.prefers("IdType") == "ImmutableId"
    return {"@removed": {"reason": "deleted"}, "id": name if immutable else place}


def _known(box: Mailbox, token: str, link: str) -> Round:
    found = box.rounds.get(token)
    if found is not None:
        return found
    if box.lost == 410:
        raise RefusalError(410, "syncStateNotFound", headers={"Location": f"{link}$deltatoken="})
    if box.lost:
        raise RefusalError(box.lost, "syncStateNotFound")
    raise RefusalError(400, "ErrorInvalidUrlQuery", "Badly formed token.")


def _token(box: Mailbox, at: Round) -> str:
    box.tokens += 1
    stamp = hashlib.sha256(f"{box.address}!{box.tokens}".encode()).hexdigest()[:40]
    box.rounds[stamp] = at
    return stamp
