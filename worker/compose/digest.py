"""The digest: what is due, what slipped and what was not sent; for a manager of managers counts alone."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from worker.compose.first import called
from worker.compose.heads import Built, Head, preheader, why_manager
from worker.compose.letter import Count
from worker.compose.plain import name_line
from worker.compose.scene import Scene, due_first, first_name
from worker.compose.views import Digest, Item, Section
from worker.model import FeedbackState, ItemState, MailKind, OutboxState, Pair
from worker.plan.digest import cadence, unsent
from worker.privacy import seen_by
from worker.workdays import Clock

_AHEAD = timedelta(days=7)
_LIMIT = 15
_WEEKS = 12
SLOT = "slot"
_BLOCKS = {"h": "■", "m": "□", "-": "·"}


def build(scene: Scene) -> Built:
    """Return the weekly digest, or the monthly counts where the variant says so."""
    words = scene.words
    if scene.letter.action.variant == "monthly":
        return _monthly(scene)
    pairs = [seen_by(pair, scene.letter.reader.email) for pair in scene.letter.pairs]
    due, slipped = _promises(scene, pairs)
    feedback = _feedback(scene, pairs)
    lost = _not_sent(scene)
    turns = _turns(scene)
    sections = [
        Section(words.t("Not closed yet"), tuple(slipped[:_LIMIT]), rest=_rest(scene, slipped)),
        Section(words.t("Due this week"), tuple(due[:_LIMIT]), rest=_rest(scene, due)),
        Section(words.t("Feedback that comes back"), tuple(feedback[:_LIMIT]), rest=_rest(scene, feedback)),
        Section(words.t("Due for a 1:1"), tuple(turns)),
        Section(words.t("Not sent"), tuple(lost[:_LIMIT]), rest=_rest(scene, lost)),
        Section(
            words.t("The last {n} weeks", n=_WEEKS),
            tuple(_cadence(scene, pairs)),
            empty=_legend(scene, pairs),
            row=True,
        ),
        _going_up(scene),
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
    slots = any(turn.slots for turn in scene.letter.turns)
    how = words.t("Reply with the number of a time, and it goes into both calendars.") if slots else ""
    shown = tuple(section for section in sections if section.items)
    return head, Digest(shown, causes=_causes(scene), advice=_advice(scene), how=how)


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
        with_whom = "" if owner == partner[item.id] else words.t("to {name}", name=partner[item.id])
        line = scene.brief(
            item.text, number=scene.numbers.of(item.id), who=owner, facts=words.facts((with_whom, words.due(item.due)))
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


def _turns(scene: Scene) -> list[Item]:
    """Return who is due for a 1:1, each with the slots that a number books."""
    words = scene.words
    found: list[Item] = []
    for turn in scene.letter.turns:
        name = words.fenced(name_line(turn.person.full_name))
        since = words.t("the last one was on {day}", day=words.plain_day(turn.last)) if turn.last else ""
        found.append(Item(name, facts=since))
        for slot in turn.slots:
            number = scene.numbers.of(slot_id(turn.person.email, slot.isoformat()))
            found.append(scene.row(words.moment(slot), number=number, who=first_name(turn.person)))
    return found


def slot_id(person: str, moment: str) -> str:
    """Return what a digest's row remembers behind the number of a slot: the person, and when (ISO)."""
    return f"{SLOT} {person} {moment}"


def _not_sent(scene: Scene) -> list[Item]:
    words = scene.words
    found = []
    for pair in scene.letter.pairs:
        for row in unsent(pair, scene.letter.now):
            reason = _reason(scene, row.error, unknown=row.state is OutboxState.UNKNOWN)
            # A reader knows a mail by the 1:1 that it is about, and not by the moment at which it was given up.
            meeting = pair.meeting(row.meeting) if row.meeting else None
            kind, day = _kind(scene, row.kind), words.day(meeting.start if meeting else row.planned_at)
            text = f"{kind}, {day}"
            if row.to != pair.key.person:
                text = words.t("{kind} for you, {day}", kind=kind, day=day)
            found.append(scene.row(text, who=called(scene, pair), facts=reason))
    return found


def _kind(scene: Scene, kind: MailKind) -> str:
    """Return what a kind of mail is called."""
    t = scene.words.t
    return {
        MailKind.WELCOME: t("welcome"),
        MailKind.TOPICS: t("topics"),
        MailKind.AGENDA: t("agenda"),
        MailKind.FOLLOW_UP: t("follow-up"),
        MailKind.RECEIPT: t("receipt"),
        MailKind.QUESTION: t("question"),
        MailKind.RECAP: t("recap"),
        MailKind.REMINDER: t("reminder"),
        MailKind.CHECK_IN: t("check-in"),
        MailKind.INVITATION: t("invitation"),
        MailKind.DIGEST: t("digest"),
        MailKind.NOTICE: t("notice"),
    }[kind]


