"""What the contract says of the words and lines of a mail, which other programs rely on."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from tests.compose.samples import (
    ALEX,
    ANSWER,
    AT,
    CASES,
    DANA,
    EMPTY,
    FULL,
    LAST,
    NEXT,
    PAIR,
    SHARED,
    answered,
    ask,
    day,
    letter,
    row,
)
from worker.compose import Composed, compose, environment, recap_of
from worker.model import ActionItem, Applied, AskReason, MailKind, Outcome, Person, Topic

ENVIRONMENT = environment()
HEADINGS = ["Promised", "Highlights", "Alignment and priorities", "Support", "Feedback", "Follow-up"]
LABELS = [
    "Next check-in:",
    "Highlights:",
    "Priorities:",
    "Support:",
    "Feedback:",
    "Follow-up:",
    "Action items:",
    "Private notes:",
]


def of(name: str) -> Composed:
    """Return a case as it is sent."""
    return compose(CASES[name], ENVIRONMENT)


def numbered(mail: Composed) -> list[int]:
    """Return the numbers that lines of the text begin with."""
    return [int(found) for found in re.findall(r"^(\d+)\. ", mail.text, re.MULTILINE)]


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith("agenda-") and name != "agenda-late"])
def test_an_agenda_has_its_headings_in_order(name: str) -> None:
    """The six headings stand each on a line of its own, once and in order for each 1:1, whatever there is to show."""
    lines = of(name).text.splitlines()
    assert [line for line in lines if line in HEADINGS] == HEADINGS * max(1, len(CASES[name].parts))


@pytest.mark.parametrize("name", CASES)
def test_numbers_are_one_sequence(name: str) -> None:
    """Numbers run 1, 2, 3 without a gap through a mail, and the row remembers as many meanings."""
    mail = of(name)
    if name in ("agenda-late", "check-in-manager", "check-in-report"):
        # The first goes on from an earlier mail, the others ask about one thing alone.
        return
    assert numbered(mail) == list(range(1, max(len(mail.numbers), len(mail.choices)) + 1))
    assert len(set(mail.numbers)) == len(mail.numbers)


def test_late_topics_go_on_with_the_numbers_of_the_agenda() -> None:
    """A number keeps its meaning through a conversation: the late topic gets the next one."""
    mail = of("agenda-late")
    before = CASES["agenda-late"].thread[0].numbers
    assert numbered(mail) == [len(before) + 1]
    assert mail.numbers == (*before, "t9")


def test_a_form_keeps_the_numbers_of_its_agenda() -> None:
    """`done 2` means the same item in the form as in the agenda before it, also where another one was closed."""
    agenda = of("agenda-manager")
    sent = row(MailKind.AGENDA, DANA, subject=agenda.subject, numbers=agenda.numbers)
    closed = replace(SHARED, action_items=SHARED.action_items[:2])
    form = compose(letter(MailKind.FOLLOW_UP, thread=(sent,), pair=closed), ENVIRONMENT)
    for place, item in enumerate(agenda.numbers, 1):
        shown = [line for line in agenda.text.splitlines() if line.startswith(f"{place}. ")]
        again = [line for line in form.text.splitlines() if line.startswith(f"{place}. ")]
        assert [line.partition(" (")[0] for line in again] == (
            [] if item == "a3" else [line.partition(" (")[0] for line in shown]
        )


def test_the_managers_own_promises_come_first() -> None:
    """What the manager owes stands before what the report owes, the earliest due first."""
    lines = of("agenda-manager").text.splitlines()
    owed = [line for line in lines[lines.index("Promised") :] if re.match(r"[123]\. ", line)]
    assert [line.partition(": ")[0] for line in owed] == ["1. Dana", "2. Alex", "3. Alex"]


@pytest.mark.parametrize(
    ("author", "reader", "shared", "marked"),
    [
        (DANA, DANA, None, True),
        (DANA, DANA, AT, False),
        (ALEX, DANA, None, False),
        (ALEX, ALEX, None, False),
    ],
)
def test_a_promise_that_the_other_has_not_seen_is_marked(
    author: Person, reader: Person, shared: datetime | None, *, marked: bool
) -> None:
    """The manager sees which of their promises the other's copy is without; what both see has no mark."""
    items = (ActionItem("p", AT, author.email, "write it down", author.email, shared=shared),)
    mail = compose(letter(MailKind.AGENDA, reader, pair=replace(EMPTY, action_items=items)), ENVIRONMENT)
    line = next(line for line in mail.text.splitlines() if "write it down" in line)
    assert line.endswith("; not shared)") is marked


