"""How fast a mailbox may send."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SendingLimits:
    """At most so many mails a minute and a day from one mailbox; a vendor's own limit ends in a locked account."""

    minute: int = 20
    day: int = 1500
