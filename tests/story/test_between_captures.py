"""Any time, not only in replies: captures and commands by mail, each answered once with a transcript."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.story.world import ALEX, CONFIG, DANA, PAIR, Mail, World, berlin, event

SAM = "sam@example.com"
SAMS = f"""
[[people]]
email = "{SAM}"
name = "Sam Lee"
timezone = "Europe/Berlin"

[[pairs]]
manager = "{DANA}"
person = "{SAM}"
"""


def put(world: World, uid: str, when: str, name: str, address: str, rule: str = "FREQ=WEEKLY;COUNT=9") -> None:
    """Put a weekly 1:1 of Dana's into her calendar."""
    people = (("Dana Kim", DANA), (name, address))
    world.put(uid, event(uid, berlin(when), rule=rule, summary=f"1:1 {name}", people=people))


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Two started pairs with weekly 1:1s: Alex on Tuesdays, Sam on Wednesdays; it is Wednesday noon."""
    world = World(tmp_path, CONFIG + PAIR + SAMS)
    put(world, "alex", "2026-11-03 10:00", "Alex Moreno", ALEX)
    put(world, "sam", "2026-11-04 10:00", "Sam Lee", SAM)
    for moment in ("2026-10-28 12:00", "2026-10-30 09:00", "2026-11-02 09:00", "2026-11-04 11:00"):
        world.tick(berlin(moment))
    return world


def write(world: World, words: str, when: str, sender: str = DANA, subject: str = "") -> dict[str, Any]:
    """Mail the worker and let a tick pass."""
    world.write(sender, subject, words, berlin(when))
    return world.tick(berlin(when))


def answer(world: World, words: str, when: str, kind: str = "receipt", who: str = DANA) -> dict[str, Any]:
    """Answer somebody's newest mail of a kind."""
    world.reply(world.newest(kind, who), words, berlin(when))
    return world.tick(berlin(when))


def outcomes(report: dict[str, Any]) -> list[tuple[str, str | None]]:
    """Return outcome and pair of every received mail."""
    return [(one["outcome"], one["pair"]) for one in report["received"]]


def kinds(report: dict[str, Any]) -> list[tuple[str, str]]:
    """Return kind and recipient of every mail sent."""
    return [(one["kind"], one["to"]) for one in report["sent"]]


def text_of(mail: Mail) -> str:
    """Return the text of a mail with plain line ends."""
    return mail.text.replace("\r\n", "\n")


def history(world: World, person: str, *more: str) -> dict[str, Any]:
    """Return what is recorded now."""
    return world.history(person, berlin("2026-11-04 23:00"), *more)


# ------------------------------------------------------------ captures


def test_a_topic_for_both(world: World) -> None:
    """`Alex: the roadmap` is a topic; the receipt says when Alex sees it; the agenda of both has it."""
    report = write(world, "Alex: the roadmap", "2026-11-04 12:00")
    assert outcomes(report) == [("capture", f"{DANA} {ALEX}")]
    assert kinds(report) == [("receipt", DANA)]
    text = text_of(world.newest("receipt", DANA))
    assert "Alex gets:\n- the roadmap" in text
    assert "Alex sees this Mon 9 Nov 2026, 09:00 CET. Answer `private` to keep it yours." in text
    assert [topic["text"] for topic in history(world, ALEX)["topics"]] == ["the roadmap"]
    world.tick(berlin("2026-11-09 09:00"))
    assert "the roadmap" in text_of(world.newest("agenda", ALEX))


def test_private_keeps_a_topic(world: World) -> None:
    """`private` in answer to that receipt makes the topic the manager's own."""
    write(world, "Alex: the roadmap", "2026-11-04 12:00")
    report = answer(world, "private", "2026-11-04 12:05")
    assert outcomes(report) == [("correction", f"{DANA} {ALEX}")]
    assert "Only you: the roadmap" in text_of(world.newest("receipt", DANA))
    world.tick(berlin("2026-11-09 09:00"))
    assert "the roadmap" not in text_of(world.newest("agenda", ALEX))
    assert "the roadmap" in text_of(world.newest("agenda", DANA)).partition("Only you: do not forward")[2]


