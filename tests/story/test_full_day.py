"""Three 1:1s on one day: one agenda and one form for the manager, answered person by person."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.compose.jwz import threads
from tests.story.world import ALEX, CONFIG, DANA, Mail, World, berlin, event

ANA, TOM = "ana@example.com", "tom@example.com"
PEOPLE = {"Alex Moreno": (ALEX, "10:00"), "Ana Ruiz": (ANA, "11:00"), "Tom Baker": (TOM, "14:00")}
PAIRS = "".join(f'[[pairs]]\nmanager = "{DANA}"\nperson = "{address}"\n' for address, _ in PEOPLE.values())
TIMING = "[timing]\nbundle_from = {}\n"


def office(root: Path, least: int) -> World:
    """Return an office where one manager has three weekly 1:1s on Tuesdays, all of them known for long."""
    world = World(root, CONFIG + PAIRS + TIMING.format(least))
    for name, (address, clock) in PEOPLE.items():
        start = berlin(f"2026-11-03 {clock}")
        text = event(
            f"u-{address}",
            start,
            rule="FREQ=WEEKLY;INTERVAL=2",
            summary=f"1:1 Dana / {name}",
            people=(("Dana Kim", DANA), (name, address)),
        )
        (world.calendar / f"{address}.ics").write_text(text)
    world.tick(berlin("2026-10-26 09:00"))
    world.tick(berlin("2026-10-30 09:00"))
    return world


def to_dana(world: World, kind: str) -> list[Mail]:
    """Return the manager's mails of this kind."""
    return world.mails(kind, DANA)


@pytest.mark.parametrize(("least", "mails"), [(0, 3), (4, 3), (3, 1), (2, 1)])
def test_a_full_day_is_one_agenda(tmp_path: Path, least: int, mails: int) -> None:
    """From so many 1:1s as configured the manager gets one agenda; the reports get theirs each; never twice."""
    world = office(tmp_path, least)
    world.tick(berlin("2026-11-02 09:00"))
    world.tick(berlin("2026-11-02 09:05"))
    world.tick(berlin("2026-11-02 12:00"))
    found = to_dana(world, "agenda")
    assert len(found) == mails
    assert len([mail for mail in world.mails("agenda") if mail.to != DANA]) == 3
    if mails == 1:
        text = found[0].text
        assert text.index("10:00 CET, Alex") < text.index("11:00 CET, Ana") < text.index("14:00 CET, Tom")
        assert text.splitlines().count("Promised") == 3


def test_a_full_day_is_one_form_after_the_last(tmp_path: Path) -> None:
    """No form comes between the 1:1s; one for all comes after the last, and a reminder of it is one mail."""
    world = office(tmp_path, 3)
    for moment in ("2026-11-02 09:00", "2026-11-03 10:45", "2026-11-03 11:45", "2026-11-03 14:35"):
        world.tick(berlin(moment))
        assert to_dana(world, "follow-up") == []
    world.tick(berlin("2026-11-03 15:00"))
    world.tick(berlin("2026-11-03 16:00"))
    assert len(to_dana(world, "follow-up")) == 1
    world.tick(berlin("2026-11-04 15:30"))
    world.tick(berlin("2026-11-05 15:30"))
    assert len(to_dana(world, "reminder")) == 1


