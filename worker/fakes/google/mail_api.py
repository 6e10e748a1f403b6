"""The methods of the Gmail API and of the Directory API that the worker uses, on the fake's mailboxes and people."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from worker.fakes.google.faults import RefusalError
from worker.fakes.google.judge import Asked
from worker.fakes.google.mailboxes import Mailbox, Message
from worker.fakes.mime import recipients

Json = dict[str, Any]


@dataclass(slots=True)
class MailApi:
    """Carries out mail requests. `page_size` makes pages smaller than was asked for, as Gmail may.

    `left` are the mails that went out, as (sender's mailbox, raw bytes), whoever they were for.
    """

    mailboxes: dict[str, Mailbox] = field(default_factory=dict)
    people: dict[str, Json] = field(default_factory=dict)
    page_size: int = 500
    left: list[tuple[str, bytes]] = field(default_factory=list)

    def methods(self) -> Mapping[str, Callable[[Asked, str, Mapping[str, str]], Any]]:
        """Return what carries out each method."""
        return {
            "gmail.users.getProfile": self._profile,
            "gmail.users.drafts.create": self._draft,
            "gmail.users.drafts.send": self._send,
            "gmail.users.drafts.list": self._drafts,
            "gmail.users.messages.get": self._message,
            "gmail.users.messages.list": self._messages,
            "gmail.users.threads.get": self._thread,
            "gmail.users.history.list": self._history,
            "gmail.users.labels.list": self._labels,
            "gmail.users.settings.sendAs.list": self._send_as,
            "directory.users.get": self._person,
        }

    def _of(self, asked: Asked, viewer: str) -> Mailbox:
        name = asked.one("userId", "me")
        box = self.mailboxes.get(viewer if name == "me" else name.lower())
        if box is None:
            raise RefusalError(400, "failedPrecondition")
        if box.address != viewer:
            raise RefusalError(403, "forbidden")
        return box

    def _profile(self, asked: Asked, viewer: str, _: Mapping[str, str]) -> Json:
        box = self._of(asked, viewer)
        threads = {message.thread for message in box.messages.values()}
        return {
            "emailAddress": box.address,
            "historyId": str(box.last_history),
            "messagesTotal": len(box.messages),
            "threadsTotal": len(threads),
        }

    def _draft(self, asked: Asked, viewer: str, _: Mapping[str, str]) -> Json:
        box = self._of(asked, viewer)
        given = asked.body.get("message") or {}
        name, message = box.draft(_decoded(given.get("raw", "")), given.get("threadId", ""))
        return {"id": name, "message": _short(message, labels=True)}

    def _send(self, asked: Asked, viewer: str, _: Mapping[str, str]) -> Json:
        box = self._of(asked, viewer)
        message = box.send(asked.body["id"])
        if not recipients(message.raw):
            raise RefusalError(400, "invalidArgument")
        self.left.append((box.address, message.raw))
        for other in self.mailboxes.values():
            if other is not box and any(other.is_mine(address) for address in recipients(message.raw)):
                other.receive(message.raw)
        return _short(message, labels=True)

    def _drafts(self, asked: Asked, viewer: str, _: Mapping[str, str]) -> Json:
        box = self._of(asked, viewer)
        found = [(name, box.messages[message]) for name, message in box.drafts.items()]
        items = [{"id": name, "message": _short(message)} for name, message in reversed(found)]
        return self._page(asked, "drafts", items)

    def _messages(self, asked: Asked, viewer: str, _: Mapping[str, str]) -> Json:
        box = self._of(asked, viewer)
        found = box.search(
            asked.one("q"), asked.values.get("labelIds", []), spam_and_trash=asked.flag("includeSpamTrash")
        )
        return self._page(asked, "messages", [_short(message) for message in found])

    def _page(self, asked: Asked, name: str, items: Sequence[Json]) -> Json:
        size = min(self.page_size, int(asked.one("maxResults", "100")))
        offset = int(asked.one("pageToken", "0"))
        page: Json = {"resultSizeEstimate": len(items)}
        # Gmail leaves the list out where it is empty.
        if items[offset : offset + size]:
            page[name] = list(items[offset : offset + size])
        if offset + size < len(items):
            page["nextPageToken"] = str(offset + size)
        return page

    def _message(self, asked: Asked, viewer: str, _: Mapping[str, str]) -> Json:
        message = self._of(asked, viewer).messages.get(asked.one("id"))
        if message is None:
            raise RefusalError(404, "notFound")
        return _whole(message, asked)

    def _thread(self, asked: Asked, viewer: str, _: Mapping[str, str]) -> Json:
        box = self._of(asked, viewer)
        found = [message for message in box.messages.values() if message.thread == asked.one("id")]
        if not found:
            raise RefusalError(404, "notFound")
        found.sort(key=lambda message: message.at)
        return {
            "id": asked.one("id"),
            "historyId": str(box.last_history),
            "messages": [_whole(message, asked) for message in found],
        }

    def _history(self, asked: Asked, viewer: str, _: Mapping[str, str]) -> Json:
        box = self._of(asked, viewer)
        start = int(asked.one("startHistoryId"))
        if start < box.oldest_history:
            raise RefusalError(404, "notFound")
        wanted = {_PLURAL[name] for name in asked.values.get("historyTypes", _PLURAL)}
        records = []
        for number, kind, name, labels in box.history:
            if number <= start or kind not in wanted:
                continue
            message = box.messages.get(name)
            thread = message.thread if message else name
            item: Json = {"message": {"id": name, "threadId": thread, "labelIds": sorted(labels)}}
            if kind.startswith("labels"):
                item = {"message": {"id": name, "threadId": thread}, "labelIds": sorted(labels)}
            short = {"id": name, "threadId": thread}
            records.append({"id": str(number), "messages": [short], kind: [item]})
        page = self._page(asked, "history", records)
        del page["resultSizeEstimate"]
        return {**page, "historyId": str(box.last_history)}

    def _labels(self, asked: Asked, viewer: str, _: Mapping[str, str]) -> Json:
        self._of(asked, viewer)
        names = ("INBOX", "SENT", "DRAFT", "SPAM", "TRASH", "UNREAD")
        return {"labels": [{"id": name, "name": name, "type": "system"} for name in names]}

    def _send_as(self, asked: Asked, viewer: str, _: Mapping[str, str]) -> Json:
        box = self._of(asked, viewer)
        primary = {"sendAsEmail": box.address, "displayName": "", "isPrimary": True, "isDefault": True}
        others = [{"sendAsEmail": alias, "verificationStatus": "accepted"} for alias in box.aliases]
        return {"sendAs": [primary, *others]}

    def _person(self, asked: Asked, viewer: str, _: Mapping[str, str]) -> Json:  # noqa: ARG002  # the shape of all
        wanted = asked.one("userKey").lower()
        for address, person in self.people.items():
            if wanted in {address, *(alias.lower() for alias in person.get("aliases", ()))}:
                return {"kind": "admin#directory#user", "primaryEmail": address, **person}
        raise RefusalError(404, "notFound")


_PLURAL = {
    "messageAdded": "messagesAdded",
    "messageDeleted": "messagesDeleted",
    "labelAdded": "labelsAdded",
    "labelRemoved": "labelsRemoved",
}


def _short(message: Message, *, labels: bool = False) -> Json:
    short: Json = {"id": message.id, "threadId": message.thread}
    return {**short, "labelIds": sorted(message.labels)} if labels else short


def _whole(message: Message, asked: Asked) -> Json:
    shown: Json = {
        **_short(message, labels=True),
        "historyId": "1000",
        "internalDate": str(int(message.at.timestamp() * 1000)),
        "sizeEstimate": len(message.raw),
        "snippet": "",
    }
    form = asked.one("format", "full")
    if form == "raw":
        shown["raw"] = urlsafe_b64encode(message.raw).decode()
    elif form in {"metadata", "full"}:
        wanted = {name.lower() for name in asked.values.get("metadataHeaders", ())}
        headers = [
            {"name": name, "value": value}
            for name, value in message.headers()
            if form == "full" or not wanted or name.lower() in wanted
        ]
        shown["payload"] = {"mimeType": "text/plain", "headers": headers}
    return shown


def _decoded(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        raise RefusalError(400, "invalidArgument") from None