@pytest.mark.parametrize("count", [0, 1, 7, 8, 30])
def test_at_most_seven_promises_are_listed(count: int) -> None:
    """Beyond seven a line says how many more there are; what follows goes on with the next number."""
    items = tuple(ActionItem(f"p{n}", AT, ALEX.email, f"promise {n}", DANA.email) for n in range(count))
    topics = (Topic("t", AT, "a topic", ALEX.email),)
    mail = compose(letter(MailKind.AGENDA, pair=replace(SHARED, action_items=items, topics=topics)), ENVIRONMENT)
    shown = min(count, 7)
    assert (f"and {count - 7} more: reply `open`" in mail.text) is (count > 7)
    assert f"{shown + 2}. a topic" in mail.text  # the feedback that comes back has the number before it
    assert ("Nothing open." in mail.text) is False  # the feedback that comes back stands there


def test_nothing_owed_says_so() -> None:
    """With nothing owed the part stays with its sentence."""
    lines = of("agenda-empty").text.splitlines()
    assert lines[lines.index("Promised") + 1] == "Nothing open."


@pytest.mark.parametrize(("times", "words"), [(1, "carried 1 time"), (2, "carried 2 times"), (12, "carried 12 times")])
def test_a_carried_topic_says_how_often(times: int, words: str) -> None:
    """The line of a carried topic ends in its count and the day of its first agenda, and stands in Follow-up."""
    topic = Topic("t", AT, "Roadmap", ALEX.email, carried=times, first_on=date(2026, 10, 2))
    mail = compose(letter(MailKind.AGENDA, pair=replace(SHARED, topics=(topic,))), ENVIRONMENT)
    tail = mail.text[mail.text.index("\nFollow-up\n") :]
    assert re.search(rf"^\d+\. Roadmap \({words} since 2 Oct 2026\)$", tail, re.MULTILINE)


def test_the_share_stands_in_the_managers_copy_alone() -> None:
    """The manager sees whose topics they are; the report's copy has no share and nothing that is only the manager's."""
    assert "Topics: Alex 19, Dana 0" in of("agenda-full").text
    report = of("agenda-full-report").text
    assert "Topics:" not in report
    assert "Only you" not in report


def test_the_managers_copy_ends_with_what_is_only_theirs() -> None:
    """After the private notes comes no other heading; without private notes there is no such heading."""
    lines = of("agenda-manager").text.splitlines()
    after = lines[lines.index("Only you: do not forward") :]
    assert not set(after) & set(HEADINGS)
    assert "Only you: do not forward" not in of("agenda-empty").text


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith(("follow-up", "reminder"))])
def test_a_form_has_its_labels_alone_on_their_lines(name: str) -> None:
    """Each label stands once at the start of a line, in order, followed by nothing; the HTML has one a block."""
    mail = of(name)
    assert [line for line in mail.text.splitlines() if line in LABELS] == LABELS
    assert [line for line in mail.text.splitlines() if line.startswith(tuple(LABELS)) and line not in LABELS] == []
    blocks = re.findall(r"<p[^>]*>([^<]*)</p>", mail.html)
    assert [block for block in blocks if block in LABELS] == LABELS
    assert "<table" not in mail.html[mail.html.index(">Next check-in:") : mail.html.index(">Private notes:")]


def test_a_form_proposes_one_slot() -> None:
    """The line above the labels is the proposal word for word, or what the calendar holds."""
    proposed = of("follow-up-proposed").text
    assert "\nProposed: Tue 2 Mar 2027, 10:00. Answer `ok`, or write another date.\n" in proposed
    assert proposed.index("Proposed:") < proposed.index("Next check-in:")
    held = of("follow-up-in-calendar").text
    assert "\nIn the calendar: Tue 2 Mar 2027, 10:00 CET." in held
    assert "Proposed:" not in held


def test_a_form_is_short() -> None:
    """Besides the list of what is open, a form has 125 words or fewer."""
    for name in ("follow-up-proposed", "follow-up-in-calendar", "follow-up-no-proposal", "reminder-one"):
        text = of(name).text
        listed = text[text.index("Still open") : text.index("No reply:")] if "Still open" in text else ""
        assert len(text.replace(listed, "").split()) <= 125


@pytest.mark.parametrize("name", [name for name in CASES if name.startswith("receipt") and name != "receipt-welcome"])
def test_a_receipt_states_the_date(name: str) -> None:
    """One line for each person starts with the label and contains the ISO date, or says that none is set."""
    lines = [line for line in of(name).text.splitlines() if line.startswith("Next check-in:")]
    assert len(lines) == max(1, len(CASES[name].parts))
    for line in lines:
        assert re.search(r"\(20\d\d-\d\d-\d\d\)", line) or line.endswith((": not set", ": none"))


