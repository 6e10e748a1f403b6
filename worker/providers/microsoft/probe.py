"""The probe of `check`: a mail from the mailbox to a sub-address of its own, to see whether answers can arrive."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from worker.errors import FollowthroughError
from worker.http import Door
from worker.providers.concerns import Concerns, first_headers
from worker.providers.findings import Finding, well, wrong
from worker.providers.marks import mark_of_mail
from worker.providers.microsoft.mail import MicrosoftMail
from worker.providers.microsoft.mailbox import Mailbox
from worker.providers.microsoft.settings import MicrosoftSettings

_LOOKS = (1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
_PROOFS = ("x-ms-exchange-organization-authas", "authentication-results")


def check_sub_addressing(
    settings: MicrosoftSettings, address: str, door: Door, *, separator: str = "+", signed_in_as: str = ""
) -> Iterator[Finding]:
    """Send one mail to oneself and yield what came of it; takes up to a minute where it does not arrive."""
    address = address.lower()
    local, _, domain = address.partition("@")
    key = f"check {door.clock().isoformat()}"
    to = f"{local}{separator}check-{mark_of_mail(key)[:12]}@{domain}"
    try:
        mail = MicrosoftMail(address=address, settings=settings, door=door, signed_in_as=signed_in_as)
        sent = mail.send(mail.draft(key, _written(address, to, door), ""))
        found = _arrived(Mailbox(address, settings, door, signed_in_as.lower()), sent.message_id, door)
    except FollowthroughError as error:
        yield wrong(f"mailbox {address} could not send itself a mail", str(error))
        return
    yield well(f"mailbox {address} sends")
    if found is None:
        step = (
            "an administrator allows plus addressing (Exchange admin centre, Settings, Mail flow; or"
            " `Set-OrganizationConfig -DisablePlusAddressInRecipients $false`), and looks for a rule that moved it."
        )
        yield wrong(f"a mail to a sub-address of {address} did not arrive within a minute", step)
        return
    folder, headers = found
    yield well(f"mail to sub-addresses of {address} arrives", "" if folder == "inbox" else "it lay in Junk Email.")
    if not Concerns(address, separator, lambda _: False).has(headers):
        yield wrong(
            f"the sub-address is lost on the way to {address}",
            "answers are known by what they refer to alone: tell us which system rewrites recipients.",
        )
    if any(name.lower() in _PROOFS for name, _ in headers):
        yield well("Exchange says of a mail who sent it")
    else:
        step = "look at a mail's headers for Authentication-Results: a relay in between may take them out."
        yield wrong("Exchange does not say of a mail who sent it, so no answer would count", step)


def _written(address: str, to: str, door: Door) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = address, to
    message["Subject"] = "Followthrough checks that answers can arrive"
    message["Message-ID"] = f"<{to}>"
    message["Date"] = format_datetime(door.clock())
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("You can delete this mail.\n")
    return bytes(message)


def _arrived(box: Mailbox, message_id: str, door: Door) -> tuple[str, list[tuple[str, str]]] | None:
    for seconds in _LOOKS:
        for folder in ("inbox", "junkemail"):
            for message in box.named(message_id, folder):
                return folder, first_headers(box.raw(str(message["id"])))
        door.wait(seconds)
    return None
