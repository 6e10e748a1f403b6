"""One Gmail account's messages: the few requests that receiving and sending share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from worker.errors import TryLaterError
from worker.http import Door
from worker.providers.google.credentials import PersonCredential
from worker.providers.google.session import ApiRequest, Session
from worker.providers.google.settings import GoogleSettings

# Carries our own key in each mail that we send.
KEY_HEADER = "X-Followthrough-Draft"

Json = dict[str, Any]


class Mailbox:
    """The requests of one mailbox; errors as the door has them."""

    def __init__(self, address: str, settings: GoogleSettings, door: Door) -> None:
        self.address = address
        self.door = door
        self.session = Session(settings, address, door, lambda: PersonCredential(settings, address, door))

    @property
    def users(self) -> Any:  # noqa: ANN401  # the library has no types
        """The part of the Gmail service that all methods belong to."""
        return self.session.gmail.users()

    def profile(self) -> Json:
        """Return address and newest history id."""
        found = self.session.run(self.users.getProfile(userId="me"), "read the mailbox")
        if not isinstance(found, dict) or "historyId" not in found:
            raise TryLaterError(self.address, "Gmail's answer has no history: it is tried again by itself.")
        return found

    def own_addresses(self) -> tuple[str, ...]:
        """Return every verified address that this account sends as, its own first, in lower case."""
        request = self.users.settings().sendAs().list(userId="me")
        found = self.session.run(request, "read the addresses of the mailbox")
        usable = [
            item
            for item in found.get("sendAs") or []
            if item.get("isPrimary") or item.get("verificationStatus") == "accepted"
        ]
        usable.sort(key=lambda item: not item.get("isPrimary"))
        return tuple(str(item["sendAsEmail"]).lower() for item in usable)

    def message(self, ref: str, **how: object) -> Json:
        """Return one message in the form asked for. Raises GoneError where it is not there."""
        found = self.session.run(self.users.messages().get(userId="me", id=ref, **how), "read a mail")
        if not isinstance(found, dict) or found.get("id") != ref:
            # A cache in between that answers about another mail would make that one count as read.
            raise TryLaterError(self.address, "the answer is about another mail: it is asked for again by itself.")
        return found

    def headers(self, ref: str, wanted: Sequence[str]) -> list[tuple[str, str]]:
        """Return these headers of a message, and nothing else of it."""
        found = self.message(ref, format="metadata", metadataHeaders=list(wanted))
        return [(str(item["name"]), str(item["value"])) for item in (found.get("payload") or {}).get("headers") or []]

    def search(self, query: str) -> Iterator[str]:
        """Yield the ids of what a search finds, Spam included, newest first."""

        def ask(page: Mapping[str, str]) -> ApiRequest:
            request: ApiRequest = self.users.messages().list(
                userId="me", q=query, includeSpamTrash=True, maxResults=500, **page
            )
            return request

        for found in self.session.pages(ask, "look through the mailbox"):
            for item in found.get("messages") or []:
                yield str(item["id"])

    def drafts(self) -> Iterator[Json]:
        """Yield the drafts, each with the ids of its message and its thread."""

        def ask(page: Mapping[str, str]) -> ApiRequest:
            request: ApiRequest = self.users.drafts().list(userId="me", maxResults=500, **page)
            return request

        for found in self.session.pages(ask, "look for a draft"):
            yield from found.get("drafts") or []

    def history(self, start: str) -> Iterator[Json]:
        """Yield the pages of what was added, or taken out of a label, since a history id."""

        def ask(page: Mapping[str, str]) -> ApiRequest:
            kinds = ["messageAdded", "labelRemoved"]
            request: ApiRequest = self.users.history().list(
                userId="me", startHistoryId=start, historyTypes=kinds, maxResults=500, **page
            )
            return request

        return self.session.pages(ask, "read the mailbox")

    def thread(self, name: str, wanted: Sequence[str]) -> Json:
        """Return a conversation's messages with these headers. Raises GoneError where it is not there."""
        request = self.users.threads().get(userId="me", id=name, format="metadata", metadataHeaders=list(wanted))
        found = self.session.run(request, "look for a mail")
        return found if isinstance(found, dict) else {}

    def now(self) -> int:
        """Return the real time as seconds since 1970."""
        return int(self.door.clock().timestamp())