def test_feedback_with_a_date(world: World) -> None:
    """Feedback that names a follow-up is stored with it, for its author alone, and the receipt says so."""
    report = write(world, "Alex: good demo today, follow up in 3 weeks", "2026-11-04 12:00")
    assert outcomes(report) == [("capture", f"{DANA} {ALEX}")]
    (feedback,) = history(world, ALEX, "--private")["feedback"]
    assert (feedback["text"], feedback["follow_up_on"], feedback["shared"]) == ("good demo today", "2026-11-25", None)
    text = text_of(world.newest("receipt", DANA))
    assert "Only you:\n- good demo today (comes back Wed 25 Nov 2026)" in text
    assert "`share all` sends Alex what is not private." in text
    assert "good demo" not in str(history(world, ALEX)["feedback"])


def test_feedback_without_a_date_comes_back_in_two_weeks(world: World) -> None:
    """None stated: two weeks, and the receipt says so."""
    write(world, "feedback Alex: spoke up in the meeting", "2026-11-04 12:00")
    assert "comes back Wed 18 Nov 2026" in text_of(world.newest("receipt", DANA))


def test_share_all_sends_what_was_captured(world: World) -> None:
    """`share` leaves a capture alone; `share all` sends that one, and nothing else of the manager's own words."""
    write(world, "private Alex: thinks of leaving", "2026-11-04 11:50")
    write(world, "feedback Alex: clear demo", "2026-11-04 12:00")
    report = answer(world, "share", "2026-11-04 12:05")
    assert ("recap", ALEX) not in kinds(report)
    world.reply(world.mails("receipt", DANA)[1], "share all", berlin("2026-11-04 12:10"))
    report = world.tick(berlin("2026-11-04 12:10"))
    assert ("recap", ALEX) in kinds(report)
    recap = text_of(world.newest("recap", ALEX))
    assert "clear demo (comes back Wed 18 Nov 2026)" in recap
    assert "leaving" not in recap


def test_several_people_and_commands_in_one_mail(world: World) -> None:
    """Each line goes to its person; one receipt has the transcript of all."""
    words = "Alex: the roadmap\nprivate Sam: tired lately\nopen"
    report = write(world, words, "2026-11-04 12:00")
    assert outcomes(report) == [("capture", None)]
    assert kinds(report) == [("receipt", DANA)]
    text = text_of(world.newest("receipt", DANA))
    assert "Alex gets: the roadmap" in text
    assert "Only you: tired lately" in text
    assert "Open with Alex" in text
    assert [topic["text"] for topic in history(world, ALEX)["topics"]] == ["the roadmap"]
    assert [note["text"] for note in history(world, SAM, "--private")["notes"]] == ["tired lately"]


def test_done_by_number_in_answer_to_open(world: World) -> None:
    """What `open` lists can be closed by its number, whoever it is about."""
    write(world, "Alex: the roadmap\nSam: the budget", "2026-11-04 12:00")
    write(world, "open", "2026-11-04 12:05")
    shown = world.newest("receipt", DANA)
    answer(world, f"done {shown.numbered('the budget')}", "2026-11-04 12:10")
    assert [topic["state"] for topic in history(world, SAM)["topics"]] == ["done"]
    assert [topic["state"] for topic in history(world, ALEX)["topics"]] == ["open"]


def test_undo_takes_back_the_last_mail_wherever_it_went(world: World) -> None:
    """A mail about two people is taken back from both."""
    write(world, "Alex: the roadmap\nSam: the budget", "2026-11-04 12:00")
    write(world, "undo", "2026-11-04 12:05")
    assert history(world, ALEX)["topics"] == []
    assert history(world, SAM)["topics"] == []


def test_a_subject_alone_is_read(world: World) -> None:
    """A mail written into its subject, as phones suggest, says what the subject says."""
    report = write(world, "", "2026-11-04 12:00", subject="Alex: the roadmap")
    assert outcomes(report) == [("capture", f"{DANA} {ALEX}")]
    assert [topic["text"] for topic in history(world, ALEX)["topics"]] == ["the roadmap"]


