"""What captures and commands between the meetings do to the memory of a pair, and how they are taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from worker.apply import Arrival, apply
from worker.apply.lengths import length, rhythm
from worker.model import (
    Applied,
    Ask,
    AskReason,
    Command,
    Feedback,
    FeedbackState,
    Goal,
    MailKind,
    Meeting,
    OutboxEntry,
    OutboxState,
    Outcome,
    Pair,
    PairKey,
    PairMail,
    PairState,
    Policy,
    Reply,
    Topic,
    WrittenFeedback,
    WrittenNote,
    WrittenTopic,
)
from worker.workdays import Clock

DANA, ALEX = "dana@example.com", "alex@example.com"
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 11, 3, 11, tzinfo=BERLIN)
PAIR = Pair(PairKey(DANA, ALEX), state=PairState.STARTED)
FEEDBACK = Feedback("f1", NOW - timedelta(days=14), "speak slower", DANA, date(2026, 11, 3))


def arrival(identity: str = "<1@x>", author: str = DANA, **more: object) -> Arrival:
    """Return a mail that answers nothing, or the row given."""
    fields: dict[str, object] = {"outcome": Outcome.CAPTURE, "policy": Policy(), "clock": Clock(BERLIN), **more}
    return Arrival(identity, "digest", NOW, author, **fields)  # type: ignore[arg-type]


def say(pair: Pair, *commands: Command, author: str = DANA, identity: str = "<1@x>", **more: object) -> Pair:
    """Apply these commands."""
    return apply(pair, Reply(commands=commands), arrival(identity, author, **more))


def undone(pair: Pair) -> Pair:
    """Take the last mail back and return the pair without the records of both."""
    return replace(say(pair, Command("undo"), identity="<undo@x>"), applied=())


def row(kind: MailKind, **more: object) -> OutboxEntry:
    """Return a mail of ours to Dana."""
    return OutboxEntry("k", kind, DANA, NOW, OutboxState.SENT, **more)  # type: ignore[arg-type]


CHECK_IN = row(MailKind.CHECK_IN, about=("f1",), numbers=("f1",))


def test_what_is_captured_is_its_authors_alone() -> None:
    """Feedback and leftovers of a capture wait for a `share all`; private words never go."""
    said = Reply(
        feedback=(WrittenFeedback("clear demo"),), notes=(WrittenNote("tired", private=True),), leftover=("hm",)
    )
    pair = apply(PAIR, said, arrival())
    assert [(one.text, one.only_you, one.follow_up_on) for one in pair.feedback] == [
        ("clear demo", True, date(2026, 11, 17))
    ]
    assert [(note.text, note.private, note.only_you) for note in pair.notes] == [
        ("tired", True, False),
        ("hm", False, True),
    ]


def test_the_same_words_months_later_are_new() -> None:
    """Said again on another day, praise counts again; said twice in one mail, once."""
    said = Reply(feedback=(WrittenFeedback("clear demo"), WrittenFeedback("Clear demo.")))
    first = apply(PAIR, said, arrival())
    assert len(first.feedback) == 1
    again = apply(first, said, replace(arrival("<2@x>"), at=NOW + timedelta(days=30)))
    assert len(again.feedback) == 2


@pytest.mark.parametrize(
    ("command", "state", "day", "answer"),
    [
        (Command("better"), FeedbackState.CLOSED, date(2026, 11, 3), "better"),
        (Command("not-needed"), FeedbackState.CLOSED, date(2026, 11, 3), "not-needed"),
        (Command("forgot"), FeedbackState.OPEN, date(2026, 11, 10), "forgot"),
        (Command("no-time"), FeedbackState.OPEN, date(2026, 11, 10), "no-time"),
        (Command("worse", when=date(2026, 12, 1)), FeedbackState.OPEN, date(2026, 12, 1), "worse"),
        (Command("forgot", when=date(2026, 12, 1)), FeedbackState.OPEN, date(2026, 12, 1), "forgot"),
        (Command("by", (1,), when=date(2026, 12, 1)), FeedbackState.OPEN, date(2026, 12, 1), None),
        (Command("done", (1,)), FeedbackState.CLOSED, date(2026, 11, 3), None),
    ],
)
def test_an_answer_closes_or_renews(command: Command, state: FeedbackState, day: date, answer: str | None) -> None:
    """Each word does what the mail promised, and `undo` takes it back."""
    before = replace(PAIR, feedback=(FEEDBACK,))
    after = say(before, command, row=CHECK_IN, numbered=CHECK_IN)
    (found,) = after.feedback
    assert (found.state, found.follow_up_on, found.answer) == (state, day, answer)
    assert undone(after).feedback == (FEEDBACK,)


def test_every_answer_is_remembered() -> None:
    """A second answer does not erase the first: causes are counted from all."""
    pair = say(replace(PAIR, feedback=(FEEDBACK,)), Command("forgot"), row=CHECK_IN)
    pair = say(pair, Command("no-time"), row=CHECK_IN, identity="<2@x>")
    assert [answer.word for answer in pair.feedback[0].answers] == ["forgot", "no-time"]


def test_without_a_number_two_open_ones_are_not_guessed() -> None:
    """In answer to another mail a bare word with two pieces open changes neither."""
    before = replace(PAIR, feedback=(FEEDBACK, replace(FEEDBACK, id="f2", text="ask more")))
    meeting = Meeting("m", "u", NOW - timedelta(hours=1), NOW - timedelta(minutes=30))
    form = row(MailKind.FOLLOW_UP, meeting="m")
    after = say(replace(before, meetings=(meeting,)), Command("better"), row=form, meeting=meeting)
    assert after.feedback == before.feedback
    assert [problem.reason for problem in after.applied[-1].problems] == ["which-feedback"]


def test_a_date_to_settle_is_settled_by_the_answer() -> None:
    """The day that a question asked about goes to the feedback that it was about."""
    asked = Ask(AskReason.AMBIGUOUS, (date(2026, 12, 1), date(2027, 1, 12)), "12/1")
    pair = apply(PAIR, Reply(feedback=(WrittenFeedback("clear demo", ask=asked),)), arrival())
    assert pair.applied[-1].ask == asked
    question = row(MailKind.QUESTION, cause="<1@x>", choices=(NOW + timedelta(days=28), NOW + timedelta(days=70)))
    after = say(pair, Command("choose", (1,)), row=question, identity="<2@x>")
    assert after.feedback[0].follow_up_on == date(2026, 12, 1)
    by_words = apply(pair, Reply(next_check_in=date(2027, 1, 12)), arrival("<3@x>", row=question))
    assert by_words.feedback[0].follow_up_on == date(2027, 1, 12)


def test_a_goal_is_adjusted_not_doubled() -> None:
    """The same goal again changes its day and rhythm; `undo` of that puts them back."""
    pair = say(PAIR, Command("goal", text="learn Rust; every 4 weeks", when=date(2027, 3, 1)))
    assert [(goal.text, goal.due, goal.every) for goal in pair.goals] == [("learn Rust", date(2027, 3, 1), 28)]
    changed = say(pair, Command("goal", text="Learn Rust", when=date(2027, 5, 1)), identity="<2@x>")
    assert [(goal.due, goal.every) for goal in changed.goals] == [(date(2027, 5, 1), 28)]
    assert undone(changed).goals == pair.goals


def test_a_goal_without_an_end_is_kept_without_one() -> None:
    """No date is invented."""
    assert say(PAIR, Command("goal", text="be calmer")).goals[0].due is None


def test_progress_names_its_author_and_is_taken_back() -> None:
    """A step on a goal is its author's words, and `undo` removes that step alone."""
    goal = Goal("g1", NOW, "ship", DANA)
    numbered = row(MailKind.AGENDA, numbers=("g1",))
    first = say(replace(PAIR, goals=(goal,)), Command("progress", (1,), text="half"), numbered=numbered)
    second = say(first, Command("progress", (1,), text="done soon"), numbered=numbered, identity="<2@x>")
    assert [(step.text, step.author) for step in second.goals[0].progress] == [("half", DANA), ("done soon", DANA)]
    assert [step.text for step in undone(second).goals[0].progress] == ["half"]


