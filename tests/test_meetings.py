"""Which events are 1:1s, and which meeting an event is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from worker.meetings import LeftAlone, OneOnOne, Reading, World, judge, match, rhythm, status_of
from worker.model import Attendee, Event, MeetingStatus, Pair, PairKey, PairKind, PairState, Person, Policy
from worker.workdays import Clock

DANA = Person("dana@example.com", "Dana Kim", aliases=("dk@example.com",))
ALEX = "alex@example.com"
KEY = PairKey(DANA.email, ALEX)
POLICY = Policy(leave_alone="interview|disciplin", exclude=("boss@example.com",), ignore=("notes@bot.example",))
WORLD = World(POLICY, {DANA.email: DANA}, worker="one-on-ones@example.com")
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
CLOCK = Clock(ZoneInfo("Europe/Berlin"))


def event(start: str = "2026-11-05 10:00", **more: Any) -> Event:
    """Return an instance of a series of Dana and Alex."""
    begin = datetime.fromisoformat(start).replace(tzinfo=UTC)
    values: dict[str, object] = {
        "uid": "series",
        "recurrence_id": begin,
        "recurring": True,
        "summary": "Dana / Alex",
        "organizer": Attendee(DANA.email, "Dana Kim"),
        "attendees": (Attendee(DANA.email, partstat="ACCEPTED"), Attendee(ALEX, "Alex Moreno")),
        **more,
    }
    return Event(dtstart=begin, dtend=begin + timedelta(minutes=30), **values)  # type: ignore[arg-type]


def people(*addresses: str) -> dict[str, tuple[Attendee, ...]]:
    """Return attendees."""
    return {"attendees": tuple(Attendee(address) for address in (DANA.email, *addresses))}


def test_two_people_are_a_one_on_one() -> None:
    """Manager and one other make a pair, with the names that the calendar gives."""
    found = judge(event(), DANA, WORLD)
    assert isinstance(found, OneOnOne)
    assert (found.key, found.kind, found.names, found.gone) == (KEY, PairKind.DIRECT, ("Dana Kim", "Alex Moreno"), "")


@pytest.mark.parametrize(
    "more",
    [
        {"attendees": (Attendee("DK@example.com"), Attendee(ALEX))},
        {"attendees": (Attendee(DANA.email), Attendee(ALEX), Attendee("room@example.com", cutype="ROOM"))},
        {"attendees": (Attendee(DANA.email), Attendee(ALEX), Attendee("notes@bot.example"))},
        {"attendees": (Attendee(DANA.email), Attendee(ALEX), Attendee("one-on-ones@example.com"))},
        {"attendees": (Attendee(ALEX),)},
        {"organizer": Attendee("c_123@group.calendar.google.com")},
    ],
)
def test_aliases_rooms_bots_and_the_worker_do_not_count(more: dict[str, Any]) -> None:
    """What is no person, and the manager under another address, leaves it a 1:1."""
    assert isinstance(judge(event(**more), DANA, WORLD), OneOnOne)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (people(ALEX, "ben@example.com"), "3 people"),
        ({"attendees": (), "organizer": Attendee(DANA.email)}, "nobody else"),
        ({"all_day": True}, "all day"),
        ({"transparency": "TRANSPARENT"}, "free"),
        ({"kind": "out-of-office"}, "out of office"),
        ({"kind": "focus"}, "focus"),
        ({"sensitivity": "CONFIDENTIAL"}, "private"),
        ({"summary": "Disciplinary talk"}, "personnel"),
        ({"summary": "Vorstellungsgespräch"}, "personnel"),
        ({"attendees_complete": False}, "hidden"),
        (people("boss@example.com"), "excluded"),
        (people("eve@elsewhere.org"), "domain"),
        ({"recurring": False, "recurrence_id": None}, "single event"),
        ({"attendees": (Attendee(DANA.email), Attendee("team@example.com", cutype="GROUP"))}, "group"),
    ],
)
def test_what_is_left_alone_comes_with_its_reason(more: dict[str, Any], words: str) -> None:
    """Every event that is no 1:1 says why in words that a person understands."""
    found = judge(event(**more), DANA, WORLD)
    assert isinstance(found, LeftAlone)
    assert words in found.reason


@pytest.mark.parametrize(
    "who",
    [
        people("eve@elsewhere.org"),
        people("team@example.com", ALEX),
        {"attendees": (Attendee(DANA.email), Attendee("team@example.com", cutype="GROUP"))},
        {"attendees_complete": False},
    ],
)
def test_pitfall_16_nobody_is_written_to_who_might_be_somebody_else(who: dict[str, Any]) -> None:
    """Pitfall 16: an outsider, a group and guests that are hidden make no pair; only the manager's own address does."""
    assert isinstance(judge(event(**who), DANA, WORLD), LeftAlone)
    aliased = judge(event(attendees=(Attendee("dk@example.com"), Attendee(ALEX))), DANA, WORLD)
    assert isinstance(aliased, OneOnOne)
    assert aliased.key == KEY


