"""What a reply does to the memory of a pair."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from worker.apply import Arrival, apply
from worker.apply.checkins import agreed_next, latest
from worker.apply.topics import stood_in, with_carried
from worker.model import (
    ActionItem,
    Ask,
    AskReason,
    CalendarOperation,
    CheckInState,
    Command,
    Goal,
    ItemState,
    MailKind,
    Meeting,
    MeetingStatus,
    OutboxEntry,
    OutboxState,
    Outcome,
    Pair,
    PairKey,
    Part,
    Policy,
    Reply,
    Topic,
    WrittenFeedback,
    WrittenItem,
    WrittenNote,
)
from worker.workdays import Clock

DANA, ALEX = "dana@example.com", "alex@example.com"
BERLIN = ZoneInfo("Europe/Berlin")


def at(text: str) -> datetime:
    """Return a moment in Berlin."""
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


NOW = at("2026-11-03 11:00")
MEETING = Meeting("m", "u", at("2026-11-03 10:00"), at("2026-11-03 10:30"))
ITEM = ActionItem("i1", NOW, ALEX, "send the plan", DANA)
TOPIC = Topic("t1", NOW, "budget", ALEX)
GOAL = Goal("g1", NOW, "ship", DANA)
FORM = OutboxEntry(
    "form",
    MailKind.FOLLOW_UP,
    DANA,
    NOW,
    OutboxState.SENT,
    meeting="m",
    numbers=("i1", "t1", "g1"),
    proposal=at("2026-11-17 10:00"),
)
PAIR = Pair(
    PairKey(DANA, ALEX),
    meetings=(MEETING,),
    action_items=(ITEM,),
    topics=(TOPIC,),
    goals=(GOAL,),
    outbox=(FORM,),
)


def arrival(number: int = 1, *, author: str = DANA, row: OutboxEntry = FORM, **more: object) -> Arrival:
    """Return a mail of Dana's in answer to the form."""
    values: dict[str, object] = {
        "message_id": f"<{number}>",
        "digest": f"d{number}",
        "at": NOW + timedelta(minutes=number),
        "author": author,
        "outcome": Outcome.ANSWER,
        "policy": Policy(),
        "clock": Clock(BERLIN),
        "row": row,
        "numbered": FORM,
        "meeting": MEETING,
        **more,
    }
    return Arrival(**values)  # type: ignore[arg-type]


def commands(*written: Command) -> Reply:
    """Return a reply that consists of commands."""
    return Reply(commands=written)


def answered(reply: Reply, pair: Pair = PAIR, **more: object) -> Pair:
    """Return the pair after Dana's answer."""
    return apply(pair, reply, arrival(**more))  # type: ignore[arg-type]


def test_words_become_what_they_are() -> None:
    """Notes keep part and privacy, promises their owner, feedback gets its day, leftovers stay their author's."""
    reply = Reply(
        notes=(
            WrittenNote("shipped", Part.HIGHLIGHTS, label="Highlights:"),
            WrittenNote("tired", private=True),
            WrittenNote("a free word"),
        ),
        action_items=(WrittenItem(ALEX, "send the budget", date(2026, 11, 13)),),
        feedback=(WrittenFeedback("good demo"), WrittenFeedback("slides", date(2026, 12, 1))),
        leftover=("???",),
    )
    pair = answered(reply)
    assert [(note.text, note.part, note.private, note.only_you) for note in pair.notes] == [
        ("shipped", Part.HIGHLIGHTS, False, False),
        ("tired", Part.GENERAL, True, False),
        ("a free word", Part.GENERAL, False, True),
        ("???", Part.GENERAL, False, True),
    ]
    assert [(item.owner, item.text, item.due) for item in pair.action_items[1:]] == [
        (ALEX, "send the budget", date(2026, 11, 13))
    ]
    assert [one.follow_up_on for one in pair.feedback] == [date(2026, 11, 17), date(2026, 12, 1)]
    assert pair.meetings[0].confirmed
    assert pair.applied[0].receipt


def test_the_same_mail_counts_once() -> None:
    """A mail that was applied changes nothing when it comes again."""
    pair = answered(Reply(notes=(WrittenNote("x"),)))
    assert apply(pair, Reply(notes=(WrittenNote("y"),)), arrival()) is pair


def test_a_second_reply_amends() -> None:
    """What is said again is not doubled, a new date for a promise is taken, what is new is added."""
    first = answered(Reply(action_items=(WrittenItem(ALEX, "Send the budget."),), notes=(WrittenNote("shipped"),)))
    again = Reply(
        action_items=(WrittenItem(ALEX, "send  the budget", date(2026, 11, 20)), WrittenItem(DANA, "call Sam")),
        notes=(WrittenNote("Shipped"),),
    )
    second = apply(first, again, arrival(2))
    assert [(item.text, item.due) for item in second.action_items[1:]] == [
        ("Send the budget.", date(2026, 11, 20)),
        ("call Sam", None),
    ]
    assert len(second.notes) == 1
    undone = apply(second, commands(Command("undo")), arrival(3))
    assert undone.action_items == first.action_items


