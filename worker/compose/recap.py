"""What `share` sends, picked in one place for the receipt's block, for the recap, and for marking it shared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from worker.compose.agenda import PARTS, headings
from worker.compose.heads import Built, Head, meeting_subject, preheader, subject, why_meeting
from worker.compose.scene import Scene
from worker.compose.views import Block, Item
from worker.compose.views import Recap as RecapView
from worker.model import (
    ActionItem,
    CheckInState,
    Feedback,
    FeedbackState,
    Goal,
    ItemState,
    Note,
    Pair,
    Part,
    Review,
)

_DATED = (CheckInState.DECIDED, CheckInState.WRITTEN, CheckInState.RECORDED)


@dataclass(frozen=True, slots=True)
class Recap:
    """The manager's words about one meeting that are, or would be, shared."""

    notes: tuple[Note, ...] = ()
    action_items: tuple[ActionItem, ...] = ()
    feedback: tuple[Feedback, ...] = ()
    goals: tuple[Goal, ...] = ()
    reviews: tuple[Review, ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of everything in it, for marking it shared."""
        notes = tuple(one.id for one in self.notes)
        return (*notes, *(one.id for one in self.action_items), *(one.id for one in self.feedback))

    @property
    def all_shared(self) -> bool:
        """Whether the other person has had every piece of it."""
        return all(self._sharings())

    @property
    def any_shared(self) -> bool:
        """Whether the other person has had a piece of it."""
        return any(self._sharings())

    def _sharings(self) -> list[datetime | None]:
        times = [one.shared for one in self.notes]
        return [*times, *(one.shared for one in self.action_items), *(one.shared for one in self.feedback)]

    def __bool__(self) -> bool:
        """Whether there is anything to share."""
        return bool(self.notes or self.action_items or self.feedback or self.goals or self.reviews)


def recap_of(pair: Pair, meeting: str, *, everything: bool = False) -> Recap:
    """Return what `share` sends about the meeting with this id: the manager's labelled words and action items.

    Free prose, captures and what was not understood (`only_you`) come with `everything`, which is `share all`, or
    where they were shared before; what is `private` never comes.
    """
    author = pair.key.manager

    def goes(one: Note | Feedback) -> bool:
        about = one.author == author and one.meeting == meeting and not one.private
        return about and (everything or not one.only_you or one.shared is not None)

    return Recap(
        notes=tuple(note for note in pair.notes if goes(note)),
        action_items=tuple(
            item
            for item in pair.action_items
            if item.author == author and item.meeting == meeting and item.state is not ItemState.DROPPED
        ),
        feedback=tuple(one for one in pair.feedback if goes(one)),
    )


def recap_block(scene: Scene, recap: Recap, heading: str, lead: str = "") -> Block:
    """Return a recap as its block: part by part in the agenda's order, then the action items."""
    named = headings(scene)
    items: list[Item] = []
    for part in (*PARTS, Part.GENERAL):
        for note in recap.notes:
            if note.part is part:
                name = scene.words.t("Notes") if part is Part.GENERAL else named[part.value]
                items.append(scene.item(note.text, who=name))
        if part is Part.FEEDBACK:
            for one in recap.feedback:
                day = scene.words.day(one.follow_up_on)
                back = scene.words.t("comes back {day}", day=day) if one.state is FeedbackState.OPEN else ""
                items.append(scene.item(one.text, who=named[part.value], facts=back))
    items += [scene.item(one.text, who=scene.words.t("Review")) for one in recap.reviews if one.text]
    for goal in recap.goals:
        due = scene.words.due(goal.due) if goal.due else scene.words.t("no date")
        items.append(scene.item(goal.text, who=scene.words.t("goal"), facts=due))
    for action in recap.action_items:
        facts = scene.words.t("due {day}", day=scene.words.day(action.due)) if action.due else scene.words.t("no date")
        items.append(scene.item(action.text, who=scene.name(action.owner), facts=facts))
    return Block(heading, tuple(items), lead)


def build(scene: Scene) -> Built:
    """Return the mail that gives the other person what was shared, and nothing else."""
    letter, words = scene.letter, scene.words
    meeting, whole = letter.meeting, letter.pair
    if whole is None:
        raise ValueError("a recap needs a pair")
    recap = _agreed(scene, whole, meeting.id if meeting else "")
    from_name = scene.name(whole.key.manager)
    items = len(recap.action_items)
    if letter.reader.email not in (whole.key.manager, whole.key.person):
        return _copy(scene, whole, recap)
    head = Head(
        subject=meeting_subject(scene),
        preheader=preheader(
            words.t("{name} shares the notes of your 1:1.", name=from_name)
            if meeting
            else words.t("{name} shares something with you.", name=from_name),
            words.n("{n} action item.", "{n} action items.", items),
        ),
        title=words.t("Notes of your 1:1 with {name}", name=scene.other_name),
        lead=(
            words.t(
                "{name} shares the notes of your 1:1 of {moment}.", name=from_name, moment=words.moment(meeting.start)
            )
            if meeting
            else words.t("{name} shares something with you.", name=from_name),
        ),
        why=why_meeting(scene),
    )
    block = recap_block(scene, recap, words.t("Notes and action items"))
    after = [words.t("Anything missing? Reply: {name} gets it as you write it.", name=from_name)]
    if letter.detail("hr"):
        after.append(words.t("A copy goes to {address}, as your organisation set it up.", address=letter.detail("hr")))
    return head, RecapView(block, _next_line(scene, whole), tuple(after))


def _copy(scene: Scene, whole: Pair, recap: Recap) -> Built:
    """Return the copy that an organisation set up: what the two share with each other, and nothing else."""
    words = scene.words
    names = words.names([scene.name(whole.key.manager), scene.name(whole.key.person)])
    first = words.t("A copy of what {names} share.", names=names)
    head = Head(
        subject=subject(scene, names, scene.letter.meeting.start if scene.letter.meeting else None),
        preheader=preheader(first),
        title=words.t("Notes of a 1:1"),
        lead=(first,),
        why=words.t("You get this copy because your organisation set it up. Both people are told in each such mail."),
    )
    return head, RecapView(recap_block(scene, recap, words.t("Notes and action items")))


def _agreed(scene: Scene, whole: Pair, meeting: str) -> Recap:
    """Return what the manager's `share` sends: of a meeting all that is marked as shared by now.

    The mail may have waited for the morning, and what was written since without a `share` is not for the other person.
    """
    cause = next((one for one in whole.applied if one.message_id == scene.letter.action.cause), None)
    if cause is not None and cause.sends:
        wanted = set(cause.sends)
        return Recap(
            tuple(one for one in whole.notes if one.id in wanted and one.shared),
            tuple(one for one in whole.action_items if one.id in wanted and one.shared),
            tuple(one for one in whole.feedback if one.id in wanted and one.shared),
            tuple(one for one in whole.goals if one.id in wanted and one.shared),
            tuple(one for one in whole.reviews if one.id in wanted and one.shared),
        )
    found = recap_of(whole, meeting)
    return Recap(
        tuple(one for one in found.notes if one.shared is not None),
        tuple(one for one in found.action_items if one.shared is not None),
        tuple(one for one in found.feedback if one.shared is not None),
    )


def _next_line(scene: Scene, whole: Pair) -> str:
    """Return when the two meet next: as was agreed about this 1:1, else as the calendar has it."""
    upcoming = scene.letter.next_meeting
    start = _agreed_start(scene, whole) or (upcoming.start if upcoming else None)
    return scene.words.t("Next check-in: {date}", date=dated(scene, start)) if start else ""


def _agreed_start(scene: Scene, whole: Pair) -> datetime | None:
    meeting = scene.letter.meeting
    about = [
        one
        for one in whole.check_ins
        if meeting is not None
        and one.meeting == meeting.id
        and one.is_agreement
        and one.state is not CheckInState.REPLACED
    ]
    newest = max(about, key=lambda one: one.revision, default=None)
    if newest is None or newest.state not in _DATED or newest.start is None or newest.start <= scene.letter.now:
        return None
    return newest.start


def dated(scene: Scene, moment: datetime) -> str:
    """Return `Tue 15 Dec 2026, 10:00 CET (2026-12-15)`."""
    return f"{scene.words.moment(moment)} ({scene.words.local(moment).date().isoformat()})"
