"""What an applied mail's acting words did, as sentences: the transcript of a receipt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

from worker.apply.undoing import changed_something
from worker.compose.scene import Scene
from worker.model import Applied, FeedbackState, Pair

_SENTENCES: dict[str, Callable[[Scene, str], str]] = {
    "done": lambda s, a: s.words.t("Done: {what}", what=_item(s, a)),
    "drop": lambda s, a: s.words.t("Dropped: {what}", what=_item(s, a)),
    "keep": lambda s, a: s.words.t("Kept: {what}", what=_item(s, a)),
    "by": lambda s, a: s.words.t("New date: {what}", what=_item(s, a)),
    "progress": lambda s, a: s.words.t("Progress noted: {what}", what=_item(s, a)),
    "did-not-happen": lambda s, _: s.words.t("The 1:1 did not happen; its topics stay."),
    "moved": lambda s, _: s.words.t("The 1:1 has moved; its topics stay."),
    "skip": lambda s, a: s.words.t("Cancelled: {moment}", moment=_moment(s, a)),
    "back": lambda s, a: s.words.t("In the calendar again: {moment}", moment=_moment(s, a)),
    "undo": lambda s, a: (
        s.words.t("Your last answer is taken back, with what it wrote into the calendar.")
        if a.endswith(" calendar")
        else s.words.t("Your last mail is taken back.")
    ),
    "proposal": lambda s, a: s.words.t("Taken as proposed: {moment}", moment=_moment(s, a)),
    "none": lambda s, _: s.words.t("No next check-in is wanted."),
    "share": lambda s, _: s.words.t("{name} gets the notes.", name=s.other_name),
    "share-all": lambda s, _: s.words.t("{name} gets the notes, with what was only yours.", name=s.other_name),
    "nothing-to-share": lambda s, _: s.words.t("There is nothing to share."),
    "already-shared": lambda s, _: s.words.t("{name} has the notes already.", name=s.other_name),
    "stop": lambda s, _: s.words.t("You get no more of these mails. `start` takes that back."),
    "start": lambda s, _: s.words.t("You get these mails again."),
    "pause": lambda s, a: s.words.t("Paused until {day}. `resume` ends it.", day=_day(s, a)),
    "resume": lambda s, _: s.words.t("The pause is over."),
    "end": lambda s, a: s.words.t("Ended: no more mails about {name}.", name=_who(s, a)),
    "yes": lambda s, a: s.words.t("Yes: you and {name} get mail.", name=_who(s, a)),
    "me": lambda s, a: s.words.t("Only you get mail about {name}.", name=_who(s, a)),
    "no": lambda s, a: s.words.t("No mail about {name}.", name=_who(s, a)),
    "unknown-name": lambda s, a: s.words.t(
        "I do not know {name}: write the name as listed, or its number.", name=_plain(s, a)
    ),
    "better": lambda s, a: s.words.t("Better: {what}", what=_item(s, a)),
    "same": lambda s, a: s.words.t("Same: {what}", what=_item(s, a)),
    "worse": lambda s, a: s.words.t("Worse: {what}", what=_item(s, a)),
    "forgot": lambda s, a: s.words.t("Asked again in a week: {what}", what=_item(s, a)),
    "no-time": lambda s, a: s.words.t("Asked again in a week: {what}", what=_item(s, a)),
    "not-needed": lambda s, a: s.words.t("Closed, not needed: {what}", what=_item(s, a)),
    "review-done": lambda s, _: s.words.t(
        "The review is noted: its goals are followed up at least every {span}.", span=_review_span(s)
    ),
    "session": lambda s, a: s.words.t("Your next 1:1 with {name}: {kind}.", name=s.other_name, kind=_session(s, a)),
    "private": lambda s, a: s.words.t("Only you: {what}", what=_item(s, a)),
    "goal": lambda s, a: s.words.t("New date: {what}", what=_item(s, a)),
    "alias": lambda s, a: s.words.t("{address} is known as yours from now on.", address=_plain(s, a)),
}
_MORE_LIMIT = 12


def deeds(scene: Scene, applied: Applied) -> tuple[str, ...]:
    """Return one sentence for each thing that was done, in order; a verb without a sentence of its own says nothing."""
    found: list[str] = []
    for entry in applied.done:
        verb, _, argument = entry.partition(" ")
        if verb in _SENTENCES:
            found.append(_SENTENCES[verb](scene, argument))
    if len(found) <= _MORE_LIMIT:
        return tuple(found)
    return (*found[:_MORE_LIMIT], scene.words.t("{n} more", n=len(found) - _MORE_LIMIT))


def can_be_taken_back(pair: Pair, applied: Applied) -> bool:
    """Whether a mail changed anything that its author would take back."""
    # That a 1:1 was held is noted by the way, by whatever answers its form.
    meant = tuple(before for before in applied.before if before.split(" ")[1:2] != ["confirmed"])
    return changed_something(pair, replace(applied, before=meant))


def _item(scene: Scene, argument: str) -> str:
    wanted = argument.split(" ", maxsplit=1)[0]
    pair = scene.pair
    if pair is None:
        return _plain(scene, argument)
    for item in pair.action_items:
        if item.id == wanted:
            due = f" ({scene.words.t('due {day}', day=scene.words.day(item.due))})" if item.due else ""
            return f"{scene.words.fenced(scene.name(item.owner))}{scene.words.colon} {scene.brief(item.text).text}{due}"
    for one in pair.feedback:
        if one.id == wanted:
            text = scene.brief(one.text).text
            back = scene.words.t("comes back {day}", day=scene.words.day(one.follow_up_on))
            return f"{text} ({back})" if one.state is FeedbackState.OPEN else text
    texts = {one.id: one.text for one in pair.topics}
    texts |= {one.id: one.text for one in pair.goals}
    texts |= {one.id: one.text for one in pair.notes}
    return scene.brief(texts[wanted]).text if wanted in texts else scene.words.t("an earlier item")


def _moment(scene: Scene, argument: str) -> str:
    try:
        moment = datetime.fromisoformat(argument)
    except ValueError:
        return _plain(scene, argument)
    return scene.words.moment(moment) if moment.tzinfo else scene.words.day(moment.date())


def _day(scene: Scene, argument: str) -> str:
    try:
        return scene.words.day(date.fromisoformat(argument[:10]))
    except ValueError:
        return _plain(scene, argument)


def _who(scene: Scene, argument: str) -> str:
    return scene.name(argument.split(" ", maxsplit=1)[0]) if argument else scene.other_name


def _review_span(scene: Scene) -> str:
    days = scene.letter.policy.review_every.days
    return scene.words.n("{n} week", "{n} weeks", max(days // 7, 1))


def _session(scene: Scene, argument: str) -> str:
    t = scene.words.t
    return {"career": t("career"), "review": t("review")}.get(argument, t("status"))


def _plain(scene: Scene, argument: str) -> str:
    return scene.brief(argument).text
