"""One pair with a past, and a letter for every kind and state of mail: what the tests of the mails read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar, cast
from zoneinfo import ZoneInfo

from worker.apply import sharing
from worker.compose.letter import Count, Letter, Sender, Turn
from worker.model import (
    ActionItem,
    Applied,
    Ask,
    AskReason,
    CalendarOperation,
    CalendarWrite,
    CheckIn,
    CheckInState,
    Feedback,
    Goal,
    MailKind,
    Meeting,
    Note,
    OutboxEntry,
    OutboxState,
    Outcome,
    Pair,
    PairKey,
    PairMail,
    Part,
    Person,
    Policy,
    Progress,
    ReplyProblem,
    Topic,
)
from worker.plan.actions import SendMail

T = TypeVar("T")
GOLDEN = Path(__file__).resolve().parent.parent / "golden"
TOKEN = "k7q2mzx4vd" + "a3bc5defgh6ijklmn7op"
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2027, 3, 1, 8, 0, tzinfo=UTC)

DANA = Person("dana@example.com", "Dana Kim", "Europe/Berlin", "en")
ALEX = Person("alex@example.com", "Alex Moreno", "Europe/Paris", "en")
ANA = Person("ana@example.com", "Ana Ruiz")
TOM = Person("tom@example.com", "Tom Baker")
SENDER = Sender("one-on-ones@example.com")
KEY = PairKey(DANA.email, ALEX.email)
ANSWER = "<answer-1@mail.example.com>"
EARLIER = "<answer-0@mail.example.com>"
TOPICS = "<topics-1@mail.example.com>"


def _with(value: T, changes: dict[str, object]) -> T:
    """Return a value with some of its fields changed."""
    return cast("T", replace(cast("Any", value), **changes))


def day(month: int, number: int, hour: int = 10, *, year: int = 2027) -> datetime:
    """Return a moment on the manager's clock."""
    return datetime(year, month, number, hour, tzinfo=BERLIN)


def met(name: str, start: datetime, **more: object) -> Meeting:
    """Return a 1:1 of half an hour."""
    return _with(Meeting(name, f"{name}@calendar", start, start + timedelta(minutes=30), tzid="Europe/Berlin"), more)


BEFORE = met("m1", day(2, 2))
LAST = met("m2", day(2, 16))
NEXT = met("m3", day(3, 2), recurrence_id=day(3, 2), location="Room 4", recurring=True)
AFTER = met("m4", day(3, 16), recurring=True)

