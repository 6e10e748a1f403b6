"""Mails of the embedded default, as a mail client sees them: which of them asks for something, and a reply to it."""

from __future__ import annotations

import email
import email.parser
import email.policy
import email.utils
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parsedate_to_datetime
from pathlib import Path

from worker.config import Config
from worker.errors import UsageError

# Kinds that ask for something, the most pressing first: of mails of one moment that one is answered.
ASKING = ("follow-up", "question", "check-in", "topics", "welcome", "reminder")
# A receipt or an agenda asks for nothing, but a person may answer it.
ANSWERABLE = (*ASKING, "receipt", "recap", "agenda", "notice", "invitation", "digest")


@dataclass(frozen=True, slots=True)
class Asking:
    """A mail in `mail/out` that somebody may answer."""

    message: EmailMessage
    kind: str
    to: str
    sender: str
    subject: str
    text: str
    message_id: str
    sent_at: datetime


def newest_asking(config: Config, *, reader: str = "", kind: str = "") -> Asking | None:
    """Return the newest mail that asks for something and was not answered; None where there is none."""
    folder = _folder(config)
    answered = set(_answered(folder / "in"))
    kinds = (kind,) if kind else ASKING
    found = [
        mail
        for mail in sent_mails(config)
        if mail.kind in kinds and mail.message_id not in answered and (not reader or mail.to == reader.lower())
    ]
    return max(found, key=lambda mail: (mail.sent_at, -kinds.index(mail.kind)), default=None)


def sent_mails(config: Config) -> Iterator[Asking]:
    """Yield every mail that was sent and can be read, in no order."""
    out = _folder(config) / "out"
    for file in [*_files(out / "new"), *_files(out / "cur")]:
        mail = _read(file)
        if mail is not None:
            yield mail


def reply(mail: Asking, text: str, name: str, now: datetime) -> EmailMessage:
    """Return the reply that a mail client makes: the text above a quotation of the whole mail."""
    user, _, domain = mail.to.rpartition("@")
    answer = EmailMessage(policy=email.policy.default)
    answer["From"] = Address(name, user, domain)
    answer["To"] = str(mail.message["Reply-To"] or mail.message["From"])
    subject = mail.subject
    answer["Subject"] = subject if subject.lower().startswith("re:") else f"Re: {subject}"
    answer["Date"] = format_datetime(now)
    answer["Message-ID"] = make_msgid(domain=domain)
    answer["In-Reply-To"] = mail.message_id
    references = str(mail.message["References"] or "").split()
    answer["References"] = " ".join([*references, mail.message_id])
    when = mail.sent_at.astimezone(now.tzinfo)
    attribution = f"On {when:%a}, {when.day} {when:%b %Y} at {when:%H:%M}, {mail.sender} wrote:"
    quoted = "\n".join(f"> {line}".rstrip() for line in mail.text.splitlines())
    answer.set_content(f"{text.strip()}\n\n{attribution}\n{quoted}\n", cte="quoted-printable")
    return answer


def deliver(config: Config, message: EmailMessage, now: datetime) -> None:
    """Deliver a mail into `mail/in/new` by way of `tmp`, as a delivery agent does; `now` is when it arrived."""
    box = _folder(config) / "in"
    for name in ("tmp", "new", "cur"):
        (box / name).mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"{int(now.timestamp())}.{make_msgid(domain='answer')[1:-1].replace('@', '.')}"
    made = box / "tmp" / name
    with made.open("xb") as file:
        file.write(message.as_bytes())
        file.flush()
        os.fsync(file.fileno())
    os.utime(made, (now.timestamp(), now.timestamp()))
    made.rename(box / "new" / name)


def _folder(config: Config) -> Path:
    if config.mail.provider != "files" or config.mail.path is None:
        raise UsageError("only mails of the provider `files` can be answered here: answer in your mail client.")
    return config.mail.path


def _files(folder: Path) -> list[Path]:
    return [file for file in folder.iterdir() if file.is_file()] if folder.is_dir() else []


def _read(file: Path) -> Asking | None:
    try:
        return asking_in(file.read_bytes())
    except OSError:
        return None


def asking_in(raw: bytes) -> Asking | None:
    """Return a mail as a mail client sees it, None where it cannot be read."""
    try:
        message = email.message_from_bytes(raw, policy=email.policy.default)
        sent_at = parsedate_to_datetime(str(message["Date"]))
        body = message.get_body(("plain",))
        text = str(body.get_content()) if body else ""
        to, sender, subject = str(message["To"] or ""), str(message["From"] or ""), str(message["Subject"] or "")
    except (ValueError, TypeError, LookupError, AttributeError):
        return None
    return Asking(
        message=message,
        kind=str(message["X-Followthrough-Kind"] or ""),
        to=email.utils.parseaddr(to)[1].lower(),
        sender=sender,
        subject=" ".join(subject.split()),
        text=text.replace("\r\n", "\n"),
        message_id=str(message["Message-ID"] or "").strip(),
        sent_at=sent_at if sent_at.tzinfo else sent_at.replace(tzinfo=UTC),
    )


def _answered(folder: Path) -> Iterator[str]:
    parser = email.parser.BytesHeaderParser(policy=email.policy.compat32)
    for file in [*_files(folder / "new"), *_files(folder / "cur")]:
        try:
            with file.open("rb") as handle:
                header = parser.parse(handle)
        except (OSError, ValueError):
            continue
        yield str(header.get("In-Reply-To", "")).strip()
