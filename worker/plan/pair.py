"""The plan of one pair."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from worker.model import (
    MailKind,
    Meeting,
    MeetingStatus,
    OutboxEntry,
    OutboxState,
    PairMail,
    PairState,
    Person,
    Policy,
)
from worker.plan import answers, feedback, reviews, writes
from worker.plan.actions import Action, Plan, SendMail, SkipMail, Upcoming
from worker.plan.bundle import JOINED
from worker.plan.snapshot import Snapshot
from worker.workdays import Clock, first_gap, overlaps

LATE_TOPICS_BEFORE = timedelta(hours=1)
FORM_IS_LATE_AFTER = 3  # business days
UNANSWERED_TOPICS = 3
UNANSWERED_FORMS_NO_REMINDER = 3
UNANSWERED_FORMS_NO_FORM = 5
OFTEN = timedelta(days=5)
WELCOME_AGAIN = timedelta(days=7)
ASK_TOPICS = "ask-topics"


def plan(now: datetime, snapshot: Snapshot, policy: Policy) -> Plan:
    """Return what is due for this pair at `now` (aware), sorted by when it became due, and when to look again."""
    desk = _Desk(now, snapshot, policy)
    found = list(desk.everything())
    due = sorted((one for one in found if not isinstance(one, Upcoming)), key=lambda action: (action.at, action.key))
    later = tuple(sorted((one for one in found if isinstance(one, Upcoming)), key=lambda one: (one.at, one.to)))
    moments = [one.at for one in later] + desk.moments
    return Plan(tuple(due), later, min((moment for moment in moments if moment > now), default=None))


@dataclass
class _Desk:
    """One planning of one pair: the clocks of both, the rows that there are."""

    now: datetime
    snapshot: Snapshot
    policy: Policy
    moments: list[datetime] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pair = self.snapshot.pair
        self.record = str(self.pair.key)
        self.rows: dict[str, OutboxEntry] = {row.key: row for row in self.pair.outbox}
        self.manager_clock = self._clock(self.snapshot.manager, self.snapshot.manager_holidays)
        self.person_clock = self._clock(self.snapshot.person, self.snapshot.person_holidays)

    def _clock(self, person: Person, holidays: frozenset[date]) -> Clock:
        return Clock(ZoneInfo(person.timezone or self.policy.timezone), holidays, self.policy.quiet)

    def everything(self) -> Iterator[Action | Upcoming]:
        """Yield all that is or will be due."""
        yield from writes.calendar_writes(self.now, self.pair)
        yield from answers.of_pair(self.now, self.snapshot, self.manager_clock, self.person_clock)
        yield from reviews.copies(self.now, self.snapshot, self.policy, self.manager_clock)
        if self.pair.state is PairState.FOUND:
            yield from self._welcome()
        if self.pair.state is not PairState.STARTED or self.pair.mail is PairMail.NONE or self._is_paused():
            return
        if self.snapshot.manager_desk.stopped_at is not None:
            return
        yield from feedback.of_pair(self.now, self.snapshot, self.manager_clock, self.person_clock)
        yield from reviews.of_pair(self.now, self.snapshot, self.policy, self.manager_clock, self.person_clock)
        for meeting in self.pair.meetings:
            if meeting.history or meeting.status is not MeetingStatus.PLANNED:
                continue
            if meeting.start > self.now:
                yield from self._topics(meeting)
                yield from self._agendas(meeting)
            else:
                yield from self._missed_agenda(meeting)
            yield from self._follow_up(meeting)

    def _is_paused(self) -> bool:
        until = self.pair.paused_until
        if until is None:
            return False
        if until > self.manager_clock.day(self.now):
            self.moments.append(self.manager_clock.at(until, datetime.min.time()))
            return True
        return False

    # ------------------------------------------------------------------------------------------------- one mail each

    def _mail(  # noqa: PLR0913  # the parts of an action, each named at the call
        self,
        kind: MailKind,
        to: str,
        at: datetime,
        occasion: str,
        *,
        meeting: Meeting,
        variant: str = "usual",
        until: datetime | None = None,
        about: tuple[str, ...] = (),
        clock: Clock | None = None,
    ) -> Iterator[Action | Upcoming]:
        """Yield the mail, or that it comes, or that it came too late; nothing where there is a row for it."""
        key = f"{kind} {meeting.id} {to} {occasion}"
        if key in self.rows:
            return
        held = clock.released(at) if clock else at
        send_at = max(held, clock.released(self.now)) if clock and held <= self.now else held
        if until is not None and (send_at >= until or self.now >= until):
            if at <= self.now:
                reason = "too late" if held < until else "quiet hours until it was too late"
                yield SkipMail(key, self.record, kind, to, at, reason, self.pair.key, meeting.id)
            return
        if send_at > self.now:
            yield Upcoming(kind, to, send_at, meeting.id)
            return
        bundle = self._bundle(kind, to, meeting, variant)
        yield SendMail(
            key, self.record, kind, to, at, self.pair.key, meeting.id, variant=variant, about=about, bundle=bundle
        )

    def _bundle(self, kind: MailKind, to: str, meeting: Meeting, variant: str) -> str:
        """Return the manager's day where this mail may be joined with those of the day's other 1:1s."""
        day = self.manager_clock.day(meeting.start)
        joins = kind in JOINED and variant == "usual" and to == self.pair.key.manager
        return day.isoformat() if joins and day in self.snapshot.full_days else ""

    def _may_write_person(self, meeting: Meeting) -> bool:
        desk = self.snapshot.person_desk
        return (
            self.pair.mail is PairMail.BOTH
            and desk.stopped_at is None
            and desk.bounced_at is None
            and not meeting.short_notice
            and not self.snapshot.is_absent(self.pair.key.person, meeting, self.person_clock)
        )

    def _topics(self, meeting: Meeting) -> Iterator[Action | Upcoming]:
        if not self._may_write_person(meeting):
            return
        introduction = self.snapshot.person_desk.first_mail_at is None
        if not introduction and (self._topics_unanswered() >= UNANSWERED_TOPICS or self._asked_this_week(meeting)):
            return
        clock = self.person_clock
        due = clock.before(meeting.start, self.policy.topics_before)
        known_since = meeting.first_seen or due
        if introduction and self.pair.started_at is not None:
            started = self.pair.started_at.astimezone(clock.zone)
            due = max(due, clock.at(clock.workdays_after(started.date(), 1), started.time()))
        agenda_at = clock.before(meeting.start, self.policy.agenda_before)
        until = max(agenda_at, known_since) if introduction else agenda_at
        at = max(due, known_since)
        if at >= until:
            return
        yield from self._mail(
            MailKind.TOPICS,
            self.pair.key.person,
            at,
            clock.day(meeting.start).isoformat(),
            meeting=meeting,
            variant="introduction" if introduction else "usual",
            until=until,
            clock=clock,
        )

    def _agendas(self, meeting: Meeting) -> Iterator[Action | Upcoming]:
        manager, person = self.pair.key.manager, self.pair.key.person
        desk = self.snapshot.manager_desk
        if desk.bounced_at is None and not self.snapshot.is_absent(manager, meeting, self.manager_clock):
            about = self._form_without_mail(meeting)
            yield from self._agenda(meeting, manager, self.manager_clock, about)
            yield from self._late_topics(meeting)
        if self._may_write_person(meeting) and self.snapshot.person_desk.first_mail_at is not None:
            about = (ASK_TOPICS,) if self._topics_unanswered() >= UNANSWERED_TOPICS else ()
            yield from self._agenda(meeting, person, self.person_clock, about)

    def _agenda(self, meeting: Meeting, to: str, clock: Clock, about: tuple[str, ...]) -> Iterator[Action | Upcoming]:
        followed = reviews.stand_in(self.pair, meeting, self.policy, self.manager_clock)
        about = (*about, *(reviews.MARK + identity for identity in followed))
        due = clock.before(meeting.start, self.policy.agenda_before)
        earlier = any(
            row.kind is MailKind.AGENDA
            and row.meeting == meeting.id
            and row.to == to
            and not row.key.endswith(clock.day(meeting.start).isoformat())
            for row in self.pair.outbox
        )
        yield from self._mail(
            MailKind.AGENDA,
            to,
            max(due, meeting.first_seen or due),
            clock.day(meeting.start).isoformat(),
            meeting=meeting,
            variant="moved" if earlier else "usual",
            until=meeting.start,
            about=about,
            clock=clock,
        )

    def _form_without_mail(self, meeting: Meeting) -> tuple[str, ...]:
        """Return the day of the last meeting whose form is only a line in this agenda, since forms stay unanswered."""
        if self._forms_unanswered() < UNANSWERED_FORMS_NO_FORM:
            return ()
        earlier = [
            one
            for one in self.pair.meetings
            if one.end <= self.now and one.id != meeting.id and not one.confirmed and not one.history
        ]
        return (self.manager_clock.day(earlier[-1].start).isoformat(),) if earlier else ()

    def _missed_agenda(self, meeting: Meeting) -> Iterator[Action | Upcoming]:
        # A late agenda is not sent; that it was not is remembered for the digest, once, while the meeting is recent.
        if meeting.end < self.now - timedelta(days=1) or meeting.first_seen is None:
            return
        if meeting.first_seen < meeting.start:
            yield from self._agenda(meeting, self.pair.key.manager, self.manager_clock, ())

    def _late_topics(self, meeting: Meeting) -> Iterator[Action | Upcoming]:
        clock = self.manager_clock
        day = clock.day(meeting.start).isoformat()
        sent = self.rows.get(f"{MailKind.AGENDA} {meeting.id} {self.pair.key.manager} {day}")
        if sent is None or sent.state is OutboxState.GAVE_UP:
            return
        since = sent.planned_at
        late = [
            topic.id
            for topic in self.pair.topics
            if topic.author == self.pair.key.person and topic.at > since and not topic.private
        ]
        if late:
            yield from self._mail(
                MailKind.AGENDA,
                self.pair.key.manager,
                meeting.start - LATE_TOPICS_BEFORE,
                f"late-{day}",
                meeting=meeting,
                variant="late",
                until=meeting.start,
                about=tuple(late),
                clock=clock,
            )

    # -------------------------------------------------------------------------------------------- after the meeting

    def _follow_up(self, meeting: Meeting) -> Iterator[Action | Upcoming]:
        manager = self.pair.key.manager
        clock = self.manager_clock
        row = self._form(meeting)
        if row is not None:
            yield from self._reminder(meeting, row)
            return
        if meeting.confirmed or self.snapshot.manager_desk.bounced_at is not None:
            return
        if self._forms_unanswered() >= UNANSWERED_FORMS_NO_FORM:
            return
        day = clock.day(meeting.end)
        today = [busy for busy in self.snapshot.busy if clock.day(busy.start) == day and not busy.away]
        due = clock.after(meeting.end, self.policy.follow_up_after)
        gap = clock.after(meeting.end, self.policy.follow_up_gap) - meeting.end.astimezone(clock.zone)
        at = max(due, first_gap(meeting.end, gap, today)) if gap else due
        last = self.snapshot.full_days.get(clock.day(meeting.start))
        if last is not None:
            at = max(at, clock.after(last, self.policy.follow_up_after))
        at = self._manager_is_back(at, meeting)
        late = clock.at(clock.workdays_after(day, FORM_IS_LATE_AFTER), meeting.end.astimezone(clock.zone).time())
        yield from self._mail(MailKind.FOLLOW_UP, manager, at, "form", meeting=meeting, until=late)

    def _manager_is_back(self, at: datetime, meeting: Meeting) -> datetime:
        """Return the moment, or the first one after the manager's absence: by their own reply, or over the meeting."""
        clock = self.manager_clock
        at = feedback.back_from(at, self.snapshot.manager_desk, clock)
        away = [busy for busy in self.snapshot.busy if busy.away and overlaps(meeting.start, meeting.end, (busy,))]
        back = max((busy.end for busy in away), default=at)
        return clock.released(back) if back > at else at

    def _form(self, meeting: Meeting) -> OutboxEntry | None:
        return self.rows.get(f"{MailKind.FOLLOW_UP} {meeting.id} {self.pair.key.manager} form")

    def _reminder(self, meeting: Meeting, form: OutboxEntry) -> Iterator[Action | Upcoming]:
        if meeting.confirmed or form.state is not OutboxState.SENT or form.sent_at is None or self._is_frequent():
            return
        if self._forms_unanswered() > UNANSWERED_FORMS_NO_REMINDER or self._replied_since(form.sent_at):
            return
        manager = self.pair.key.manager
        if any(form.key in row.about for row in (*self.pair.outbox, *self.snapshot.manager_desk.outbox)):
            return
        clock = self.manager_clock
        at = self._manager_is_back(clock.after(form.sent_at, self.policy.reminder_after), meeting)
        yield from self._mail(
            MailKind.REMINDER,
            manager,
            at,
            "one",
            meeting=meeting,
            variant="one",
            until=clock.at(clock.workdays_after(clock.day(at), 2), at.time()),
            about=(form.key,),
            clock=clock,
        )

    # --------------------------------------------------------------------------------------------- who never replies

    def _replied_since(self, moment: datetime) -> bool:
        manager = self.pair.key.manager
        return any(applied.author == manager and applied.at >= moment for applied in self.pair.applied)

    def _forms_unanswered(self) -> int:
        """How many forms in a row, the newest first, were sent and brought no reply of the manager's."""
        return self._unanswered(MailKind.FOLLOW_UP, self.pair.key.manager)

    def _topics_unanswered(self) -> int:
        return self._unanswered(MailKind.TOPICS, self.pair.key.person)

    def _unanswered(self, kind: MailKind, to: str) -> int:
        replies = max((applied.at for applied in self.pair.applied if applied.author == to), default=None)
        answered = {meeting.id for meeting in self.pair.meetings if meeting.confirmed}
        count = 0
        for row in reversed(self.pair.outbox):
            if row.kind is not kind or row.to != to or row.sent_at is None:
                continue
            if (replies is not None and row.sent_at <= replies) or (
                kind is MailKind.FOLLOW_UP and row.meeting in answered
            ):
                break
            count += 1
        return count

    def _is_frequent(self) -> bool:
        starts = [
            meeting.start
            for meeting in self.pair.meetings
            if meeting.recurring and meeting.status is not MeetingStatus.CANCELLED
        ]
        gaps = [later - earlier for earlier, later in pairwise(starts)]
        return len(gaps) > 1 and sum(gaps, timedelta()) / len(gaps) < OFTEN

    def _asked_this_week(self, meeting: Meeting) -> bool:
        if not self._is_frequent():
            return False
        week = self.person_clock.day(meeting.start).isocalendar()[:2]
        return any(
            row.kind is MailKind.TOPICS
            and row.meeting != meeting.id
            and self.person_clock.day(row.planned_at).isocalendar()[:2] == week
            for row in self.pair.outbox
        )

    # ------------------------------------------------------------------------------------------------------- welcome

    def _welcome(self) -> Iterator[Action | Upcoming]:
        person, manager = self.pair.key.person, self.pair.key.manager
        desk = self.snapshot.manager_desk
        if desk.stopped_at is not None or desk.bounced_at is not None:
            return
        asked = [row for row in desk.outbox if row.kind is MailKind.WELCOME and person in row.about]
        if len(asked) > 1:
            return
        variant = "first"
        at = self.pair.found_at or self.now
        if asked:
            variant = "again"
            at = self.manager_clock.released((asked[0].sent_at or asked[0].planned_at) + WELCOME_AGAIN)
        at = self.manager_clock.released(max(at, self.now) if at <= self.now else at)
        if at > self.now:
            yield Upcoming(MailKind.WELCOME, manager, at)
            return
        yield SendMail(
            f"{MailKind.WELCOME} {manager} {variant} {person}",
            manager,
            MailKind.WELCOME,
            manager,
            at,
            self.pair.key,
            variant=variant,
            about=(person,),
        )
