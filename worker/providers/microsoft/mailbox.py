"""One mailbox in Exchange Online: the few requests that receiving and sending share."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from worker.errors import TryLaterError
from worker.http import Door
from worker.providers.concerns import first_headers
from worker.providers.microsoft.session import Json, Session
from worker.providers.microsoft.settings import MicrosoftSettings, mail_scopes

KEY_HEADER = "X-Followthrough-Draft"
FIELDS = "id,isDraft,internetMessageId,conversationId"
_PAGE = "odata.maxpagesize=50"


class Mailbox:
    """The requests of one mailbox; errors as the door has them."""

    def __init__(self, address: str, settings: MicrosoftSettings, door: Door, signed_in_as: str = "") -> None:
        self.address = address
        self.door = door
        needed = mail_scopes(shared=signed_in_as not in ("", address))
        self.session = Session(settings, address, door, needed, signed_in_as)

    def message(self, ref: str, fields: str = FIELDS) -> Json:
        """Return these fields of a message. Raises GoneError where it is not there."""
        found = self.session.get(self.session.address(_path(ref), {"$select": fields}), "read a mail")
        if found.get("id") != ref:
            # A cache in between that answers about another mail would make that one count as read.
            raise TryLaterError(self.address, "the answer is about another mail: it is asked for again by itself.")
        return found

    def headers(self, ref: str) -> list[tuple[str, str]]:
        """Return the headers of a message that came in, and nothing else of it.

        Some mails between colleagues have none in this form (microsoft-graph-docs 4436): whom they went to is told all
        the same.
        """
        found = self.message(ref, "internetMessageHeaders,toRecipients,ccRecipients")
        listed = found.get("internetMessageHeaders") or []
        people = [("To", one) for one in found.get("toRecipients") or []]
        people += [("Cc", one) for one in found.get("ccRecipients") or []]
        return [(str(item.get("name") or ""), str(item.get("value") or "")) for item in listed] + [
            (name, str((one.get("emailAddress") or {}).get("address") or "")) for name, one in people
        ]

    def raw(self, ref: str) -> bytes:
        """Return a message as it is on the wire: the JSON form loses headers."""
        return self.session.mail(self.session.address(f"{_path(ref)}/$value"), "read a mail")

    def mark_in(self, ref: str) -> str:
        """Return our mark in a message, "" where it has none. In Sent Items only the raw form has it."""
        wanted = KEY_HEADER.lower()
        return next((value for name, value in first_headers(self.raw(ref)) if name.lower() == wanted), "")

    def named(self, message_id: str, folder: str = "") -> Iterator[Json]:
        """Yield the messages with this Message-ID, in the whole mailbox or in one folder."""
        text = message_id.replace("'", "''")
        path = f"mailFolders/{folder}/messages" if folder else "messages"
        params = {"$filter": f"internetMessageId eq '{text}'", "$select": FIELDS, "$top": "50"}
        for page in self.session.pages(self.session.address(path, params), "look for a mail"):
            yield from page.get("value") or []

    def store_draft(self, raw: bytes) -> Any:  # noqa: ANN401  # JSON from outside
        """Store a mail as a draft and return what Exchange says of it."""
        return self.session.post_mail(self.session.address("messages"), "store a draft", b64encode(raw))

    def send_draft(self, ref: str) -> None:
        """Let Exchange take a draft for sending."""
        self.session.post(self.session.address(f"{_path(ref)}/send"), "send a mail")

    def first_round(self, folder: str, since: int) -> str:
        """Return the address at which what came into a folder since a moment is listed, and whatever comes later."""
        moment = datetime.fromtimestamp(since, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        params = {
            "$select": "id,receivedDateTime,isDraft,internetMessageId",
            "changeType": "created",
            "$filter": f"receivedDateTime ge {moment}",
        }
        return self.session.address(f"mailFolders/{folder}/messages/delta", params)

    def round(self, link: str) -> Json:
        """Return one page of what came. Raises GoneError where Exchange has forgotten what the link stands for."""
        return self.session.get(link, "read the mailbox", prefer=_PAGE)

    def own_addresses(self) -> tuple[str, ...]:
        """Return every address of the mailbox, its main one first, in lower case."""
        fields = {"$select": "mail,userPrincipalName,proxyAddresses"}
        return addresses_of(self.session.get(self.session.address("", fields), "read the addresses of the mailbox"))

    def now(self) -> int:
        """Return the real time as seconds since 1970."""
        return int(self.door.clock().timestamp())


def addresses_of(user: Json) -> tuple[str, ...]:
    """Return every mail address of a user, the main one first, in lower case."""
    listed = [str(one) for one in user.get("proxyAddresses") or () if str(one).lower().startswith("smtp:")]
    # Upper case marks the main one.
    listed.sort(key=lambda one: not one.startswith("SMTP:"))
    found = (user.get("mail"), *(one.partition(":")[2] for one in listed), user.get("userPrincipalName"))
    return tuple(dict.fromkeys(str(one).lower() for one in found if one))


def _path(ref: str) -> str:
    return f"messages/{quote(ref, safe='')}"
