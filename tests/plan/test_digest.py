from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from worker.model import (
    ActionItem,
    Desk,
    Feedback,
    FeedbackAnswer,
    FeedbackState,
    Lead,
    MailKind,
    Meeting,
    MeetingStatus,
    OutboxEntry,
    OutboxState,
    Pair,
    PairKey,
    PairMail,
    PairState,
)
from worker.plan import digest
from worker.workdays import Clock

ZONE = ZoneInfo("America/New_York")
CLOCK = Clock(ZONE, quiet=(time(19), time(7)))
DANA, ALEX = "dana@example.com", "alex@example.com"
KEY = PairKey(DANA, ALEX)
MONDAY = datetime(2026, 11, 9, 8, tzinfo=ZONE)
FIRST = date(2026, 12, 7)
WEEK = timedelta(days=7)
PAIR = Pair(KEY, state=PairState.STARTED, started_at=MONDAY - 4 * WEEK, person_name="Alex Moreno")
ITEM = ActionItem("a", MONDAY - WEEK, ALEX, "send the plan", DANA, date(2026, 11, 12))
FEEDBACK = Feedback("f", MONDAY - WEEK, "clear slides", DANA, date(2026, 11, 11))


def met(day: datetime, **changes: object) -> Meeting:
    """Return half an hour together."""
    made = Meeting(f"m{day:%m%d}", f"u{day:%m%d}", day, day + timedelta(minutes=30))
    return replace(made, **changes)  # type: ignore[arg-type]  # fields of a meeting


def seat(*pairs: Pair, **changes: object) -> digest.Seat:
    """Return a manager's seat with these pairs."""
    return replace(digest.Seat(Desk(DANA), CLOCK, pairs), **changes)  # type: ignore[arg-type]


def variants(now: datetime, at: digest.Seat) -> list[str]:
    """Return which digests are due."""
    return [one.variant for one in digest.plan_digests(now, at).actions if hasattr(one, "variant")]


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        (MONDAY - timedelta(seconds=1), False),
        (MONDAY, True),
        (MONDAY.astimezone(UTC), True),
        (MONDAY + timedelta(hours=10, minutes=59), True),
        (MONDAY + timedelta(hours=11), False),
        (MONDAY + timedelta(days=1), False),
        (MONDAY - timedelta(days=1), False),
    ],
)
def test_monday_at_eight_on_the_readers_clock(moment: datetime, due: bool) -> None:  # noqa: FBT001
    """From Monday 08:00 until the quiet hours of that day, and at no other time."""
    assert variants(moment, seat(replace(PAIR, action_items=(ITEM,)))) == (["weekly"] if due else [])


@pytest.mark.parametrize(
    ("pair", "something"),
    [
        (PAIR, False),
        (replace(PAIR, action_items=(ITEM,)), True),
        (replace(PAIR, action_items=(replace(ITEM, due=date(2026, 10, 1)),)), True),
        (replace(PAIR, action_items=(replace(ITEM, due=date(2026, 11, 16)),)), True),
        (replace(PAIR, action_items=(replace(ITEM, due=date(2026, 11, 17)),)), False),
        (replace(PAIR, action_items=(replace(ITEM, due=None),)), False),
        (replace(PAIR, action_items=(replace(ITEM, at=MONDAY + timedelta(hours=1)),)), False),
        (replace(PAIR, feedback=(FEEDBACK,)), True),
        (replace(PAIR, feedback=(replace(FEEDBACK, follow_up_on=date(2026, 11, 17)),)), False),
        (replace(PAIR, feedback=(replace(FEEDBACK, state=FeedbackState.CLOSED),)), False),
        (replace(PAIR, feedback=(replace(FEEDBACK, author=ALEX, private=True),)), False),
        (replace(PAIR, feedback=(FEEDBACK,), state=PairState.ENDED), False),
        (replace(PAIR, feedback=(FEEDBACK,), mail=PairMail.NONE), False),
        (replace(PAIR, feedback=(FEEDBACK,), paused_until=date(2026, 11, 10)), False),
        (replace(PAIR, feedback=(FEEDBACK,), paused_until=date(2026, 11, 9)), True),
    ],
)
def test_only_when_there_is_something(pair: Pair, something: bool) -> None:  # noqa: FBT001
    """A promise or feedback due within the week, of a pair that is followed, before that Monday."""
    assert bool(variants(MONDAY, seat(pair))) == something