def test_a_receipt_is_short() -> None:
    """What was stored, what was done, the date and how to undo it take six lines or fewer."""
    for name in ("receipt-answer", "receipt-shared", "receipt-no-date", "receipt-report"):
        text = of(name).text
        assert len([line for line in text[: text.index(" gets:")].splitlines()[:-1] if line]) <= 6


@pytest.mark.parametrize(("all_of_it", "name"), [(False, "recap"), (True, "recap-all")])
def test_a_recap_is_what_the_receipt_promised(name: str, *, all_of_it: bool) -> None:
    """The lines below `Alex gets:` and those of the recap are the same, word for word."""
    pair = answered(share=True, share_all=all_of_it)
    receipt = compose(letter(MailKind.RECEIPT, meeting=LAST, pair=pair, cause=ANSWER), ENVIRONMENT).text
    promised = receipt[receipt.index("Alex gets:\n") + 11 : receipt.index("Alex gets this now.")]
    assert promised.strip()
    assert promised in of(name).text


def test_a_recap_names_everything_that_it_marks() -> None:
    """The ids for marking as shared are those of every piece, and of no other."""
    recap = recap_of(PAIR, LAST.id)
    assert recap.ids == ("n1", "n2", "a1", "a2", "f1")
    assert recap_of(PAIR, LAST.id, everything=True).ids == ("n1", "n2", "n3", "n5", "a1", "a2", "f1")
    assert not recap_of(PAIR, NEXT.id)


def test_a_question_numbers_its_dates() -> None:
    """Each choice is a line with its number, the date in words and the moment in ISO, and the row keeps the moments."""
    mail = of("question-weekday")
    assert "\n1. Fri 5 Mar 2027, 10:00 CET (2027-03-05T10:00+01:00)\n" in mail.text
    assert "\n2. Fri 12 Mar 2027, 10:00 CET (2027-03-12T10:00+01:00)\n" in mail.text
    assert mail.choices == (day(3, 5), day(3, 12))


def test_a_day_without_a_time_gets_the_meetings_time() -> None:
    """A choice that is a day stands at the time of the meeting just held, on the manager's clock."""
    assert of("question-days").choices == (day(3, 2), day(3, 3))


def test_a_question_is_the_receipt_too() -> None:
    """Nothing is answered twice: what was stored, who gets it and what is private stand in the question."""
    text = of("question-weekday").text
    for words in ("Stored: 4 notes", "Alex gets:\n", "Only you:\n", "Next check-in: not set", "answer `undo`"):
        assert words in text


@pytest.mark.parametrize(
    ("more", "kept"),
    [
        ({}, False),
        ({"created": ("n1",)}, True),
        ({"leftover": ("the blue one",)}, True),
        ({"done": ("done a3",)}, True),
    ],
)
@pytest.mark.parametrize("kind", ["one", "day"])
def test_a_rest_of_a_mail_is_spoken_of_where_there_is_one(kind: str, more: dict[str, Any], *, kept: bool) -> None:
    """A mail that says a date and nothing else has no rest that could be kept."""
    wish = ask(AskReason.VAGUE, "soon")
    own = Applied(ANSWER, AT, DANA.email, Outcome.ANSWER, meeting=LAST.id, **more)
    one = letter(MailKind.QUESTION, meeting=LAST, pair=replace(wish, applied=(own,)), cause=ANSWER)
    mail = one if kind == "one" else replace(one, parts=(one,), pair=None, person=None)
    made = compose(mail, ENVIRONMENT)
    assert "One question first." in made.text
    for part in (made.text, made.html):
        assert ("The rest of your mail is kept." in part) is kept


def test_a_clear_date_with_somebody_else_is_a_rest() -> None:
    """Of a mail with two dates the one that is clear is kept while the other is asked about."""
    own = Applied(ANSWER, AT, DANA.email, Outcome.ANSWER, meeting=LAST.id)
    pairs = (replace(ask(AskReason.VAGUE, "soon"), applied=(own,)), replace(PAIR, applied=(own,)))
    parts = tuple(letter(MailKind.QUESTION, meeting=LAST, pair=pair, cause=ANSWER) for pair in pairs)
    mail = compose(replace(parts[0], parts=parts, pair=None, person=None), ENVIRONMENT)
    assert "One question first. The rest of your mail is kept." in mail.text


@pytest.mark.parametrize(
    ("name", "offered"),
    [("answer", True), ("did-not-happen", True), ("help", False), ("help-report", False), ("history", False)],
)
def test_undo_is_offered_where_there_is_something_to_take_back(name: str, *, offered: bool) -> None:
    """A receipt of a mail that only asked to see something has nothing wrong to take back."""
    assert ("answer `undo`" in of(f"receipt-{name}").text) is offered