@pytest.mark.parametrize("verb", ["end", "goal", "review-done", "review", "yes", "no"])
def test_a_report_cannot_do_what_is_the_managers(verb: str) -> None:
    """The pair stays as it is; the words are kept as the report's note."""
    after = say(PAIR, Command(verb, text="some words"), author=ALEX)
    assert (after.state, after.goals, after.reviews) == (PAIR.state, (), ())
    assert [note.text for note in after.notes] == ["some words"]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (Command("end"), (PairState.ENDED, PairMail.BOTH, None)),
        (Command("no"), (PairState.LEFT, PairMail.NONE, None)),
        (Command("me"), (PairState.STARTED, PairMail.MANAGER, None)),
        (Command("pause", when=date(2027, 1, 10)), (PairState.STARTED, PairMail.BOTH, date(2027, 1, 10))),
    ],
)
def test_mail_or_no_mail_can_be_taken_back(command: Command, expected: tuple[PairState, PairMail, date | None]) -> None:
    """`end`, `no`, `me` and `pause` change the pair, and `undo` puts it back."""
    after = say(PAIR, command)
    assert (after.state, after.mail, after.paused_until) == expected
    back = undone(after)
    assert (back.state, back.mail, back.paused_until) == (PAIR.state, PAIR.mail, PAIR.paused_until)