@pytest.mark.parametrize(
    ("planned_at", "state", "something"),
    [
        (MONDAY - timedelta(days=2), OutboxState.GAVE_UP, True),
        (MONDAY - timedelta(days=2), OutboxState.UNKNOWN, True),
        (MONDAY - timedelta(days=2), OutboxState.SENT, False),
        (MONDAY - timedelta(days=8), OutboxState.GAVE_UP, False),
        (MONDAY + timedelta(hours=1), OutboxState.GAVE_UP, False),
    ],
)
def test_what_was_not_sent(planned_at: datetime, state: OutboxState, something: bool) -> None:  # noqa: FBT001
    """A mail of the week before that did not go out is worth a digest."""
    row = OutboxEntry("k", MailKind.AGENDA, DANA, planned_at, state, error="too late")
    assert bool(variants(MONDAY, seat(replace(PAIR, outbox=(row,))))) == something


def test_a_row_in_whatever_state_is_not_planned_again() -> None:
    """One digest for one Monday."""
    pair = replace(PAIR, action_items=(ITEM,))
    (action,) = digest.plan_digests(MONDAY, seat(pair)).actions
    for state in OutboxState:
        row = OutboxEntry(action.key, MailKind.DIGEST, DANA, MONDAY, state)
        assert variants(MONDAY, seat(pair, desk=Desk(DANA, outbox=(row,)))) == []


@pytest.mark.parametrize("desk", [{"stopped_at": MONDAY}, {"bounced_at": MONDAY}, {"away_until": MONDAY.date()}])
def test_silence(desk: dict[str, object]) -> None:
    """Who said stop, cannot be reached, or is away gets none."""
    silent = replace(Desk(DANA), **desk)  # type: ignore[arg-type]
    at = seat(replace(PAIR, action_items=(ITEM,)), desk=silent)
    assert variants(MONDAY, at) == []
    assert not digest.may_be_due(MONDAY, silent, CLOCK)


def test_when_to_look_again() -> None:
    """The next Monday, 08:00, over a change of the clock too."""
    assert digest.next_look(MONDAY, CLOCK) == MONDAY + WEEK
    assert digest.next_look(MONDAY - timedelta(minutes=1), CLOCK) == MONDAY
    before = datetime(2026, 10, 30, 12, tzinfo=ZONE)
    assert digest.next_look(before, CLOCK) == datetime(2026, 11, 2, 8, tzinfo=ZONE)


def test_causes_of_four_weeks() -> None:
    """Each cause that a person named is counted; what was answered better, or long ago, is not."""
    answers = tuple(
        FeedbackAnswer(MONDAY - timedelta(days=days), DANA, word)
        for days, word in ((1, "forgot"), (20, "forgot"), (3, "no-time"), (2, "better"), (30, "not-needed"))
    )
    pair = replace(PAIR, feedback=(replace(FEEDBACK, answers=answers),))
    assert digest.causes(MONDAY, [pair]) == {"forgot": 2, "no-time": 1, "not-needed": 0}


@pytest.mark.parametrize(
    ("meetings", "due"),
    [
        ((), True),
        ((met(MONDAY - 8 * WEEK),), True),
        ((met(MONDAY - 7 * WEEK),), False),
        ((met(MONDAY - 8 * WEEK), met(MONDAY + WEEK)), False),
        ((met(MONDAY - 8 * WEEK), met(MONDAY + WEEK, status=MeetingStatus.CANCELLED)), True),
        ((met(MONDAY - 9 * WEEK), met(MONDAY - WEEK, status=MeetingStatus.MISSED)), True),
    ],
)
def test_who_is_due(meetings: tuple[Meeting, ...], due: bool) -> None:  # noqa: FBT001
    """Eight weeks after the last one that was held, and with none in the calendar."""
    at = seat(replace(PAIR, meetings=meetings), every={KEY: Lead(days=56)})
    assert bool(digest.rotation(MONDAY, at)) == due
    assert digest.rotation(MONDAY, replace(at, every={})) == ()


