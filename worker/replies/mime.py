"""From the bytes of a mail to its headers and texts: bounded first, lenient, linear, never raising.

The bounds come before any parsing, because a mail is the one input that a stranger can make. The parser is our own
where the standard library's is not linear or too slow: `email` reads line by line (5 MB of short lines take seconds)
and nests without bound; its `policy.default` is quadratic on hostile headers. Only RFC 2045 to 2049, 2231 (charset and
boundary), 3676 (format=flowed) and 5322 as far as text and headers need them. Attachments are counted, never opened.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from worker.replies.decode import decode_header
from worker.replies.mailboxes import Mailbox, mailboxes
from worker.replies.parts import MAX_TEXT, Header, PartInfo, Texts, Walk, headers_of, part, value_of

__all__ = ["MAX_TEXT", "Header", "Mail", "Mailbox", "PartInfo", "decode_header", "read"]

MAX_MESSAGE = 10_000_000
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,998}>")
_RUBBISH = re.compile(r"[\ufffd\x00-\x08\x0e-\x1f]")
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class Mail:
    """A received mail as far as the worker needs it.

    `plain` and `html` are the readable texts (None where there is none); in `plain` format=flowed is already undone
    and line ends are line feeds. `problem` is empty, `too-large` or `unreadable`; `truncated` names the bounds that
    were passed. `date` is aware, or None. Message ids keep their angle brackets. `calendar` is the text of the first
    text/calendar part.
    """

    headers: tuple[Header, ...] = ()
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    from_: tuple[Mailbox, ...] = ()
    sender: str | None = None
    to: tuple[Mailbox, ...] = ()
    date: datetime | None = None
    subject: str = ""
    plain: str | None = None
    html: str | None = None
    calendar: str = ""
    content_types: tuple[str, ...] = ()
    parts: tuple[PartInfo, ...] = ()
    attachments: int = 0
    problem: str = ""
    truncated: tuple[str, ...] = ()

    def get(self, name: str) -> str:
        """The decoded value of the first header of that name (any letter case), or an empty string."""
        wanted = name.lower()
        return next((header.value for header in self.headers if header.name == wanted), "")

    def get_all(self, name: str) -> tuple[str, ...]:
        """The decoded values of all headers of that name, topmost first."""
        wanted = name.lower()
        return tuple(header.value for header in self.headers if header.name == wanted)

    def mailboxes(self, name: str) -> tuple[Mailbox, ...]:
        """The mailboxes of all headers of that name."""
        wanted = name.lower()
        return tuple(
            box for header in self.headers if header.name == wanted for box in mailboxes(header.raw, decode_header)
        )


def read(raw: bytes) -> Mail:
    """Read a mail. Total: any bytes give a Mail, at worst one whose `problem` is `unreadable`.

    A mail beyond a bound has the problem `too-large` and still carries its headers and the text up to the bound.
    """
    walk = Walk()
    if len(raw) > MAX_MESSAGE:
        walk.over("message")
        raw = raw[:MAX_MESSAGE]
    headers, body_at = headers_of(raw, 0, len(raw), walk)
    texts = part(raw, headers, body_at, len(raw), 0, walk)
    plain, html = _bounded(texts, walk)
    problem = "too-large" if walk.truncated else ""
    if not problem and not _readable(headers, plain, html):
        problem = "unreadable"
    from_ = _boxes(headers, "from")
    single = sum(header.name == "from" for header in headers) == 1 and len(from_) == 1 and from_[0].clean
    return Mail(
        headers=headers,
        message_id=_first_id(value_of(headers, "message-id")),
        in_reply_to=_first_id(value_of(headers, "in-reply-to")),
        references=tuple(_MESSAGE_ID.findall(value_of(headers, "references"))),
        from_=from_,
        sender=from_[0].address if single else None,
        to=_boxes(headers, "to"),
        date=_date(value_of(headers, "date")),
        subject=" ".join(value_of(headers, "subject").split()),
        plain=plain,
        html=html,
        calendar=walk.calendar,
        content_types=tuple(part.content_type for part in walk.parts),
        parts=tuple(walk.parts),
        attachments=walk.attachments,
        problem=problem,
        truncated=tuple(walk.truncated),
    )


def _readable(headers: tuple[Header, ...], plain: str | None, html: str | None) -> bool:
    """Whether this is a mail at all: some header that every mail has, and text that is not binary rubbish."""
    if not any(header.name in {"from", "date", "message-id", "subject", "to", "received"} for header in headers):
        return False
    text = (plain or html or "")[:4000]
    return len(_RUBBISH.findall(text)) * 4 <= len(text)


def _bounded(texts: Texts, walk: Walk) -> tuple[str | None, str | None]:
    """Hold the bound of all text: the plain text is cut, the HTML is measured without its tags."""
    plain = texts.plain
    if plain is None and texts.html and len(texts.html) > MAX_TEXT and len(_TAG.sub("", texts.html)) > MAX_TEXT:
        walk.over("text")
    if plain is not None and len(plain) > MAX_TEXT:
        walk.over("text")
        plain = plain[:MAX_TEXT]
    return plain, texts.html


def _boxes(headers: tuple[Header, ...], name: str) -> tuple[Mailbox, ...]:
    return tuple(box for header in headers if header.name == name for box in mailboxes(header.raw, decode_header))


def _first_id(value: str) -> str:
    found = _MESSAGE_ID.search(value)
    return found[0] if found else ""


def _date(value: str) -> datetime | None:
    """The Date header as an aware moment; None where it is missing or cannot be read."""
    try:
        moment = parsedate_to_datetime(value[:100])
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None
    return moment
