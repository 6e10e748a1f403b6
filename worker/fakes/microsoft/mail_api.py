"""The mail operations of Graph that the worker uses, on the fake's mailboxes; rounds of delta are in mail_delta.py."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from worker.fakes.microsoft.delivery import Post
from worker.fakes.microsoft.mail_delta import next_page
from worker.fakes.microsoft.mail_view import folder_id, shown, stamp
from worker.fakes.microsoft.mailboxes import FOLDERS, Mailbox, Message
from worker.fakes.microsoft.odata import Clause, property_id
from worker.fakes.microsoft.refusals import RefusalError
from worker.fakes.microsoft.rules import Asked

Json = dict[str, Any]


class MailApi(Post):
    """Carries out mail requests. `page_size` makes pages smaller than was asked for, as Graph may."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__(clock)
        self.url = ""
        self.page_size = 1000

    def methods(self) -> Mapping[str, Callable[[Asked, str], Any]]:
        """Return what carries out each operation; each is given the address whose mailbox it is."""
        return {
            "mailFolders.list": self._folders,
            "mailFolders.get": self._folder,
            "mailFolders.messages": self._in_folder,
            "messages.list": self._list,
            "messages.delta": self._delta,
            "messages.create": self._create,
            "messages.get": self._get,
            "messages.mime": self._mime,
            "messages.patch": self._patch,
            "messages.delete": self._delete,
            "messages.send": self._send,
        }

    def of(self, address: str) -> Mailbox:
        """Return a person's mailbox, with whatever has left or arrived by now."""
        box = super().of(address)
        self.settle()
        return box

    # --------------------------------------------------------------------------------------------------------- folders

    def _folders(self, asked: Asked, address: str) -> Json:
        box = self.of(address)
        return {"value": [self._shown_folder(box, name, asked) for name in FOLDERS]}

    def _folder(self, asked: Asked, address: str) -> Json:
        box = self.of(address)
        return self._shown_folder(box, _folder_named(box, asked.names[0]), asked)

    def _shown_folder(self, box: Mailbox, name: str, asked: Asked) -> Json:
        inside = [message for message in box.messages.values() if message.folder == name]
        whole: Json = {
            "id": folder_id(box, name),
            "displayName": _TITLES[name],
            "parentFolderId": folder_id(box, "root"),
            "childFolderCount": 0,
            "totalItemCount": len(inside),
            "unreadItemCount": sum(not message.read for message in inside),
            "isHidden": False,
        }
        wanted = asked.listed("$select")
        return {key: value for key, value in whole.items() if not wanted or key in {*wanted, "id"}}

    # -------------------------------------------------------------------------------------------------------- messages

    def _list(self, asked: Asked, address: str) -> Json:
        return self._page(asked, self.of(address), "")

    def _in_folder(self, asked: Asked, address: str) -> Json:
        box = self.of(address)
        return self._page(asked, box, _folder_named(box, asked.names[0]))

    def _page(self, asked: Asked, box: Mailbox, folder: str) -> Json:
        found = [message for message in box.messages.values() if not folder or message.folder == folder]
        found = [message for message in found if all(_fits(message, clause) for clause in asked.filter())]
        if "$search" in asked.values:
            found = [message for message in found if self._searched(box, message, asked.one("$search"))]
        order, _, direction = asked.one("$orderby", "receivedDateTime desc").partition(" ")
        found.sort(key=lambda message: (_value(message, order), message.id), reverse=direction == "desc")
        size = min(self.page_size, asked.number("$top", 10))
        skip = asked.number("$skip", 0)
        page: Json = {"value": [shown(box, message, asked) for message in found[skip : skip + size]]}
        if asked.one("$count") == "true":
            page = {"@odata.count": len(found), **page}
        if skip + size < len(found):
            query = {name: values[0] for name, values in asked.values.items()}
            page["@odata.nextLink"] = self._link(asked, {**query, "$skip": str(skip + size)})
        return page

    def _searched(self, box: Mailbox, message: Message, text: str) -> bool:
        # Only the full-text index lags; what a filter looks at is known at once.
        indexed = message.seen + box.index_lag <= self.clock()
        return indexed and text.strip('"').lower().encode() in message.raw.lower()

    def _link(self, asked: Asked, query: Mapping[str, str]) -> str:
        return f"{self.url.rstrip('/')}{asked.path}?{urlencode(query, safe='$')}"

    def _delta(self, asked: Asked, address: str) -> Json:
        box = self.of(address)
        folder = _folder_named(box, asked.names[0])
        again = self._link(asked, {})
        return next_page(box, folder, asked, self.page_size, again)

    def _get(self, asked: Asked, address: str) -> Json:
        box = self.of(address)
        return shown(box, box.find(asked.names[0]), asked)

    def _mime(self, asked: Asked, address: str) -> bytes:
        return self.of(address).find(asked.names[0]).raw

    def _create(self, asked: Asked, address: str) -> Json:
        if not isinstance(asked.body, bytes):
            raise RefusalError(501, "NotImplemented", "The fake makes drafts from MIME only.")
        box = self.of(address)
        return shown(box, box.draft(b64decode(asked.body)), asked)

    def _patch(self, asked: Asked, address: str) -> Json:
        box = self.of(address)
        message = box.find(asked.names[0])
        _same_state(asked, message)
        for name, value in asked.body.items():
            if name == "isRead":
                message.read = value
            elif name == "categories":
                message.categories = tuple(value)
            elif name == "singleValueExtendedProperties":
                message.extended |= {property_id(one["id"]): one["value"] for one in value}
            else:
                raise RefusalError(501, "NotImplemented", f"The fake does not change {name}.")
        box.touch(message)
        return shown(box, message, asked)

    def _delete(self, asked: Asked, address: str) -> None:
        box = self.of(address)
        message = box.find(asked.names[0])
        _same_state(asked, message)
        if message.folder == "deleteditems":
            box.delete(message)
        else:
            box.move(message, "deleteditems")

    def _send(self, asked: Asked, address: str) -> None:
        self.accept(self.of(address), asked.names[0])
        self.settle()


