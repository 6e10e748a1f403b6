"""What happens between mailboxes: delivery inside, what leaves the organisation, and what comes back undeliverable."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage, Message

from worker.fakes.microsoft.mailboxes import Mailbox
from worker.fakes.microsoft.refusals import RefusalError
from worker.fakes.mime import addresses, header, parsed, recipients, with_headers


@dataclass(slots=True)
class Post:
    """All mailboxes, and what left them.

    `left` are the mails that went out, as (sender's mailbox, raw bytes), whoever they were for. `undeliverable` are
    addresses outside that bounce. Inside, an address without a mailbox bounces. With `plus_addressing` False so does a
    sub-address.
    """

    clock: Callable[[], datetime]
    mailboxes: dict[str, Mailbox] = field(default_factory=dict)
    left: list[tuple[str, bytes]] = field(default_factory=list)
    undeliverable: set[str] = field(default_factory=set)
    plus_addressing: bool = True

    def of(self, address: str) -> Mailbox:
        """Return a person's mailbox. Refuses where there is none."""
        box = self.mailboxes.get(address)
        if box is None:
            raise RefusalError(404, "MailboxNotEnabledForRESTAPI")
        return box

    def accept(self, box: Mailbox, name: str) -> None:
        """Take a draft for sending. Refuses one without recipients, or in somebody else's name."""
        message = box.find(name)
        if not recipients(message.raw):
            raise RefusalError(400, "ErrorInvalidRecipients", "At least one recipient isn't valid.")
        author = addresses(message.raw, "From")
        if author and not box.is_mine(author[0]):
            raise RefusalError(403, "ErrorSendAsDenied")
        box.send(name)

    def settle(self) -> None:
        """Let leave what is due by now, and arrive where it goes."""
        for box in self.mailboxes.values():
            for raw in list(box.leave()):
                self.left.append((box.address, raw))
                self.deliver(raw)

    def deliver(self, raw: bytes, verdict: str = "") -> None:
        """Let a mail arrive at its recipients here, from inside or (with DMARC's `verdict`) from outside."""
        author = (addresses(raw, "From") or [""])[0]
        home = self._box_of(author)
        seen: list[Mailbox] = []
        copy = with_headers(raw, [], frozenset({"bcc"}))
        for address in recipients(raw):
            box = self._box_of(address)
            if box is not None and box not in seen:
                seen.append(box)
                box.receive(copy, inside=home is not None, verdict=verdict)
            elif box is None and home is not None and self._bounces(address):
                home.receive(self._report(raw, address), inside=True)

    def _box_of(self, address: str) -> Mailbox | None:
        boxes = self.mailboxes.values()
        return next((box for box in boxes if box.is_mine(address, plus=self.plus_addressing)), None)

    def _bounces(self, address: str) -> bool:
        domains = {box.address.rpartition("@")[2] for box in self.mailboxes.values()}
        return address.lower() in self.undeliverable or address.lower().rpartition("@")[2] in domains

    def _report(self, raw: bytes, address: str) -> bytes:
        """Return the report that a mail could not be delivered (RFC 3464)."""
        message = EmailMessage()
        domain = address.rpartition("@")[2]
        stamp = hashlib.sha256(raw + address.encode()).hexdigest()[:32]
        message["From"] = f"Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@{domain}>"
        message["To"] = header(raw, "From")
        message["Subject"] = f"Undeliverable: {header(raw, 'Subject')}"
        message["Date"] = self.clock()
        message["Message-ID"] = f"<{stamp}@AM0PR01MB0001.prod.exchangelabs.com>"
        message["In-Reply-To"] = message["References"] = header(raw, "Message-ID")
        message["Auto-Submitted"] = "auto-replied"
        message.set_content(f"Your message to {address} couldn't be delivered. {address} wasn't found at {domain}.")
        message.make_mixed()
        message.set_type("multipart/report")
        message.set_param("report-type", "delivery-status")
        status, subject = Message(), Message()
        status["Reporting-MTA"] = "dns;AM0PR01MB0001.prod.exchangelabs.com"
        subject["Final-Recipient"] = f"rfc822;{address}"
        subject["Action"] = "failed"
        subject["Status"] = "5.1.10"
        subject["Diagnostic-Code"] = "smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found"
        for kind, inner in (("delivery-status", [status, subject]), ("rfc822", [parsed(raw)])):
            part = Message()
            part["Content-Type"] = f"message/{kind}"
            part.set_payload(inner)  # type: ignore[arg-type]  # the parts of a message/* are messages
            message.attach(part)  # type: ignore[arg-type]  # what counts is that it is a part
        return message.as_bytes(policy=message.policy.clone(linesep="\r\n"))