def test_a_started_pair_counts_its_single_events() -> None:
    """Once a pair is known its two-person events count, series or not, outsiders or not."""
    world = replace(WORLD, states={KEY: PairState.STARTED})
    assert isinstance(judge(event(recurring=False, recurrence_id=None), DANA, world), OneOnOne)


def test_a_public_mail_domain_makes_no_colleagues() -> None:
    """Two people at a public mail service are not found by their domain."""
    owner = Person("dana@gmail.com", "Dana")
    one = event(organizer=Attendee(owner.email), attendees=(Attendee(owner.email), Attendee("x@gmail.com")))
    assert isinstance(judge(one, owner, replace(WORLD, managers={owner.email: owner})), LeftAlone)
    anyone = replace(WORLD, managers={owner.email: owner}, policy=replace(POLICY, domains=()))
    assert isinstance(judge(one, owner, anyone), OneOnOne)


def test_who_manages_whom() -> None:
    """`reports_to` decides; between peers the organizer is the manager; one's own manager is nobody's report."""
    alex = Person(ALEX, "Alex Moreno")
    world = replace(WORLD, managers={DANA.email: DANA, ALEX: alex})
    up = replace(world, reports_to={DANA.email: ALEX})
    found = judge(event(), DANA, up)
    assert isinstance(found, OneOnOne)
    assert (found.key, found.kind) == (PairKey(ALEX, DANA.email), PairKind.DIRECT)
    peers = judge(event(organizer=Attendee(ALEX)), DANA, world)
    assert isinstance(peers, OneOnOne)
    assert (peers.key, peers.kind) == (PairKey(ALEX, DANA.email), PairKind.PEER)
    unread = judge(event(), DANA, replace(WORLD, reports_to={DANA.email: ALEX}))
    assert isinstance(unread, LeftAlone)


# ----------------------------------------------------------------------------------------------------------- matching


def reading(*events: Event, first: bool = False) -> Reading:
    """Return a complete reading of Dana's calendar."""
    found = []
    for one in events:
        verdict = judge(one, DANA, replace(WORLD, states={KEY: PairState.STARTED}))
        assert isinstance(verdict, OneOnOne)
        found.append(verdict)
    calendars = frozenset({DANA.email})
    window = (NOW - timedelta(days=7), NOW + timedelta(days=75))
    return Reading(tuple(found), *window, calendars, calendars if first else frozenset())


def known(*events: Event) -> Pair:
    """Return a pair whose meetings were read from these events."""
    return match(Pair(KEY), reading(*events), NOW, CLOCK)


