"""Sample content for a preview: what a pair lacks for a mail of some kind is added, what it has is left as it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from worker import apply as applying
from worker.apply import Arrival
from worker.commands.picture import coming
from worker.compose.recap import recap_of
from worker.model import (
    ActionItem,
    Applied,
    Ask,
    AskReason,
    CalendarOperation,
    CheckIn,
    CheckInState,
    Feedback,
    FeedbackState,
    MailKind,
    Meeting,
    MeetingStatus,
    OutboxEntry,
    OutboxState,
    Outcome,
    Pair,
    Part,
    Reply,
    Topic,
    WrittenFeedback,
    WrittenItem,
    WrittenNote,
)
from worker.plan import SendMail
from worker.tick.office import Office
from worker.workdays import Clock

_BEFORE = frozenset({MailKind.TOPICS, MailKind.AGENDA})
_ANSWERS = frozenset({MailKind.RECEIPT, MailKind.QUESTION, MailKind.RECAP})
_SOURCE = "<sample@preview.invalid>"
_PAST_SHOWN, _MISSED = 5, 2
_ADDED = ("meetings", "applied", "topics", "feedback", "action_items", "check_ins", "outbox")
_FOR_PERSON = frozenset({MailKind.TOPICS, MailKind.RECAP, MailKind.INVITATION})


def with_sample(
    office: Office, pair: Pair, kind: MailKind, now: datetime, *, to_person: bool | None = None
) -> tuple[Pair, SendMail]:
    """Return the pair with what the mail is about, and the mail to make. `to_person`: whose copy, None: the usual."""
    here = office.clock(office.manager_of(pair), now)
    pair, meeting = _upcoming(pair, here, now) if kind in _BEFORE else _held(pair, here, now)
    about: tuple[str, ...] = ()
    cause = ""
    if kind in _ANSWERS:
        pair, applied = _answered(office, pair, meeting, here, now, ask=kind is MailKind.QUESTION)
        cause, meeting = applied.message_id, _meeting(pair, applied, meeting)
        if kind is MailKind.RECAP:
            pair = _shared(pair, meeting, now)
    elif kind is MailKind.AGENDA:
        pair = _with_topic(pair, now)
    elif kind is MailKind.CHECK_IN:
        pair, about = _with_feedback(pair, meeting, now)
    elif kind is MailKind.REMINDER:
        pair, about = _with_form(pair, meeting, now)
    elif kind is MailKind.INVITATION:
        pair, about = _with_check_in(pair, meeting, here, now)
    elif kind is MailKind.WELCOME:
        about = (pair.key.person,)
    elif kind is MailKind.DIGEST:
        pair = _with_week(_with_feedback(pair, meeting, now)[0], meeting, here, now)
    return pair, SendMail(
        key=f"preview {kind} {meeting.id}",
        record=str(pair.key),
        kind=kind,
        to=pair.key.person if (kind in _FOR_PERSON if to_person is None else to_person) else pair.key.manager,
        at=now,
        pair=pair.key,
        meeting=meeting.id,
        variant=_variant(pair, kind),
        cause=cause,
        about=about,
    )


def is_sample(pair: Pair, made: Pair, kind: MailKind) -> bool:
    """Whether what a mail of this kind is about was made up: the pair itself has nothing for it yet."""
    # What a notice tells of has not happened.
    return kind is MailKind.NOTICE or any(len(getattr(made, part)) > len(getattr(pair, part)) for part in _ADDED)


def _variant(pair: Pair, kind: MailKind) -> str:
    if kind is MailKind.TOPICS:
        sent = any(row.kind is MailKind.TOPICS for row in pair.outbox)
        return "usual" if sent else "introduction"
    return {
        MailKind.WELCOME: "first",
        MailKind.REMINDER: "one",
        MailKind.INVITATION: "request",
        MailKind.NOTICE: "deleted",
        MailKind.DIGEST: "weekly",
    }.get(kind, "usual")


def _upcoming(pair: Pair, here: Clock, now: datetime) -> tuple[Pair, Meeting]:
    found = coming(pair, now)
    if found is not None:
        return pair, found
    start = here.at(here.workdays_after(here.day(now), 1), time(10))
    return _with_meeting(pair, start)


def _held(pair: Pair, here: Clock, now: datetime) -> tuple[Pair, Meeting]:
    over = [one for one in pair.meetings if one.status is MeetingStatus.PLANNED and one.end <= now]
    if over:
        return pair, max(over, key=lambda one: one.end)
    start = (now - timedelta(minutes=45)).astimezone(here.zone).replace(second=0, microsecond=0)
    return _with_meeting(pair, start)


def _with_meeting(pair: Pair, start: datetime) -> tuple[Pair, Meeting]:
    made = Meeting(
        id="sample",
        uid="sample@preview.invalid",
        start=start,
        end=start + timedelta(minutes=30),
        tzid=str(start.tzinfo),
        summary="1:1",
    )
    return replace(pair, meetings=(*pair.meetings, made)), made


def _meeting(pair: Pair, applied: Applied, usual: Meeting) -> Meeting:
    return next((one for one in pair.meetings if one.id == applied.meeting), usual)


def _answered(  # the parts of one answer
    office: Office, pair: Pair, meeting: Meeting, here: Clock, now: datetime, *, ask: bool
) -> tuple[Pair, Applied]:
    manager = pair.key.manager
    real = [one for one in pair.applied if one.author == manager and one.receipt and bool(one.ask) is ask]
    if real:
        return pair, real[-1]
    day = here.workday_on_or_after(here.day(now) + timedelta(days=14))
    wished = here.at(day, meeting.start.astimezone(here.zone).time())
    reply = _sample_reply(pair, day)
    if ask:
        other = here.at(here.workdays_after(day, 5), wished.time())
        reply = replace(
            reply,
            next_check_in=Ask(AskReason.AMBIGUOUS, (wished, other), f"{wished:%A}"),
            next_check_in_text=f"{wished:%A}",
        )
    arrival = Arrival(
        message_id=_SOURCE,
        digest="",
        at=now,
        author=manager,
        outcome=Outcome.ANSWER,
        policy=office.policy,
        clock=here,
        meeting=meeting,
        relative=not ask,
    )
    after = applying.apply(pair, reply, arrival)
    decided = tuple(
        replace(one, state=CheckInState.RECORDED, start=wished, end=wished + (meeting.end - meeting.start))
        if one.source == _SOURCE and one.state is CheckInState.WISHED
        else one
        for one in after.check_ins
    )
    after = replace(after, check_ins=decided)
    return after, next(one for one in after.applied if one.message_id == _SOURCE)


def _sample_reply(pair: Pair, day: date) -> Reply:
    return Reply(
        message_id=_SOURCE,
        notes=(
            WrittenNote("The demo went well; two customers asked for it.", Part.HIGHLIGHTS, label="Highlights:"),
            WrittenNote("The migration goes before new features.", Part.PRIORITIES, label="Priorities:"),
            WrittenNote("Looks tired; ask about the on-call rota.", Part.GENERAL, private=True, label="Private notes:"),
        ),
        action_items=(
            WrittenItem(pair.key.person, "send the plan for the migration", day - timedelta(days=7)),
            WrittenItem(pair.key.manager, "talk to finance about the licence", None),
        ),
        feedback=(WrittenFeedback("Clear summary in the customer call; do it at the start too.", day),),
        next_check_in=day,
        next_check_in_text="in two weeks",
    )


def _shared(pair: Pair, meeting: Meeting, now: datetime) -> Pair:
    """Return the pair as it is once `share` was said."""
    goes = frozenset(recap_of(pair, meeting.id).ids)
    return replace(
        pair,
        notes=tuple(replace(one, shared=one.shared or now) if one.id in goes else one for one in pair.notes),
        action_items=tuple(
            replace(one, shared=one.shared or now) if one.id in goes else one for one in pair.action_items
        ),
        feedback=tuple(replace(one, shared=one.shared or now) if one.id in goes else one for one in pair.feedback),
    )


def _with_topic(pair: Pair, now: datetime) -> Pair:
    if any(topic.author == pair.key.person for topic in pair.topics):
        return pair
    made = (
        Topic("sample-topic-1", now, "How we plan the next quarter", pair.key.person, Part.PRIORITIES),
        Topic("sample-topic-2", now, "The on-call rota", pair.key.person, Part.SUPPORT),
    )
    return replace(pair, topics=(*pair.topics, *made))


def _with_feedback(pair: Pair, meeting: Meeting, now: datetime) -> tuple[Pair, tuple[str, ...]]:
    waiting = [one for one in pair.feedback if one.state is FeedbackState.OPEN]
    if not waiting:
        text = "Clear summary in the customer call; do it at the start too."
        made = Feedback("sample-feedback", meeting.end, text, pair.key.manager, now.date(), meeting=meeting.id)
        pair, waiting = replace(pair, feedback=(*pair.feedback, made)), [made]
    return pair, (min(waiting, key=lambda one: one.follow_up_on).id,)


def _with_week(pair: Pair, meeting: Meeting, here: Clock, now: datetime) -> Pair:
    """Return the pair with promises around today, and 1:1s every other week before, one of them missed."""
    today = here.day(now)
    if not any(item.due is not None for item in pair.action_items):
        made = (
            (pair.key.person, "send the plan for the migration", today + timedelta(days=3)),
            (pair.key.manager, "talk to finance about the licence", today - timedelta(days=2)),
        )
        items = (
            ActionItem(f"sample-item-{number}", meeting.start, owner, text, pair.key.manager, due, shared=meeting.end)
            for number, (owner, text, due) in enumerate(made, 1)
        )
        pair = replace(pair, action_items=(*pair.action_items, *items))
    if sum(one.end <= now for one in pair.meetings) < _PAST_SHOWN:
        starts = [meeting.start - timedelta(weeks=2 * back) for back in range(1, _PAST_SHOWN + 1)]
        past = tuple(
            Meeting(
                id=f"sample-past-{back}",
                uid=f"sample-past-{back}@preview.invalid",
                start=start,
                end=start + timedelta(minutes=30),
                tzid=meeting.tzid,
                status=MeetingStatus.MISSED if back == _MISSED else MeetingStatus.PLANNED,
            )
            for back, start in enumerate(starts, 1)
        )
        pair = replace(pair, meetings=(*past[::-1], *pair.meetings))
    return pair


def _with_form(pair: Pair, meeting: Meeting, now: datetime) -> tuple[Pair, tuple[str, ...]]:
    forms = [row for row in pair.outbox if row.kind is MailKind.FOLLOW_UP]
    if not forms:
        row = OutboxEntry(
            key="sample form",
            kind=MailKind.FOLLOW_UP,
            to=pair.key.manager,
            planned_at=now,
            state=OutboxState.SENT,
            meeting=meeting.id,
            sent_at=now,
        )
        pair, forms = replace(pair, outbox=(*pair.outbox, row)), [row]
    return pair, (forms[-1].key,)


def _with_check_in(pair: Pair, meeting: Meeting, here: Clock, now: datetime) -> tuple[Pair, tuple[str, ...]]:
    made = [one for one in pair.check_ins if one.operation is not None and one.start is not None]
    if not made:
        day = here.workday_on_or_after(here.day(now) + timedelta(days=14))
        start = here.at(day, meeting.start.astimezone(here.zone).time())
        one = CheckIn(
            meeting=meeting.id,
            source=_SOURCE,
            revision=1,
            state=CheckInState.WRITTEN,
            operation=CalendarOperation.CREATE,
            uid="sample@preview.invalid",
            start=start,
            end=start + (meeting.end - meeting.start),
            tzid=meeting.tzid,
            invite=True,
        )
        pair, made = replace(pair, check_ins=(*pair.check_ins, one)), [one]
    return pair, (made[-1].uid, str(made[-1].revision))
