"""What a receipt or a recap says that only the plan knows: when a topic is seen, and who gets a copy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from worker.model import MailKind, Policy
from worker.plan import SendMail, Snapshot, plan, reviews


def details(found: Snapshot, action: SendMail, policy: Policy, now: datetime) -> Iterator[tuple[str, str]]:
    """Yield the closed-word facts of this mail."""
    pair = found.pair
    cause = next((one for one in pair.applied if one.message_id == action.cause), None)
    if cause is None:
        return
    made = set(cause.created)
    if reviews.is_copied(pair, replace(cause, sends=(*cause.sends, *cause.created)), policy):
        yield "hr", policy.hr
    if action.kind is not MailKind.RECEIPT:
        return
    waits = {"seen-at": MailKind.AGENDA} if any(topic.id in made for topic in pair.topics) else {}
    waits |= {"recap-at": MailKind.RECAP} if cause.share else {}
    coming = [one for one in plan(now, found, policy).upcoming if one.to == pair.key.person] if waits else []
    for name, kind in waits.items():
        moments = [one.at for one in coming if one.kind is kind]
        if moments:
            yield name, min(moments).isoformat()