def test_of_a_forwarded_mail_the_rest_is_a_private_point(world: World) -> None:
    """The manager's own line acts; the forwarded words are private and do nothing."""
    head = "---------- Forwarded message ---------\nFrom: Bob <bob@x.org>\nSubject: Praise"
    words = f"Alex: talk about this\n\n{head}\n\nGreat work by Alex.\nstop\n"
    write(world, words, "2026-11-04 12:00", subject="Fwd: Praise")
    assert [topic["text"] for topic in history(world, ALEX)["topics"]] == ["talk about this"]
    (note,) = history(world, ALEX, "--private")["notes"]
    assert "Great work by Alex." in note["text"]
    assert note["private"] is True
    assert history(world, ALEX)["notes"] == []


def test_what_is_not_understood_is_kept(world: World) -> None:
    """A line beside a named one becomes the manager's private note, and the receipt shows it."""
    write(world, "Alex: the roadmap\nsome words about nothing", "2026-11-04 12:00")
    assert "Not understood:\n- some words about nothing" in text_of(world.newest("receipt", DANA))
    (note,) = history(world, ALEX, "--private")["notes"]
    assert (note["text"], note["private"]) == ("some words about nothing", True)


# ------------------------------------------------------------ whom is it about


def test_an_unknown_name_is_asked_back_with_the_likely_ones(world: World) -> None:
    """Nothing is stored; the question lists who may be meant, the nearest first; the number stores it."""
    report = write(world, "Aleks: the roadmap", "2026-11-04 12:00")
    assert outcomes(report) == [("capture", None)]
    assert kinds(report) == [("question", DANA)]
    assert history(world, ALEX)["topics"] == []
    text = text_of(world.newest("question", DANA))
    assert "“Aleks”" in text
    assert "1. Alex Moreno (alex@example.com)" in text
    report = answer(world, "1", "2026-11-04 12:05", kind="question")
    assert outcomes(report) == [("answer", f"{DANA} {ALEX}")]
    assert [topic["text"] for topic in history(world, ALEX)["topics"]] == ["the roadmap"]
    assert "Alex gets:\n- the roadmap" in text_of(world.newest("receipt", DANA))


def test_a_name_answers_the_question_too(world: World) -> None:
    """Instead of the number the name may be written."""
    write(world, "Aleks: the roadmap", "2026-11-04 12:00")
    answer(world, "Sam", "2026-11-04 12:05", kind="question")
    assert [topic["text"] for topic in history(world, SAM)["topics"]] == ["the roadmap"]


def test_two_unknown_names_are_asked_one_after_the_other(world: World) -> None:
    """The answer to the first brings the question about the second; the known line was stored at once."""
    write(world, "Aleks: the roadmap\nSem: the budget\nAlex: the demo", "2026-11-04 12:00")
    assert [topic["text"] for topic in history(world, ALEX)["topics"]] == ["the demo"]
    report = answer(world, "1", "2026-11-04 12:05", kind="question")
    assert kinds(report) == [("question", DANA)]
    assert "“Sem”" in text_of(world.newest("question", DANA))
    answer(world, "1", "2026-11-04 12:10", kind="question")
    assert [topic["text"] for topic in history(world, ALEX)["topics"]] == ["the demo", "the roadmap"]
    assert [topic["text"] for topic in history(world, SAM)["topics"]] == ["the budget"]


def test_who_names_nobody_is_asked(world: World) -> None:
    """With two people and no name nothing is stored; the numbered question asks whom."""
    report = write(world, "private: thinks of leaving", "2026-11-04 12:00")
    assert kinds(report) == [("question", DANA)]
    assert [len(history(world, who, "--private")["notes"]) for who in (ALEX, SAM)] == [0, 0]
    mail = world.newest("question", DANA)
    answer(world, str(mail.numbered("Sam Lee")), "2026-11-04 12:05", kind="question")
    assert [note["text"] for note in history(world, SAM, "--private")["notes"]] == ["thinks of leaving"]


def test_relative_dates_count_from_the_first_mail(world: World) -> None:
    """A follow-up "in 3 weeks" of a mail that had to be asked about counts from when it was written."""
    write(world, "Aleks: good demo, follow up in 3 weeks", "2026-11-04 12:00")
    world.reply(world.newest("question", DANA), "1", berlin("2026-11-09 12:00"))
    world.tick(berlin("2026-11-09 12:00"))
    (feedback,) = history(world, ALEX, "--private")["feedback"]
    assert feedback["follow_up_on"] == "2026-11-25"


