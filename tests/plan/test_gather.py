"""Mails of several pairs that make one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from worker.model import Desk, MailKind, Meeting, MeetingStatus, OutboxEntry, Pair, PairKey, PairState
from worker.plan import SendMail, gather
from worker.plan.bundle import full_days, keys_of, share_of, with_shares
from worker.workdays import Clock

AT = datetime(2026, 11, 4, 8, tzinfo=UTC)
DANA = "dana@example.com"


def wish(kind: MailKind, person: str, about: str) -> SendMail:
    """Return what the plan of one pair asks for."""
    key = PairKey(DANA, person)
    return SendMail(f"{kind} {person}", str(key), kind, DANA, AT, key, "m", variant="one", about=(about,))


def test_people_found_together_are_one_welcome() -> None:
    """One welcome lists everybody, under a key that names them all."""
    actions = gather([wish(MailKind.WELCOME, "b@x", "b@x"), wish(MailKind.WELCOME, "a@x", "a@x")])
    assert [(action.about, action.record, action.pair) for action in actions if isinstance(action, SendMail)] == [
        (("a@x", "b@x"), DANA, None)
    ]


def test_one_form_is_reminded_in_its_conversation_and_several_in_one_mail() -> None:
    """A reminder of one form stays with its pair; of several it is one mail at the manager's desk."""
    one = gather([wish(MailKind.REMINDER, "a@x", "form a")])
    assert [action.record for action in one if isinstance(action, SendMail)] == [f"{DANA} a@x"]
    both = gather([wish(MailKind.REMINDER, "a@x", "form a"), wish(MailKind.REMINDER, "b@x", "form b")])
    assert [(action.record, action.variant, action.about) for action in both if isinstance(action, SendMail)] == [
        (DANA, "several", ("form a", "form b"))
    ]


@pytest.mark.parametrize("kind", [MailKind.AGENDA, MailKind.FOLLOW_UP])
def test_mails_of_a_full_day_are_one_in_time_order(kind: MailKind) -> None:
    """What the plan marked as of one day is one mail at the manager's desk, its parts in the order of the meetings."""
    parts = [replace(wish(kind, person, ""), meeting=f"m{person[0]}", bundle="2026-11-03") for person in ("a@x", "b@x")]
    starts = {"ma": AT + timedelta(hours=2), "mb": AT + timedelta(hours=1)}
    (one,) = gather(parts, starts)
    assert isinstance(one, SendMail)
    assert (one.record, one.variant, one.pair, one.meeting) == (DANA, "day", None, "")
    assert [part.pair for part in one.parts] == [PairKey(DANA, "b@x"), PairKey(DANA, "a@x")]
    assert one.about == tuple(part.key for part in one.parts)
    assert gather(parts[:1], starts) == tuple(parts[:1])
    other = replace(parts[1], bundle="2026-11-04")
    assert len(gather([parts[0], other], starts)) == 2


def test_one_mail_of_a_person_gets_one_receipt() -> None:
    """Receipts of several pairs for one mail are one; those for two mails are two."""
    first = [replace(wish(MailKind.RECEIPT, person, ""), key="receipt <1>", cause="<1>") for person in ("a@x", "b@x")]
    second = replace(wish(MailKind.RECEIPT, "a@x", ""), key="receipt <2>", cause="<2>")
    found = gather([*first, second])
    assert [(one.key, len(one.parts)) for one in found if isinstance(one, SendMail)] == [
        ("receipt <1>", 2),
        ("receipt <2>", 0),
    ]


def test_a_pair_sees_its_share_of_a_joined_mail() -> None:
    """A joined mail stands in each pair's rows under the key that its own would have had, with the slot of its own."""
    start = AT + timedelta(days=1)
    meeting = Meeting("m1", "u", start, start + timedelta(minutes=30))
    pair = Pair(PairKey(DANA, "a@x"), meetings=(meeting,))
    about = (share_of(f"follow-up m1 {DANA} form", start), share_of(f"follow-up m2 {DANA} form", None))
    row = OutboxEntry("follow-up day", MailKind.FOLLOW_UP, DANA, AT, about=about, numbers=("x",))
    (share,) = with_shares(pair, Desk(DANA, outbox=(row,))).outbox
    assert (share.key, share.meeting, share.proposal, share.numbers) == (
        f"follow-up m1 {DANA} form",
        "m1",
        start,
        ("x",),
    )
    assert keys_of(about) == {f"follow-up m1 {DANA} form", f"follow-up m2 {DANA} form"}


@pytest.mark.parametrize(("least", "days"), [(0, 0), (2, 1), (3, 0)])
def test_a_day_is_full_from_so_many_on(least: int, days: int) -> None:
    """Only started pairs and meetings that stand count; the end of the last is remembered."""
    clock = Clock(ZoneInfo("UTC"))
    one = Meeting("m1", "u", AT, AT + timedelta(minutes=30))
    two = Meeting("m2", "v", AT + timedelta(hours=3), AT + timedelta(hours=4))
    lost = replace(two, id="m3", status=MeetingStatus.CANCELLED)
    started = [
        Pair(PairKey(DANA, f"{name}@x"), state=PairState.STARTED, meetings=(meeting,))
        for name, meeting in (("a", one), ("b", two), ("c", lost))
    ]
    found = Pair(PairKey(DANA, "d@x"), state=PairState.FOUND, meetings=(replace(one, id="m4"),))
    full = full_days([*started, found], clock, least)
    assert len(full) == days
    assert all(end == two.end for end in full.values())
