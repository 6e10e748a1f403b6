"""One page for each kind of mail and each content: what a browser, axe and html-validate look at."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from tests.compose.safe_subset import inverted
from tests.compose.samples import AT, CASES, DANA, in_language
from worker.compose import compose, environment
from worker.compose.letter import Letter
from worker.model import ActionItem, Feedback, Goal, Note, Pair, Part, Person, Topic

ENVIRONMENT = environment()
LANGUAGES = ("en", "de", "fr", "es")
# One case for each kind and for each variant that is built differently.
TYPICAL = (
    "welcome-first",
    "topics-introduction-configured",
    "topics-usual",
    "agenda-manager",
    "agenda-absent",
    "agenda-day",
    "follow-up-day",
    "follow-up-proposed",
    "reminder-one",
    "reminder-several",
    "receipt-answer",
    "receipt-day",
    "receipt-help",
    "question-weekday",
    "question-day-two",
    "recap",
    "invitation-request",
    "check-in-manager",
    "check-in-goals",
    "digest-weekly",
    "digest-monthly",
    "notice-declined",
)
MODES = ("light", "dark", "no style block", "inverted")
WIDTHS = (320, 600, 1024)


@dataclass(frozen=True, slots=True)
class Content:
    """What people wrote: a first and a last name for each of them, and words for each thing that they say."""

    first: tuple[str, str]
    last: tuple[str, str]
    words: str
    place: str


SCRIPTS = {
    "longest": Content(("Wilhelmina" * 30, "Maximilian" * 30), ("W" * 300, "M" * 300), "unbroken" * 38, "Room" * 75),
    "right-to-left": Content(
        ("מרים", "أحمد"),
        ("בן־דוד", "الخطيب"),
        "מה עושים עם 3 הבקשות של Acme עד 12 במרץ? أرسل الخطة (Q3) قبل الجمعة",
        "חדר 4, קומה 2",
    ),
    "CJK and emoji": Content(
        ("小明👩‍👩‍👧‍👦", "さくら"),
        ("王", "田中"),
        "下半期の計画を送る🚀，週五之前給財務部門看過一次再說。" * 4,
        "四樓會議室☕️",
    ),
}


def _spoken(name: str, letter: Letter) -> Letter:
    return _said(letter, SCRIPTS[name])


CONTENTS: dict[str, Callable[[Letter], Letter]] = {
    "typical": lambda letter: letter,
    "empty": lambda letter: _with_pairs(letter, _emptied),
    "thirty items": lambda letter: _with_pairs(letter, _filled),
    **{name: partial(_spoken, name) for name in SCRIPTS},
}


def page(case: str, content: str = "typical", language: str = "en", mode: str = "light") -> str:
    """Return the HTML of a mail with this content, as a client of this mode shows it."""
    html = compose(CONTENTS[content](in_language(CASES[case], language)), ENVIRONMENT).html
    if mode in ("no style block", "inverted"):
        html = re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL)
    if mode == "inverted":
        html = re.sub(r"#[0-9a-f]{6}\b", lambda found: inverted(found[0]), html)
        html = html.replace('<meta name="color-scheme" content="light dark">', "")
    return html


# ------------------------------------------------------------------------------------------------------------- content


def _with_pairs(letter: Letter, change: Callable[[Pair], Pair]) -> Letter:
    return replace(
        letter,
        pair=change(letter.pair) if letter.pair else None,
        pairs=tuple(change(one) for one in letter.pairs),
        parts=tuple(_with_pairs(one, change) for one in letter.parts),
    )


def _emptied(pair: Pair) -> Pair:
    applied = tuple(replace(one, created=(), done=(), leftover=()) for one in pair.applied)
    return replace(pair, notes=(), action_items=(), feedback=(), topics=(), goals=(), applied=applied)


def _filled(pair: Pair) -> Pair:
    """Return the pair with thirty of everything, all of it from the answer that a receipt is about."""
    numbers = range(30)
    who = (pair.key.manager, pair.key.person)
    notes = tuple(
        Note(f"fn{n}", AT, list(Part)[n % len(Part)], f"Note {n}: the draft is with the team.", who[0], shared=AT)
        for n in numbers
    )
    items = tuple(
        ActionItem(f"fa{n}", AT, who[n % 2], f"send draft {n} to the team", who[0], date(2027, 3, 1 + n % 28))
        for n in numbers
    )
    feedback = tuple(
        Feedback(f"ff{n}", AT, f"Piece {n}: clear and short.", who[0], date(2027, 3, 2), shared=AT) for n in numbers
    )
    topics = tuple(
        Topic(
            f"ft{n}", AT + timedelta(minutes=n), f"Topic {n}: the plan", who[n % 2], carried=n % 3, first_on=AT.date()
        )
        for n in numbers
    )
    goals = tuple(Goal(f"fg{n}", AT, f"Goal {n}", who[0], date(2027, 6, 30)) for n in numbers)
    made = (*(one.id for one in notes), *(one.id for one in items), *(one.id for one in feedback))
    applied = tuple(replace(one, created=(*one.created, *made)) for one in pair.applied)
    return replace(
        pair,
        notes=(*pair.notes, *notes),
        action_items=(*pair.action_items, *items),
        feedback=(*pair.feedback, *feedback),
        topics=(*pair.topics, *topics),
        goals=(*pair.goals, *goals),
        applied=applied,
    )


def _said(letter: Letter, content: Content) -> Letter:
    """Return the letter with these names, places and words wherever a person's name or words stand."""

    def named(person: Person | None) -> Person | None:
        if person is None:
            return None
        place = 0 if person.email == DANA.email else 1
        return replace(person, name=f"{content.first[place]} {content.last[place]}")

    def told(pair: Pair) -> Pair:
        names = {place: f"{content.first[place]} {content.last[place]}" for place in (0, 1)}
        return replace(
            pair,
            manager_name=names[0],
            person_name=names[1],
            notes=tuple(replace(one, text=content.words) for one in pair.notes),
            action_items=tuple(replace(one, text=content.words) for one in pair.action_items),
            feedback=tuple(replace(one, text=content.words) for one in pair.feedback),
            topics=tuple(replace(one, text=content.words) for one in pair.topics),
            goals=tuple(replace(one, text=content.words) for one in pair.goals),
            check_ins=tuple(
                replace(one, said=content.words, ask=replace(one.ask, phrase=content.words) if one.ask else None)
                for one in pair.check_ins
            ),
            applied=tuple(replace(one, leftover=(content.words,)) for one in pair.applied),
        )

    meeting = replace(letter.meeting, location=content.place) if letter.meeting else None
    write = replace(letter.write, summary=content.words, location=content.place) if letter.write else None
    return _with_pairs(
        replace(
            letter,
            reader=named(letter.reader) or letter.reader,
            manager=named(letter.manager) or letter.manager,
            person=named(letter.person),
            people=tuple(named(one) or one for one in letter.people),
            parts=tuple(_said(one, content) for one in letter.parts),
            meeting=meeting,
            write=write,
            counts=tuple(replace(one, name=f"{content.first[0]} {content.last[0]}") for one in letter.counts),
        ),
        told,
    )