def test_a_follow_up_date_that_must_be_asked(world: World) -> None:
    """An ambiguous date is asked about; the feedback is stored all the same; the number sets its day."""
    report = write(world, "feedback Alex: clear demo, follow up 12/1", "2026-11-04 12:00")
    assert kinds(report) == [("question", DANA)]
    answer(world, "1", "2026-11-04 12:05", kind="question")
    (feedback,) = history(world, ALEX, "--private")["feedback"]
    assert feedback["follow_up_on"] == "2026-12-01"


def test_a_report_of_two_managers_is_asked(tmp_path: Path) -> None:
    """Topics of somebody with two managers who names none go to nobody until the number says whose they are."""
    eve = "eve@example.com"
    more = f"""
[[managers]]
email = "{eve}"
name = "Eve Fox"
timezone = "Europe/Berlin"
calendar = {{ provider = "files", path = "calendar/eve" }}

[[pairs]]
manager = "{eve}"
person = "{ALEX}"
"""
    world = World(tmp_path, CONFIG + PAIR + more)
    put(world, "alex", "2026-11-03 10:00", "Alex Moreno", ALEX)
    (tmp_path / "calendar" / "eve").mkdir()
    people = (("Eve Fox", eve), ("Alex Moreno", ALEX))
    text = event("eve", berlin("2026-11-05 10:00"), rule="FREQ=WEEKLY;COUNT=9", summary="Eve / Alex", people=people)
    (tmp_path / "calendar" / "eve" / "eve.ics").write_text(text)
    world.tick(berlin("2026-10-28 12:00"))
    report = write(world, "my salary", "2026-10-28 13:00", sender=ALEX)
    assert outcomes(report) == [("topics", None)]
    assert kinds(report) == [("question", ALEX)]
    mail = world.newest("question", ALEX)
    report = answer(world, str(mail.numbered("Eve Fox")), "2026-10-28 13:05", kind="question", who=ALEX)
    assert outcomes(report) == [("answer", f"{eve} {ALEX}")]
    found = world.json("history", ALEX, "--manager", eve, "--now", berlin("2026-10-28 14:00").isoformat())
    assert [topic["text"] for topic in found["topics"]] == ["my salary"]
    found = world.json("history", ALEX, "--manager", DANA, "--now", berlin("2026-10-28 14:00").isoformat())
    assert found["topics"] == []
    write(world, "Dana: the offsite", "2026-10-28 13:10", sender=ALEX)
    found = world.json("history", ALEX, "--manager", DANA, "--now", berlin("2026-10-28 14:00").isoformat())
    assert [topic["text"] for topic in found["topics"]] == ["the offsite"]


# ------------------------------------------------------------ commands


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("help", "What you can write"),
        ("agenda Alex", "Alignment and priorities"),
        ("history Alex", "1:1s with Alex"),
        ("review Alex 6 months", "Follow-ups kept"),
        ("open", "Open with Sam"),
    ],
)
def test_what_can_be_asked_for(world: World, words: str, shown: str) -> None:
    """Each command is answered by one receipt that shows what was asked for."""
    report = write(world, words, "2026-11-04 12:00")
    assert [one["outcome"] for one in report["received"]] == ["command"]
    assert kinds(report) == [("receipt", DANA)]
    text = text_of(world.newest("receipt", DANA))
    assert shown in text
    assert "Nothing was changed" not in text


def test_help_fits_on_a_phone(world: World) -> None:
    """The help is at most a dozen lines."""
    write(world, "help", "2026-11-04 12:00")
    text = text_of(world.newest("receipt", DANA)).partition("What you can write")[2]
    assert 5 <= len([line for line in text.splitlines() if line.startswith("`")]) <= 12


def test_pause_resume_and_end(world: World) -> None:
    """`pause` holds mail back until its day, `resume` ends it at once, `end` ends mail about a person."""
    write(world, "pause Alex until 30 November", "2026-11-04 12:00")
    assert "Paused until Mon 30 Nov 2026" in text_of(world.newest("receipt", DANA))
    world.tick(berlin("2026-11-09 09:00"))
    assert not [mail for mail in world.mails("agenda") if "10 Nov" in mail["Subject"] and "Sam" not in mail["Subject"]]
    write(world, "resume Alex", "2026-11-09 09:05")
    world.tick(berlin("2026-11-09 09:06"))
    assert [mail for mail in world.mails("agenda", DANA) if mail["Subject"] == "1:1 Alex · 10 Nov"]
    write(world, "end Sam", "2026-11-09 09:10")
    world.tick(berlin("2026-11-10 09:05"))
    assert not [mail for mail in world.mails("agenda") if mail["Subject"].endswith("Sam · 11 Nov")]