def _reason(scene: Scene, error: str, *, unknown: bool) -> str:
    """Return why a mail did not go out as a short neutral sentence; what a server said stays with the administrator."""
    words = scene.words
    if unknown:
        return words.t("nobody can tell whether it went out")
    if error.startswith("quiet hours"):
        return words.t("quiet hours lasted until it was of no use")
    if error == "too late":
        return words.t("there was no time left for it")
    if error.endswith("answers went to this person today"):
        return words.t("enough answers had gone out that day")
    return words.t("the mail server did not take it")


def _cadence(scene: Scene, pairs: list[Pair]) -> list[Item]:
    """Return each pair's last weeks as a row of blocks, which needs no picture and no colour."""
    found = []
    zone = scene.words.zone
    clock = Clock(zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC"))
    for pair in pairs:
        row = cadence(pair, scene.letter.now, clock, _WEEKS)
        if row.strip("-"):
            facts = scene.words.t("{held} of {planned} 1:1s held", held=row.count("h"), planned=_WEEKS - row.count("-"))
            found.append(scene.row("".join(_BLOCKS[one] for one in row), who=called(scene, pair), facts=facts))
    return found


def _legend(scene: Scene, pairs: list[Pair]) -> str:
    if not _cadence(scene, pairs):
        return ""
    return scene.words.t("■ held, □ did not happen, · none; the newest week stands last.")


def _going_up(scene: Scene) -> Section:
    """Return the counts as they will go up in a week, for the manager whom they are about."""
    letter, words = scene.letter, scene.words
    if not letter.counts:
        return Section("")
    to = name_line(letter.counts_to)
    lead = words.t("{who} gets these counts in a week, and nothing else. {span}", who=to, span=_span(scene))
    return Section(words.t("Your 1:1s in numbers"), tuple(_count(scene, one) for one in letter.counts), empty=lead)


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


def _advice(scene: Scene) -> str:
    """Return one suggestion that fits the cause named most often."""
    words = scene.words
    often = {cause: int(scene.letter.detail(cause) or 0) for cause in ("forgot", "no-time", "not-needed")}
    cause = max(often, key=lambda name: often[name])
    if not often[cause]:
        return ""
    return {
        "forgot": words.t("To keep them in mind, name the day of your next 1:1: they stand in that agenda."),
        "no-time": words.t("One word is enough: `better`, `same` or `worse`."),
        "not-needed": words.t("For small things name a day further ahead, such as `follow up in 6 weeks`."),
    }[cause]


# ------------------------------------------------------------------------------------------------------------- monthly


def _monthly(scene: Scene) -> Built:
    words = scene.words
    counts = tuple(_count(scene, one) for one in scene.letter.counts)
    head = Head(
        subject=words.t("1:1s in numbers"),
        preheader=preheader(
            words.n("{n} manager.", "{n} managers.", len(counts)), words.t("Counts only: you never get content.")
        ),
        title=words.t("1:1s in numbers"),
        lead=tuple(
            line
            for line in (
                words.t("What your managers held since last month."),
                _span(scene),
                words.t("Counts only: you never get content."),
            )
            if line
        ),
        why=words.t("You get this because you manage managers. A reply with only `stop` ends these mails."),
    )
    how = words.t("Each manager saw the same numbers a week ago.") if scene.letter.detail("shown") else ""
    return head, Digest((), counts, how=how)


def _count(scene: Scene, one: Count) -> Item:
    words = scene.words
    facts = [
        words.t("confirmed {n}", n=one.confirmed),
        words.t("cancelled or missed {n}", n=one.cancelled),
        words.t("follow-ups kept {kept} of {all}", kept=one.kept, all=one.came_back),
    ]
    if one.waiting >= 0:
        facts.append(words.t("longest since the last one: {span}", span=words.n("{n} day", "{n} days", one.waiting)))
    text = words.t("{held} of {planned} 1:1s held", held=one.held, planned=one.planned)
    return scene.row(text, who=name_line(one.name), facts=words.facts(facts))


def _span(scene: Scene) -> str:
    first, last = scene.letter.detail("from"), scene.letter.detail("until")
    if not first or not last:
        return ""
    words = scene.words
    return words.t(
        "They are about {first} to {last}.",
        first=words.plain_day(date.fromisoformat(first)),
        last=words.plain_day(date.fromisoformat(last)),
    )
