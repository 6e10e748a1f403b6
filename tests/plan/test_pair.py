"""What is due for one pair, and when: the table of product mails, moment by moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.model import (
    Applied,
    Busy,
    Desk,
    MailKind,
    Meeting,
    MeetingStatus,
    OutboxEntry,
    OutboxState,
    Outcome,
    Pair,
    PairKey,
    PairMail,
    PairState,
    Person,
    Policy,
    Topic,
)
from worker.plan import Plan, SendMail, SkipMail, Snapshot, WriteCalendar, plan

BERLIN = ZoneInfo("Europe/Berlin")
DANA = Person("dana@example.com", "Dana Kim", "Europe/Berlin")
ALEX = Person("alex@example.com", "Alex Moreno", "Europe/Berlin")
POLICY = Policy()


def at(text: str) -> datetime:
    """Return a moment in Berlin."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


LONG_AGO = at("2026-01-01 09:00")
TUESDAY = Meeting("m", "u", at("2026-11-03 10:00"), at("2026-11-03 10:30"), first_seen=LONG_AGO, recurring=True)


def world(*meetings: Meeting, **more: Any) -> Snapshot:
    """Return a started pair whose report was written to before."""
    names = ("outbox", "applied", "topics", "state", "mail", "started_at", "paused_until")
    fields = {name: more.pop(name) for name in names if name in more}
    values: dict[str, Any] = {"state": PairState.STARTED, "meetings": meetings or (TUESDAY,), **fields}
    defaults: dict[str, Any] = {
        "manager_desk": Desk(DANA.email),
        "person_desk": Desk(ALEX.email, first_mail_at=LONG_AGO),
        **more,
    }
    return Snapshot(Pair(PairKey(DANA.email, ALEX.email), **values), DANA, ALEX, **defaults)


def due(snapshot: Snapshot, moment: str, policy: Policy = POLICY) -> list[tuple[str, str]]:
    """Return kind and first name of every mail due at this moment."""
    actions = plan(at(moment), snapshot, policy).actions
    names = {DANA.email: "Dana", ALEX.email: "Alex"}
    return [(str(action.kind), names[action.to]) for action in actions if isinstance(action, SendMail)]


def sent(kind: MailKind, to: Person, meeting: Meeting, occasion: str, moment: str) -> OutboxEntry:
    """Return the row of a mail that went."""
    key = f"{kind} {meeting.id} {to.email} {occasion}"
    when = at(moment)
    return OutboxEntry(key, kind, to.email, when, OutboxState.SENT, meeting=meeting.id, sent_at=when)


TOPICS = sent(MailKind.TOPICS, ALEX, TUESDAY, "2026-11-03", "2026-10-30 09:00")
AGENDAS = tuple(sent(MailKind.AGENDA, who, TUESDAY, "2026-11-03", "2026-11-02 09:00") for who in (DANA, ALEX))
FORM = sent(MailKind.FOLLOW_UP, DANA, TUESDAY, "form", "2026-11-03 10:40")


@pytest.mark.parametrize(
    ("moment", "rows", "expected"),
    [
        ("2026-10-30 08:59", (), []),
        ("2026-10-30 09:00", (), [("topics", "Alex")]),
        ("2026-10-30 12:00", (TOPICS,), []),
        ("2026-11-02 08:59", (TOPICS,), []),
        ("2026-11-02 09:00", (TOPICS,), [("agenda", "Alex"), ("agenda", "Dana")]),
        ("2026-11-02 09:00", (), [("agenda", "Alex"), ("agenda", "Dana")]),
        ("2026-11-03 09:59", (TOPICS,), [("agenda", "Alex"), ("agenda", "Dana")]),
        ("2026-11-03 10:00", (TOPICS,), []),
        ("2026-11-03 10:39", (TOPICS, *AGENDAS), []),
        ("2026-11-03 10:40", (TOPICS, *AGENDAS), [("follow-up", "Dana")]),
        ("2026-11-03 23:00", (TOPICS, *AGENDAS), [("follow-up", "Dana")]),
        ("2026-11-06 10:29", (TOPICS, *AGENDAS), [("follow-up", "Dana")]),
        ("2026-11-06 10:31", (TOPICS, *AGENDAS), []),
        ("2026-11-04 08:59", (TOPICS, *AGENDAS, FORM), []),
        ("2026-11-04 09:00", (TOPICS, *AGENDAS, FORM), [("reminder", "Dana")]),
        ("2026-11-09 09:00", (TOPICS, *AGENDAS, FORM), []),
    ],
)
def test_the_mails_of_one_meeting(moment: str, rows: tuple[OutboxEntry, ...], expected: list[tuple[str, str]]) -> None:
    """Each mail is due from its moment on, until it is there or has become useless."""
    assert due(world(outbox=rows), moment) == expected