def test_who_waited_longest_stands_first() -> None:
    """Whoever had none at all comes before those whose last one is long ago."""
    keys = [PairKey(DANA, f"p{n}@example.com") for n in range(3)]
    last: list[tuple[Meeting, ...]] = [(met(MONDAY - 9 * WEEK),), (), (met(MONDAY - 10 * WEEK),)]
    pairs = [replace(PAIR, key=key, meetings=held) for key, held in zip(keys, last, strict=True)]
    found = digest.rotation(MONDAY, seat(*pairs, every=dict.fromkeys(keys, Lead(days=56))))
    assert [turn.key for turn in found] == [keys[1], keys[2], keys[0]]


def test_each_day_is_counted_once() -> None:
    """The days of two first Mondays that follow each other touch and do not overlap, and end before the preview."""
    monday = date(2026, 1, 5)
    spans = []
    while monday.year < 2029:
        if digest.is_first(monday):
            first, last = digest.counted_days(monday)
            assert last == monday - timedelta(days=8)
            spans.append((first, last))
        monday += WEEK
    assert all(later[0] - earlier[1] == timedelta(days=1) for earlier, later in pairwise(spans))


def test_the_numbers_that_go_up_are_those_that_were_shown() -> None:
    """They are remembered with the digest in which the manager saw them."""
    november = tuple(met(datetime(2026, 11, day, 10, tzinfo=ZONE)) for day in (3, 10, 17, 24))
    pair = replace(PAIR, meetings=november)
    preview = datetime(2026, 11, 30, 8, tzinfo=ZONE)
    (action,) = digest.plan_digests(preview, seat(pair, counted=True)).actions
    row = OutboxEntry(action.key, MailKind.DIGEST, DANA, preview, about=getattr(action, "about", ()))
    found = digest.told(Desk(DANA, outbox=(row,)), FIRST)
    assert found is not None
    assert (found.planned, found.held, found.waiting) == (4, 4, 5)
    assert digest.told(Desk(DANA), FIRST) is None


def test_nothing_goes_up_where_nobody_gets_it() -> None:
    """Without a manager's manager there is no preview, and no monthly digest for whom nobody reports to."""
    assert variants(datetime(2026, 11, 30, 8, tzinfo=ZONE), seat(PAIR)) == []
    assert variants(datetime(2026, 12, 7, 8, tzinfo=ZONE), seat(PAIR)) == []
    assert variants(datetime(2026, 12, 7, 8, tzinfo=ZONE), seat(counts=True)) == ["monthly"]
    assert variants(datetime(2026, 12, 14, 8, tzinfo=ZONE), seat(counts=True)) == []


def test_numbers_count_what_they_say() -> None:
    """Held, confirmed, cancelled or missed, and follow-ups kept of those that came back."""
    days = digest.counted_days(FIRST)
    meetings = (
        met(datetime(2026, 11, 3, 10, tzinfo=ZONE), confirmed=True),
        met(datetime(2026, 11, 10, 10, tzinfo=ZONE), status=MeetingStatus.MISSED, confirmed=True),
        met(datetime(2026, 11, 17, 10, tzinfo=ZONE), status=MeetingStatus.CANCELLED),
        met(datetime(2026, 11, 24, 10, tzinfo=ZONE)),
        met(datetime(2026, 12, 1, 10, tzinfo=ZONE)),
    )
    answers = tuple(
        FeedbackAnswer(datetime(2026, 11, day, 10, tzinfo=ZONE), DANA, word)
        for day, word in ((5, "forgot"), (12, "better"))
    )
    feedback = (replace(FEEDBACK, state=FeedbackState.CLOSED, answers=answers), replace(FEEDBACK, id="g"))
    found = digest.numbers(
        [replace(PAIR, meetings=meetings, feedback=feedback)], days, datetime(2026, 12, 2, tzinfo=ZONE), CLOCK
    )
    assert (found.planned, found.held, found.confirmed, found.cancelled) == (4, 2, 1, 2)
    assert (found.kept, found.came_back) == (1, 3)


def test_the_cadence() -> None:
    """One letter a week, oldest first; this week does not count yet."""
    meetings = (
        met(MONDAY - 4 * WEEK),
        met(MONDAY - 3 * WEEK, status=MeetingStatus.MISSED),
        met(MONDAY - WEEK, status=MeetingStatus.CANCELLED),
        met(MONDAY - WEEK + timedelta(days=2)),
        met(MONDAY + timedelta(hours=2)),
    )
    assert digest.cadence(replace(PAIR, meetings=meetings), MONDAY, CLOCK, 5) == "-hm-h"
