"""The request for topics to the report, with what is carried over; a first mail has an introduction."""

from __future__ import annotations

from worker.compose.first import introduction
from worker.compose.heads import Built, Head, meeting_subject, preheader, why_meeting
from worker.compose.scene import LIST_LIMIT, Scene, due_first
from worker.compose.views import Section, Topics
from worker.model import ItemState, Pair


def build(scene: Scene) -> Built:
    """Return the request for topics of the letter's meeting."""
    meeting, pair = scene.letter.meeting, scene.pair
    if meeting is None or pair is None:
        raise ValueError("a topics mail needs a pair and a meeting")
    words, name = scene.words, scene.other_name
    first = scene.letter.action.variant == "introduction"
    owed, carried = _owed(scene, pair), _carried(scene, pair)
    count = len(carried.items) if carried else 0
    moment = words.moment(meeting.start)
    head = Head(
        subject=meeting_subject(scene),
        preheader=preheader(
            words.t("What would you like to talk about?"),
            words.n("{n} topic is carried over.", "{n} topics are carried over.", count),
        ),
        title=words.t("Your topics for {name}", name=name),
        lead=(words.t("Your next 1:1 with {name}: {moment}.", name=name, moment=moment),),
        why=why_meeting(scene),
    )
    ask = [words.t("What would you like to talk about? Reply with one topic a line.")]
    if not first:
        ask.append(
            words.t(
                "{name} gets your words as you write them; a line that starts with `private:` stays yours.", name=name
            )
        )
    after = (words.t("No reply: the agenda is made of what is open."),)
    subject = meeting_subject(scene)
    taps = (scene.tap(words.t("Write topics"), "", subject),)
    return head, Topics(tuple(ask), owed, carried, introduction(scene, pair) if first else (), after, taps)


def _owed(scene: Scene, pair: Pair) -> Section | None:
    owed = [item for item in pair.action_items if item.state is ItemState.OPEN]
    ordered = due_first(item for item in owed if item.owner == scene.letter.reader.email)
    ordered += due_first(item for item in owed if item.owner != scene.letter.reader.email)
    items, rest = scene.limited([scene.promise(item) for item in ordered[:LIST_LIMIT]], len(ordered))
    return Section(scene.words.t("Promised"), items, rest=rest) if items else None


def _carried(scene: Scene, pair: Pair) -> Section | None:
    topics = [topic for topic in pair.topics if topic.state is ItemState.OPEN and not topic.private]
    topics.sort(key=lambda topic: topic.at)
    items, rest = scene.limited([scene.topic(topic) for topic in topics[:LIST_LIMIT]], len(topics))
    return Section(scene.words.t("Carried over"), items, rest=rest) if items else None