AT = day(2, 16, 11)
CHECK_IN = CheckIn(
    LAST.id,
    ANSWER,
    1,
    CheckInState.WRITTEN,
    said="in two weeks",
    wish=NEXT.start,
    operation=CalendarOperation.CREATE,
    uid="ft0",
    start=NEXT.start,
    end=NEXT.end,
    tzid="Europe/Berlin",
    in_calendar=True,
)
APPLIED = Applied(
    ANSWER,
    AT,
    DANA.email,
    Outcome.ANSWER,
    meeting=LAST.id,
    created=("n1", "n2", "n3", "n4", "a1", "a2", "f1"),
    done=("done a3",),
    leftover=("the blue one, you know",),
)
REPORTED = Applied(TOPICS, AT, ALEX.email, Outcome.TOPICS, meeting=NEXT.id, created=("t1", "t2", "t5"))
PAIR = Pair(
    KEY,
    manager_name="Dana Kim",
    person_name="Alex Moreno",
    started_at=day(10, 1, year=2026),
    meetings=(BEFORE, LAST, NEXT, AFTER),
    notes=(
        Note("n1", AT, Part.HIGHLIGHTS, "The demo went well.", DANA.email, meeting=LAST.id),
        Note("n2", AT, Part.SUPPORT, "Needs a second screen.\nAsk for one in March.", DANA.email, meeting=LAST.id),
        Note("n3", AT, Part.GENERAL, "Seemed tired today.", DANA.email, only_you=True, meeting=LAST.id),
        Note("n4", AT, Part.GENERAL, "Salary round in May.", DANA.email, private=True, meeting=LAST.id),
        Note("n5", AT, Part.GENERAL, "the blue one, you know", DANA.email, only_you=True, meeting=LAST.id),
    ),
    action_items=(
        ActionItem("a1", AT, ALEX.email, "send the Q3 plan", DANA.email, date(2027, 3, 5), meeting=LAST.id),
        ActionItem("a2", AT, DANA.email, "talk to Sam about the load", DANA.email, date(2027, 2, 26), meeting=LAST.id),
        ActionItem("a3", day(2, 2), ALEX.email, "book the room", ALEX.email, meeting=BEFORE.id),
    ),
    feedback=(
        Feedback("f1", AT, "Clear slides, good pace.", DANA.email, date(2027, 3, 2), meeting=LAST.id),
        Feedback("f2", day(2, 17), "Speaks over others.", DANA.email, date(2027, 3, 30), only_you=True),
    ),
    topics=(
        Topic("t1", AT, "Conference in May: may I go?", ALEX.email, Part.SUPPORT, meeting=NEXT.id),
        Topic("t2", AT, "Hiring for the web team", ALEX.email, meeting=NEXT.id),
        Topic("t3", day(2, 1), "Roadmap", DANA.email, carried=2, first_on=date(2026, 10, 2)),
        Topic("t4", day(2, 20), "Ask about Berlin", DANA.email, private=True),
        Topic("t5", AT, "Not sure about my role", ALEX.email, private=True, meeting=NEXT.id),
    ),
    goals=(
        Goal(
            "g1",
            day(1, 4),
            "Lead the migration",
            DANA.email,
            date(2027, 6, 30),
            shared=day(1, 4),
            progress=(Progress(day(2, 2), "Two of five services moved"),),
        ),
    ),
    check_ins=(CHECK_IN,),
    applied=(APPLIED, REPORTED),
)


def shared(pair: Pair) -> Pair:
    """Return the pair after the recap of the last meeting went."""
    return replace(
        pair,
        notes=tuple(replace(one, shared=None if one.only_you or one.private else AT) for one in pair.notes),
        action_items=tuple(replace(one, shared=AT) for one in pair.action_items),
        feedback=tuple(replace(one, shared=None if one.only_you else AT) for one in pair.feedback),
    )


SHARED = shared(PAIR)
EMPTY = replace(
    PAIR, notes=(), action_items=(), feedback=(), topics=(), goals=(), check_ins=(), applied=(), meetings=(NEXT,)
)
FULL = replace(
    SHARED,
    action_items=tuple(
        ActionItem(f"p{n}", AT, (DANA, ALEX)[n % 2].email, f"promise number {n}", DANA.email, shared=AT)
        for n in range(12)
    ),
    topics=tuple(Topic(f"q{n}", AT + timedelta(hours=n), f"topic number {n}", ALEX.email) for n in range(10))
    + tuple(
        Topic(f"c{n}", AT, f"carried number {n}", ALEX.email, carried=n, first_on=date(2026, 10, 2))
        for n in range(1, 10)
    ),
)


def row(kind: MailKind, reader: Person, **more: object) -> OutboxEntry:
    """Return an outbox row of a mail that was sent."""
    entry = OutboxEntry(
        f"{kind} {reader.email}",
        kind,
        reader.email,
        AT,
        state=OutboxState.SENT,
        message_id=f"<{kind.value}-sent@example.com>",
        sent_at=AT,
        token=TOKEN[::-1],
        meeting=NEXT.id,
    )
    return _with(entry, more)


