"""Feedback that always comes back (A1 to A4), informal check-ins (B7), and what a report can do by mail."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.story.test_between_captures import answer, outcomes, text_of, write
from tests.story.test_between_captures import kinds as all_kinds
from tests.story.world import ALEX, DANA, World, berlin, event


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A pair that met on Tuesday 3 November and has no further 1:1 in the calendar yet; Alex has had a first mail."""
    world = World(tmp_path)
    world.put("first", event("first", berlin("2026-11-03 10:00")))
    for moment in ("2026-10-28 12:00", "2026-10-30 09:00", "2026-11-02 09:00", "2026-11-03 10:45"):
        world.tick(berlin(moment))
    return world


def kinds(report: dict[str, Any]) -> list[tuple[str, str]]:
    """Return kind and recipient of every mail sent, the digest and the reminder of the open form aside."""
    return [one for one in all_kinds(report) if one[0] not in ("digest", "reminder")]


def feedback(world: World) -> dict[str, Any]:
    """Return the one piece of feedback that is recorded."""
    (found,) = world.history(ALEX, berlin("2027-06-01 12:00"), "--private")["feedback"]
    return dict(found)


def meet(world: World, uid: str, when: str) -> None:
    """Put a 1:1 into the calendar."""
    world.put(uid, event(uid, berlin(when)))


# ------------------------------------------------------------ A1: always a date


def test_a1_feedback_in_a_form_carries_a_date_and_alex_is_told_it(world: World) -> None:
    """A1: two weeks where none is written; the recap tells the person when it comes back."""
    answer(world, "share\nFeedback:\nspeak slower in demos", "2026-11-03 11:00", kind="follow-up")
    assert feedback(world)["follow_up_on"] == "2026-11-17"
    assert "speak slower in demos (comes back Tue 17 Nov 2026)" in text_of(world.newest("recap", ALEX))


# ------------------------------------------------------------ A2: on its day it comes by itself


def test_a2_it_comes_back_to_both_where_it_was_shared(world: World) -> None:
    """A2: on the day, not before, a check-in restates it to the manager and to the person who got it."""
    answer(world, "share\nFeedback:\nspeak slower in demos", "2026-11-03 11:00", kind="follow-up")
    assert kinds(world.tick(berlin("2026-11-16 18:00"))) == []
    assert kinds(world.tick(berlin("2026-11-17 08:59"))) == []
    assert sorted(kinds(world.tick(berlin("2026-11-17 09:00")))) == [("check-in", ALEX), ("check-in", DANA)]
    assert "speak slower in demos" in text_of(world.newest("check-in", ALEX))
    assert kinds(world.tick(berlin("2026-11-17 09:05"))) == []


def test_a2_unshared_feedback_comes_back_to_its_author_alone(world: World) -> None:
    """A2: what the manager did not share never reaches the other person by coming back."""
    write(world, "feedback Alex: grumpy lately", "2026-11-03 12:00")
    assert kinds(world.tick(berlin("2026-11-17 09:00"))) == [("check-in", DANA)]


def test_a2_it_stands_in_the_agenda_where_they_meet_within_three_business_days(world: World) -> None:
    """A2: no mail of its own; the agenda restates it with a number, and one word in the form's answer closes it."""
    answer(world, "share\nFeedback:\nspeak slower in demos", "2026-11-03 11:00", kind="follow-up")
    meet(world, "second", "2026-11-19 10:00")
    for moment in ("2026-11-12 09:00", "2026-11-16 09:00", "2026-11-17 09:00", "2026-11-18 09:00"):
        assert ("check-in", DANA) not in kinds(world.tick(berlin(moment)))
    agenda = world.newest("agenda", DANA)
    number = agenda.numbered("speak slower in demos")
    world.tick(berlin("2026-11-19 10:45"))
    answer(world, f"next in two weeks\n{number} better", "2026-11-19 11:00", kind="follow-up")
    assert world.history(ALEX, berlin("2026-11-19 11:01"), "--private")["notes"] == []
    assert (feedback(world)["state"], feedback(world)["answer"]) == ("closed", "better")


def test_a2_a_meeting_four_business_days_later_is_too_far(world: World) -> None:
    """A2: then it comes by mail on its own day."""
    answer(world, "share\nFeedback:\nspeak slower in demos", "2026-11-03 11:00", kind="follow-up")
    meet(world, "second", "2026-11-23 10:00")
    world.tick(berlin("2026-11-12 09:00"))
    assert ("check-in", DANA) in kinds(world.tick(berlin("2026-11-17 09:00")))


