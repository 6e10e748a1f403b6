"""Answers of every sort, through the command line: dates, corrections, questions, refusals."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.story.world import ALEX, CONFIG, DANA, PAIR, World, berlin, event

HELD = "2026-11-03 10:00"


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A pair whose single known 1:1 was held on Tuesday 3 November; the form is out."""
    world = World(tmp_path)
    world.put("first", event("first", berlin(HELD)))
    world.tick(berlin("2026-10-29 12:00"))
    world.tick(berlin("2026-11-03 10:45"))
    return world


def answer(world: World, words: str, when: str, kind: str = "follow-up") -> dict[str, list[dict[str, str]]]:
    """Answer Dana's newest mail of a kind and let a tick pass."""
    world.reply(world.newest(kind, DANA), words, berlin(when))
    return world.tick(berlin(when))


def starts(world: World) -> list[str]:
    """Return DTSTART of every event that the worker made."""
    return sorted(
        line.partition(":")[2]
        for text in world.events()
        if "UID:ft" in text and "STATUS:CANCELLED" not in text
        for line in text[text.index("BEGIN:VEVENT") :].splitlines()
        if line.startswith("DTSTART")
    )


def test_a_correction_moves_the_event_that_we_made(world: World) -> None:
    """Pitfall 28: a second answer moves the check-in: there is one event, never two."""
    answer(world, "next in two weeks", "2026-11-03 11:00")
    assert starts(world) == ["20261117T100000"]
    report = answer(world, "Next check-in: Thu 19 Nov 15:00", "2026-11-03 12:00", kind="receipt")
    assert [one["outcome"] for one in report["received"]] == ["correction"]
    assert [one["operation"] for one in report["calendar"]] == ["move"]
    assert starts(world) == ["20261119T150000"]


def test_a_correction_moves_our_event_past_other_meetings(tmp_path: Path) -> None:
    """The event that an answer made moves to the corrected date even where the series has an instance in between."""
    world = World(tmp_path)
    world.put("weekly", event("weekly", berlin(HELD), rule="FREQ=WEEKLY;COUNT=6"))
    world.tick(berlin("2026-10-29 12:00"))
    world.tick(berlin("2026-11-03 10:45"))
    answer(world, "Next check-in: Fri 20 Nov 15:00", "2026-11-03 11:00")
    report = answer(world, "Next check-in: Fri 27 Nov 15:00", "2026-11-03 11:10", kind="receipt")
    assert [one["operation"] for one in report["calendar"]] == ["move"]
    assert starts(world) == ["20261127T150000"]
    assert "It moves there from Fri 20 Nov" in world.newest("receipt", DANA).text
    answer(world, "none", "2026-11-03 11:20", kind="receipt")
    assert starts(world) == []


@pytest.mark.parametrize("words", ["help", "open", "history"])
def test_who_only_asks_to_see_something_has_not_said_that_they_met(world: World, words: str) -> None:
    """A question in answer to a form closes nothing: whether the 1:1 was held is still to be said."""
    answer(world, words, "2026-11-03 11:00")
    (meeting,) = world.history(ALEX, berlin("2026-11-03 12:00"))["meetings"]
    assert not meeting["confirmed"]
    answer(world, "next in two weeks", "2026-11-03 12:10")
    assert world.history(ALEX, berlin("2026-11-03 12:20"))["meetings"][0]["confirmed"]


def test_undo_takes_everything_back(world: World) -> None:
    """Undo removes what the last reply made, its event in the calendar included."""
    answer(world, "Next check-in: in two weeks\nAction items:\nAlex sends the plan by Friday", "2026-11-03 11:00")
    report = answer(world, "undo", "2026-11-03 11:10", kind="receipt")
    assert [one["operation"] for one in report["calendar"]] == ["cancel"]
    assert starts(world) == []
    history = world.history(ALEX, berlin("2026-11-03 11:11"))
    assert history["action_items"] == []
    assert history["next_check_in"] is None
    assert "Next check-in: not set" in world.newest("receipt", DANA).text


def test_undo_of_a_correction_names_the_date_that_counts_again(world: World) -> None:
    """The receipt of an undo has the earlier date and does not say that the event moves from where it goes to."""
    answer(world, "next in two weeks", "2026-11-03 11:00")
    answer(world, "Next check-in: Thu 19 Nov 15:00", "2026-11-03 12:00", kind="receipt")
    report = answer(world, "undo", "2026-11-03 12:10", kind="receipt")
    assert [one["start"][:10] for one in report["calendar"]] == ["2026-11-17"]
    receipt = world.newest("receipt", DANA).text
    assert "(2026-11-17)" in receipt
    assert "It moves there from" not in receipt