def letter(
    kind: MailKind, reader: Person = DANA, meeting: Meeting | None = NEXT, variant: str = "usual", **more: object
) -> Letter:
    """Return a letter about the pair; `cause`, `about` and `about`'s like go into its action."""
    action = SendMail(
        key=f"{kind} sample",
        record=str(KEY),
        kind=kind,
        to=reader.email,
        at=NOW,
        pair=KEY,
        meeting=meeting.id if meeting else "",
        variant=variant,
        cause=str(more.pop("cause", "")),
        about=cast("tuple[str, ...]", more.pop("about", ())),
    )
    base = Letter(action, reader, NOW, Policy(), SENDER, TOKEN, DANA, ALEX, SHARED, meeting)
    return _with(base, more)


def answered(pair: Pair = PAIR, *, meeting: Meeting = LAST, **more: object) -> Pair:
    """Return the pair with the manager's answer changed in these fields, and its words shared where it says so."""
    applied = replace(_with(APPLIED, more), meeting=meeting.id)
    if applied.share:
        pair, _ = sharing.share(pair, meeting.id, AT, everything=applied.share_all)
    return replace(pair, applied=(applied, REPORTED))


def looked(word: str) -> Pair:
    """Return the pair whose manager only asked to see something, in a mail of its own: its date is another mail's."""
    asked = answered(created=(), done=(word,), leftover=())
    return replace(asked, check_ins=(replace(CHECK_IN, source=EARLIER),))


def dated(**more: object) -> Pair:
    """Return the answered pair with its check-in changed in these fields."""
    return replace(PAIR, check_ins=(_with(CHECK_IN, more),))


def invitation(operation: CalendarOperation, reader: Person = ALEX) -> Letter:
    """Return an invitation to the next 1:1."""
    write = CalendarWrite("w1", operation, "ft0", NEXT.start, NEXT.end, summary="1:1 Dana / Alex", location="Room 4")
    method = "CANCEL" if operation is CalendarOperation.CANCEL else "REQUEST"
    part = f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nEND:VCALENDAR\r\n".encode()
    return letter(MailKind.INVITATION, reader, write=write, calendar_part=part)


def found() -> tuple[Pair, ...]:
    """Return three pairs that were found and not started."""
    return tuple(
        replace(EMPTY, key=PairKey(DANA.email, one.email), person_name=one.name, started_at=None)
        for one in (ANA, TOM, ALEX)
    )


def waiting() -> dict[str, object]:
    """Return what a reminder of two forms is made from."""
    pairs = (SHARED, replace(SHARED, key=PairKey(DANA.email, ANA.email), person_name="Ana Ruiz"))
    rows = tuple((str(one.key), row(MailKind.FOLLOW_UP, DANA, meeting=LAST.id)) for one in pairs)
    return {"pairs": pairs, "people": (ALEX, ANA), "forms": rows, "person": None, "pair": None}


def ask(reason: AskReason, phrase: str, *choices: date | datetime) -> Pair:
    """Return the pair whose manager wrote a date that must be settled."""
    asked = replace(
        CHECK_IN, state=CheckInState.ASKED, start=None, end=None, ask=Ask(reason, tuple(choices), phrase), said=phrase
    )
    return replace(PAIR, check_ins=(asked,))


def shared_before(pair: Pair) -> Pair:
    """Return the pair whose notes were shared, and to which one more was added since."""
    note = Note("b9", AT, Part.SUPPORT, "A quieter desk.", DANA.email, meeting=LAST.id)
    return replace(shared(pair), notes=(*shared(pair).notes, note))


def asked_one(pair: Pair) -> Pair:
    """Return the pair, of Ana alone with a date that must be settled."""
    if pair.key.person != ANA.email:
        return pair
    asked = ask(AskReason.AMBIGUOUS, "next Friday", day(3, 5, 11), day(3, 12, 11)).check_ins
    return replace(pair, check_ins=asked)


def asked_two(pair: Pair) -> Pair:
    """Return the pair, of Ana and of Tom with a date that must be settled."""
    if pair.key.person == TOM.email:
        asked = ask(AskReason.CONTRADICTORY, "Tue 3 March", date(2027, 3, 2), date(2027, 3, 3)).check_ins
        return replace(pair, check_ins=asked)
    return asked_one(pair)