def test_a2_several_pieces_are_one_mail(world: World) -> None:
    """A2: what comes due on one day is one mail, and each piece is answered by its number."""
    answer(world, "Feedback:\n- speak slower\n- clear documents", "2026-11-03 11:00", kind="follow-up")
    world.tick(berlin("2026-11-17 09:00"))
    mail = world.newest("check-in", DANA)
    words = f"{mail.numbered('speak slower')} better\n{mail.numbered('clear documents')}: forgot"
    answer(world, words, "2026-11-17 10:00", kind="check-in")
    found = world.history(ALEX, berlin("2026-11-17 11:00"))["feedback"]
    assert {one["text"]: (one["state"], one["answer"]) for one in found} == {
        "speak slower": ("closed", "better"),
        "clear documents": ("open", "forgot"),
    }


# ------------------------------------------------------------ A3: in two minutes


def test_a3_a_check_in_is_short(world: World) -> None:
    """A3: at most twenty-five lines, the three words among them."""
    write(world, "feedback Alex: speak slower in demos", "2026-11-03 12:00")
    world.tick(berlin("2026-11-17 09:00"))
    text = text_of(world.newest("check-in", DANA))
    assert len(text.splitlines()) <= 25
    assert all(f"`{word}`" in text for word in ("better", "same", "worse"))


@pytest.mark.parametrize(
    ("words", "state", "said", "day"),
    [
        ("better", "closed", "better", "2026-11-17"),
        ("same", "closed", "same", "2026-11-17"),
        ("worse, he avoids demos now", "closed", "worse", "2026-11-17"),
        ("worse, check again in a month", "open", "worse", "2026-12-17"),
        ("in 3 weeks", "open", None, "2026-12-08"),
        ("forgot", "open", "forgot", "2026-11-24"),
        ("no time", "open", "no-time", "2026-11-24"),
        ("not needed", "closed", "not-needed", "2026-11-17"),
    ],
)
def test_a3_one_word_or_a_date_answers_it(world: World, words: str, state: str, said: str | None, day: str) -> None:
    """A3: each answer closes or renews as it says, and the receipt repeats it."""
    write(world, "feedback Alex: speak slower in demos", "2026-11-03 12:00")
    world.tick(berlin("2026-11-17 09:00"))
    report = answer(world, words, "2026-11-17 10:00", kind="check-in")
    assert outcomes(report) == [("answer", f"{DANA} {ALEX}")]
    assert kinds(report) == [("receipt", DANA)]
    found = feedback(world)
    assert (found["state"], found["answer"], found["follow_up_on"]) == (state, said, day)
    assert "speak slower in demos" in text_of(world.newest("receipt", DANA))


def test_a3_a_renewed_one_comes_back_again(world: World) -> None:
    """A3: on its new day it is asked about anew."""
    write(world, "feedback Alex: speak slower in demos", "2026-11-03 12:00")
    world.tick(berlin("2026-11-17 09:00"))
    answer(world, "in 3 weeks", "2026-11-17 10:00", kind="check-in")
    assert kinds(world.tick(berlin("2026-11-24 09:00"))) == []
    assert kinds(world.tick(berlin("2026-12-08 09:00"))) == [("check-in", DANA)]


def test_a3_a_day_that_one_of_the_two_set_is_not_taken_back_by_the_others_word(world: World) -> None:
    """A3: asked for again in three weeks, the other's late `better` is noted, and on that day it comes."""
    answer(world, "share\nFeedback:\nspeak slower", "2026-11-03 11:00", kind="follow-up")
    world.tick(berlin("2026-11-17 09:00"))
    answer(world, "worse, in 3 weeks", "2026-11-17 09:30", kind="check-in")
    assert "Worse: speak slower (comes back Tue 8 Dec 2026)" in text_of(world.newest("receipt", DANA))
    answer(world, "better", "2026-11-17 09:40", kind="check-in", who=ALEX)
    assert (feedback(world)["state"], feedback(world)["follow_up_on"]) == ("open", "2026-12-08")
    sent = kinds(world.tick(berlin("2026-12-08 09:00")))
    assert sorted(sent) == [("check-in", ALEX), ("check-in", DANA)]
    answer(world, "better", "2026-12-08 10:00", kind="check-in")
    assert feedback(world)["state"] == "closed"