_TITLES = {
    "inbox": "Inbox",
    "drafts": "Drafts",
    "outbox": "Outbox",
    "sentitems": "Sent Items",
    "deleteditems": "Deleted Items",
    "junkemail": "Junk Email",
    "archive": "Archive",
}


def _folder_named(box: Mailbox, name: str) -> str:
    """Return the folder that a well-known name or an id means."""
    for folder in FOLDERS:
        if name.lower() == folder or name == folder_id(box, folder):
            return folder
    raise RefusalError(404, "ErrorItemNotFound")


def _same_state(asked: Asked, message: Message) -> None:
    tag = asked.headers.get("if-match", "*")
    if tag not in ("*", f'W/"{stamp(message)}"'):
        raise RefusalError(412, "ErrorIrresolvableConflict")


def _value(message: Message, name: str) -> Any:  # noqa: ANN401  # text, moment or flag
    values: Mapping[str, Callable[[], Any]] = {
        "internetMessageId": lambda: message.header("Message-ID"),
        "conversationId": lambda: message.conversation,
        "subject": lambda: message.header("Subject"),
        "from/emailAddress/address": lambda: message.header("From").rpartition("<")[2].strip("> "),
        "receivedDateTime": lambda: message.at,
        "sentDateTime": lambda: message.at,
        "createdDateTime": lambda: message.seen,
        "lastModifiedDateTime": lambda: message.changed or message.seen,
        "isDraft": lambda: message.draft,
        "isRead": lambda: message.read,
    }
    if name not in values:
        raise RefusalError(501, "NotImplemented", f"The fake does not compare {name}.")
    return values[name]()


def _fits(message: Message, clause: Clause) -> bool:
    if clause.extended:
        return message.named_property(clause.extended) == clause.value
    have = _value(message, clause.name)
    want: Any = clause.value
    if isinstance(have, datetime):
        want = clause.moment
    elif isinstance(have, bool):
        want = clause.value == "true"
    else:
        have, want = have.lower(), want.lower()
    outcome: Mapping[str, bool] = {
        "eq": have == want,
        "ne": have != want,
        "gt": have > want,
        "ge": have >= want,
        "lt": have < want,
        "le": have <= want,
    }
    return outcome[clause.op]
