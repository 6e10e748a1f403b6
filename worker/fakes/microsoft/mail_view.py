"""A message as Graph shows it in JSON."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses
from typing import Any

from worker.fakes.microsoft.mailboxes import Mailbox, Message
from worker.fakes.microsoft.odata import expanded_properties, property_id
from worker.fakes.microsoft.rules import Asked
from worker.fakes.mime import headers

Json = dict[str, Any]

# Given only where they are selected.
_ON_REQUEST = frozenset({"internetMessageHeaders", "uniqueBody"})


def shown(box: Mailbox, message: Message, asked: Asked) -> Json:
    """Return a message with the properties that were selected, under the kind of id that was asked for."""
    wanted = asked.listed("$select")
    chosen = [name for name in _PROPERTIES if name in wanted or (not wanted and name not in _ON_REQUEST)]
    mail = message_from_bytes(message.raw, policy=default)
    view = {name: _PROPERTIES[name](box, message, mail) for name in chosen}
    if "body" in view and asked.prefers("outlook.body-content-type") == "text":
        view["body"] = {"contentType": "text", "content": _text(mail)}
    whole: Json = {"@odata.etag": f'W/"{stamp(message)}"', "id": name_of(message, asked)}
    whole |= {name: value for name, value in view.items() if value is not None}
    if "$expand" in asked.values:
        found = {one: message.named_property(one) for one in expanded_properties(asked.one("$expand"))}
        listed = [{"id": property_id(one), "value": value} for one, value in found.items() if value]
        if listed:
            whole["singleValueExtendedProperties"] = listed
    return whole


def name_of(message: Message, asked: Asked) -> str:
    """Return the id of a message, of the kind that was asked for."""
    return message.id if asked.prefers("IdType") == "ImmutableId" else message.place


def folder_id(box: Mailbox, name: str) -> str:
    """Return the id of a folder."""
    digest = hashlib.sha256(f"{box.address}:{name}".encode()).digest()
    return f"AAMkADQ0FF{urlsafe_b64encode(digest)[:30].decode()}="


def stamp(message: Message) -> str:
    """Return the change key."""
    return urlsafe_b64encode(f"{message.id[-9:-2]}{message.change:04d}".encode()).decode()


def written(moment: datetime) -> str:
    """Return a moment as Graph writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _people(mail: EmailMessage, name: str) -> list[Json]:
    found = getaddresses([str(value) for value in mail.get_all(name, [])])
    return [{"emailAddress": {"name": title or address, "address": address}} for title, address in found]


def _one(mail: EmailMessage, *names: str) -> Json | None:
    return next((people[0] for people in (_people(mail, name) for name in names) if people), None)


def _text(mail: EmailMessage) -> str:
    part = mail.get_body(preferencelist=("plain", "html"))
    return part.get_content() if part is not None else ""


def _body(mail: EmailMessage) -> Json:
    part = mail.get_body(preferencelist=("html", "plain"))
    if part is None:
        return {"contentType": "text", "content": ""}
    kind = "html" if part.get_content_subtype() == "html" else "text"
    return {"contentType": kind, "content": part.get_content()}


def _unique(mail: EmailMessage) -> Json:
    fresh = "\n".join(line for line in _text(mail).splitlines() if not line.startswith(">"))
    return {"contentType": "text", "content": fresh}


def _headers(message: Message) -> list[Json] | None:
    # Of what was sent from here they are empty: only the MIME has them.
    if message.folder in {"drafts", "outbox", "sentitems"}:
        return None
    return [{"name": name, "value": value} for name, value in headers(message.raw)]


_View = Callable[[Mailbox, Message, EmailMessage], Any]
_PROPERTIES: Mapping[str, _View] = {
    "createdDateTime": lambda _, message, __: written(message.seen),
    "lastModifiedDateTime": lambda _, message, __: written(message.changed or message.seen),
    "changeKey": lambda _, message, __: stamp(message),
    "categories": lambda _, message, __: list(message.categories),
    "receivedDateTime": lambda _, message, __: written(message.at),
    "sentDateTime": lambda _, message, __: written(message.at),
    "hasAttachments": lambda _, __, mail: any(True for _ in mail.iter_attachments()),
    "internetMessageId": lambda _, message, __: message.header("Message-ID"),
    "subject": lambda _, message, __: message.header("Subject"),
    "bodyPreview": lambda _, __, mail: " ".join(_text(mail).split())[:255],
    "importance": lambda *_: "normal",
    "parentFolderId": lambda box, message, _: folder_id(box, message.folder),
    "conversationId": lambda _, message, __: message.conversation,
    "conversationIndex": lambda _, message, __: stamp(message),
    "isDeliveryReceiptRequested": lambda *_: False,
    "isReadReceiptRequested": lambda *_: False,
    "isRead": lambda _, message, __: message.read,
    "isDraft": lambda _, message, __: message.draft,
    "webLink": lambda _, message, __: f"https://outlook.example/owa/?ItemID={message.place}",
    "inferenceClassification": lambda *_: "focused",
    "body": lambda _, __, mail: _body(mail),
    "uniqueBody": lambda _, __, mail: _unique(mail),
    "sender": lambda _, __, mail: _one(mail, "Sender", "From"),
    "from": lambda _, __, mail: _one(mail, "From"),
    "toRecipients": lambda _, __, mail: _people(mail, "To"),
    "ccRecipients": lambda _, __, mail: _people(mail, "Cc"),
    "bccRecipients": lambda _, __, mail: _people(mail, "Bcc"),
    "replyTo": lambda _, __, mail: _people(mail, "Reply-To"),
    "flag": lambda *_: {"flagStatus": "notFlagged"},
    "internetMessageHeaders": lambda _, message, __: _headers(message),
}