@pytest.mark.parametrize(
    ("command", "shelf", "state"),
    [
        (Command("done", (1,)), "action_items", ItemState.DONE),
        (Command("drop", (2,)), "topics", ItemState.DROPPED),
        (Command("done", (3,)), "goals", ItemState.DONE),
        (Command("keep", (2,)), "topics", ItemState.OPEN),
    ],
)
def test_numbers_close_what_they_mean(command: Command, shelf: str, state: ItemState) -> None:
    """A number means what it meant in the mail that is answered; undo opens it again."""
    pair = answered(commands(command))
    assert getattr(pair, shelf)[0].state is state
    back = apply(pair, commands(Command("undo")), arrival(2))
    assert getattr(back, shelf)[0].state is ItemState.OPEN


def test_a_number_that_is_not_there_is_a_problem_and_closes_nothing() -> None:
    """`done 9` changes nothing and is told."""
    pair = answered(commands(Command("done", (9,))))
    assert [problem.reason for problem in pair.applied[0].problems] == ["no-such-number"]
    assert pair.action_items == PAIR.action_items


def test_all_done_new_dates_and_progress() -> None:
    """`all done` closes all that is numbered; a new date and progress go to their item."""
    everything = answered(commands(Command("all-done")))
    assert {everything.action_items[0].state, everything.topics[0].state, everything.goals[0].state} == {ItemState.DONE}
    dated = answered(commands(Command("by", (1,), when=date(2026, 12, 1))))
    assert dated.action_items[0].due == date(2026, 12, 1)
    moved_on = answered(commands(Command("progress", (3,), text="half way")))
    assert [step.text for step in moved_on.goals[0].progress] == ["half way"]
    assert apply(moved_on, commands(Command("undo")), arrival(2)).goals == PAIR.goals


def test_ok_takes_the_proposal_once_and_then_shares() -> None:
    """`ok` to a form takes the proposed slot; in answer to the receipt, the date being set, it shares."""
    pair = answered(replace(commands(Command("ok")), notes=(WrittenNote("shipped", Part.HIGHLIGHTS, label="x"),)))
    check_in = latest(pair, "m")
    assert check_in is not None
    assert (check_in.state, check_in.wish) == (CheckInState.WISHED, at("2026-11-17 10:00"))
    assert pair.notes[0].shared is None
    written = replace(check_in, state=CheckInState.WRITTEN, start=check_in.wish)
    receipt = replace(FORM, key="receipt", kind=MailKind.RECEIPT, numbers=())
    shared = apply(replace(pair, check_ins=(written,)), commands(Command("ok")), arrival(2, row=receipt))
    assert shared.notes[0].shared is not None
    assert shared.applied[-1].share
    assert not shared.applied[-1].receipt, "ok needs no second receipt"


def test_ok_to_an_open_date_settles_only_that() -> None:
    """While the date is open `ok` in answer to a question shares nothing."""
    asked = answered(
        Reply(next_check_in=Ask(AskReason.AMBIGUOUS), notes=(WrittenNote("x", Part.SUPPORT, label="Support:"),))
    )
    question = replace(FORM, key="question", kind=MailKind.QUESTION)
    pair = apply(asked, commands(Command("ok")), arrival(2, row=question))
    assert pair.notes[0].shared is None
    found = latest(pair, "m")
    assert found is not None
    assert found.wish == at("2026-11-17 10:00")


def test_share_and_share_all() -> None:
    """`share` takes what stands under labels and promises, `share all` the free words too, neither what is private."""
    reply = Reply(
        notes=(
            WrittenNote("label", Part.SUPPORT, label="Support:"),
            WrittenNote("free"),
            WrittenNote("secret", private=True),
        ),
        action_items=(WrittenItem(DANA, "call Sam"),),
    )
    for verb, expected in (("share", {"label"}), ("share-all", {"label", "free"})):
        pair = answered(replace(reply, commands=(Command(verb),)))
        assert {note.text for note in pair.notes if note.shared} == expected
        assert pair.action_items[1].shared
        assert pair.applied[0].share
    off = answered(replace(reply, commands=(Command("share"),)), policy=Policy(recap="never"))
    assert not any(note.shared for note in off.notes)
    auto = answered(reply, policy=Policy(recap="automatic"))
    assert {note.text for note in auto.notes if note.shared} == {"label"}


def test_the_report_can_share_nothing_of_the_managers_and_set_no_date() -> None:
    """`share`, `ok` and a date in a report's reply change nothing of the manager's; their words are kept."""
    noted = answered(Reply(notes=(WrittenNote("label", Part.SUPPORT, label="Support:"),)))
    reply = Reply(
        commands=(Command("share"), Command("ok")),
        next_check_in=date(2026, 12, 1),
        next_check_in_text="next on 1 Dec",
        notes=(WrittenNote("mine", private=True),),
    )
    row = replace(FORM, to=ALEX, kind=MailKind.AGENDA)
    pair = apply(noted, reply, arrival(2, author=ALEX, row=row))
    assert pair.notes[0].shared is None
    assert pair.check_ins == ()
    assert [note.text for note in pair.notes if note.author == ALEX] == ["mine", "next on 1 Dec"]