@pytest.mark.parametrize(
    ("before", "offered"), [("m2 confirmed False", False), ("m2 status planned", True), ("a1 state open", True)]
)
def test_that_a_meeting_was_held_is_nothing_to_take_back(before: str, *, offered: bool) -> None:
    """`open` in answer to a form notes that the 1:1 took place, which nobody said and nobody would undo."""
    own = Applied(ANSWER, AT, DANA.email, Outcome.ANSWER, meeting=LAST.id, done=("open",), before=(before,))
    mail = letter(MailKind.RECEIPT, meeting=LAST, pair=replace(SHARED, applied=(own,), check_ins=()), cause=ANSWER)
    assert ("answer `undo`" in compose(mail, ENVIRONMENT).text) is offered


@pytest.mark.parametrize(("created", "offered"), [((), False), (("n1",), True)])
def test_undo_is_offered_once_for_several_people(created: tuple[str, ...], *, offered: bool) -> None:
    """`open` about everybody shows lists and offers no undo; what was noted with one of them can be taken back."""
    asked = Applied(ANSWER, AT, DANA.email, Outcome.COMMAND, created=created, done=("open",))
    pair = replace(SHARED, applied=(asked,), check_ins=())
    mail = letter(MailKind.RECEIPT, pair=None, meeting=None, pairs=(pair,), applied=asked, cause=ANSWER)
    text = compose(replace(mail, person=None), ENVIRONMENT).text
    assert "talk to Sam about the load" in text
    assert text.count("answer `undo`") == offered


def test_dates_are_in_the_readers_zone() -> None:
    """One meeting is on the clock of whoever reads about it, with the zone named."""
    tokyo = replace(ALEX, timezone="Asia/Tokyo")
    mail = compose(letter(MailKind.AGENDA, tokyo, person=tokyo), ENVIRONMENT)
    assert "Tue 2 Mar 2027, 18:00 JST" in mail.text
    lagos = replace(ALEX, timezone="America/Sao_Paulo")
    assert "06:00 UTC-03" in compose(letter(MailKind.AGENDA, lagos), ENVIRONMENT).text


def test_a_zone_that_does_not_exist_is_passed_over() -> None:
    """A reader whose zone is unknown reads the zone of the configuration."""
    for name in ("Mars/Olympus", "../etc/passwd", "Europe", "\x00"):
        mail = compose(letter(MailKind.AGENDA, replace(ALEX, timezone=name)), ENVIRONMENT)
        assert "10:00 CET" in mail.text


def test_a_place_shows_no_strange_links() -> None:
    """Of links in a place only those with https, http or tel are shown."""
    location = "Room 4 javascript:alert(1) https://meet.example.com/a data:text/html,x ftp://old.example"
    mail = compose(letter(MailKind.AGENDA, meeting=replace(NEXT, location=location)), ENVIRONMENT)
    assert "Place: Room 4 https://meet.example.com/a\n" in mail.text
    assert "javascript" not in mail.html


def test_who_gets_no_mail_is_promised_none() -> None:
    """Where the other person gets no mail, nothing says that they will."""
    text = of("follow-up-only-manager").text
    assert "share" not in text


def test_the_subject_fits_a_lock_screen() -> None:
    """A subject names the other person and the day in at most 40 characters, however long the name is."""
    for name in ("Maximiliane-Friederike " + "x" * 300, "王" * 300, "👩‍👩‍👧‍👦" * 80, "é" * 300):
        person = replace(ALEX, name=name)
        for language in ("en", "de", "fr", "es"):
            reader = replace(DANA, language=language)
            one = letter(MailKind.AGENDA, reader, person=person)
            subject = compose(one, ENVIRONMENT).subject
            assert len(subject) <= 40
            assert subject.startswith("1:1 ")


def test_full_agendas_stay_small() -> None:
    """With thirty items the HTML is 30 kB or less and the whole mail 60 kB or less."""
    for reader in (DANA, ALEX):
        mail = compose(letter(MailKind.AGENDA, reader, pair=FULL), ENVIRONMENT)
        assert len(mail.html.encode()) <= 30_000
        assert len(mail.raw) <= 60_000


def test_a_day_of_eight_is_shown_whole() -> None:
    """Eight agendas told as one stay below the 102 kB of HTML behind which Gmail cuts a mail off."""
    day = CASES["agenda-day"]
    mail = compose(replace(day, parts=day.parts[:1] * 8), ENVIRONMENT)
    assert len(mail.html.encode()) <= 80_000


def test_the_moment_decides_nothing_but_ages() -> None:
    """The same letter a day later differs in its ages and its date alone: nothing asks the clock."""
    one = letter(MailKind.AGENDA)
    later = replace(one, now=datetime(2027, 3, 1, 20, tzinfo=one.now.tzinfo))
    assert compose(one, ENVIRONMENT).text == compose(later, ENVIRONMENT).text
