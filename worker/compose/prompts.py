"""Which question stands in an empty part: chosen by pair and meeting alone, never the same one twice running."""

from __future__ import annotations

import hashlib
import re
from datetime import timedelta
from zoneinfo import ZoneInfo

from worker.compose.environment import DEFAULT_LANGUAGE
from worker.compose.scene import Scene
from worker.model import ItemState, Meeting, MeetingStatus, Pair, Part
from worker.plan.reviews import stand_in
from worker.plan.sessions import session_of
from worker.workdays import Clock

_OWN_REPORTS_EVERY = 4
_LONG_BREAK = timedelta(weeks=6)
_BY_VIDEO = re.compile(r"https?://|\b(?:zoom|teams|meet|webex|jitsi|video)\b", re.IGNORECASE)


def prompt(scene: Scene, pair: Pair, meeting: Meeting, part: Part) -> list[str]:
    """Return the one question of this part for this meeting; none where an organisation emptied the list."""
    choices = _choices(scene, pair, meeting, part)
    return [choices[picked(pair, meeting, part.value, len(choices))]] if choices else []


def picked(pair: Pair, meeting: Meeting, part: str, count: int) -> int:
    """Return which of `count` questions a meeting gets: drawn by pair, part and day; never the last one's.

    The draw goes through the pair's meetings in order, so that the answer is the same for both people and for a
    rendering of tomorrow; it does not count meetings, because older ones leave the record.
    """
    others = {one.id: one for one in pair.meetings if one.start <= meeting.start} | {meeting.id: meeting}
    last = -1
    for one in sorted(others.values(), key=lambda one: (one.start, one.id)):
        digest = hashlib.sha256(f"{pair.key}\x1f{part}\x1f{one.start.date().isoformat()}".encode()).digest()
        drawn = int.from_bytes(digest[:6], "big")
        place = drawn % count
        if place == last and count > 1:
            place = (place + 1 + drawn // count % (count - 1)) % count
        last = place
    return last


def own_reports_question(scene: Scene, pair: Pair, meeting: Meeting) -> list[str]:
    """Return, every few weeks, the question how a report's own 1:1s go."""
    weeks = meeting.start.toordinal() // 7
    offset = int.from_bytes(hashlib.sha256(str(pair.key).encode()).digest()[:2], "big")
    return [scene.words.t("How are your own 1:1s going?")] if (weeks + offset) % _OWN_REPORTS_EVERY == 0 else []


def followed(scene: Scene, pair: Pair, meeting: Meeting, part: Part) -> list[str]:
    """Return what a review's follow-up asks in this part: recognition, and progress, obstacles and next steps."""
    if part not in (Part.HIGHLIGHTS, Part.PRIORITIES):
        return []
    clock = Clock(ZoneInfo(scene.letter.manager.timezone or scene.letter.policy.timezone))
    due = stand_in(pair, meeting, scene.letter.policy, clock)
    goals = {goal.id: goal for goal in pair.goals}
    if not any(one in goals or any(review.id == one for review in pair.reviews) for one in due):
        return []
    if part is Part.HIGHLIGHTS:
        return [scene.words.t("Which progress since the review deserves to be named?")]
    asked = [scene.words.t("Follow-up: what has moved, what is in the way, what comes next?")]
    return asked + [
        scene.words.t("Follow-up of “{goal}”: progress, obstacles, next step?", goal=scene.brief(goals[one].text).text)
        for one in due
        if one in goals
    ]


def _choices(scene: Scene, pair: Pair, meeting: Meeting, part: Part) -> tuple[str, ...]:
    table = scene.shelf.prompts.get(scene.words.language) or scene.shelf.prompts.get(DEFAULT_LANGUAGE, {})
    kind = session_of(meeting, scene.letter.policy)
    for moment in (kind, *_moments(pair, meeting)):
        special = table.get(f"{moment}-{part.value}", ())
        if special:
            return special
    usual = table.get(part.value, ())
    # Who always meets by video would hear three questions for ever: these stand among the usual ones.
    return (*usual, *table.get(f"remote-{part.value}", ())) if usual and _is_remote(meeting) else usual


def _moments(pair: Pair, meeting: Meeting) -> tuple[str, ...]:
    """Return what is special about this meeting, the rarest first.

    `first`: the pair never met before; `leave`: it has not met for a long time; `quiet`: nothing at all is open.
    """
    lost = (MeetingStatus.CANCELLED, MeetingStatus.MISSED)
    met = [one.start for one in pair.meetings if one.start < meeting.start and one.status not in lost]
    if not met:
        return ("first",)
    found = ["leave"] if meeting.start - max(met) >= _LONG_BREAK else []
    states = [one.state for one in pair.topics] + [one.state for one in pair.action_items]
    if ItemState.OPEN not in states + [one.state for one in pair.goals]:
        found.append("quiet")
    return tuple(found)


def _is_remote(meeting: Meeting) -> bool:
    return bool(_BY_VIDEO.search(meeting.location))
