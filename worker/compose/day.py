"""A day with several 1:1s: one agenda and one form for the manager, in time order, with one sequence of numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from worker.compose import agenda, form, question, receipt
from worker.compose.heads import Built, Head, preheader, why_manager
from worker.compose.plain import cut, name_line
from worker.compose.scene import Scene, part_scenes
from worker.compose.views import Agenda, DayPart, Form, Question, Receipt, Section, Tap
from worker.model import ItemState, Meeting, Pair

_TAPS = 5


def build_agenda(scene: Scene) -> Built:
    """Return the agendas of the letter's parts as one."""
    words = scene.words
    scenes = part_scenes(scene)
    day = words.day(_meeting(scenes[0])[1].start)
    count = len(scenes)
    views = [(one, agenda.whole(one, *_meeting(one))) for one in scenes]
    meetings = tuple(
        DayPart(_heading(one), view.share, view.notices, view.sections, view.only_you) for one, view in views
    )
    pairs = [_meeting(one)[0] for one in scenes]
    owed = sum(item.state is ItemState.OPEN for pair in pairs for item in pair.action_items)
    topics = sum(topic.state is ItemState.OPEN and not topic.private for pair in pairs for topic in pair.topics)
    head = Head(
        subject=_subject(scene, scenes),
        preheader=preheader(
            words.n("{n} promise,", "{n} promises,", owed),
            words.n("{n} topic.", "{n} topics.", topics),
            words.n("The agenda of {n} 1:1.", "The agendas of {n} 1:1s, in time order.", count),
        ),
        title=words.t("Your 1:1s"),
        lead=(words.t("Your 1:1s on {day}: {n}.", day=day, n=count), _people(scenes)),
        why=why_manager(scene),
    )
    how = (
        words.t("Answer by number: `done 2`, `drop 3` or `keep 1`. Any other line: the name first.")
        if scene.numbers.ids
        else words.t("To note something, reply, the name first: it is kept for you.")
    )
    return head, Agenda((), how=how, meetings=meetings)


def build_form(scene: Scene) -> Built:
    """Return the forms of the letter's parts as one, a line of dates for each person and the labels once."""
    words = scene.words
    scenes = part_scenes(scene)
    count = len(scenes)
    waiting = tuple(
        scene.row(words.moment(_meeting(one)[1].start), who=one.other_name, more=(form.offer_line(one),))
        for one in scenes
    )
    lists = [form.open_section(one, one.pair, _open_heading(one)) for one in scenes if one.pair]
    own = _subject(scene, scenes)
    first = scenes[0].other_name
    ask = [
        words.t("Answer one line for each, the name first: `{name}: ok`, or `{name}: next in two weeks`.", name=first)
        if any(_offers(one) for one in scenes)
        else words.t("Answer one line for each, the name first: `{name}: next in two weeks`.", name=first),
        words.t("Or write a name alone on a line and use the labels below it."),
    ]
    if any(one.reaches_other for one in scenes) and scene.letter.policy.recap == "ok":
        names = words.names(_names(scenes))
        ask.append(words.t("Nothing goes to {names} before you answer `{name}: share`.", names=names, name=first))
    head = Head(
        subject=own,
        preheader=preheader(
            words.n("{n} form is open.", "{n} forms are open.", count), words.t("One line for each is enough.")
        ),
        title=words.t("Your 1:1s"),
        lead=(
            words.n("{n} form is open.", "{n} forms are open.", count),
            words.t("One line is enough: say when you meet next."),
        ),
        why=why_manager(scene),
    )
    return head, Form(
        "",
        tuple(ask),
        form.labels(scene),
        None,
        words.t("No reply: I keep the open items and ask once more."),
        waiting,
        _taps(scene, scenes, own),
        tuple(one for one in lists if one is not None),
    )


def build_receipt(scene: Scene) -> Built:
    """Return the receipts of the letter's parts as one: what was understood about each person."""
    words = scene.words
    scenes = part_scenes(scene)
    people = tuple((words.fenced(one.other_name), _receipt_of(one)) for one in scenes)
    head = Head(
        subject=_subject(scene, scenes) if scenes[0].letter.meeting else words.t("Your 1:1s"),
        preheader=preheader(words.t("What was understood, what happens now, and who gets what.")),
        title=words.t("Received"),
        lead=(words.t("Your mail has arrived."), words.names(_names(scenes))),
        why=words.t("This answers your mail. A reply with only `stop` ends these mails."),
    )
    how = words.t("With several people, the name comes first: `{name}: share`.", name=scenes[0].other_name)
    return head, Receipt(done=(how,), undo=_undo_once(people), people=_without_undo(people))