def several(kind: MailKind, change: Callable[[Pair], Pair] = lambda pair: pair) -> dict[str, object]:
    """Return what a joined mail of three 1:1s on one day is made from; `change` is for each of the pairs."""
    meetings = (NEXT, met("m5", day(3, 2, 11)), met("m6", day(3, 2, 14)))
    parts = []
    for person, own_meeting in zip((ALEX, ANA, TOM), meetings, strict=True):
        meeting = LAST if kind in (MailKind.RECEIPT, MailKind.QUESTION) else own_meeting
        start = SHARED if person is ALEX else EMPTY
        pair = replace(
            start, key=PairKey(DANA.email, person.email), person_name=person.name, meetings=(LAST, own_meeting)
        )
        if person is ANA:
            mine = ActionItem("b1", AT, ANA.email, "ask the printers", DANA.email, date(2027, 3, 9), shared=AT)
            pair = replace(pair, action_items=(mine,), topics=(Topic("b2", AT, "The new desk", ANA.email),))
        if meeting is LAST:
            own = APPLIED if person is ALEX else replace(APPLIED, created=("b0",), done=(), leftover=())
            wish = replace(CHECK_IN, start=day(3, 16, own_meeting.start.hour), end=None)
            note = Note("b0", AT, Part.HIGHLIGHTS, "The audit went well.", DANA.email, meeting=LAST.id)
            pair = replace(PAIR if person is ALEX else replace(pair, notes=(note,)), applied=(own,), check_ins=(wish,))
        more = {"cause": ANSWER} if meeting is LAST else {"proposal": day(3, 16, own_meeting.start.hour)}
        parts.append(letter(kind, DANA, meeting, pair=change(pair), person=person, **more))
    return {"parts": tuple(parts), "person": None, "pair": None}