@pytest.mark.parametrize(
    "after",
    [
        event(summary="renamed"),
        event("2026-11-06 14:00", recurrence_id=datetime(2026, 11, 5, 10, tzinfo=UTC)),
        event(uid="recreated"),
        event("2026-11-05 15:00", uid="other-tool", recurrence_id=None, recurring=False),
    ],
    ids=["renamed", "moved", "recreated", "made by another tool"],
)
def test_a_meeting_outlives_its_event(after: Event) -> None:
    """Renamed, moved, recreated or made anew by another tool, it stays the same meeting."""
    before = known(event())
    found = match(before, reading(after), NOW, CLOCK)
    assert [meeting.id for meeting in found.meetings] == [before.meetings[0].id]
    assert found.meetings[0].start == after.dtstart
    assert found.meetings[0].status is MeetingStatus.PLANNED


def test_a_meeting_that_is_gone_is_cancelled_only_by_a_complete_reading() -> None:
    """Absence from an incomplete reading, from another window or of a past meeting says nothing."""
    before = known(event())
    assert match(before, reading(), NOW, CLOCK).meetings[0].status is MeetingStatus.CANCELLED
    unsure = replace(reading(), complete=frozenset())
    assert match(before, unsure, NOW, CLOCK) is before
    far = replace(reading(), end=NOW + timedelta(days=1))
    assert match(before, far, NOW, CLOCK) is before
    later = NOW + timedelta(days=5)
    assert status_of(match(before, reading(), later, CLOCK).meetings[0], later) is MeetingStatus.HELD


def test_cancelled_and_declined_events_cancel_their_meeting() -> None:
    """A cancelled instance, or one that either declined, is no meeting; accepted again it is one again."""
    before = known(event())
    for change in (
        {"status": "CANCELLED"},
        {"attendees": (Attendee(DANA.email), Attendee(ALEX, partstat="DECLINED"))},
        {"attendees": (Attendee(DANA.email, partstat="DECLINED"), Attendee(ALEX))},
    ):
        gone = match(before, reading(event(**change)), NOW, CLOCK)
        assert gone.meetings[0].status is MeetingStatus.CANCELLED
        assert match(gone, reading(event()), NOW, CLOCK).meetings[0].status is MeetingStatus.PLANNED


def test_the_past_of_a_new_calendar_is_history() -> None:
    """What ended more than an hour before the calendar was first read is remembered as history, not mail."""
    found = match(Pair(KEY), reading(event("2026-10-29 10:00"), event(), first=True), NOW, CLOCK)
    assert [meeting.history for meeting in found.meetings] == [True, False]


def test_short_notice() -> None:
    """Seen less than a business day ahead, or a single event beside a series: short notice."""
    series = event("2026-11-10 10:00")
    tomorrow_early = event("2026-11-03 08:00", uid="a", recurrence_id=None, recurring=False)
    beside = event("2026-11-12 10:00", uid="b", recurrence_id=None, recurring=False)
    found = match(Pair(KEY), reading(tomorrow_early, series, beside), NOW, CLOCK)
    assert [meeting.short_notice for meeting in found.meetings] == [True, False, True]
    alone = match(Pair(KEY), reading(beside), NOW, CLOCK)
    assert [meeting.short_notice for meeting in alone.meetings] == [False]


def test_an_event_in_two_calendars_is_one_meeting() -> None:
    """The manager's own copy is the one that is kept, since we may edit it."""
    one = judge(event(), DANA, replace(WORLD, states={KEY: PairState.STARTED}))
    assert isinstance(one, OneOnOne)
    copy = replace(one, calendar=ALEX, event=replace(one.event, uid="copy-of-another-server"))
    both = replace(reading(), found=(copy, one))
    found = match(Pair(KEY), both, NOW, CLOCK)
    assert [(meeting.uid, meeting.calendar, meeting.editable) for meeting in found.meetings] == [
        ("series", DANA.email, True)
    ]


def test_rhythm() -> None:
    """The usual time between meetings in days; nobody's rhythm where there are not two."""
    starts = ("2026-11-05 10:00", "2026-11-12 10:00", "2026-11-19 11:00", "2026-12-03 10:00")
    assert rhythm(known(*(event(start) for start in starts)).meetings) == timedelta(days=7)
    assert rhythm(known(event()).meetings) is None