def test_none_after_a_date_says_none(world: World) -> None:
    """The event that an earlier answer made is cancelled; the receipt says so and does not say that it stays."""
    answer(world, "next in two weeks", "2026-11-03 11:00")
    report = answer(world, "none", "2026-11-03 12:00", kind="receipt")
    assert [one["operation"] for one in report["calendar"]] == ["cancel"]
    receipt = world.newest("receipt", DANA).text
    assert "Next check-in: none\nCancelled: Tue 17 Nov 2026, 10:00 CET\n" in receipt.replace("\r", "")
    assert "what is in the calendar stays" not in receipt
    assert "(2026-11-17)" not in receipt


def test_none_above_the_labels_says_none(world: World) -> None:
    """What stands first answers what the form asks first: there is no next check-in, and no note says `none`."""
    answer(world, "none\n\nHighlights: shipped", "2026-11-03 11:00")
    receipt = world.newest("receipt", DANA).text
    assert "Next check-in: none" in receipt
    assert "- none" not in receipt


def test_a_recap_names_the_date_that_was_agreed(tmp_path: Path) -> None:
    """Where a series has an earlier instance, the other person reads the date that the manager set, not that one."""
    world = World(tmp_path)
    world.put("weekly", event("weekly", berlin(HELD), rule="FREQ=WEEKLY;COUNT=6"))
    world.tick(berlin("2026-10-29 12:00"))
    world.tick(berlin("2026-11-03 10:45"))
    answer(world, "share\nNext check-in: in two weeks\nHighlights: shipped", "2026-11-03 11:00")
    assert "(2026-11-17)" in world.newest("receipt", DANA).text
    assert "Next check-in: Tue 17 Nov 2026, 10:00 CET (2026-11-17)" in world.newest("recap", ALEX).text


def test_an_ambiguous_date_is_asked_about_and_the_number_settles_it(world: World) -> None:
    """Pitfall 35: 12/1 writes nothing; the question lists both days; `1` takes the first of them."""
    report = answer(world, "Next check-in: 12/1\nHighlights: shipped", "2026-11-03 11:00")
    assert [(one["kind"], one["to"]) for one in report["sent"]] == [("question", DANA)]
    assert report["calendar"] == []
    question = world.newest("question", DANA).text
    assert "2026-12-01" in question
    assert "2027-01-12" in question
    assert len(world.history(ALEX, berlin("2026-11-03 11:01"))["notes"]) == 1
    report = answer(world, "1", "2026-11-03 12:00", kind="question")
    assert [one["start"][:10] for one in report["calendar"]] == ["2026-12-01"]


def test_a_weekend_named_outright_is_asked_back(world: World) -> None:
    """A Sunday is not written: the next working day is the first choice."""
    report = answer(world, "Next check-in: Sunday 15 November 2026", "2026-11-03 11:00")
    assert report["calendar"] == []
    question = world.newest("question", DANA).text
    assert question.index("2026-11-16") < question.index("2026-11-15")


@pytest.mark.parametrize("words", ["2", "Sun 15 Nov"])
def test_a_weekend_that_is_chosen_is_taken(world: World, words: str) -> None:
    """Who chooses the Sunday that the question offers, or writes it once more, means it and is not asked again."""
    answer(world, "Next check-in: Sunday 15 November 2026", "2026-11-03 11:00")
    report = answer(world, words, "2026-11-03 11:10", kind="question")
    assert [one["start"][:16] for one in report["calendar"]] == ["2026-11-15T10:00"]
    assert "(2026-11-15)" in world.newest("receipt", DANA).text


def test_a_relative_date_on_a_weekend_moves_to_monday(world: World) -> None:
    """`in 11 days` lands on a Saturday: the next working day is taken and the receipt says so."""
    report = answer(world, "next in 11 days", "2026-11-03 11:00")
    assert [one["start"][:10] for one in report["calendar"]] == ["2026-11-16"]