LATE = replace(SHARED, topics=(*SHARED.topics, Topic("t9", day(3, 1), "One more thing: my leave", ALEX.email)))
K = MailKind
CASES: dict[str, Letter] = {
    "welcome-first": letter(
        K.WELCOME, meeting=None, variant="first", pairs=found(), people=(ANA, TOM, ALEX), stored_in="files"
    ),
    "welcome-again": letter(K.WELCOME, meeting=None, variant="again", pairs=found()[:1], people=(ANA,)),
    "welcome-configured": letter(
        K.WELCOME,
        meeting=None,
        variant="first",
        pairs=found()[:2],
        people=(ANA, TOM),
        set_up_by="Robin Adler",
        counts_to="Maria Lang",
        stored_in="database",
        policy=Policy(hr="hr@example.com"),
    ),
    "topics-usual": letter(K.TOPICS, ALEX),
    "topics-introduction": letter(K.TOPICS, ALEX, variant="introduction", pair=EMPTY, stored_in="files"),
    "topics-introduction-configured": letter(
        K.TOPICS,
        ALEX,
        variant="introduction",
        pair=EMPTY,
        counts_to="Maria Lang",
        stored_in="database",
        policy=Policy(hr="hr@example.com"),
    ),
    "agenda-manager": letter(K.AGENDA),
    "agenda-first-words": letter(K.AGENDA, introduces=True, counts_to="Maria Lang", stored_in="files"),
    "agenda-manager-unshared": letter(K.AGENDA, pair=PAIR),
    "agenda-report": letter(K.AGENDA, ALEX),
    "agenda-report-manages": letter(K.AGENDA, ALEX, person=replace(ALEX, manages=True)),
    "agenda-empty": letter(K.AGENDA, pair=EMPTY),
    "agenda-full": letter(K.AGENDA, pair=FULL),
    "agenda-full-report": letter(K.AGENDA, ALEX, pair=FULL),
    "agenda-moved": letter(K.AGENDA, meeting=replace(NEXT, moved_from=day(2, 25, 15)), variant="moved"),
    "agenda-absent": letter(
        K.AGENDA, details=(("absent", ALEX.email), ("form-open", "2027-02-16"), ("ask-topics", "yes"))
    ),
    "agenda-away": letter(K.AGENDA, details=(("away", ALEX.email),)),
    "agenda-late": letter(
        K.AGENDA,
        variant="late",
        pair=LATE,
        thread=(row(K.AGENDA, DANA, subject="1:1 Alex · 2 Mar", numbers=("a2", "a1", "t2", "g1", "t1", "t3")),),
    ),
    "agenda-day": _with(letter(K.AGENDA, meeting=None, variant="day"), several(K.AGENDA)),
    "follow-up-day": _with(letter(K.FOLLOW_UP, meeting=None, variant="day"), several(K.FOLLOW_UP)),
    "receipt-day": _with(letter(K.RECEIPT, meeting=None, variant="day", cause=ANSWER), several(K.RECEIPT)),
    "receipt-day-amended": _with(
        letter(K.RECEIPT, meeting=None, variant="day", cause=ANSWER), several(K.RECEIPT, change=shared_before)
    ),
    "question-day": _with(
        letter(K.QUESTION, meeting=None, variant="day", cause=ANSWER), several(K.QUESTION, change=asked_one)
    ),
    "question-day-two": _with(
        letter(K.QUESTION, meeting=None, variant="day", cause=ANSWER), several(K.QUESTION, change=asked_two)
    ),
    "follow-up-proposed": letter(K.FOLLOW_UP, meeting=LAST, proposal=NEXT.start),
    "follow-up-in-calendar": letter(K.FOLLOW_UP, meeting=LAST, next_meeting=NEXT),
    "follow-up-no-proposal": letter(K.FOLLOW_UP, meeting=LAST, pair=EMPTY),
    "follow-up-only-manager": letter(
        K.FOLLOW_UP, meeting=LAST, pair=replace(EMPTY, mail=PairMail.MANAGER), proposal=NEXT.start
    ),
    "reminder-one": letter(K.REMINDER, meeting=LAST, variant="one", proposal=NEXT.start),
    "reminder-several": _with(letter(K.REMINDER, meeting=None, variant="several"), waiting()),
    "receipt-answer": letter(K.RECEIPT, meeting=LAST, pair=PAIR, cause=ANSWER),
    "receipt-shared": letter(K.RECEIPT, meeting=LAST, pair=answered(share=True), cause=ANSWER),
    "receipt-share-all": letter(K.RECEIPT, meeting=LAST, pair=answered(share=True, share_all=True), cause=ANSWER),
    "receipt-amended": letter(
        K.RECEIPT,
        meeting=LAST,
        pair=replace(SHARED, notes=(*SHARED.notes[:1], replace(SHARED.notes[1], shared=None), *SHARED.notes[2:])),
        cause=ANSWER,
    ),
    "receipt-no-date": letter(
        K.RECEIPT,
        meeting=LAST,
        pair=replace(answered(proposal=NEXT.start), check_ins=(), meetings=(BEFORE, LAST)),
        cause=ANSWER,
    ),
    "receipt-none": letter(
        K.RECEIPT, meeting=LAST, pair=replace(answered(done=("none",), leftover=()), check_ins=()), cause=ANSWER
    ),
    "receipt-weekend": letter(
        K.RECEIPT, meeting=LAST, pair=dated(said="in a month", adjusted="weekend", between=(NEXT.start,)), cause=ANSWER
    ),
    "receipt-moved": letter(
        K.RECEIPT,
        meeting=LAST,
        pair=dated(operation=CalendarOperation.MOVE, moved_from=day(3, 3), adjusted="busy"),
        cause=ANSWER,
    ),
    "receipt-in-calendar": letter(
        K.RECEIPT, meeting=LAST, pair=dated(operation=None, state=CheckInState.RECORDED), cause=ANSWER
    ),
    "receipt-invited": letter(
        K.RECEIPT, meeting=LAST, pair=replace(PAIR, check_ins=(replace(CHECK_IN, in_calendar=False),)), cause=ANSWER
    ),
    "receipt-never": letter(K.RECEIPT, meeting=LAST, pair=PAIR, policy=Policy(recap="never"), cause=ANSWER),
    "receipt-automatic": letter(K.RECEIPT, meeting=LAST, pair=PAIR, policy=Policy(recap="automatic"), cause=ANSWER),
    "receipt-did-not-happen": letter(
        K.RECEIPT,
        meeting=LAST,
        pair=replace(
            answered(
                created=(),
                done=("did-not-happen m2", "keep t3", "drop t1"),
                before=("m2 status planned", "t1 state open"),
                leftover=(),
            ),
            check_ins=(),
        ),
        cause=ANSWER,
    ),
    "receipt-undo": letter(
        K.RECEIPT,
        meeting=LAST,
        pair=replace(answered(created=(), done=(f"undo {ANSWER} calendar",), leftover=()), check_ins=()),
        cause=ANSWER,
    ),
    "receipt-report": letter(K.RECEIPT, ALEX, pair=SHARED, cause=TOPICS),
    "receipt-welcome": letter(
        K.RECEIPT,
        meeting=None,
        pair=None,
        person=None,
        people=(ANA, TOM),
        applied=Applied(ANSWER, AT, DANA.email, Outcome.COMMAND, done=("yes ana@example.com", "no tom@example.com")),
        cause=ANSWER,
    ),
    "receipt-help": letter(K.RECEIPT, meeting=None, pair=looked("help"), cause=ANSWER),
    "receipt-help-report": letter(
        K.RECEIPT,
        ALEX,
        meeting=None,
        pair=replace(PAIR, applied=(replace(REPORTED, created=(), done=("help",)),), check_ins=()),
        leads=False,
        cause=TOPICS,
    ),
    "receipt-history": letter(K.RECEIPT, meeting=None, pair=looked("history"), cause=ANSWER),
    "receipt-capture": letter(
        K.RECEIPT,
        meeting=None,
        pair=replace(
            answered(created=("t1", "f2", "g1"), done=("goal g1",), leftover=()),
            check_ins=(),
            applied=(replace(APPLIED, meeting="", created=("t1", "f2", "g1"), done=("goal g1",), leftover=()),),
        ),
        details=(("seen-at", "2027-03-01T09:00:00+01:00"),),
        cause=ANSWER,
    ),
    "receipt-stopped": letter(
        K.RECEIPT,
        meeting=None,
        pair=replace(
            answered(created=(), done=("stop", "pause 2027-04-01"), before=("pair paused_until ",), leftover=()),
            check_ins=(),
        ),
        cause=ANSWER,
    ),
    "question-weekday": letter(
        K.QUESTION,
        meeting=LAST,
        pair=ask(AskReason.AMBIGUOUS, "next Friday", day(3, 5), day(3, 12)),
        cause=ANSWER,
    ),
    "question-days": letter(
        K.QUESTION,
        meeting=LAST,
        pair=ask(AskReason.CONTRADICTORY, "Tue 3 March", date(2027, 3, 2), date(2027, 3, 3)),
        cause=ANSWER,
    ),
    "question-alone": letter(
        K.QUESTION,
        meeting=LAST,
        pair=replace(
            ask(AskReason.VAGUE, "soon"),
            notes=(),
            action_items=(),
            feedback=(),
            applied=(replace(APPLIED, created=(), done=(), leftover=()),),
        ),
        cause=ANSWER,
    ),
    "question-no-choices": letter(K.QUESTION, meeting=LAST, pair=ask(AskReason.VAGUE, "soon"), cause=ANSWER),
    "question-person": letter(
        K.QUESTION,
        meeting=None,
        pair=None,
        person=None,
        people=(ANA, TOM),
        applied=Applied(ANSWER, AT, DANA.email, Outcome.CAPTURE),
        cause=ANSWER,
    ),
    "question-address": letter(
        K.QUESTION,
        meeting=LAST,
        details=(("address", "dana@home.example"),),
        applied=Applied(ANSWER, AT, DANA.email, Outcome.ANSWER),
        cause=ANSWER,
    ),
    "recap": letter(K.RECAP, ALEX, meeting=LAST, pair=answered(share=True), cause=ANSWER, next_meeting=NEXT),
    "recap-all": letter(K.RECAP, ALEX, meeting=LAST, pair=answered(share=True, share_all=True), cause=ANSWER),
    "recap-hr": letter(
        K.RECAP, ALEX, meeting=LAST, pair=answered(share=True), cause=ANSWER, details=(("hr", "hr@example.com"),)
    ),
    "invitation-request": invitation(CalendarOperation.CREATE),
    "invitation-moved": invitation(CalendarOperation.MOVE),
    "invitation-cancelled": invitation(CalendarOperation.CANCEL),
    "check-in-manager": letter(K.CHECK_IN, meeting=None, about=("f1",)),
    "check-in-report": letter(K.CHECK_IN, ALEX, meeting=None, about=("f1",)),
    "check-in-two": letter(K.CHECK_IN, meeting=None, about=("f1", "f2")),
    "check-in-goals": letter(K.CHECK_IN, meeting=None, variant="goals", about=("follow-up:g1",)),
    "digest-weekly": letter(
        K.DIGEST,
        meeting=None,
        variant="weekly",
        pair=None,
        person=None,
        pairs=(
            replace(
                SHARED,
                outbox=(row(K.AGENDA, DANA, state=OutboxState.GAVE_UP, planned_at=day(2, 26), error="too late"),),
            ),
        ),
        people=(ALEX,),
        turns=(Turn(Person("sam@example.com", "Sam Okafor"), date(2026, 12, 14), (day(3, 4, 14), day(3, 5, 10))),),
        details=(("forgot", "2"), ("no-time", "1")),
    ),
    "digest-monthly": letter(
        K.DIGEST,
        meeting=None,
        variant="monthly",
        pair=None,
        person=None,
        counts=(Count("Dana Kim", 11, 14, 9, 2, 3, 4, 12), Count("Sam Okafor", 6, 6, 6)),
        details=(("from", "2027-01-25"), ("until", "2027-02-21"), ("shown", "yes")),
    ),
    **{
        f"notice-{cause}": letter(
            K.NOTICE,
            meeting=NEXT if cause in ("declined", "deleted", "repeatedly-moved", "private-shown") else None,
            variant=cause,
            details=(
                ("date", "2027-03-02"),
                ("account", "dana@example.com"),
                ("command", "followthrough login google"),
            ),
        )
        for cause in (
            "declined",
            "deleted",
            "bounced",
            "not-authentic",
            "sign-in",
            "no-access",
            "calendar-empty",
            "unreachable",
            "broken",
            "repeatedly-moved",
            "private-shown",
            "unreadable",
            "too-large",
            "expired",
            "away",
            "stopped",
            "calendar",
            "unknown",
        )
    },
    "receipt-problem": letter(
        K.RECEIPT,
        meeting=LAST,
        pair=answered(problems=(ReplyProblem("number", "done 9"),), leftover=()),
        cause=ANSWER,
    ),
}


def golden(name: str, language: str = "") -> Path:
    """Return the file that holds the text of a case."""
    return GOLDEN / f"{name}{f'.{language}' if language else ''}.txt"


def in_language(letter: Letter, language: str) -> Letter:
    """Return a letter to a reader of another language, the parts of a joined one too."""
    parts = tuple(in_language(part, language) for part in letter.parts)
    return replace(letter, reader=replace(letter.reader, language=language), parts=parts)
