"""The words of a reply become notes, promises, feedback and topics of the pair."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from worker.apply.context import Arrival
from worker.model import (
    ActionItem,
    Feedback,
    ItemState,
    Note,
    Pair,
    Part,
    Reply,
    Topic,
)
from worker.tokens import item_id


def store(pair: Pair, reply: Reply, arrival: Arrival) -> tuple[Pair, tuple[str, ...], tuple[str, ...]]:
    """Return the pair with all that the reply says, the ids of what is new, and the earlier values of what changed."""
    pair, notes = _notes(pair, reply, arrival)
    pair, items, before = _action_items(pair, reply, arrival)
    pair, feedback = _feedback(pair, reply, arrival)
    pair, topics = _topics(pair, reply, arrival)
    return pair, (*notes, *items, *feedback, *topics), tuple(before)


def same_words(one: str, other: str) -> bool:
    """Whether two texts say the same but for white space, letter case and a closing full stop."""
    return _folded(one) == _folded(other)


def _folded(text: str) -> str:
    return " ".join(text.split()).rstrip(".").casefold()


def _still(at: datetime, arrival: Arrival) -> bool:
    """Whether the same words of then are the same thing now: about a meeting for good, between them for a day."""
    return arrival.meeting is not None or arrival.at - at < timedelta(days=1)


def _about(arrival: Arrival) -> str:
    return arrival.meeting.id if arrival.meeting else ""


def _notes(pair: Pair, reply: Reply, arrival: Arrival) -> tuple[Pair, list[str]]:
    manager = arrival.author == pair.key.manager
    texts = [(note.part, note.text, note.private, not note.label) for note in reply.notes]
    # What was not understood is kept word for word, as a private note of its author.
    texts += [(Part.GENERAL, text, False, True) for text in reply.leftover]
    new: list[Note] = []
    for position, (part, text, private, unlabelled) in enumerate(texts):
        note = Note(
            id=item_id(arrival.message_id, str(pair.key), "note", str(position)),
            at=arrival.at,
            part=part,
            text=text,
            author=arrival.author,
            private=private,
            only_you=manager and unlabelled and not private,
            meeting=_about(arrival),
            source=arrival.message_id,
        )
        known = any(
            other.author == note.author
            and other.meeting == note.meeting
            and same_words(other.text, note.text)
            and _still(other.at, arrival)
            for other in (*pair.notes, *new)
        )
        if not known:
            new.append(note)
    return replace(pair, notes=(*pair.notes, *new)), [note.id for note in new]


def _action_items(pair: Pair, reply: Reply, arrival: Arrival) -> tuple[Pair, list[str], list[str]]:
    items = list(pair.action_items)
    created: list[str] = []
    before: list[str] = []
    for position, written in enumerate(reply.action_items):
        owner = written.owner or pair.key.manager
        position_of_known = next(
            (
                index
                for index, item in enumerate(items)
                if item.state is ItemState.OPEN and item.owner == owner and same_words(item.text, written.text)
            ),
            None,
        )
        if position_of_known is not None:
            known = items[position_of_known]
            if written.due is not None and written.due != known.due:
                before.append(f"{known.id} due {known.due.isoformat() if known.due else ''}")
                items[position_of_known] = replace(known, due=written.due)
            continue
        item = ActionItem(
            id=item_id(arrival.message_id, str(pair.key), "item", str(position)),
            at=arrival.at,
            owner=owner,
            text=written.text,
            author=arrival.author,
            due=written.due,
            state=ItemState.DONE if written.done else ItemState.OPEN,
            closed_at=arrival.at if written.done else None,
            meeting=_about(arrival),
            source=arrival.message_id,
        )
        items.append(item)
        created.append(item.id)
    return replace(pair, action_items=tuple(items)), created, before


def _feedback(pair: Pair, reply: Reply, arrival: Arrival) -> tuple[Pair, list[str]]:
    default = arrival.clock.day(arrival.at) + timedelta(days=arrival.policy.feedback_follow_up.days)
    new: list[Feedback] = []
    for position, written in enumerate(reply.feedback):
        known = any(
            other.author == arrival.author
            and other.meeting == _about(arrival)
            and same_words(other.text, written.text)
            and _still(other.at, arrival)
            for other in (*pair.feedback, *new)
        )
        if known:
            continue
        new.append(
            Feedback(
                id=item_id(arrival.message_id, str(pair.key), "feedback", str(position)),
                at=arrival.at,
                text=written.text,
                author=arrival.author,
                follow_up_on=written.follow_up_on or default,
                private=written.private,
                # What is captured between meetings is its author's alone until a `share all`.
                only_you=arrival.meeting is None and arrival.author == pair.key.manager,
                meeting=_about(arrival),
                source=arrival.message_id,
            )
        )
    return replace(pair, feedback=(*pair.feedback, *new)), [one.id for one in new]


def _topics(pair: Pair, reply: Reply, arrival: Arrival) -> tuple[Pair, list[str]]:
    new: list[Topic] = []
    for position, written in enumerate(reply.topics):
        known = any(
            other.state is ItemState.OPEN and other.author == arrival.author and same_words(other.text, written.text)
            for other in (*pair.topics, *new)
        )
        if known:
            continue
        new.append(
            Topic(
                id=item_id(arrival.message_id, str(pair.key), "topic", str(position)),
                at=arrival.at,
                text=written.text,
                author=arrival.author,
                part=written.part,
                private=written.private,
                meeting=_about(arrival),
                source=arrival.message_id,
            )
        )
    return replace(pair, topics=(*pair.topics, *new)), [one.id for one in new]
