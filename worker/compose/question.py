"""The question: one thing to settle, with numbered choices, and the receipt of everything else in the same mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

from worker.apply.between import ASKED
from worker.compose.deeds import deeds
from worker.compose.heads import Built, Head, meeting_subject, preheader
from worker.compose.lists import lists
from worker.compose.plain import name_line
from worker.compose.receipt import answer_subject, check_in_of, receipt_view, stored
from worker.compose.scene import Scene
from worker.compose.views import Item, Question, Receipt, Tap
from worker.compose.words import zone
from worker.model import Applied, Ask, AskReason, CheckInState

_CHOICES = 5
_OF_THE_NEXT = frozenset({AskReason.PAST, AskReason.NEGATED, AskReason.UNREADABLE, AskReason.RULE})


def build(scene: Scene) -> Built:
    """Return the question that the answered mail calls for."""
    words = scene.words
    applied = scene.applied()
    ask = _ask(scene, applied)
    receipt = receipt_view(scene, applied)
    whom = ask is None
    kept = stored(scene, applied) if applied else ""
    if kept:
        receipt = replace(receipt, done=(kept, *receipt.done))
    first = words.t("One question, and your mail is taken in.")
    beside = preheader(first, words.t("Answer with a number or a name."))
    if not whom and has_rest(scene, applied):
        first = words.t("One question first. The rest of your mail is kept.")
        beside = preheader(words.t("One question, answered by a number."), words.t("The rest of your mail is kept."))
    elif not whom:
        first = words.t("One question first.")
        beside = preheader(first, words.t("Nothing is set before you answer."))
    head = Head(
        subject=answer_subject(scene),
        preheader=beside,
        title=words.t("One question"),
        lead=(first,),
        why=words.t("This answers your mail. No reply: nothing is kept with anybody, and I do not ask again.")
        if whom
        else words.t("This answers your mail. No reply: no date is set, and I do not ask again."),
    )
    if ask is None:
        return head, _who(scene, receipt if scene.letter.pairs else Receipt())
    sentence, items = _asked(scene, ask)
    how = words.t("Answer with a number, or write another date.") if items else words.t("Answer with a date.")
    return head, Question((sentence,), items, how, receipt, taps(scene, items))


def has_rest(scene: Scene, applied: Applied | None) -> bool:
    """Whether the answered mail said anything besides the date that is asked about."""
    if applied is None:
        return False
    said = applied.created or applied.leftover or applied.problems
    return bool(said or deeds(scene, applied) or lists(scene, applied))


def asked_about(scene: Scene) -> tuple[str, tuple[Item, ...]] | None:
    """Return what the answered mail leaves open with one pair, and the choices; None where nothing is open."""
    ask = _ask(scene, scene.applied())
    return _asked(scene, ask) if ask is not None else None


def _asked(scene: Scene, ask: Ask) -> tuple[str, tuple[Item, ...]]:
    """Return the question and its choices, whose numbers go on with those that the mail has already."""
    choices = _dates(scene, ask)
    first = len(scene.choices) + 1
    scene.choices.extend(choices)
    items = tuple(
        Item(scene.words.moment(choice), number=number, facts=_iso(scene, choice))
        for number, choice in enumerate(choices, first)
    )
    return _reason(scene, ask), items


def _ask(scene: Scene, applied: Applied | None) -> Ask | None:
    if applied is None:
        return None
    check_in = check_in_of(scene.pair, applied) if scene.pair else None
    if check_in is not None and check_in.state is CheckInState.ASKED:
        return check_in.ask or applied.ask
    return applied.ask


def _dates(scene: Scene, ask: Ask) -> list[datetime]:
    """Return the choices as moments; a day without a time gets the time of the meeting just held."""
    meeting = scene.letter.meeting
    found: list[datetime] = []
    for candidate in ask.candidates[:_CHOICES]:
        if isinstance(candidate, datetime):
            found.append(candidate if candidate.tzinfo else candidate.replace(tzinfo=scene.words.zone))
            continue
        where = zone(scene.letter.manager.timezone, meeting.tzid if meeting else "", scene.letter.policy.timezone)
        clock = meeting.start.astimezone(where).time() if meeting else time(10)
        found.append(datetime.combine(candidate, clock, tzinfo=where))
    return found


def _iso(scene: Scene, moment: datetime) -> str:
    return scene.words.local(moment).isoformat(timespec="minutes")


def _reason(scene: Scene, ask: Ask) -> str:
    t = scene.words.t
    said = scene.item(ask.phrase).text
    if ask.reason in _OF_THE_NEXT and not _is_about_next(scene):
        return t("“{said}”: which day do you mean?", said=said)
    return {
        AskReason.AMBIGUOUS: t("“{said}”: which day do you mean?", said=said),
        AskReason.PAST: t("“{said}” is in the past. When do you meet next?", said=said),
        AskReason.IMPOSSIBLE: t("“{said}” is no day of the calendar. Which do you mean?", said=said),
        AskReason.CONTRADICTORY: t("“{said}”: the weekday and the day do not agree. Which do you mean?", said=said),
        AskReason.VAGUE: t("“{said}” names no day. Which do you mean?", said=said),
        AskReason.SEVERAL: t("“{said}” names more than one day. Which do you mean?", said=said),
        AskReason.NEGATED: t("“{said}” says when not. When do you meet next?", said=said),
        AskReason.RULE: t("“{said}” is a rhythm; I set one date. Which comes next?", said=said),
        AskReason.TOO_FAR: t("“{said}” is over a year away. Which day do you mean?", said=said),
        AskReason.CLOCK_CHANGE: t("“{said}”: the clock changes then. Which time do you mean?", said=said),
        AskReason.UNREADABLE: t("“{said}”: I cannot read a date in it. When do you meet next?", said=said),
        AskReason.NOT_A_WORKDAY: t("“{said}” is no working day for you both. Which day instead?", said=said),
        AskReason.NO_FREE_SLOT: t("“{said}”: I find no free time that day. Which of these?", said=said),
    }[ask.reason]


def _is_about_next(scene: Scene) -> bool:
    """Whether the date to settle is that of the next 1:1, and not that of feedback, a goal or a pause."""
    applied = scene.applied()
    return applied is None or not any(entry.startswith(f"{ASKED} ") for entry in applied.done)


def _who(scene: Scene, shown: Receipt) -> Question:
    """Return the question whom something is about, or whether an address is the reader's."""
    words = scene.words
    address = scene.letter.detail("address")
    if address:
        ask = words.t("A mail came from {address}. Is that you?", address=scene.item(address).text)
        return Question(
            (ask,), (), words.t("`yes` applies it and remembers the address. No reply: nothing happens."), shown
        )
    items = tuple(
        Item(f"{words.fenced(name_line(person.full_name))} ({person.email})", number=scene.numbers.of(person.email))
        for person in scene.letter.people
    )
    applied = scene.applied()
    names = [one.text for one in (applied.problems if applied else ()) if one.reason == "unknown-name" and one.text]
    asked = words.t("Whom is it about? Nothing is kept with anybody yet.")
    if names:
        asked = words.t("Whom do you mean with “{name}”? It is kept with nobody yet.", name=scene.item(names[0]).text)
    return Question(
        (asked,),
        items,
        words.t("Answer with a number or a name."),
        shown,
    )


def taps(scene: Scene, items: tuple[Item, ...], own: str = "") -> tuple[Tap, ...]:
    """Return an answer for each choice; none where there are more than buttons. `own` is the mail's subject."""
    own = own or meeting_subject(scene)
    if len(items) > _CHOICES:
        return ()
    return tuple(scene.tap(f"{item.number}. {item.text}", f"{item.number}", own) for item in items)
