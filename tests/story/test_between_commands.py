"""Commands by mail at their edges: what is taken back, what is asked about, and what cannot be done is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.story.test_between_captures import SAM, SAMS, answer, history, kinds, outcomes, put, text_of, write
from tests.story.world import ALEX, CONFIG, DANA, PAIR, World, berlin


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Two started pairs with weekly 1:1s: Alex on Tuesdays, Sam on Wednesdays; it is Wednesday noon."""
    world = World(tmp_path, CONFIG + PAIR + SAMS)
    put(world, "alex", "2026-11-03 10:00", "Alex Moreno", ALEX)
    put(world, "sam", "2026-11-04 10:00", "Sam Lee", SAM)
    for moment in ("2026-10-28 12:00", "2026-10-30 09:00", "2026-11-02 09:00", "2026-11-04 11:00"):
        world.tick(berlin(moment))
    return world


def test_undo_passes_over_mails_that_changed_nothing(world: World) -> None:
    """What was only asked to be shown is no mail to take back: the capture before it is."""
    write(world, "Alex: the roadmap", "2026-11-04 12:00")
    write(world, "history Alex", "2026-11-04 12:10")
    write(world, "open", "2026-11-04 12:20")
    write(world, "undo", "2026-11-04 12:30")
    assert history(world, ALEX)["topics"] == []
    assert "Your last mail is taken back." in text_of(world.newest("receipt", DANA))


def test_undo_in_answer_to_what_changed_nothing_says_so(world: World) -> None:
    """The receipt that is answered says which mail is meant; an older one is not touched for it."""
    write(world, "Alex: the roadmap", "2026-11-04 12:00")
    write(world, "history Alex", "2026-11-04 12:10")
    answer(world, "undo", "2026-11-04 12:20")
    assert [topic["text"] for topic in history(world, ALEX)["topics"]] == ["the roadmap"]
    assert "Not done:\n- There is nothing of yours to take back." in text_of(world.newest("receipt", DANA))


def test_undo_of_a_date_says_that_the_calendar_follows(world: World) -> None:
    """Only where a check-in was agreed is the calendar spoken of."""
    answer(world, "next on 8 December 10:00", "2026-11-04 12:00", kind="follow-up")
    answer(world, "undo", "2026-11-04 12:10")
    assert "with what it wrote into the calendar" in text_of(world.newest("receipt", DANA))


def test_undo_after_the_notes_went_says_what_stays(world: World) -> None:
    """What the other person has cannot be called back, and the receipt does not pretend so."""
    answer(world, "share\nHighlights: shipped", "2026-11-04 12:00", kind="follow-up")
    world.reply(world.mails("follow-up", DANA)[-1], "undo", berlin("2026-11-04 12:10"))
    world.tick(berlin("2026-11-04 12:10"))
    assert "has the notes already; that mail stays." in text_of(world.newest("receipt", DANA))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("pause Alex", "A pause needs a day, as in `pause until 10 January`."),
        ("done 9", "“done 9”: no such number there. Answer a mail that shows the number."),
    ],
)
def test_what_cannot_be_done_is_said_with_the_next_step(world: World, words: str, said: str) -> None:
    """A word without what it needs is answered by one sentence, and nothing is changed."""
    write(world, "open", "2026-11-04 12:00")
    write(world, "Alex: the roadmap", "2026-11-04 12:01")
    if words.startswith("done"):
        answer(world, words, "2026-11-04 12:10")
    else:
        write(world, words, "2026-11-04 12:10")
    assert said in text_of(world.newest("receipt", DANA))


def test_words_behind_a_review_are_kept(world: World) -> None:
    """`review Alex: …` shows the pack; what was written about it is noted for its author alone, not lost."""
    write(world, "review Alex: was late twice this spring", "2026-11-04 12:00")
    assert "was late twice this spring" in [note["text"] for note in history(world, ALEX, "--private")["notes"]]
    assert history(world, ALEX)["notes"] == []
    text = text_of(world.newest("receipt", DANA))
    assert "Alex since" in text
    assert "Only you:\n- was late twice this spring" in text


def test_c1_a_review_of_somebody_unknown_starts_nothing(world: World) -> None:
    """C1: it is asked whom it is about; until that is answered no goal stands with anybody; the number settles it."""
    report = write(world, "review done Zoe: goals: ship v2; learn Rust", "2026-11-04 12:00")
    assert outcomes(report) == [("capture", None)]
    assert kinds(report) == [("question", DANA)]
    text = text_of(world.newest("question", DANA))
    assert "Whom do you mean with “Zoe”?" in text
    assert "nothing is kept with anybody" in text
    assert "no date is set" not in text
    assert "The rest of your mail" not in text
    assert history(world, ALEX)["goals"] == history(world, SAM)["goals"] == []
    answer(world, "Sam", "2026-11-04 12:05", kind="question")
    assert [goal["text"] for goal in history(world, SAM)["goals"]] == ["ship v2", "learn Rust"]
    assert history(world, ALEX)["goals"] == []


@pytest.mark.parametrize("words", ["FYI, see what the client wrote about Alex", "for our files on Alex Moreno"])
def test_a_forward_goes_to_whom_the_managers_own_line_names(world: World, words: str) -> None:
    """With the name anywhere in the line above, what was forwarded is a private point of that pair; nobody is asked."""
    mail = f"{words}\n\n---------- Forwarded message ---------\nFrom: client@example.org\n\nGreat work, Sam too."
    report = write(world, mail, "2026-11-04 12:00", subject="Fwd: thanks")
    assert outcomes(report) == [("capture", f"{DANA} {ALEX}")]
    assert kinds(report) == [("receipt", DANA)]
    notes = history(world, ALEX, "--private")["notes"]
    assert any("Great work, Sam too." in note["text"] for note in notes)
    assert history(world, ALEX)["notes"] == history(world, SAM, "--private")["notes"] == []


def test_a_line_about_two_is_asked_about(world: World) -> None:
    """Words that name two people and say nothing that acts are kept with neither until the number says whose."""
    report = write(world, "Alex and Sam get on well", "2026-11-04 12:00")
    assert kinds(report) == [("question", DANA)]
    assert history(world, ALEX, "--private")["notes"] == history(world, SAM, "--private")["notes"] == []


def test_a_past_day_of_feedback_is_asked_about_as_such(world: World) -> None:
    """The question is which day is meant, not when the two meet next."""
    write(world, "feedback Alex: late again, follow up on 1 November 2026", "2026-11-04 12:00")
    text = text_of(world.newest("question", DANA))
    assert "which day do you mean?" in text
    assert "When do you meet next" not in text


def test_a_name_that_fits_two_is_asked_about_once(tmp_path: Path) -> None:
    """Two people called Lee: the question lists both, and says nothing of not understanding."""
    ali = SAMS.replace(SAM, "ali@example.com").replace("Sam Lee", "Ali Lee")
    world = World(tmp_path, CONFIG + PAIR + SAMS + ali)
    world.tick(berlin("2026-11-04 11:00"))
    write(world, "Lee: the holiday", "2026-11-04 12:00")
    text = text_of(world.newest("question", DANA))
    assert "1. Ali Lee (ali@example.com)\n2. Sam Lee (sam@example.com)" in text
    assert "Not understood" not in text
