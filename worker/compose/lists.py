"""What somebody asked to see by mail: help, everything that is recorded, the agenda as it stands, a review's pack."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime

from worker.compose.agenda import sections_of
from worker.compose.form import open_section
from worker.compose.scene import Scene
from worker.compose.views import Item, Section
from worker.model import (
    ActionItem,
    Applied,
    FeedbackState,
    Goal,
    ItemState,
    Meeting,
    MeetingStatus,
    Note,
    Pair,
    Part,
)

_PACK_LIMIT = 60
_LOST = (MeetingStatus.CANCELLED, MeetingStatus.MISSED)


def lists(scene: Scene, applied: Applied) -> tuple[Section, ...]:
    """Return the sections that the commands of a mail asked for, in order."""
    found: list[Section] = []
    for entry in applied.done:
        verb, _, argument = entry.partition(" ")
        if verb == "help":
            found.extend(help_sections(scene))
        elif scene.pair is not None and verb in _LISTS:
            found.extend(_LISTS[verb](scene, scene.pair, argument))
    return tuple(section for section in found if _says_something(section))


def _says_something(section: Section) -> bool:
    return bool(section.items or section.notes or section.typed or section.prompts or section.empty)


# --------------------------------------------------------------------------------------------------------------- help


def help_sections(scene: Scene) -> tuple[Section, ...]:
    """Return what can be mailed, one line each; it fits on a phone's screen."""
    t = scene.words.t
    name = scene.other_name if scene.letter.pair is not None else t("NAME")
    rows: list[tuple[tuple[str, ...], str]]
    first: tuple[Item, ...] = ()
    if not scene.letter.leads:
        rows = [
            ((t("private: …"),), t("a topic that only you see")),
            ((t("remind me on Friday to …"),), t("a mail to you that day")),
            ((t("history"),), t("everything you may see")),
            ((t("pause until 10 January"),), t("no mails until then; `resume` ends it")),
            ((t("undo"),), t("takes your last mail back")),
            ((t("stop"),), t("no more mails; `start` takes it back")),
        ]
        first = (scene.row(t("a topic for the next 1:1"), who=t("any line")),)
    else:
        rows = [
            ((t("{name}: …", name=name),), t("a topic for both")),
            ((t("feedback {name}: …, follow up in 2 weeks", name=name),), t("comes back that day")),
            ((t("private {name}: …", name=name),), t("only you")),
            ((t("goal {name}: … by 1 March, every 4 weeks", name=name),), t("a goal")),
            ((t("check in with {name} on Friday", name=name),), t("a mail that day")),
            ((t("review done {name}: goals …", name=name),), t("starts its follow-ups")),
            ((t("review {name} 6 months", name=name),), t("what happened since")),
            ((t("agenda {name}", name=name), t("history {name}", name=name), t("open items")), t("shows it")),
            (
                (
                    t("pause {name} until 10 January", name=name),
                    t("resume {name}", name=name),
                    t("end {name}", name=name),
                ),
                t("mail about this person"),
            ),
            ((t("share"), t("undo"), t("stop"), t("start")), t("the notes, your last mail, all mails")),
        ]
    shown = tuple(scene.row(meaning, who=", ".join(f"`{one}`" for one in typed)) for typed, meaning in rows)
    return (Section(t("What you can write"), typed=(*first, *shown)),)


# ------------------------------------------------------------------------------------------------------------ history


def _history(scene: Scene, pair: Pair, _: str) -> list[Section]:
    """Return everything that the reader may see; the scene's pair holds nothing else."""
    words = scene.words
    notes = [scene.item(one.text, who=scene.name(one.author), facts=_day(scene, one.at)) for one in pair.notes]
    items = [_item(scene, one) for one in pair.action_items]
    feedback = [
        scene.item(
            one.text,
            who=scene.name(one.author),
            facts=words.facts(
                (
                    _day(scene, one.at),
                    words.t("comes back {day}", day=words.day(one.follow_up_on))
                    if one.state is FeedbackState.OPEN
                    else words.t("closed"),
                )
            ),
        )
        for one in pair.feedback
    ]
    topics = [scene.item(one.text, who=scene.name(one.author), facts=_day(scene, one.at)) for one in pair.topics]
    goals = [_goal(scene, one) for one in pair.goals]
    reviews = [
        scene.item(one.text or words.t("held"), who=scene.name(one.author), facts=_day(scene, one.at))
        for one in pair.reviews
    ]
    meetings = [
        Item(words.moment(one.start), facts=_status(scene, one))
        for one in sorted(pair.meetings, key=lambda one: one.start)
    ]
    found = [
        Section(words.t("1:1s with {name}", name=scene.other_name), tuple(meetings)),
        Section(words.t("Notes"), tuple(notes)),
        Section(words.t("Promises"), tuple(items)),
        Section(words.t("Feedback"), tuple(feedback)),
        Section(words.t("Topics"), tuple(topics)),
        Section(words.t("Goals"), tuple(goals)),
        Section(words.t("Reviews"), tuple(reviews)),
    ]
    if any(one.items for one in found):
        return found
    return [Section(words.t("1:1s with {name}", name=scene.other_name), empty=words.t("Nothing is recorded yet."))]