def test_a_pause_without_a_day_is_no_pause() -> None:
    """It is told, not guessed."""
    after = say(PAIR, Command("pause"))
    assert after.paused_until is None
    assert [problem.reason for problem in after.applied[-1].problems] == ["pause-needs-a-date"]


def test_private_keeps_what_the_answered_receipt_was_about() -> None:
    """`private` changes the topics of that capture alone."""
    pair = apply(PAIR, Reply(topics=(WrittenTopic("roadmap"),)), arrival())
    pair = replace(pair, topics=(*pair.topics, Topic("t0", NOW, "budget", DANA)))
    receipt = row(MailKind.RECEIPT, cause="<1@x>")
    after = say(pair, Command("private"), row=receipt, identity="<2@x>")
    assert {topic.text: topic.private for topic in after.topics} == {"roadmap": True, "budget": False}
    assert {topic.text: topic.private for topic in undone(after).topics} == {"roadmap": False, "budget": False}


def test_sharing_one_capture_shares_nothing_else() -> None:
    """`share all` in answer to a capture's receipt sends what it made, its private words excepted."""
    said = Reply(feedback=(WrittenFeedback("clear demo"),), notes=(WrittenNote("tired", private=True),))
    pair = apply(apply(PAIR, Reply(feedback=(WrittenFeedback("ask more"),)), arrival("<0@x>")), said, arrival())
    receipt = row(MailKind.RECEIPT, cause="<1@x>")
    plain = say(pair, Command("share"), row=receipt, identity="<2@x>")
    assert not plain.applied[-1].share
    after = say(pair, Command("share-all"), row=receipt, identity="<2@x>")
    assert {one.text: one.shared for one in after.feedback} == {"ask more": None, "clear demo": NOW}
    assert [note.shared for note in after.notes] == [None]
    (clear,) = (one for one in after.feedback if one.shared)
    assert (after.applied[-1].share, after.applied[-1].sends) == (True, (clear.id,))


def test_share_all_after_a_meeting_takes_the_captures_along() -> None:
    """What was captured between the meetings belongs to the meeting whose `share all` sent it."""
    meeting = Meeting("m", "u", NOW - timedelta(hours=1), NOW - timedelta(minutes=30))
    pair = apply(replace(PAIR, meetings=(meeting,)), Reply(feedback=(WrittenFeedback("clear demo"),)), arrival())
    form = row(MailKind.FOLLOW_UP, meeting="m")
    after = say(pair, Command("share-all"), row=form, meeting=meeting, identity="<2@x>")
    assert [(one.shared, one.meeting) for one in after.feedback] == [(NOW, "m")]
    assert [(one.shared, one.meeting) for one in undone(after).feedback] == [(None, "")]


def test_a_second_receipt_elsewhere_is_not_asked_for() -> None:
    """A mail about several people is answered from one place."""
    pair = apply(PAIR, Reply(topics=(WrittenTopic("roadmap"),)), replace(arrival(), receipt=False))
    assert [(one.message_id, one.receipt) for one in pair.applied] == [("<1@x>", False)]
    assert isinstance(pair.applied[0], Applied)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("6 months", 180),
        ("every 4 weeks", 28),
        ("every week", 7),
        ("every other week", 14),
        ("every two months", 60),
        ("half a year", 182),
        ("alle zwei Wochen", 14),
        ("tous les trois mois", 90),
        ("cada mes", 30),
        ("jedes Quartal", 91),
        ("1 year", 365),
        ("soon", None),
    ],
)
def test_lengths_in_words(words: str, days: int | None) -> None:
    """A number and a unit, in figures or words, in each language of the mails."""
    found = length(words)
    assert (found.days if found else None) == days


def test_a_rhythm_stands_behind_the_last_semicolon() -> None:
    """Only there, so that a semicolon in a goal's own words changes nothing."""
    assert rhythm("learn Rust; every 4 weeks") == ("learn Rust", 28)
    assert rhythm("learn Rust; then teach it") == ("learn Rust; then teach it", 0)
    assert rhythm("meet every week") == ("meet every week", 0)
