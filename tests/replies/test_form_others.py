"""Answers that are no forms: a report's topics, check-ins, and mail that answers nothing."""

from __future__ import annotations

import pytest

from tests.replies.forms import ALEX, DANA, FORM, REFERENCE, acts_of, check_in, commands, day_of, inside, mail, topics
from worker.model import Part
from worker.replies import read_commands, read_topics


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Hi Dana,\nI'd like to talk about:\n- promotion\n- on-call load\n\nThanks\nAlex",
            ["promotion", "on-call load"],
        ),
        ("promotion\non-call load", ["promotion", "on-call load"]),
        ("1. Salary\n2. Roadmap", ["Salary", "Roadmap"]),
        ("My salary. And the roadmap.", ["My salary. And the roadmap."]),
        (
            "I was wondering whether we could discuss the way that the on-call rotation\nworks.",
            ["I was wondering whether we could discuss the way that the on-call rotation works."],
        ),
        ("Can we meet on Friday instead?", ["Can we meet on Friday instead?"]),
        ("Nothing this time", []),
        ("Thanks!", []),
        ("Bonjour,\nje voudrais parler de :\n- salaire\n- congés\nMerci", ["salaire", "congés"]),
        ("Hallo Dana,\nfolgende Themen:\n* Gehalt\n* Urlaub\nViele Grüße", ["Gehalt", "Urlaub"]),
        ("Hola,\ntemas:\n- sueldo\n- vacaciones", ["sueldo", "vacaciones"]),
        ("done 1\nMy career", ["My career"]),
    ],
)
def test_topics_in_their_own_words(text: str, found: list[str]) -> None:
    """One topic for each bullet, line or wrapped paragraph; courtesy, introductions and acting lines are none."""
    assert [topic.text for topic in topics(text).topics] == found


def test_topics_under_labels() -> None:
    """A label gives the part; words under `private:` stay the report's own."""
    reply = topics("Highlights: shipped X\nSupport:\n- a designer\nprivate: therapist\nstill private")
    assert [(topic.part, topic.text, topic.private) for topic in reply.topics] == [
        (Part.HIGHLIGHTS, "shipped X", False),
        (Part.SUPPORT, "a designer", False),
        (Part.GENERAL, "therapist", True),
        (Part.GENERAL, "still private", True),
    ]


@pytest.mark.parametrize(
    ("text", "acts"),
    [
        ("done 1\ndrop 3", "done 1 drop 3"),
        ("3: finished the book", "progress 3"),
        ("did not happen", "did-not-happen"),
        ("Did not happen, Dana was ill", "did-not-happen"),
        ("moved to Friday", "moved 2026-11-20"),
        ("stop", "stop"),
        ("history", "history"),
        ("pause until 10 January", "pause 2027-01-10"),
        ("resume", "resume"),
        ("undo", "undo"),
        ("help", "help"),
        ("My topic\nstop", "nothing"),
        ("stop the on-call rotation", "nothing"),
        ("Highlights: stop", "nothing"),
    ],
)
def test_what_a_report_can_do(text: str, acts: str) -> None:
    """The words that act for a report, and those that only look like it."""
    assert acts_of(topics(text)) == acts


def test_topics_inside_the_mail() -> None:
    """Words below a numbered line close it, or are a topic."""
    raw = inside({"3. Roadmap": "\ndone", "4. Learn Rust": "\na course would help"})
    reply = read_topics(raw, FORM, None, reference=REFERENCE, sender=ALEX.email, people=(DANA, ALEX))
    assert acts_of(reply) == "done 3"
    assert [topic.text for topic in reply.topics] == ["a course would help"]


@pytest.mark.parametrize(
    ("text", "acts", "renewed"),
    [
        ("better", "better", ""),
        ("Much better, thanks!", "better", ""),
        ("It's getting better. He speaks up now.", "better", ""),
        ("same", "same", ""),
        ("About the same", "same", ""),
        ("Worse, I'm afraid.", "worse", ""),
        ("I forgot, sorry", "forgot", ""),
        ("No time.", "no-time", ""),
        ("not needed", "not-needed", ""),
        ("No longer needed, thanks", "not-needed", ""),
        ("better, check again in a month", "better 2026-12-19", ""),
        ("in two weeks", "nothing", "2026-12-03"),
        ("2 weeks", "nothing", "2026-12-03"),
        ("Same time next week", "nothing", "2026-11-26T10:55"),
        ("viel besser", "better", ""),
        ("unverändert", "same", ""),
        ("schlechter", "worse", ""),
        ("vergessen", "forgot", ""),
        ("keine Zeit", "no-time", ""),
        ("nicht mehr nötig", "not-needed", ""),
        ("mieux", "better", ""),
        ("pas le temps", "no-time", ""),
        ("mejor", "better", ""),
        ("peor", "worse", ""),
        ("not better", "nothing", ""),
        ("It isn't the same problem", "nothing", ""),
        ("Thanks", "nothing", ""),
    ],
)
def test_answers_to_a_check_in(text: str, acts: str, renewed: str) -> None:
    """One word answers, with or without more; a date renews; a denial or another thing is only a note."""
    reply = check_in(text)
    assert (acts_of(reply), day_of(reply.next_check_in)) == (acts, renewed)