def _status(scene: Scene, meeting: Meeting) -> str:
    t = scene.words.t
    if meeting.status is MeetingStatus.CANCELLED:
        return t("cancelled")
    if meeting.status is MeetingStatus.MISSED:
        return t("did not happen")
    return t("planned") if meeting.end > scene.letter.now else t("held")


def _item(scene: Scene, item: ActionItem) -> Item:
    facts = [scene.words.due(item.due), _state(scene, item.state)]
    return scene.item(item.text, who=scene.name(item.owner), facts=scene.words.facts(facts))


def _state(scene: Scene, state: ItemState) -> str:
    t = scene.words.t
    return {ItemState.OPEN: t("open"), ItemState.DONE: t("done"), ItemState.DROPPED: t("dropped")}[state]


def _goal(scene: Scene, goal: Goal) -> Item:
    facts = [scene.words.due(goal.due) if goal.due else scene.words.t("no date"), _state(scene, goal.state)]
    return scene.progressed(scene.item(goal.text, facts=scene.words.facts(facts)), goal.progress)


def _day(scene: Scene, moment: datetime) -> str:
    return scene.words.plain_day(moment)


# --------------------------------------------------------------------------------------------------- agenda and open


def _agenda(scene: Scene, pair: Pair, _: str) -> list[Section]:
    coming = [one for one in pair.meetings if one.start > scene.letter.now and one.status is MeetingStatus.PLANNED]
    words = scene.words
    if not coming:
        empty = words.t("No 1:1 with {name} is in the calendar.", name=scene.other_name)
        return [Section(words.t("Agenda"), empty=empty), *_open(scene, pair, "")]
    meeting = min(coming, key=lambda one: one.start)
    when = words.t("Your 1:1 with {name}: {moment}.", name=scene.other_name, moment=words.moment(meeting.start))
    return [Section(words.t("Agenda"), empty=when), *sections_of(scene, pair, meeting)]


def _open(scene: Scene, pair: Pair, _: str) -> list[Section]:
    heading = scene.words.t("Open with {name}", name=scene.other_name)
    return [open_section(scene, pair, heading) or Section(heading, empty=scene.words.t("Nothing open."))]


# --------------------------------------------------------------------------------------------------------------- pack


def _pack(scene: Scene, pair: Pair, argument: str) -> list[Section]:
    """Return what a review needs: dated wins, feedback, follow-ups that were kept, goals with their progress."""
    words = scene.words
    since = date.fromisoformat(argument[:10])

    def recent(moment: datetime | None) -> bool:
        return moment is not None and words.local(moment).date() >= since

    wins: list[tuple[datetime, Item]] = [
        (one.at, _dated(scene, one.at, one.text, one.author))
        for one in pair.notes
        if one.part is Part.HIGHLIGHTS and recent(one.at)
    ]
    wins += [
        (one.closed_at, _dated(scene, one.closed_at, one.text, one.owner))
        for one in pair.action_items
        if one.state is ItemState.DONE and one.closed_at is not None and recent(one.closed_at)
    ]
    feedback = [_dated(scene, one.at, one.text, one.author) for one in pair.feedback if recent(one.at)]
    kept = [
        _dated(scene, answer.at, f"{one.text}: {_word(scene, answer.word)}", answer.author)
        for one in pair.feedback
        for answer in one.answers
        if recent(answer.at)
    ]
    meetings = [one for one in pair.meetings if recent(one.start) and one.end <= scene.letter.now]
    held = sum(one.status not in _LOST for one in meetings)
    sections = [
        Section(
            words.t("{name} since {day}", name=scene.other_name, day=words.day(since)),
            empty=words.t("1:1s held: {held} of {planned}.", held=held, planned=len(meetings)),
        ),
        Section(words.t("Wins"), _limited([item for _, item in sorted(wins, key=lambda one: one[0])])),
        Section(words.t("Feedback"), _limited(feedback)),
        Section(words.t("Follow-ups kept"), _limited(kept)),
        Section(words.t("Goals"), _limited([_goal(scene, one) for one in pair.goals])),
        Section(words.t("Notes"), _limited(_notes(scene, pair.notes, recent))),
    ]
    return [
        section if section.items or section.empty else Section(section.heading, empty=words.t("Nothing in this time."))
        for section in sections
    ]


def _notes(scene: Scene, notes: Iterable[Note], recent: Callable[[datetime], bool]) -> list[Item]:
    return [
        _dated(scene, one.at, one.text, one.author)
        for one in notes
        if one.part is not Part.HIGHLIGHTS and recent(one.at)
    ]


def _dated(scene: Scene, at: datetime, text: str, author: str) -> Item:
    return scene.item(text, who=scene.name(author), facts=_day(scene, at))


def _limited(items: list[Item]) -> tuple[Item, ...]:
    return tuple(items[-_PACK_LIMIT:])


def _word(scene: Scene, word: str) -> str:
    t = scene.words.t
    return {
        "better": t("better"),
        "same": t("same"),
        "worse": t("worse"),
        "forgot": t("forgot"),
        "no-time": t("no time"),
        "not-needed": t("not needed"),
    }.get(word, t("a new date"))


_LISTS: dict[str, Callable[[Scene, Pair, str], list[Section]]] = {
    "history": _history,
    "agenda": _agenda,
    "open": _open,
    "review": _pack,
}
