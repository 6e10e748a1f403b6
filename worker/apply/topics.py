"""How often a topic was carried from agenda to agenda."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from worker.model import MeetingStatus, Pair


def stood_in(pair: Pair, meeting: str, shown: tuple[str, ...], day: date) -> Pair:
    """Return the pair with the topics marked that stand in the agenda of a meeting, sent on this day."""
    topics = tuple(
        replace(topic, agendas=(*topic.agendas, meeting), first_on=topic.first_on or day)
        if topic.id in shown and meeting not in topic.agendas
        else topic
        for topic in pair.topics
    )
    return pair if topics == pair.topics else replace(pair, topics=topics)


def with_carried(pair: Pair, current: str = "") -> Pair:
    """Return the pair with `carried` of each topic filled in: agendas after its first, the `current` one included.

    A meeting that did not happen counts none.
    """
    silent = {
        meeting.id
        for meeting in pair.meetings
        if meeting.status in (MeetingStatus.MISSED, MeetingStatus.CANCELLED) and meeting.id != current
    }

    def carried(agendas: tuple[str, ...]) -> int:
        counted = {meeting for meeting in agendas if meeting not in silent}
        if current:
            counted.add(current)
        return max(0, len(counted) - 1)

    return replace(pair, topics=tuple(replace(topic, carried=carried(topic.agendas)) for topic in pair.topics))
