"""When feedback comes back, and where: by mail, or in an agenda; and how often a review is followed up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from tests.plan.test_pair import ALEX, BERLIN, DANA, LONG_AGO, at, world
from worker.model import (
    Desk,
    Feedback,
    FeedbackState,
    Goal,
    ItemState,
    MailKind,
    Meeting,
    OutboxEntry,
    OutboxState,
    Policy,
    Review,
)
from worker.plan import SendMail, Snapshot, plan
from worker.plan.reviews import MARK, next_day, stand_in
from worker.plan.sessions import session_of
from worker.workdays import Clock

SHARED = Feedback("f1", at("2026-11-03 11:00"), "speak slower", DANA.email, date(2026, 11, 17), shared=LONG_AGO)
LAST = Meeting("m0", "u0", at("2026-11-03 10:00"), at("2026-11-03 10:30"), first_seen=LONG_AGO, confirmed=True)
CLOCK = Clock(BERLIN)


def coming(start: str) -> Meeting:
    """Return a later 1:1."""
    return Meeting("m1", "u1", at(start), at(start) + timedelta(minutes=30), first_seen=LONG_AGO)


def with_feedback(*feedback: Feedback, meetings: tuple[Meeting, ...] = (LAST,), **more: Any) -> Snapshot:
    """Return a pair with this feedback."""
    found = world(*meetings, **more)
    return replace(found, pair=replace(found.pair, feedback=feedback))


def check_ins(snapshot: Snapshot, moment: str) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return recipient, variant and subject matter of the check-ins due at a moment."""
    actions = plan(at(moment), snapshot, Policy()).actions
    return [
        (action.to, action.variant, action.about)
        for action in actions
        if isinstance(action, SendMail) and action.kind is MailKind.CHECK_IN
    ]


def asked(moment: str, to: str = DANA.email, about: tuple[str, ...] = ("f1",)) -> OutboxEntry:
    """Return the row of a check-in that went."""
    when = at(moment)
    return OutboxEntry(f"c {moment}", MailKind.CHECK_IN, to, when, OutboxState.SENT, sent_at=when, about=about)


def test_it_goes_to_its_author_and_to_whom_it_was_shared_with() -> None:
    """Both are asked on the morning of the day; nobody before."""
    assert check_ins(with_feedback(SHARED), "2026-11-17 08:59") == []
    found = check_ins(with_feedback(SHARED), "2026-11-17 09:00")
    assert found == [(ALEX.email, "usual", ("f1",)), (DANA.email, "usual", ("f1",))]


@pytest.mark.parametrize("change", [{"shared": None}, {"private": True}])
def test_what_was_not_shared_comes_back_to_its_author_alone(change: dict[str, Any]) -> None:
    """Unshared and private feedback never reaches the other person."""
    found = check_ins(with_feedback(replace(SHARED, **change)), "2026-11-17 09:00")
    assert [to for to, _, _ in found] == [DANA.email]


def test_who_stopped_or_cannot_be_reached_is_not_asked() -> None:
    """A stop and a bounce hold for check-ins too."""
    stopped = with_feedback(SHARED, person_desk=Desk(ALEX.email, stopped_at=LONG_AGO))
    assert [to for to, _, _ in check_ins(stopped, "2026-11-17 09:00")] == [DANA.email]
    bounced = with_feedback(SHARED, person_desk=Desk(ALEX.email, bounced_at=LONG_AGO))
    assert [to for to, _, _ in check_ins(bounced, "2026-11-17 09:00")] == [DANA.email]


def test_an_absence_is_waited_for() -> None:
    """An absent manager is asked on the first working day after it."""
    away = with_feedback(SHARED, manager_desk=Desk(DANA.email, away_until=date(2026, 11, 20)))
    assert [to for to, _, _ in check_ins(away, "2026-11-17 09:00")] == [ALEX.email]
    assert DANA.email in [to for to, _, _ in check_ins(away, "2026-11-23 09:00")]


@pytest.mark.parametrize(
    ("start", "mail"),
    [("2026-11-17 10:00", False), ("2026-11-20 10:00", False), ("2026-11-23 10:00", True), ("2026-11-16 10:00", True)],
)
def test_a_meeting_within_three_business_days_takes_its_place(start: str, mail: bool) -> None:  # noqa: FBT001
    """On the day or up to three business days after it the agenda carries it; else a mail does."""
    found = check_ins(with_feedback(SHARED, meetings=(LAST, coming(start))), "2026-11-17 09:00")
    assert bool(found) is mail