def test_a_form_for_all_is_answered_person_by_person(tmp_path: Path) -> None:
    """`Ana: next in a week` is Ana's, a block below a name is that person's, and a number needs no name."""
    world = office(tmp_path, 3)
    world.reply(world.newest("topics", ANA), "The new desk", berlin("2026-10-30 10:00"))
    world.tick(berlin("2026-10-30 10:05"))
    world.tick(berlin("2026-11-02 09:00"))
    world.tick(berlin("2026-11-03 15:00"))
    (form,) = to_dana(world, "follow-up")
    number = form.numbered("The new desk")
    world.reply(
        form,
        f"done {number}\nAna: next in a week\nTom:\nNext check-in: 24 Nov 2026\nHighlights: the audit went well\n"
        "Alex: did not happen",
        berlin("2026-11-03 15:10"),
    )
    world.tick(berlin("2026-11-03 15:11"))
    ana, tom, alex = (world.history(address, berlin("2026-11-03 16:00")) for address in (ANA, TOM, ALEX))
    assert ana["next_check_in"][:10] == "2026-11-10"
    assert [topic["state"] for topic in ana["topics"]] == ["done"]
    assert tom["next_check_in"][:10] == "2026-11-24"
    assert [note["text"] for note in tom["notes"]] == ["the audit went well"]
    assert alex["notes"] == []
    (receipt,) = to_dana(world, "receipt")
    assert receipt["Subject"] == form["Subject"]
    assert [receipt.text.count(f"Next check-in: {day}") for day in ("Tue 10 Nov", "Tue 24 Nov")] == [1, 1]
    world.reply(receipt, "Tom: share", berlin("2026-11-03 15:20"))
    world.tick(berlin("2026-11-03 15:21"))
    assert [mail.to for mail in world.mails("recap")] == [TOM]
    assert "missed" in {meeting["status"] for meeting in alex["meetings"]}


def test_the_mails_of_a_full_day_are_one_conversation(tmp_path: Path) -> None:
    """Agenda, form and receipt of a day, and the answer to them, are one thread by references; numbers go on in it."""
    world = office(tmp_path, 3)
    world.reply(world.newest("topics", ANA), "The new desk", berlin("2026-10-30 10:00"))
    world.tick(berlin("2026-10-30 10:05"))
    world.tick(berlin("2026-11-02 09:00"))
    world.tick(berlin("2026-11-03 15:00"))
    (agenda,), (form,) = to_dana(world, "agenda"), to_dana(world, "follow-up")
    answer = world.reply(form, "Ana: next in a week", berlin("2026-11-03 15:10"))
    world.tick(berlin("2026-11-03 15:11"))
    (receipt,) = to_dana(world, "receipt")
    assert form["In-Reply-To"] == agenda["Message-ID"]
    assert form.numbered("The new desk") == agenda.numbered("The new desk")
    raws = [mail.file.read_bytes() for mail in (receipt, agenda, form)] + [answer.as_bytes()]
    ids = {agenda["Message-ID"], form["Message-ID"], receipt["Message-ID"], str(answer["Message-ID"])}
    assert [set(one) for one in threads(raws)] == [ids]
    assert len({mail["Thread-Index"][:29] for mail in (agenda, form, receipt)}) == 1
    assert len({mail["Subject"] for mail in (agenda, form, receipt)}) == 1


ONE = "Alex: next in a week\nAna: next Friday\nTom: next in two weeks"
TWO = "Alex: next in a week\nAna: next Friday\nTom: Tue 18 November 2026"


def asked(tmp_path: Path, words: str) -> tuple[World, Mail]:
    """Return the office after an answer to the form for all, and the one mail that answers it."""
    world = office(tmp_path, 3)
    world.tick(berlin("2026-11-02 09:00"))
    world.tick(berlin("2026-11-03 15:00"))
    world.reply(to_dana(world, "follow-up")[0], words, berlin("2026-11-03 15:10"))
    world.tick(berlin("2026-11-03 15:11"))
    world.tick(berlin("2026-11-03 15:20"))
    (question,) = to_dana(world, "question")
    assert to_dana(world, "receipt") == []
    return world, question


def dates(world: World) -> list[str]:
    """Return the next check-in's day with Alex, Ana and Tom; "" for none."""
    now = berlin("2026-11-03 16:00")
    return [str(world.history(address, now)["next_check_in"] or "")[:10] for address in (ALEX, ANA, TOM)]


