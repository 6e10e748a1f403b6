"""Records with something in every field, and a year of a pair that meets every week."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from worker.model import (
    ActionItem,
    Applied,
    Ask,
    AskReason,
    CheckIn,
    CheckInState,
    Desk,
    Feedback,
    FeedbackState,
    Goal,
    Inbound,
    ItemState,
    MailKind,
    Meeting,
    Note,
    OutboxEntry,
    OutboxState,
    Outcome,
    Pair,
    PairKey,
    Part,
    Progress,
    ReplyProblem,
    Topic,
)

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DANA, SAM, ALEX = "dana@example.com", "sam@example.com", "alex@example.com"
KEY = PairKey(DANA, SAM)
WORDS = "Who takes the pager over the holidays, and what happens to the release if nobody does? "


def pair(**changes: Any) -> Pair:
    """A pair with an item of each kind."""
    at = NOW - timedelta(days=3)
    whole = Pair(
        KEY,
        manager_name="Dana Kim",
        person_name="Sam Okoro",
        started_at=at,
        meetings=(Meeting("m1", "series@google.com", at, at + timedelta(minutes=30), first_seen=at),),
        notes=(Note("n1", at, Part.SUPPORT, "Zoë — “pager”\n\x00end", DANA, private=True, meeting="m1"),),
        action_items=(ActionItem("a1", at, SAM, "write it up", DANA, due=date(2026, 12, 1)),),
        feedback=(Feedback("f1", at, "clear slides", DANA, date(2026, 12, 7)),),
        topics=(Topic("t1", at, "on-call", SAM, carried=2, first_on=date(2026, 10, 2)),),
        goals=(Goal("g1", at, "speak at a meetup", SAM, progress=(Progress(at, "sent a proposal"),)),),
        check_ins=(CheckIn("m1", "<r1@example.com>", 1, CheckInState.ASKED, ask=_ask(), between=(at, NOW)),),
        applied=(_applied(at),),
        outbox=(row("agenda:m1:dana"), row("receipt:<r1@example.com>", state=OutboxState.SENT)),
    )
    return replace(whole, **changes)


def _ask() -> Ask:
    return Ask(AskReason.AMBIGUOUS, (date(2027, 2, 3), datetime(2027, 3, 2, 10, tzinfo=UTC)), "3/2")


def _applied(at: datetime) -> Applied:
    return Applied(
        "<r1@example.com>",
        at,
        DANA,
        Outcome.ANSWER,
        digest="ab" * 32,
        created=("n1", "a1"),
        before=('{"id":"t1"}',),
        problems=(ReplyProblem("date", "3/2"),),
        ask=_ask(),
    )


def row(key: str, at: datetime = NOW, **changes: Any) -> OutboxEntry:
    """An outbox row."""
    whole = OutboxEntry(key, MailKind.AGENDA, DANA, at, subject="1:1 Dana and Sam", numbers=("t1", "a1"), choices=(at,))
    return replace(whole, **changes)


def desk(email: str = DANA, **changes: Any) -> Desk:
    """A desk with something on it."""
    whole = Desk(email, stopped_at=NOW, outbox=(row(f"digest:{email}:2026-11-23"),), applied=(_applied(NOW),))
    return replace(whole, **changes)


def inbound(raw_digest: str, **changes: Any) -> Inbound:
    """An outcome of a received mail."""
    return replace(Inbound(raw_digest, "<r1@example.com>", NOW, SAM, Outcome.TOPICS, str(KEY)), **changes)


def year(weeks: int, end: datetime = NOW, key: PairKey = KEY) -> Pair:
    """A pair that met every week until `end`, each time with twenty records."""
    found: dict[str, list[Any]] = {
        name: []
        for name in ("meetings", "notes", "action_items", "feedback", "topics", "check_ins", "applied", "outbox")
    }
    for number in range(weeks):
        at = end - timedelta(weeks=weeks - number)
        for name, items in _week(f"m{at:%Y%m%d}", at, key).items():
            found[name] += items
    whole: dict[str, Any] = {name: tuple(values) for name, values in found.items()}
    return replace(Pair(key, started_at=end - timedelta(weeks=weeks)), **whole)


def _week(meeting: str, at: datetime, key: PairKey) -> dict[str, list[Any]]:
    manager, person = key.manager, key.person
    ends = at + timedelta(minutes=30)
    kinds = (MailKind.TOPICS, MailKind.AGENDA, MailKind.FOLLOW_UP, MailKind.RECEIPT, MailKind.RECAP, MailKind.REMINDER)
    done, sent = ItemState.DONE, OutboxState.SENT
    return {
        "meetings": [Meeting(meeting, "series@google.com", at, ends, recurrence_id=at, first_seen=at)],
        "notes": [Note(f"n{i}{meeting}", at, Part.SUPPORT, WORDS * 2, manager, meeting=meeting) for i in range(4)],
        "action_items": [
            ActionItem(f"a{i}{meeting}", at, person, WORDS, manager, state=done, closed_at=ends) for i in range(2)
        ],
        "feedback": [
            Feedback(f"f{meeting}", at, WORDS, manager, at.date(), state=FeedbackState.CLOSED, meeting=meeting)
        ],
        "topics": [Topic(f"t{i}{meeting}", at, WORDS, person, state=done, meeting=meeting) for i in range(3)],
        "check_ins": [CheckIn(meeting, f"<c{meeting}@x>", 1, CheckInState.WRITTEN, said="Tuesday", start=at, end=ends)],
        "applied": [Applied(f"<{i}{meeting}@x>", at, manager, Outcome.ANSWER, meeting=meeting) for i in range(2)],
        "outbox": [
            row(f"{kind}:{meeting}", at, kind=kind, state=sent, meeting=meeting, message_id=f"<{kind}.{meeting}@x>")
            for kind in kinds
        ],
    }