def test_a_taken_slot_moves_to_the_nearest_free_one(world: World) -> None:
    """Where something else stands in the calendar the nearest free time of that day is taken."""
    world.put("busy", event("busy", berlin("2026-11-17 09:30"), 120, people=(("Dana Kim", DANA),), summary="Board"))
    report = answer(world, "next in two weeks", "2026-11-03 11:00")
    start = report["calendar"][0]["start"]
    assert start[:10] == "2026-11-17"
    assert start[11:16] in ("09:00", "11:30")


def test_did_not_happen(world: World) -> None:
    """The meeting is missed, the form closed, and no reminder comes."""
    answer(world, "did not happen", "2026-11-03 11:00")
    world.tick(berlin("2026-11-04 09:30"))
    history = world.history(ALEX, berlin("2026-11-04 09:31"))
    assert [meeting["status"] for meeting in history["meetings"]] == ["missed"]
    assert world.mails("reminder") == []


def test_an_event_that_a_person_deleted_stays_deleted(world: World) -> None:
    """Our check-in deleted by hand is not made again; the manager is told once; a new date makes a new one."""
    answer(world, "next in two weeks", "2026-11-03 11:00")
    made = [file for file in world.calendar.iterdir() if "UID:ft" in file.read_text()]
    made[0].unlink()
    world.tick(berlin("2026-11-04 09:30"))
    world.tick(berlin("2026-11-05 09:30"))
    assert len(world.mails("notice", DANA)) == 1
    assert starts(world) == []
    answer(world, "Next check-in: 24 Nov", "2026-11-05 11:00", kind="receipt")
    assert starts(world) == ["20261124T100000"]


def test_a_decline_is_told_to_the_manager(world: World) -> None:
    """When the report declines our check-in the manager gets a notice, and nothing is made again."""
    answer(world, "next in two weeks", "2026-11-03 11:00")
    (file,) = (file for file in world.calendar.iterdir() if "UID:ft" in file.read_text())
    text = file.read_bytes().replace(b"\r\n ", b"")
    assert b"PARTSTAT=NEEDS-ACTION" in text
    file.write_bytes(text.replace(b"PARTSTAT=NEEDS-ACTION", b"PARTSTAT=DECLINED"))
    world.tick(berlin("2026-11-04 09:30"))
    assert [mail.kind for mail in world.mails("notice", DANA)] == ["notice"]


def test_the_series_moves_only_its_next_instance(tmp_path: Path) -> None:
    """A date a day beside the next instance moves that instance and leaves the series alone."""
    world = World(tmp_path)
    world.put("weekly", event("weekly", berlin(HELD), rule="FREQ=WEEKLY;COUNT=6"))
    world.tick(berlin("2026-10-29 12:00"))
    world.tick(berlin("2026-11-03 10:45"))
    report = answer(world, "Next check-in: Wed 11 Nov", "2026-11-03 11:00")
    assert [(one["operation"], one["start"][:16]) for one in report["calendar"]] == [("move", "2026-11-11T10:00")]
    text = next(world.events())
    assert "RRULE:FREQ=WEEKLY;COUNT=6" in text
    assert "RECURRENCE-ID" in text


def test_a_read_only_calendar_gets_an_invitation(tmp_path: Path) -> None:
    """Where we may not write, both people are invited by mail and no file appears."""
    config = (CONFIG + PAIR).replace('path = "calendar/dana" }', 'path = "calendar/dana", write = false }')
    world = World(tmp_path, config)
    world.put("first", event("first", berlin(HELD)))
    world.tick(berlin("2026-10-29 12:00"))
    world.tick(berlin("2026-11-03 10:45"))
    report = answer(world, "next in two weeks", "2026-11-03 11:00")
    assert report["calendar"] == []
    assert sorted((one["kind"], one["to"]) for one in report["sent"]) == [
        ("invitation", ALEX),
        ("invitation", DANA),
        ("receipt", DANA),
    ]
    assert len(list(world.calendar.iterdir())) == 1
    (part,) = (
        part for part in world.newest("invitation", ALEX).message.walk() if "calendar" in part.get_content_type()
    )
    assert part.get_param("method") == "REQUEST"


def test_the_same_mail_twice_counts_once(world: World) -> None:
    """A mail delivered again, even in other bytes, adds nothing and is not answered again."""
    form = world.newest("follow-up", DANA)
    mail = world.reply(form, "next in two weeks", berlin("2026-11-03 11:00"), identity="<same@mail.example.com>")
    world.tick(berlin("2026-11-03 11:00"))
    world.deliver(mail.as_bytes(), "again")
    world.deliver(b"Received: by elsewhere\n" + mail.as_bytes(), "again-2")
    report = world.tick(berlin("2026-11-03 11:05"))
    assert [one["outcome"] for one in report["received"]] == ["duplicate", "duplicate"]
    assert report["sent"] == []