@pytest.mark.parametrize(
    ("answer", "day"),
    [("2", "2026-11-13"), ("Ana: 1", "2026-11-06"), ("12 November 2026", "2026-11-12"), ("Ana: 20 Nov", "2026-11-20")],
)
def test_a_question_about_one_of_several_is_the_only_answer(tmp_path: Path, answer: str, day: str) -> None:
    """What is clear is done and receipted in the mail that asks; a number or a day alone settles what it asks."""
    world, question = asked(tmp_path, ONE)
    assert dates(world) == ["2026-11-10", "", "2026-11-17"]
    assert question.text.count("which day do you mean?") == 1
    assert "Next check-in: Tue 10 Nov 2026" in question.text
    world.reply(question, answer, berlin("2026-11-03 15:30"))
    world.tick(berlin("2026-11-03 15:31"))
    assert dates(world) == ["2026-11-10", day, "2026-11-17"]
    assert len(to_dana(world, "question")) == 1
    assert len(to_dana(world, "receipt")) == 1


@pytest.mark.parametrize("answer", ["2\n4", "Tom: 4\nAna: 2", "Tom: 18 November\n\nAna: 2"])
def test_questions_about_two_people_have_one_sequence_of_numbers(tmp_path: Path, answer: str) -> None:
    """Each number is a choice of one person; both are settled by one mail, which gets one receipt."""
    world, question = asked(tmp_path, TWO)
    assert [question.numbered(text) for text in ("Fri 6 Nov", "Fri 13 Nov", "Tue 10 Nov", "Wed 18 Nov")] == [1, 2, 3, 4]
    world.reply(question, answer, berlin("2026-11-03 15:30"))
    world.tick(berlin("2026-11-03 15:31"))
    assert dates(world) == ["2026-11-10", "2026-11-13", "2026-11-18"]
    assert len(to_dana(world, "receipt")) == 1


@pytest.mark.parametrize(("answer", "said"), [("Ana: 3", "“3”: no such number there."), ("Tom: 1", "- 1?")])
def test_a_number_of_somebody_else_settles_nothing(tmp_path: Path, answer: str, said: str) -> None:
    """A choice of Tom's behind Ana's name, or of Ana's behind his, sets no date and is shown in the receipt."""
    world, question = asked(tmp_path, TWO)
    world.reply(question, answer, berlin("2026-11-03 15:30"))
    world.tick(berlin("2026-11-03 15:31"))
    assert dates(world) == ["2026-11-10", "", ""]
    assert said in to_dana(world, "receipt")[0].text


def test_who_is_not_asked_about_can_be_answered_in_the_same_mail(tmp_path: Path) -> None:
    """Beside the number for Ana, `Tom: share` sends Tom's notes as an answer to any receipt does."""
    world, question = asked(tmp_path, "Ana: next Friday\nTom:\nNext check-in: 17 Nov\nHighlights: the audit went well")
    world.reply(question, "1\nTom: share", berlin("2026-11-03 15:30"))
    world.tick(berlin("2026-11-03 15:31"))
    assert dates(world)[1] == "2026-11-06"
    assert [mail.to for mail in world.mails("recap")] == [TOM]


def test_an_answer_waits_until_all_of_it_is_known(tmp_path: Path) -> None:
    """While the calendar cannot be read one date is open, and so nobody's part is receipted; then one mail says all."""
    world = office(tmp_path, 3)
    world.tick(berlin("2026-11-02 09:00"))
    world.tick(berlin("2026-11-03 15:00"))
    (form,) = to_dana(world, "follow-up")
    world.reply(form, "Alex: did not happen\nTom: next in two weeks", berlin("2026-11-03 15:10"))
    away = world.calendar.rename(world.root / "away")
    for minute in (11, 15, 20):
        world.tick(berlin(f"2026-11-03 15:{minute}"))
    assert to_dana(world, "receipt") == []
    away.rename(world.calendar)
    for moment in ("2026-11-03 15:40", "2026-11-03 16:00", "2026-11-03 17:30"):
        world.tick(berlin(moment))
    (receipt,) = to_dana(world, "receipt")
    assert "Next check-in: Tue 17 Nov" in receipt.text
    assert "did not happen" in receipt.text