def test_an_informal_check_in_waits_for_no_meeting() -> None:
    """Who asks for a check-in between the meetings gets it that day, unless they meet on it."""
    informal = replace(SHARED, informal=True, shared=None)
    assert check_ins(with_feedback(informal, meetings=(LAST, coming("2026-11-18 10:00"))), "2026-11-17 09:00")
    assert not check_ins(with_feedback(informal, meetings=(LAST, coming("2026-11-17 10:00"))), "2026-11-17 09:00")


def test_it_is_asked_once_more_and_then_no_more() -> None:
    """Three business days after the first; two rows end it; a renewed day begins anew."""
    once = with_feedback(replace(SHARED, shared=None), outbox=(asked("2026-11-17 09:00"),))
    assert check_ins(once, "2026-11-19 18:00") == []
    assert check_ins(once, "2026-11-20 09:00") == [(DANA.email, "again", ("f1",))]
    twice = (asked("2026-11-17 09:00"), asked("2026-11-20 09:00"))
    assert check_ins(with_feedback(replace(SHARED, shared=None), outbox=twice), "2026-12-20 09:00") == []
    renewed = replace(SHARED, shared=None, follow_up_on=date(2026, 12, 1))
    assert check_ins(with_feedback(renewed, outbox=twice), "2026-12-01 09:00") == [(DANA.email, "usual", ("f1",))]


def test_closed_and_paused_ones_do_not_come_back() -> None:
    """What was closed stays closed, and a pause holds everything."""
    assert check_ins(with_feedback(replace(SHARED, state=FeedbackState.CLOSED)), "2026-11-17 09:00") == []
    paused = with_feedback(SHARED, paused_until=date(2026, 12, 1))
    assert check_ins(paused, "2026-11-17 09:00") == []
    assert check_ins(paused, "2026-12-01 09:00")


# ----------------------------------------------------------------------------------------------- reviews and sessions


def test_a_goal_gets_its_rhythm_from_itself_or_from_the_review() -> None:
    """Its own comes first; without a review and without one it is only listed."""
    goal = Goal("g1", at("2026-11-03 11:00"), "ship", DANA.email)
    pair = replace(world().pair, goals=(goal,))
    assert next_day(pair, goal, Policy(), CLOCK) is None
    own = replace(goal, every=28)
    assert next_day(replace(pair, goals=(own,)), own, Policy(), CLOCK) == date(2026, 12, 1)
    reviewed = replace(pair, reviews=(Review("r1", at("2026-11-03 11:00"), DANA.email),))
    assert next_day(reviewed, goal, Policy(), CLOCK) == date(2026, 11, 3) + timedelta(days=91)


def test_a_follow_up_stands_in_the_last_agenda_before_its_day() -> None:
    """With weekly 1:1s it is the one before the day, never one after it."""
    goal = Goal("g1", at("2026-11-03 11:00"), "ship", DANA.email, every=28)
    meetings = tuple(
        Meeting(f"w{week}", "u", at("2026-11-03 10:00") + timedelta(days=7 * week), at("2026-11-03 11:00"))
        for week in range(8)
    )
    pair = replace(world(*meetings).pair, goals=(goal,))
    assert next(one.id for one in meetings if stand_in(pair, one, Policy(), CLOCK)) == "w4"
    done = replace(pair, goals=(replace(goal, state=ItemState.DONE),))
    assert not any(stand_in(done, meeting, Policy(), CLOCK) for meeting in meetings)


def test_what_an_agenda_followed_up_waits_for_the_next_time() -> None:
    """The row of an agenda that carried it begins the next stretch."""
    goal = Goal("g1", at("2026-11-03 11:00"), "ship", DANA.email, every=28)
    sent = at("2026-11-30 09:00")
    carried = OutboxEntry("a", MailKind.AGENDA, DANA.email, sent, OutboxState.SENT, sent_at=sent, about=(MARK + "g1",))
    pair = replace(world(outbox=(carried,)).pair, goals=(goal,))
    assert next_day(pair, goal, Policy(), CLOCK) == date(2026, 12, 28)


def test_the_kind_of_a_session() -> None:
    """A word in the title chooses it, a mail stands above the title, and anything else is status."""
    policy = Policy(sessions=(("career", "career|growth talk"), ("review", "performance review")))
    assert session_of(replace(LAST, summary="Career chat"), policy) == "career"
    assert session_of(replace(LAST, summary="Q4 performance review"), policy) == "review"
    assert session_of(replace(LAST, summary="Careers page"), policy) == "status"
    assert session_of(replace(LAST, summary="Career chat", session="review"), policy) == "review"