def test_a3_undo_opens_it_again(world: World) -> None:
    """A3: an answer is taken back like any other."""
    write(world, "feedback Alex: speak slower in demos", "2026-11-03 12:00")
    world.tick(berlin("2026-11-17 09:00"))
    answer(world, "better", "2026-11-17 10:00", kind="check-in")
    answer(world, "undo", "2026-11-17 10:05")
    assert (feedback(world)["state"], feedback(world)["answer"]) == ("open", None)


def test_a3_what_is_written_beside_the_word_is_kept(world: World) -> None:
    """A3: the words are the manager's own note."""
    write(world, "feedback Alex: speak slower in demos", "2026-11-03 12:00")
    world.tick(berlin("2026-11-17 09:00"))
    answer(world, "worse, he avoids demos now", "2026-11-17 10:00", kind="check-in")
    notes = world.history(ALEX, berlin("2026-11-17 11:00"), "--private")["notes"]
    assert [(note["text"], note["shared"]) for note in notes] == [("worse, he avoids demos now", None)]
    assert world.history(ALEX, berlin("2026-11-17 11:00"))["notes"] == []


# ------------------------------------------------------------ A4: a missed one, and its cause


def test_a4_an_unanswered_one_is_asked_about_once(world: World) -> None:
    """A4: three business days later once more, and never again."""
    write(world, "feedback Alex: speak slower in demos", "2026-11-03 12:00")
    sent = []
    for day in range(17, 31):
        sent += [(day, *one) for one in kinds(world.tick(berlin(f"2026-11-{day} 09:00")))]
    assert sent == [(17, "check-in", DANA), (20, "check-in", DANA)]
    assert "not closed yet" in text_of(world.newest("check-in", DANA))


def test_a4_causes_are_counted(world: World) -> None:
    """A4: forgot, no time and not needed are counted for the digest, each answer once."""
    write(world, "feedback Alex: speak slower in demos", "2026-11-03 12:00")
    for moment, words in (("2026-11-17", "forgot"), ("2026-11-24", "no time"), ("2026-12-01", "forgot")):
        world.tick(berlin(f"{moment} 09:00"))
        answer(world, words, f"{moment} 10:00", kind="check-in")
    world.tick(berlin("2026-12-07 08:00"))
    text = text_of(world.newest("digest", DANA))
    assert "Missed follow-ups: forgot 2, no time 1, not needed 0" in text


def test_a4_the_agenda_that_nobody_answered_is_followed_by_one_mail(world: World) -> None:
    """A4: where it stood in an agenda and stayed open, it is asked about once by mail."""
    answer(world, "Feedback:\nspeak slower", "2026-11-03 11:00", kind="follow-up")
    meet(world, "second", "2026-11-18 10:00")
    sent = []
    for day in range(12, 31):
        for clock in ("09:00", "10:45"):
            sent += [(day, kind) for kind, to in kinds(world.tick(berlin(f"2026-11-{day} {clock}"))) if to == DANA]
    assert [entry for entry in sent if entry[1] == "check-in"] == [(23, "check-in")]


# ------------------------------------------------------------ B7: informal check-ins


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("check in with Alex on Friday", "2026-11-06"),
        ("Check in with Alex about the demo on 12 November", "2026-11-12"),
        ("remind me on Friday to ask Alex about the demo", "2026-11-06"),
    ],
)
def test_b7_an_informal_check_in_is_a_mail_on_its_day(world: World, words: str, day: str) -> None:
    """B7: a check-in between the sessions comes by mail that morning, to its author alone."""
    report = write(world, words, "2026-11-04 12:00")
    assert outcomes(report) == [("capture", f"{DANA} {ALEX}")]
    assert kinds(report) == [("receipt", DANA)]
    assert kinds(world.tick(berlin(f"{day} 09:00"))) == [("check-in", DANA)]
    answer(world, "better", f"{day} 10:00", kind="check-in")
    assert feedback(world)["state"] == "closed"


# ------------------------------------------------------------ a report by mail


