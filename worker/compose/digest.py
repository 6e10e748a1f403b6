"""The digest: what is due, what slipped and what was not sent; for a manager of managers counts alone."""

from __future__ import annotations

from datetime import timedelta

from worker.compose.first import called
from worker.compose.heads import Built, Head, preheader, why_manager
from worker.compose.plain import name_line, one_line
from worker.compose.scene import Scene, due_first
from worker.compose.views import Digest, Item, Section
from worker.model import FeedbackState, ItemState, OutboxState, Pair
from worker.privacy import seen_by

_AHEAD = timedelta(days=7)
_LIMIT = 15


def build(scene: Scene) -> Built:
    """Return the weekly digest, or the monthly counts where the variant says so."""
    words = scene.words
    if scene.letter.action.variant == "monthly":
        return _monthly(scene)
    pairs = [seen_by(pair, scene.letter.reader.email) for pair in scene.letter.pairs]
    due, slipped = _promises(scene, pairs)
    feedback = _feedback(scene, pairs)
    people = [Item(name_line(name)) for name in scene.letter.all_details("due")]
    unsent = _not_sent(scene)
    sections = [
        Section(words.t("Not closed yet"), tuple(slipped[:_LIMIT]), rest=_rest(scene, slipped)),
        Section(words.t("Due this week"), tuple(due[:_LIMIT]), rest=_rest(scene, due)),
        Section(words.t("Feedback that comes back"), tuple(feedback[:_LIMIT]), rest=_rest(scene, feedback)),
        Section(words.t("Due for a 1:1"), tuple(people)),
        Section(words.t("Not sent"), tuple(unsent[:_LIMIT]), rest=_rest(scene, unsent)),
    ]
    head = Head(
        subject=words.t("Your 1:1s this week"),
        preheader=preheader(
            words.n("{n} promise is due,", "{n} promises are due,", len(due)),
            words.n("{n} is not closed yet.", "{n} are not closed yet.", len(slipped)),
            words.t("Only you get this."),
        ),
        title=words.t("Your 1:1s this week"),
        lead=(
            words.t("Week of {day}.", day=words.plain_day(words.today)),
            words.t("Only you get this."),
        ),
        why=why_manager(scene),
    )
    return head, Digest(tuple(section for section in sections if section.items), causes=_causes(scene))


def _rest(scene: Scene, items: list[Item]) -> str:
    left = len(items) - _LIMIT
    return scene.words.t("and {n} more: reply `open`", n=left) if left > 0 else ""


def _promises(scene: Scene, pairs: list[Pair]) -> tuple[list[Item], list[Item]]:
    words = scene.words
    due: list[Item] = []
    slipped: list[Item] = []
    names = {pair.key.person: called(scene, pair) for pair in pairs}
    owed = [(pair, item) for pair in pairs for item in pair.action_items if item.state is ItemState.OPEN]
    partner = {item.id: called(scene, pair) for pair, item in owed}
    for item in due_first(item for _, item in owed):
        if item.due is None or item.due > words.today + _AHEAD:
            continue
        owner = names.get(item.owner) or scene.name(item.owner)
        with_whom = "" if owner == partner[item.id] else words.t("to {name}", name=partner[item.id]) + "; "
        line = scene.brief(
            item.text, number=scene.numbers.of(item.id), who=owner, facts=with_whom + words.due(item.due)
        )
        (slipped if item.due < words.today else due).append(line)
    return due, slipped


def _feedback(scene: Scene, pairs: list[Pair]) -> list[Item]:
    words = scene.words
    last = words.today + _AHEAD
    return [
        scene.brief(one.text, who=called(scene, pair), facts=words.day(one.follow_up_on))
        for pair in pairs
        for one in pair.feedback
        if one.state is FeedbackState.OPEN and one.follow_up_on <= last
    ]


def _not_sent(scene: Scene) -> list[Item]:
    words = scene.words
    since = scene.letter.now - _AHEAD
    found = []
    for pair in scene.letter.pairs:
        for row in pair.outbox:
            if row.state is OutboxState.GAVE_UP and row.planned_at >= since:
                reason = one_line(row.error, 120)
                to = scene.name(row.to) if row.to != pair.key.person else called(scene, pair)
                found.append(Item(f"{row.kind.value}, {words.day(row.planned_at)}", who=to, facts=reason))
    return found


def _causes(scene: Scene) -> str:
    given = {cause: scene.letter.detail(cause) for cause in ("forgot", "no-time", "not-needed")}
    if not any(given.values()):
        return ""
    return scene.words.t(
        "Missed follow-ups: forgot {forgot}, no time {no_time}, not needed {not_needed}",
        forgot=given["forgot"] or 0,
        no_time=given["no-time"] or 0,
        not_needed=given["not-needed"] or 0,
    )


def _monthly(scene: Scene) -> Built:
    words = scene.words
    counts = tuple(
        Item(words.t("{held} of {planned} 1:1s held", held=one.held, planned=one.planned), who=name_line(one.name))
        for one in scene.letter.counts
    )
    head = Head(
        subject=words.t("1:1s in numbers"),
        preheader=preheader(
            words.n("{n} manager.", "{n} managers.", len(counts)), words.t("Counts only: you never get content.")
        ),
        title=words.t("1:1s in numbers"),
        lead=(words.t("What your managers held since last month."), words.t("Counts only: you never get content.")),
        why=words.t("You get this because you manage managers. A reply with only `stop` ends these mails."),
    )
    return head, Digest((), counts)