def build_question(scene: Scene) -> Built:
    """Return what one mail about several people leaves open, with the receipt of everything else in it."""
    words = scene.words
    scenes = part_scenes(scene)
    asked: list[Section] = []
    for one in scenes:
        found = question.asked_about(one)
        if found is not None and one.pair is not None:
            asked.append(Section(_titled(one, found[0]), found[1]))
            scene.asked.append((one.pair.key.person, len(found[1])))
    choices = tuple(item for section in asked for item in section.items)
    several = len(asked) > 1
    own = _subject(scene, scenes) if scenes[0].letter.meeting else words.t("Your 1:1s")
    how = words.t("Answer with a number, or write another date.") if choices else words.t("Answer with a date.")
    if several:
        how = words.t("Answer one line for each: a number, or the name and another date.")
    title = words.n("{n} question", "{n} questions", len(asked)) if several else words.t("One question")
    # A date with somebody else that is clear is a rest too.
    clear = len(asked) < sum(one.applied() is not None for one in scenes)
    rest = clear or any(question.has_rest(one, one.applied()) for one in scenes)
    first = words.t("Some questions first.") if several else words.t("One question first.")
    if rest:
        first = (
            words.t("Some questions first. The rest of your mail is kept.")
            if several
            else words.t("One question first. The rest of your mail is kept.")
        )
    kept = words.t("The rest of your mail is kept.") if rest else words.t("Nothing is set before you answer.")
    head = Head(
        subject=own,
        preheader=preheader(f"{title}: {words.names(_names(scenes))}.", kept),
        title=title,
        lead=(first,),
        why=words.t("This answers your mail. No reply: no date is set, and I do not ask again."),
    )
    people = tuple((words.fenced(one.other_name), _receipt_of(one)) for one in scenes)
    shown = Receipt(undo=_undo_once(people), people=_without_undo(people))
    return head, Question((), (), how, shown, question.taps(scene, choices, own), tuple(asked))


def _undo_once(people: tuple[tuple[str, Receipt], ...]) -> str:
    """Return how to take the mail back: that is said once, because it takes back all of it."""
    return next((view.undo for _, view in people if view.undo), "")


def _without_undo(people: tuple[tuple[str, Receipt], ...]) -> tuple[tuple[str, Receipt], ...]:
    return tuple((name, replace(view, undo="")) for name, view in people)


def _receipt_of(scene: Scene) -> Receipt:
    applied = scene.applied()
    view = receipt.receipt_view(scene, applied)
    kept = receipt.stored(scene, applied) if applied else ""
    return replace(view, done=(kept, *view.done)) if kept else view


def _taps(scene: Scene, scenes: tuple[Scene, ...], own: str) -> tuple[Tap, ...]:
    """Return an answer for each person, as proposed; none where more people than buttons would stand there."""
    t = scene.words.t
    offered = [one for one in scenes if _offers(one)]
    if len(offered) > _TAPS or len(set(_names(scenes))) < len(scenes):
        return ()
    taps = []
    for one in offered:
        shared = one.reaches_other and scene.letter.policy.recap != "never"
        name = cut(one.other_name, 20) if len(one.other_name) > 20 else one.other_name
        label = t("As proposed, and share") if shared else t("As proposed")
        words = (t("ok"), t("share")) if shared else (t("ok"),)
        body = "\n".join(f"{one.other_name}: {word}" for word in words)
        taps.append(scene.tap(f"{scene.words.fenced(name)}{scene.words.colon} {label}", body, own))
    return tuple(taps)


def _offers(scene: Scene) -> bool:
    return scene.letter.proposal is not None or scene.letter.next_meeting is not None


def _subject(scene: Scene, scenes: tuple[Scene, ...]) -> str:
    start: datetime = _meeting(scenes[0])[1].start
    return f"{scene.words.t('Your 1:1s')} · {scene.words.short_day(start)}"


def _heading(scene: Scene) -> str:
    start = _meeting(scene)[1].start
    name = scene.words.fenced(scene.other_name)
    return f"{scene.words.clock(start)} {scene.words.zone_name(start)}, {name}"


def _titled(scene: Scene, said: str) -> str:
    return f"{scene.words.fenced(scene.other_name)}{scene.words.colon} {said}"


def _open_heading(scene: Scene) -> str:
    return f"{scene.words.t('Still open')}{scene.words.colon} {scene.words.fenced(scene.other_name)}"


def _people(scenes: tuple[Scene, ...]) -> str:
    return ", ".join(
        f"{one.words.clock(_meeting(one)[1].start)} {one.words.fenced(name_line(one.other_name))}" for one in scenes
    )


def _names(scenes: tuple[Scene, ...]) -> list[str]:
    return [one.other_name for one in scenes]


def _meeting(scene: Scene) -> tuple[Pair, Meeting]:
    if scene.pair is None or scene.letter.meeting is None:
        raise ValueError("each part of a joined mail needs a pair and a meeting")
    return scene.pair, scene.letter.meeting
