"""What came into the worker's mailbox: by delta of each watched folder, and anew where that is forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import getaddresses
from typing import Any

import orjson

from worker.errors import GoneError, RefusedError, TryLaterError
from worker.providers import Batch, Received
from worker.providers.concerns import Concerns, first_headers
from worker.providers.microsoft.mailbox import KEY_HEADER, Mailbox

# Where a rule of Exchange's own puts what comes in; a token in Junk is an answer all the same.
FOLDERS = ("inbox", "junkemail")
_OVERLAP = timedelta(days=2)
_MOST_MAILS = 200
_MOST_PAGES = 400
_KEPT_FOR = 6 * 3600

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Cursor:
    """Up to where the mailbox was read: a link of Graph's own for each folder.

    `at` is the moment of that, for the day on which the links have expired.
    """

    links: Mapping[str, str]
    at: int

    def __str__(self) -> str:
        """Return the cursor as it is stored."""
        return orjson.dumps({"at": self.at, **self.links}).decode()

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Read a stored cursor; one that makes no sense starts over with the last two days."""
        try:
            found = orjson.loads(text)
            at = int(found.pop("at"))
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError):
            return cls({}, 0)
        return cls({name: link for name, link in found.items() if name in FOLDERS and isinstance(link, str)}, at)


@dataclass(frozen=True, slots=True)
class _New:
    """A message that came into a folder."""

    ref: str
    folder: str
    at: datetime | None
    message_id: str


class Inbox:
    """Reads one mailbox. In a person's `own` account only what concerns us is fetched."""

    def __init__(self, box: Mailbox, concerns: Concerns, *, own: bool) -> None:
        self._box = box
        self._concerns = concerns
        self._own = own

    def fetch(self, cursor: str) -> Batch:
        """Return what came since the cursor, oldest first; one request for each folder where nothing came.

        At the first time, and where Exchange has forgotten the round, the mails of the days in question come once more.
        """
        known = Cursor.parse(cursor)
        now = self._box.now()
        new: dict[str, _New] = {}
        links: dict[str, str] = {}
        for folder in FOLDERS:
            found, links[folder] = self._folder(folder, known, now)
            # A mail that a rule moved while we looked is in two folders' rounds; replays are usual too.
            new.update((one.ref, one) for one in found if one.ref not in new)
        if not new and known.links.keys() == links.keys() and now - known.at < _KEPT_FOR:
            return Batch((), cursor)  # the same cursor again, so that a quiet mailbox costs no write a minute
        return self._batch(new.values(), Cursor(links, now))

    def _folder(self, folder: str, known: Cursor, now: int) -> tuple[list[_New], str]:
        link = known.links.get(folder, "")
        if link and self._box.session.is_ours(link):
            try:
                return self._round(folder, link)
            except GoneError:
                # Its life is not fixed; what is listed again was seen, and is known by its id.
                pass
        # A moment that is still to come was written by a clock that was wrong.
        since = min(known.at or now, now) - int(_OVERLAP.total_seconds())
        return self._round(folder, self._box.first_round(folder, max(0, since)))

    def _round(self, folder: str, link: str) -> tuple[list[_New], str]:
        """Return what a round lists, and the link to go on with: the next round, or the rest of a long one."""
        found: list[_New] = []
        seen = {link}
        for _ in range(_MOST_PAGES):
            page = self._box.round(link)
            found += [
                _New(
                    str(item["id"]),
                    folder,
                    _moment(item.get("receivedDateTime")),
                    str(item.get("internetMessageId") or ""),
                )
                for item in page.get("value") or []
                if item.get("id") and "@removed" not in item and not item.get("isDraft")
            ]
            end = str(page.get("@odata.deltaLink") or "")
            link = end or str(page.get("@odata.nextLink") or "")
            if not self._box.session.is_ours(link) or (not end and link in seen):
                break
            if end or len(found) >= _MOST_MAILS:
                return found, link
            seen.add(link)
        raise TryLaterError(self._box.address, "the list of new mails does not end: it is tried again by itself.")

    def _batch(self, new: Iterable[_New], cursor: Cursor) -> Batch:
        mails: list[Received] = []
        problems: list[tuple[str, str]] = []
        for one in sorted(new, key=lambda one: one.at or datetime.min.replace(tzinfo=UTC)):
            try:
                found = self._mail(one)
            except GoneError:
                continue
            except RefusedError as error:
                problems.append((one.ref, error.text))
                continue
            if found is not None:
                mails.append(found)
        return Batch(tuple(mails), str(cursor), tuple(problems))

    def _mail(self, one: _New) -> Received | None:
        if self._own and not self._concerns.has(self._box.headers(one.ref)):
            return None
        raw = self._box.raw(one.ref)
        if one.message_id and _message_id(first_headers(raw)) != one.message_id:
            # Somebody in between may have answered with another mail. Where it stays so, Exchange gave it another id.
            raw = self._box.raw(one.ref)
        headers = first_headers(raw)
        if one.folder == "junkemail" and not self._concerns.has(headers):
            return None
        names = [name.lower() for name, _ in headers]
        mine = self._address_of(headers) == self._box.address
        if mine and KEY_HEADER.lower() in names:
            return None  # our own mail, to the person whose mailbox we use
        sent = self._sent_copy(headers) if self._own and mine else None
        return Received(
            ref=one.ref,
            # What the owner sent is read from where they sent it: of what arrives anybody can say that it is theirs.
            raw=sent or raw,
            received_at=one.at,
            sent_by_owner=sent is not None,
            exchange=True,
        )

    def _sent_copy(self, headers: list[tuple[str, str]]) -> bytes | None:
        """Return the same mail as it lies in Sent Items, where it concerns us: the proof that the owner sent it."""
        message_id = _message_id(headers)
        if not message_id:
            return None
        for found in self._box.named(message_id, "sentitems"):
            raw = self._box.raw(str(found["id"]))
            if self._concerns.has(first_headers(raw)):
                return raw
        return None

    @staticmethod
    def _address_of(headers: list[tuple[str, str]]) -> str:
        found = getaddresses([value for name, value in headers if name.lower() == "from"])
        return found[0][1].lower() if len(found) == 1 else ""


def _message_id(headers: list[tuple[str, str]]) -> str:
    return next((value for name, value in headers if name.lower() == "message-id"), "")


def _moment(text: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