def test_a_report_mails_topics_at_any_time(world: World) -> None:
    """A mail of the report's that answers nothing is topics, one a line; a `private:` line stays theirs."""
    report = write(world, "- my salary\n- the office\nprivate: burn-out", "2026-11-04 12:00", sender=ALEX)
    assert outcomes(report) == [("topics", f"{DANA} {ALEX}")]
    assert kinds(report) == [("receipt", ALEX)]
    found = world.history(ALEX, berlin("2026-11-04 13:00"))["topics"]
    assert {"my salary", "the office"} <= {topic["text"] for topic in found}
    meet(world, "second", "2026-11-10 10:00")
    world.tick(berlin("2026-11-05 09:00"))
    world.tick(berlin("2026-11-09 09:00"))
    assert "my salary" in text_of(world.newest("agenda", DANA))
    assert "burn-out" not in text_of(world.newest("agenda", DANA))


def test_history_of_a_report_is_all_that_they_may_see(world: World) -> None:
    """`history` mails a report their own words and what was shared with them, and nothing else."""
    words = "share\nHighlights: shipped it\nAction items:\nDana asks HR by Friday\nPrivate notes: weak quarter"
    answer(world, words, "2026-11-03 11:00", kind="follow-up")
    write(world, "private Alex: thinks of leaving", "2026-11-03 12:00")
    write(world, "my salary\nprivate: burn-out", "2026-11-03 12:10", sender=ALEX)
    report = write(world, "history", "2026-11-03 12:20", sender=ALEX)
    assert outcomes(report) == [("command", f"{DANA} {ALEX}")]
    text = text_of(world.newest("receipt", ALEX))
    for shown in ("shipped it", "asks HR", "my salary", "burn-out", "3 Nov"):
        assert shown in text
    assert "weak quarter" not in text
    assert "leaving" not in text


def test_stop_of_a_report(world: World) -> None:
    """A report who says stop gets one receipt and no more; the manager is told once; `start` takes it back."""
    report = write(world, "stop", "2026-11-04 12:00", sender=ALEX)
    assert outcomes(report) == [("command", f"{DANA} {ALEX}")]
    assert sorted(kinds(report)) == [("notice", DANA), ("receipt", ALEX)]
    assert "Alex" in text_of(world.newest("notice", DANA))
    meet(world, "second", "2026-11-10 10:00")
    for moment in ("2026-11-05 09:00", "2026-11-06 09:00", "2026-11-09 09:00"):
        assert not [one for one in kinds(world.tick(berlin(moment))) if one == ("notice", DANA) or one[1] == ALEX]
    write(world, "start", "2026-11-09 09:05", sender=ALEX)
    world.tick(berlin("2026-11-09 09:10"))
    assert ("agenda", ALEX) in {(mail.kind, mail.to) for mail in world.mails() if "10 Nov" in mail["Subject"]}


def test_a_report_pauses_and_resumes(world: World) -> None:
    """`pause until` holds back the mails of that pair, `resume` lets them go again."""
    meet(world, "second", "2026-11-10 10:00")
    write(world, "pause until 30 November", "2026-11-04 12:00", sender=ALEX)
    assert "Paused until Mon 30 Nov 2026" in text_of(world.newest("receipt", ALEX))
    assert kinds(world.tick(berlin("2026-11-09 09:00"))) == []
    write(world, "resume", "2026-11-09 09:05", sender=ALEX)
    world.tick(berlin("2026-11-09 09:10"))
    assert ("agenda", ALEX) in {(mail.kind, mail.to) for mail in world.mails() if "10 Nov" in mail["Subject"]}


def test_a_reminder_of_a_report_is_theirs_alone(world: World) -> None:
    """D6: a report's private to-do comes back to them and to nobody else."""
    write(world, "remind me on Friday to ask about the offsite", "2026-11-04 12:00", sender=ALEX)
    assert kinds(world.tick(berlin("2026-11-06 09:00"))) == [("check-in", ALEX)]
    assert "offsite" in text_of(world.newest("check-in", ALEX))
    assert "offsite" not in str(world.history(ALEX, berlin("2026-11-06 10:00")))


@pytest.mark.parametrize("words", ["end Dana", "goal Dana: fewer meetings", "open"])
def test_what_is_not_a_reports_to_say_changes_nothing(world: World, words: str) -> None:
    """A manager's commands do nothing in a report's mail; the words are kept."""
    write(world, words, "2026-11-04 12:00", sender=ALEX)
    status = world.json("status", "--now", berlin("2026-11-04 12:01").isoformat())
    assert [pair["started"] for pair in status["pairs"]] == [True]
    found = world.history(ALEX, berlin("2026-11-04 12:01"))
    assert found["goals"] == []