def test_what_became_too_late_is_remembered_for_the_digest() -> None:
    """An agenda that was not sent before the meeting, a form after three business days: skipped, with the reason."""
    actions = plan(at("2026-11-03 10:00"), world(), POLICY).actions
    assert [(action.kind, action.reason) for action in actions if isinstance(action, SkipMail)] == [
        ("agenda", "too late")
    ]
    actions = plan(at("2026-11-09 12:00"), world(outbox=AGENDAS), POLICY).actions
    assert [action.kind for action in actions if isinstance(action, SkipMail)] == ["follow-up"]


def test_the_form_waits_for_a_gap() -> None:
    """It comes in the first quarter hour that is free after the meeting, not between two meetings that touch."""
    busy = (Busy(at("2026-11-03 10:30"), at("2026-11-03 12:00")), Busy(at("2026-11-03 12:10"), at("2026-11-03 13:00")))
    snapshot = world(outbox=AGENDAS, busy=busy)
    assert due(snapshot, "2026-11-03 12:59") == []
    assert due(snapshot, "2026-11-03 13:00") == [("follow-up", "Dana")]
    assert due(snapshot, "2026-11-03 10:40", replace(POLICY, follow_up_gap=replace(POLICY.follow_up_gap, minutes=0)))


def test_quiet_hours_hold_back_all_but_the_form() -> None:
    """An evening's agenda waits for the morning; one that would come too late by that is skipped; the form goes."""
    seen = replace(TUESDAY, first_seen=at("2026-11-02 21:00"))
    snapshot = world(seen)
    assert due(snapshot, "2026-11-02 21:00") == []
    assert due(snapshot, "2026-11-03 07:00") == [("agenda", "Alex"), ("agenda", "Dana")]
    early = replace(seen, start=at("2026-11-03 06:30"), end=at("2026-11-03 06:50"))
    actions = plan(at("2026-11-02 21:00"), world(early), POLICY).actions
    assert {(action.kind, action.reason) for action in actions if isinstance(action, SkipMail)} == {
        ("agenda", "quiet hours until it was too late")
    }
    late = replace(TUESDAY, start=at("2026-11-03 20:00"), end=at("2026-11-03 20:30"))
    assert due(world(late, outbox=AGENDAS), "2026-11-03 20:40") == [("follow-up", "Dana")]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"state": PairState.FOUND}, [("welcome", "Dana")]),
        ({"state": PairState.LEFT}, []),
        ({"mail": PairMail.MANAGER}, [("agenda", "Dana")]),
        ({"mail": PairMail.NONE}, []),
        ({"paused_until": date(2026, 11, 5)}, []),
        ({"person_desk": Desk(ALEX.email, first_mail_at=LONG_AGO, stopped_at=LONG_AGO)}, [("agenda", "Dana")]),
        ({"manager_desk": Desk(DANA.email, stopped_at=LONG_AGO)}, []),
        ({"person_desk": Desk(ALEX.email)}, [("agenda", "Dana")]),
        ({"person_desk": Desk(ALEX.email, first_mail_at=LONG_AGO, away_until=date(2026, 11, 3))}, [("agenda", "Dana")]),
        ({"person_away": (Busy(at("2026-11-03 00:00"), at("2026-11-04 00:00"), away=True),)}, [("agenda", "Dana")]),
        ({"manager_away": (Busy(at("2026-11-03 00:00"), at("2026-11-04 00:00"), away=True),)}, [("agenda", "Alex")]),
    ],
)
def test_who_gets_an_agenda(more: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    """Not who said stop, is away, was never introduced, or belongs to a pair that is not started."""
    assert due(world(**more), "2026-11-02 09:30") == expected


@pytest.mark.parametrize(
    "more",
    [
        {"manager_desk": Desk(DANA.email, away_until=date(2026, 11, 4))},
        {"busy": (Busy(at("2026-11-03 00:00"), at("2026-11-05 00:00"), away=True),)},
    ],
)
def test_the_form_waits_for_an_absent_manager(more: dict[str, Any]) -> None:
    """Away by their own reply or over the meeting by their calendar: the form comes when they are back."""
    assert due(world(**more, outbox=AGENDAS), "2026-11-03 10:45") == []
    assert due(world(**more, outbox=AGENDAS), "2026-11-05 09:00") == [("follow-up", "Dana")]


def test_the_reminder_waits_for_an_absent_manager() -> None:
    """Who answers a form with an out-of-office reply is not reminded before the end of the absence."""
    away = world(manager_desk=Desk(DANA.email, away_until=date(2026, 11, 13)), outbox=(*AGENDAS, FORM))
    assert due(away, "2026-11-04 10:45") == []
    assert due(away, "2026-11-16 09:00") == [("reminder", "Dana")]


def test_short_notice_brings_the_report_nothing() -> None:
    """The manager gets agenda and form, the report neither topics nor agenda."""
    meeting = replace(TUESDAY, short_notice=True)
    assert due(world(meeting), "2026-11-02 12:00") == [("agenda", "Dana")]


def test_the_introduction_waits_a_business_day_after_the_yes() -> None:
    """The first mail to a report is an introduction, and never before the next working day at that hour."""
    new = {"person_desk": Desk(ALEX.email), "started_at": at("2026-10-30 10:00")}
    meeting = replace(TUESDAY, start=at("2026-11-05 10:00"), end=at("2026-11-05 10:30"))
    assert due(world(meeting, **new), "2026-11-02 09:59") == []
    actions = plan(at("2026-11-03 09:00"), world(meeting, **new), POLICY).actions
    assert [(action.kind, action.variant) for action in actions if isinstance(action, SendMail)] == [
        ("topics", "introduction")
    ]


def test_a_meeting_that_moves_to_another_day_gets_its_agenda_again() -> None:
    """A new agenda, built afresh, at the usual lead before the new day; none within the day."""
    moved = replace(TUESDAY, start=at("2026-11-06 10:00"), end=at("2026-11-06 10:30"), moved_from=TUESDAY.start)
    snapshot = world(moved, outbox=(TOPICS, *AGENDAS))
    assert due(snapshot, "2026-11-04 12:00") == [("topics", "Alex")]
    actions = plan(at("2026-11-05 09:00"), snapshot, POLICY).actions
    assert [(action.to, action.variant) for action in actions if isinstance(action, SendMail)] == [
        (ALEX.email, "moved"),
        (DANA.email, "moved"),
    ]
    within = replace(TUESDAY, start=at("2026-11-03 15:00"), end=at("2026-11-03 15:30"))
    assert due(world(within, outbox=(TOPICS, *AGENDAS)), "2026-11-02 12:00") == []


def test_late_topics_go_to_the_manager_an_hour_before() -> None:
    """Topics that come after the agenda went are mailed once more, an hour before, and only if there are any."""
    topic = Topic("t", at("2026-11-02 16:00"), "budget", ALEX.email)
    snapshot = world(outbox=(TOPICS, *AGENDAS), topics=(topic,))
    assert due(snapshot, "2026-11-03 08:59") == []
    assert due(snapshot, "2026-11-03 09:00") == [("agenda", "Dana")]
    early = replace(topic, at=at("2026-11-01 16:00"))
    assert due(world(outbox=(TOPICS, *AGENDAS), topics=(early,)), "2026-11-03 09:00") == []


def weekly(count: int) -> tuple[tuple[Meeting, ...], tuple[OutboxEntry, ...]]:
    """Return so many Tuesdays with their forms, nobody answering, the last on 3 November."""
    meetings, rows = [], []
    for back in range(count - 1, -1, -1):
        start = TUESDAY.start - timedelta(days=7 * back)
        one = replace(TUESDAY, id=f"m{back}", start=start, end=start + timedelta(minutes=30))
        meetings.append(one)
        when = (start + timedelta(minutes=40)).strftime("%Y-%m-%d %H:%M")
        rows.append(sent(MailKind.FOLLOW_UP, DANA, one, "form", when))
    return tuple(meetings), tuple(rows)


@pytest.mark.parametrize(("count", "expected"), [(3, [("reminder", "Dana")]), (4, [])])
def test_after_three_unanswered_forms_no_reminder(count: int, expected: list[tuple[str, str]]) -> None:
    """Three forms in a row unanswered: the next one brings no reminder."""
    meetings, rows = weekly(count)
    assert due(world(*meetings, outbox=rows), "2026-11-04 09:00") == expected


def test_after_five_unanswered_forms_no_form_and_any_reply_restores() -> None:
    """The sixth form is a line in the next agenda; one reply of the manager's brings mails back."""
    meetings, rows = weekly(6)
    unanswered = world(*meetings, outbox=rows[:5])
    assert due(unanswered, "2026-11-03 10:40") == []
    replied = Applied("<m>", at("2026-11-02 12:00"), DANA.email, Outcome.ANSWER, receipt=False)
    assert due(world(*meetings, outbox=rows[:5], applied=(replied,)), "2026-11-03 10:40") == [("follow-up", "Dana")]


def test_after_three_unanswered_topics_mails_the_agenda_asks() -> None:
    """Three topics mails without a reply: no fourth; the agenda copy asks in a line."""
    rows = tuple(
        replace(sent(MailKind.TOPICS, ALEX, TUESDAY, str(number), "2026-10-01 09:00"), meeting=str(number))
        for number in range(3)
    )
    assert due(world(outbox=rows), "2026-10-30 09:00") == []
    actions = plan(at("2026-11-02 09:00"), world(outbox=rows), POLICY).actions
    assert [action.about for action in actions if isinstance(action, SendMail) and action.to == ALEX.email] == [
        ("ask-topics",)
    ]


def test_a_missed_meeting_gets_no_form() -> None:
    """One that did not happen, was cancelled or is history brings nothing."""
    for change in ({"status": MeetingStatus.MISSED}, {"status": MeetingStatus.CANCELLED}, {"history": True}):
        meeting = replace(TUESDAY, **change)
        assert due(world(meeting, outbox=AGENDAS), "2026-11-03 11:00") == []


@settings(max_examples=150)
@given(
    moments=st.lists(
        st.datetimes(datetime(2026, 10, 28), datetime(2026, 11, 12), timezones=st.just(BERLIN)),  # noqa: DTZ001  # hypothesis takes naive bounds
        min_size=1,
        max_size=25,
    ),
    short=st.booleans(),
)
def test_however_the_clock_ticks_each_mail_goes_once(moments: list[datetime], short: bool) -> None:  # noqa: FBT001  # drawn
    """A worker that wakes at any moments sends each mail at most once, in no quiet hour but for the form."""
    snapshot = world(replace(TUESDAY, short_notice=short))
    keys: list[str] = []
    for moment in sorted(moments):
        made = plan(moment, snapshot, POLICY)
        assert isinstance(made, Plan)
        assert made.next_due is None or made.next_due > moment
        for action in made.actions:
            assert not isinstance(action, WriteCalendar)
            keys.append(action.key)
            if isinstance(action, SendMail):
                local = moment.astimezone(BERLIN)
                assert action.kind is MailKind.FOLLOW_UP or (7 <= local.hour < 19 and local.weekday() < 5)
                state = OutboxState.SENT
            else:
                state = OutboxState.GAVE_UP
            row = OutboxEntry(
                action.key,
                action.kind,
                action.to,
                moment,
                state,
                meeting=action.meeting,
                sent_at=moment,
            )
            pair = replace(snapshot.pair, outbox=(*snapshot.pair.outbox, row))
            snapshot = replace(snapshot, pair=pair)
    assert len(keys) == len(set(keys))


def test_waking_at_next_due_misses_nothing() -> None:
    """A worker that sleeps until `next_due` sends what one sends that wakes every minute."""

    def run(step: timedelta | None) -> list[tuple[str, str]]:
        snapshot, now, found = world(), at("2026-10-29 00:00"), []
        while now < at("2026-11-06 00:00"):
            made = plan(now, snapshot, POLICY)
            for action in made.actions:
                assert not isinstance(action, WriteCalendar)
                found.append((action.key, now.strftime("%d %H:%M")))
                row = OutboxEntry(action.key, action.kind, action.to, now, OutboxState.SENT, meeting="m", sent_at=now)
                snapshot = replace(snapshot, pair=replace(snapshot.pair, outbox=(*snapshot.pair.outbox, row)))
            if step is None and not made.actions and made.next_due is None:
                break
            now = (
                now + step
                if step
                else (made.next_due if not made.actions and made.next_due else now + timedelta(seconds=1))
            )
        return found

    assert {key for key, _ in run(None)} == {key for key, _ in run(timedelta(minutes=5))}