def test_a_stranger_changes_nothing(world: World) -> None:
    """A valid token from somebody else is kept and not applied; the owner of the token is told, the stranger never."""
    form = world.newest("follow-up", DANA)
    world.reply(form, "next in two weeks", berlin("2026-11-03 11:00"), sender="mallory@example.com")
    report = world.tick(berlin("2026-11-03 11:00"))
    assert [one["outcome"] for one in report["received"]] == ["unknown-sender"]
    assert report["calendar"] == []
    assert not [mail for mail in world.mails() if mail.to == "mallory@example.com"]


def test_an_address_of_somebody_else_is_never_learned_as_ones_own(world: World) -> None:
    """A form answered by the other person, or under two addresses, is kept; nobody is asked whether that is them."""
    form = world.newest("follow-up", DANA)
    world.reply(form, "next in two weeks", berlin("2026-11-03 11:00"), sender=ALEX)
    world.reply(form, "next in three weeks", berlin("2026-11-03 11:00"), sender=f"{DANA}, mallory@example.com")
    report = world.tick(berlin("2026-11-03 11:00"))
    assert [one["outcome"] for one in report["received"]] == ["unknown-sender", "unknown-sender"]
    assert [(one["kind"], one["to"]) for one in report["sent"]] == [("notice", DANA)]
    assert "nothing was changed" in world.newest("notice", DANA).text
    world.reply(world.newest("notice", DANA), "yes", berlin("2026-11-03 11:05"))
    world.tick(berlin("2026-11-03 11:05"))
    assert starts(world) == []


def test_a_yes_does_not_learn_an_address_that_is_somebody_elses_by_now(world: World) -> None:
    """Between the question and the `yes` the calendar showed whose address it is: two people never become one."""
    form = world.newest("follow-up", DANA)
    world.reply(form, "next in two weeks", berlin("2026-11-03 11:00"), sender="sam@example.com")
    world.tick(berlin("2026-11-03 11:00"))
    assert "Is that you?" in world.newest("question", DANA).text
    people = (("Dana Kim", DANA), ("Sam Ode", "sam@example.com"))
    world.put("sam", event("sam", berlin("2026-11-12 15:00"), people=people, rule="FREQ=WEEKLY"))
    world.tick(berlin("2026-11-03 11:05"))
    world.reply(world.newest("question", DANA), "yes", berlin("2026-11-03 11:10"))
    report = world.tick(berlin("2026-11-03 11:10"))
    assert [one["outcome"] for one in report["received"]] == ["command"]
    assert report["calendar"] == []


def test_without_the_servers_word_nothing_is_applied(tmp_path: Path) -> None:
    """With authserv_id set, a mail without that server's verdict is not authentic."""
    config = (CONFIG + PAIR).replace('path = "mail"', 'path = "mail"\nauthserv_id = "mx.example.com"')
    world = World(tmp_path, config)
    world.put("first", event("first", berlin(HELD)))
    world.tick(berlin("2026-10-29 12:00"))
    world.tick(berlin("2026-11-03 10:45"))
    form = world.newest("follow-up", DANA)
    mail = world.reply(form, "next in two weeks", berlin("2026-11-03 11:00"))
    report = world.tick(berlin("2026-11-03 11:00"))
    assert [one["outcome"] for one in report["received"]] == ["not-authentic"]
    mail.replace_header("Message-ID", "<other@mail.example.com>")
    verdict = b"Authentication-Results: mx.example.com; dmarc=pass header.from=example.com\n"
    world.deliver(verdict + mail.as_bytes(), "vouched")
    report = world.tick(berlin("2026-11-03 11:05"))
    assert [one["outcome"] for one in report["received"]] == ["answer"]


def test_a_robot_is_never_answered(world: World) -> None:
    """Pitfall 27: an out-of-office reply is no answer, closes nothing and brings nothing back."""
    mail = world.reply(world.newest("follow-up", DANA), "I am away until Monday", berlin("2026-11-03 11:00"))
    for file in (world.root / "mail/in/new").iterdir():
        file.write_bytes(b"Auto-Submitted: auto-replied\r\n" + file.read_bytes())
    report = world.tick(berlin("2026-11-03 11:00"))
    assert [one["outcome"] for one in report["received"]] == ["auto-reply"]
    assert report["sent"] == []
    assert mail["Subject"].startswith("Re:")