def lines(text: str) -> list[str]:
    """The commands of a mail as lines: verb, names, numbers, day, words."""
    return [
        " ".join(
            [
                command.verb,
                *command.names,
                *map(str, command.numbers),
                day_of(command.when),
                f"<{command.text}>" if command.text else "",
            ]
        ).replace("  ", " ").strip()
        for command in commands(text).commands
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Alex: good demo today, follow up in 2 weeks", ["feedback Alex 2026-12-03 <good demo today>"]),
        ("Alex: feedback on the demo was good", ["feedback Alex <feedback on the demo was good>"]),
        ("Alex: the roadmap", ["topic Alex <the roadmap>"]),
        ("Alex - the roadmap", ["topic Alex <the roadmap>"]),
        ("Ana María: the budget", ["topic Ana María <the budget>"]),
        ("ana@example.com: the budget", ["topic ana@example.com <the budget>"]),
        ("feedback Alex: clear", ["feedback Alex <clear>"]),
        ("Feedback for Alex: clear, follow up 10 December", ["feedback Alex 2026-12-10 <clear>"]),
        ("feedback: Alex was clear", ["feedback Alex <was clear>"]),
        ("private Sam: leaving?", ["private Sam <leaving?>"]),
        ("private: tired", ["private <tired>"]),
        ("goal Alex: learn Rust by 1 March, every 4 weeks", ["goal Alex 2027-03-01 <learn Rust; every 4 weeks>"]),
        ("goal Alex: ship v2 by 31 March", ["goal Alex 2027-03-31 <ship v2>"]),
        ("review Alex done: went well", ["review-done Alex <went well>"]),
        ("review done Alex: went well", ["review-done Alex <went well>"]),
        ("review Alex done", ["review-done Alex"]),
        ("review Alex 6 months", ["review Alex <6 months>"]),
        ("agenda Alex", ["agenda Alex"]),
        ("history Sam", ["history Sam"]),
        ("pause Alex until 10 January", ["pause Alex 2027-01-10 <until 10 January>"]),
        ("pause until 10 January", ["pause 2027-01-10 <until 10 January>"]),
        ("resume Alex", ["resume Alex"]),
        ("end Sam", ["end Sam"]),
        ("open\nhelp", ["open", "help"]),
        ("stop", ["stop"]),
        ("stop\nhelp", ["help"]),
        ("share", ["share"]),
        ("undo", ["undo"]),
        ("yes Ana", ["yes Ana"]),
        ("yes Ana, Sam skip-level", ["yes Ana", "yes Sam <skip-level>"]),
        ("yes Sam peer", ["yes Sam <peer>"]),
        ("yes Ana Sam", ["yes Ana Sam"]),
        ("yes all", ["yes all"]),
        ("yes 1, 3", ["yes 1 3"]),
        ("me 2", ["me 2"]),
        ("yes Ana.\nno Sam", ["yes Ana", "no Sam"]),
        ("yes Ana, me Sam", ["yes Ana", "me Sam"]),
        ("ja Ana", ["yes Ana"]),
        ("oui Ana, non Sam", ["yes Ana", "no Sam"]),
        ("yes", ["yes"]),
        ("remind me on Friday to call", ["remind 2026-11-20 <call>"]),
        ("Lunch was nice", []),
        ("Note: buy milk", []),
        ("Meeting at 10:30 with Tom", []),
        ("no problem", []),
        ("yes we can", []),
        ("https://example.com/x: y", []),
    ],
)
def test_mail_that_answers_nothing(text: str, found: list[str]) -> None:
    """Commands and captures, one a line; a line that is neither is left over, word for word."""
    assert lines(text) == found
    if not found:
        assert commands(text).leftover == (text,)


def test_a_forwarded_mail() -> None:
    """Of a forwarded mail the sender's own lines are read; what others wrote does nothing and is a private note."""
    head = "---------- Forwarded message ---------\nFrom: Bob <bob@x.org>\nSubject: Praise"
    text = f"Alex: look at this\n\n{head}\n\nGreat.\nstop\n"
    reply = read_commands(
        mail(text, subject="Fwd: Praise"), reference=REFERENCE, sender=DANA.email, people=(DANA, ALEX)
    )
    assert [(command.verb, command.text) for command in reply.commands] == [("topic", "look at this")]
    (note,) = reply.notes
    assert note.private
    assert "Great.\nstop" in note.text