def test_did_not_happen_closes_the_form_and_keeps_the_topics() -> None:
    """The meeting is missed, its topics stay open; undo makes it held again."""
    pair = answered(commands(Command("did-not-happen")))
    assert (pair.meetings[0].status, pair.meetings[0].confirmed) == (MeetingStatus.MISSED, True)
    assert pair.topics[0].state is ItemState.OPEN
    back = apply(pair, commands(Command("undo")), arrival(2))
    assert (back.meetings[0].status, back.meetings[0].confirmed) == (MeetingStatus.PLANNED, False)


def test_skip_waits_for_the_date_that_an_ok_on_the_next_line_takes() -> None:
    """In whichever order the words stand, what lies before the date is skipped once the date is decided."""
    pair = answered(commands(Command("skip"), Command("ok")))
    assert pair.applied[-1].problems == ()
    assert pair.applied[-1].done[-1] == "skip-when-set"


def test_a_new_wish_replaces_an_open_one_and_undo_brings_the_old_one_back() -> None:
    """Only the newest date counts; an undone one leaves the one before in force, and its event is moved back."""
    first = answered(Reply(next_check_in=date(2026, 11, 17), next_check_in_text="17 Nov"))
    second = apply(first, Reply(next_check_in=date(2026, 11, 24)), arrival(2))
    assert [one.state for one in second.check_ins] == [CheckInState.REPLACED, CheckInState.WISHED]
    made = replace(
        first.check_ins[0],
        state=CheckInState.WRITTEN,
        operation=CalendarOperation.CREATE,
        uid="ft",
        start=at("2026-11-17 10:00"),
    )
    moved = replace(
        second.check_ins[1],
        state=CheckInState.WRITTEN,
        operation=CalendarOperation.MOVE,
        uid="ft",
        start=at("2026-11-24 10:00"),
        end=at("2026-11-24 10:30"),
        moved_from=at("2026-11-17 10:00"),
    )
    pair = apply(replace(second, check_ins=(made, moved)), commands(Command("undo")), arrival(3))
    assert latest(pair, "m") == made
    assert agreed_next(pair, NOW) == at("2026-11-17 10:00")
    back = pair.check_ins[-1]
    assert (back.operation, back.start, back.state) == (
        CalendarOperation.MOVE,
        at("2026-11-17 10:00"),
        CheckInState.DECIDED,
    )


def test_none_cancels_only_what_we_made() -> None:
    """`none` writes nothing, and takes back an event that an earlier answer had made."""
    plain = answered(Reply(no_check_in=True, next_check_in_text="none"))
    assert [(one.state, one.operation) for one in plain.check_ins] == [(CheckInState.RECORDED, None)]
    first = answered(Reply(next_check_in=date(2026, 11, 17)))
    made = replace(
        first.check_ins[0],
        state=CheckInState.WRITTEN,
        operation=CalendarOperation.CREATE,
        uid="ft",
        start=at("2026-11-17 10:00"),
    )
    pair = apply(replace(first, check_ins=(made,)), Reply(no_check_in=True), arrival(2))
    assert [(one.operation, one.state) for one in pair.check_ins[1:]] == [
        (None, CheckInState.RECORDED),
        (CalendarOperation.CANCEL, CheckInState.DECIDED),
    ]
    assert agreed_next(pair, NOW) is None


def test_a_choice_is_taken_as_offered() -> None:
    """A question's number takes the moment that stood behind it."""
    question = replace(FORM, kind=MailKind.QUESTION, choices=(at("2026-12-01 10:00"), at("2027-01-12 10:00")))
    pair = answered(commands(Command("choose", (2,))), row=question)
    found = latest(pair, "m")
    assert found is not None
    assert found.wish == at("2027-01-12 10:00")


def test_nothing_and_thanks_need_no_receipt() -> None:
    """A mail that adds nothing is remembered and not answered."""
    for reply in (Reply(), Reply(thanks=True)):
        pair = answered(reply)
        assert not pair.applied[0].receipt
        assert replace(pair, applied=(), meetings=PAIR.meetings) == PAIR


def test_how_often_a_topic_was_carried() -> None:
    """Each agenda after its first counts one; a meeting that did not happen counts none."""
    meetings = tuple(replace(MEETING, id=name) for name in "abc")
    pair = replace(PAIR, meetings=meetings)
    for name in "ab":
        pair = stood_in(pair, name, ("t1",), date(2026, 11, 2))
        pair = stood_in(pair, name, ("t1",), date(2026, 11, 3))
    assert pair.topics[0].first_on == date(2026, 11, 2)
    assert with_carried(pair).topics[0].carried == 1
    assert with_carried(pair, "c").topics[0].carried == 2
    missed = replace(pair, meetings=(replace(meetings[0], status=MeetingStatus.MISSED), *meetings[1:]))
    assert with_carried(missed, "c").topics[0].carried == 1