def test_a_rehearsal_changes_nothing(world: World) -> None:
    """`--dry-run` prints what would be done and leaves every file as it is."""
    world.reply(world.newest("follow-up", DANA), "next in two weeks", berlin("2026-11-03 11:00"))

    def files() -> dict[str, bytes]:
        return {str(file): file.read_bytes() for file in world.root.rglob("*") if file.is_file()}

    before = files()
    rehearsed = world.tick(berlin("2026-11-03 11:00"), "--dry-run")
    assert files() == before
    real = world.tick(berlin("2026-11-03 11:00"))

    def shape(report: dict[str, list[dict[str, str]]]) -> tuple[object, ...]:
        return (
            [(one["outcome"], one["pair"]) for one in report["received"]],
            [(one["kind"], one["to"]) for one in report["sent"]],
            report["calendar"],
        )

    assert shape(rehearsed) == shape(real)


def robot(world: World, words: str, when: str, subject: str = "Out of office: 1:1") -> dict[str, list[dict[str, str]]]:
    """Let Alex's mail system answer the topics mail by itself."""
    mail = world.reply(world.newest("topics", ALEX), words, berlin(when))
    mail["Auto-Submitted"] = "auto-replied"
    mail.replace_header("Subject", subject)
    (file,) = (world.root / "mail/in/new").iterdir()
    file.write_bytes(mail.as_bytes())
    return world.tick(berlin(when))


def test_an_absence_stops_mail_until_it_ends(tmp_path: Path) -> None:
    """An out-of-office reply that names its end holds mail back, and the manager's agenda says so."""
    world = World(tmp_path)
    world.put("first", event("first", berlin(HELD)))
    world.put("second", event("second", berlin("2026-11-10 10:00")))
    world.tick(berlin("2026-10-20 12:00"))
    world.tick(berlin("2026-10-30 09:00"))
    report = robot(world, "I am out of the office and back on Monday 9 November 2026.", "2026-10-30 09:01")
    assert [one["outcome"] for one in report["received"]] == ["auto-reply"]
    world.tick(berlin("2026-11-02 09:00"))
    assert [mail.to for mail in world.mails("agenda")] == [DANA]
    text = world.newest("agenda", DANA).text
    assert "Alex is away then: an automatic reply of theirs says so." in text
    assert "out-of-office entry" not in text
    world.tick(berlin("2026-11-09 09:00"))
    assert ALEX in [mail.to for mail in world.mails("agenda")]


def test_days_that_our_own_mail_names_are_no_absence(tmp_path: Path) -> None:
    """An out-of-office reply without a day that has our subject and quotes our mail silences nobody."""
    world = World(tmp_path)
    world.put("first", event("first", berlin(HELD)))
    world.put("second", event("second", berlin("2026-11-05 10:00")))
    world.tick(berlin("2026-10-20 12:00"))
    world.tick(berlin("2026-10-30 09:00"))
    asked = world.newest("topics", ALEX)
    quoted = "\n".join(f"> {line}" for line in asked.text.splitlines())
    subject = f"Automatic reply: {asked['Subject']}"
    robot(world, f"I am out of the office.\n\nFollowthrough wrote:\n{quoted}", "2026-10-30 09:01", subject)
    world.tick(berlin("2026-11-02 09:00"))
    assert [mail.to for mail in world.mails("agenda")] == [ALEX, DANA]


def test_ok_agrees_to_what_the_calendar_holds(tmp_path: Path) -> None:
    """Where the form names the next meeting in the calendar, `ok` records it and writes nothing."""
    world = World(tmp_path)
    world.put("weekly", event("weekly", berlin(HELD), rule="FREQ=WEEKLY;COUNT=6"))
    world.tick(berlin("2026-10-29 12:00"))
    world.tick(berlin("2026-11-03 10:45"))
    assert "In the calendar: Tue 10 Nov 2026, 10:00" in world.newest("follow-up", DANA).text
    report = answer(world, "ok\nHighlights: shipped", "2026-11-03 11:00")
    assert report["calendar"] == []
    assert "(2026-11-10)" in world.newest("receipt", DANA).text
    assert world.history(ALEX, berlin("2026-11-03 11:01"))["next_check_in"] == "2026-11-10T10:00:00+01:00"