def test_share_by_mail_sends_the_last_notes(world: World) -> None:
    """`share` in a mail of its own, where one person can be meant, sends the notes of the last 1:1."""
    form = [mail for mail in world.mails("follow-up", DANA) if "Sam" in mail["Subject"]][-1]
    world.reply(form, "Highlights: shipped the importer", berlin("2026-11-04 11:30"))
    world.tick(berlin("2026-11-04 11:30"))
    report = write(world, "share", "2026-11-04 12:00")
    assert kinds(report) == [("question", DANA)]
    mail = world.newest("question", DANA)
    report = answer(world, str(mail.numbered("Sam Lee")), "2026-11-04 12:05", kind="question")
    assert ("recap", SAM) in kinds(report)
    assert "shipped the importer" in text_of(world.newest("recap", SAM))


def test_stop_and_start_of_a_manager(world: World) -> None:
    """`stop` as the whole mail ends all mail; `start` takes it back; inside a longer mail it does nothing."""
    write(world, "Alex: stop the on-call rotation", "2026-11-04 11:55")
    write(world, "stop", "2026-11-04 12:00")
    world.tick(berlin("2026-11-09 09:00"))
    assert not [mail for mail in world.mails("agenda", DANA) if "10 Nov" in mail["Subject"]]
    write(world, "start", "2026-11-09 09:05")
    world.tick(berlin("2026-11-09 09:06"))
    assert [mail for mail in world.mails("agenda", DANA) if "10 Nov" in mail["Subject"]]


def test_the_same_mail_twice_counts_once(world: World) -> None:
    """Delivered again, even in other bytes, a capture is a duplicate and is not answered again."""
    mail = world.write(DANA, "", "Alex: the roadmap\nSam: the budget", berlin("2026-11-04 12:00"))
    world.tick(berlin("2026-11-04 12:00"))
    world.deliver(b"Received: by elsewhere\n" + mail.as_bytes(), "again")
    report = world.tick(berlin("2026-11-04 12:05"))
    assert [one["outcome"] for one in report["received"]] == ["duplicate"]
    assert report["sent"] == []
    assert len(history(world, ALEX)["topics"]) == 1


def test_commands_inside_an_answer_to_a_form(world: World) -> None:
    """A goal, feedback, a private word and a pause stand as lines of their own in an answer, and are nothing else."""
    words = (
        "Next check-in: in two weeks\n\ngoal Sam: learn Rust by 1 March 2027\nfeedback Sam: clear demo\n"
        "private Sam: tired lately\npause Sam until 30 November"
    )
    form = [mail for mail in world.mails("follow-up", DANA) if "Sam" in mail["Subject"]][-1]
    world.reply(form, words, berlin("2026-11-04 11:30"))
    world.tick(berlin("2026-11-04 11:30"))
    found = history(world, SAM, "--private")
    assert [(goal["text"], goal["due"]) for goal in found["goals"]] == [("learn Rust", "2027-03-01")]
    assert [one["text"] for one in found["feedback"]] == ["clear demo"]
    assert [(note["text"], note["private"]) for note in found["notes"]] == [("tired lately", True)]
    assert found["action_items"] == []
    assert found["next_check_in"][:10] == "2026-11-18"
    status = world.json("status", "--now", berlin("2026-11-04 12:00").isoformat())
    assert {pair["person"]: pair["paused_until"] for pair in status["pairs"]}[SAM] == "2026-11-30"


def test_help_and_history_in_answer_to_any_mail(world: World) -> None:
    """The words that show something act in an answer as they do in a mail of their own."""
    for word, shown in (("help", "What you can write"), ("history", "1:1s with Sam")):
        form = [mail for mail in world.mails("follow-up", DANA) if "Sam" in mail["Subject"]][-1]
        world.reply(form, word, berlin("2026-11-04 11:30"))
        world.tick(berlin("2026-11-04 11:30"))
        assert [mail for mail in world.mails("receipt", DANA) if shown in text_of(mail)]
