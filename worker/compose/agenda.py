"""The agenda: what is owed, then the five parts, built from what the reader may see."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime

from worker.compose.heads import Built, Head, meeting_subject, preheader, why_meeting
from worker.compose.plain import TITLE_LENGTH, name_line
from worker.compose.prompts import followed, own_reports_question, prompt
from worker.compose.scene import LIST_LIMIT, Scene, due_first
from worker.compose.views import Agenda, Item, Section
from worker.model import Feedback, FeedbackState, ItemState, MailKind, Meeting, MeetingStatus, Note, Pair, Part, Topic

PARTS = (Part.HIGHLIGHTS, Part.PRIORITIES, Part.SUPPORT, Part.FEEDBACK, Part.FOLLOW_UP)
_FRESH_LIMIT = 20
_KEPT_LIMIT = 20
_OFTEN_CARRIED = 3
_URL = re.compile(r"^([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_SHOWN_SCHEMES = frozenset({"http", "https", "tel"})
_KNOWN_SCHEMES = frozenset({"javascript", "data", "vbscript", "file", "blob", "about", "mailto", "ms-msdt"})


def headings(scene: Scene) -> dict[str, str]:
    """Return the headings of the agenda by part, `promised` and `only-you` included."""
    t = scene.words.t
    own = {
        "promised": t("Promised"),
        "highlights": t("Highlights"),
        "priorities": t("Alignment and priorities"),
        "support": t("Support"),
        "feedback": t("Feedback"),
        "follow-up": t("Follow-up"),
    }
    return {key: scene.heading(key, words) for key, words in own.items()} | {"only-you": t("Only you: do not forward")}


def build(scene: Scene) -> Built:
    """Return the agenda of the letter's meeting; with variant `late`, the topics that came after it went."""
    meeting = scene.letter.meeting
    if meeting is None or scene.pair is None:
        raise ValueError("an agenda needs a pair and a meeting")
    view = _late(scene, scene.pair) if scene.letter.action.variant == "late" else whole(scene, scene.pair, meeting)
    return _head(scene, meeting, view), view


def _head(scene: Scene, meeting: Meeting, view: Agenda) -> Head:
    words, other = scene.words, scene.other_name
    owed = len([item for item in scene.pair.action_items if item.state is ItemState.OPEN]) if scene.pair else 0
    topics = len(_open_topics(scene.pair)) if scene.pair else 0
    counted = (
        words.n("{n} promise,", "{n} promises,", owed),
        words.n("{n} topic.", "{n} topics.", topics),
    )
    when = words.t("Your 1:1 with {name}: {moment}.", name=other, moment=words.moment(meeting.start))
    lead: tuple[str, ...] = (when,)
    if scene.letter.action.variant == "late":
        came = len(view.sections[0].items)
        lead = (words.n("{n} topic came after the agenda.", "{n} topics came after the agenda.", came), when)
    elif scene.letter.action.variant == "moved" and meeting.moved_from is not None:
        old = words.moment(meeting.moved_from)
        lead = (words.t("This 1:1 was on {old} and has moved.", old=old), when)
    return Head(
        subject=meeting_subject(scene),
        preheader=preheader(*counted, words.t("The agenda with {name}, in five parts.", name=other)),
        title=words.t("1:1 with {name}", name=other),
        lead=lead,
        why=why_meeting(scene),
    )


def whole(scene: Scene, pair: Pair, meeting: Meeting) -> Agenda:
    """Return the whole agenda of this meeting as the reader may see it."""
    named = headings(scene)
    topics = _open_topics(pair)
    sections = sections_of(scene, pair, meeting)
    only_you = _only_you(scene, pair, since_last(pair, meeting), named["only-you"]) if scene.is_manager else None
    return Agenda(
        sections=sections,
        share=_share(scene, pair, topics) if scene.is_manager else "",
        notices=_notices(scene, meeting),
        how=_how(scene),
        only_you=only_you,
    )


def sections_of(scene: Scene, pair: Pair, meeting: Meeting) -> tuple[Section, ...]:
    """Return what is owed and the five parts of this meeting's agenda, as the reader may see them."""
    named = headings(scene)
    since = since_last(pair, meeting)
    topics = _open_topics(pair)
    sections = [_promised(scene, pair, meeting, named["promised"])]
    sections += [_part(scene, pair, meeting, part, named[part.value], topics, since) for part in PARTS]
    return tuple(sections)


def _late(scene: Scene, pair: Pair) -> Agenda:
    """Return the topics that no earlier agenda had; the earlier numbers go on, so that one number means one thing."""
    earlier = [row for row in scene.letter.thread if row.kind is scene.letter.action.kind]
    for row in earlier:
        for known in row.numbers:
            scene.numbers.of(known)
    seen = set(scene.numbers.ids)
    cut_off = max((row.sent_at or row.planned_at for row in earlier), default=None)
    fresh = [topic for topic in _open_topics(pair) if topic.id not in seen and (not cut_off or topic.at > cut_off)]
    if scene.letter.action.about:
        fresh = [topic for topic in _open_topics(pair) if topic.id in scene.letter.action.about]
    section = Section(scene.words.t("New topics"), tuple(scene.topic(topic) for topic in fresh))
    return Agenda(sections=(section,), how=_how(scene))


def _promised(scene: Scene, pair: Pair, meeting: Meeting, heading: str) -> Section:
    owed = [item for item in pair.action_items if item.state is ItemState.OPEN]
    ordered = due_first(item for item in owed if item.owner == pair.key.manager)
    ordered += due_first(item for item in owed if item.owner != pair.key.manager)
    items, rest = scene.limited([scene.promise(item) for item in ordered[:LIST_LIMIT]], len(ordered))
    day = scene.words.local(meeting.start).date()
    back = [one for one in pair.feedback if _comes_back(one, day)]
    notes = tuple(_feedback_back(scene, one) for one in back if not (one.private or one.only_you))
    empty = "" if items or notes else scene.words.t("Nothing open.")
    return Section(heading, items, notes, empty=empty, rest=rest)


def _feedback_back(scene: Scene, feedback: Feedback) -> Item:
    given = scene.words.plain_day(feedback.at)
    facts = scene.words.t("feedback of {day} comes back: better, same or worse?", day=given)
    return scene.brief(feedback.text, number=scene.numbers.of(feedback.id), facts=facts)


def _part(  # one row of the table of parts
    scene: Scene, pair: Pair, meeting: Meeting, part: Part, heading: str, topics: list[Topic], since: datetime | None
) -> Section:
    fresh = [topic for topic in topics if _place(topic) is part and not topic.carried]
    carried = [topic for topic in topics if _place(topic) is part and topic.carried]
    fresh.sort(key=lambda topic: topic.author != pair.key.person)
    shown = [scene.topic(topic) for topic in fresh[:_FRESH_LIMIT]] + [
        scene.topic(topic) for topic in carried[:LIST_LIMIT]
    ]
    rests = [scene.limited(shown, len(fresh) + len(carried))[1]]
    if part is Part.PRIORITIES:
        goals = [goal for goal in pair.goals if goal.state is ItemState.OPEN]
        shown += [_goal(scene, goal_id) for goal_id in [goal.id for goal in goals[:LIST_LIMIT]]]
        rests.append(scene.limited(shown, len(shown) + max(len(goals) - LIST_LIMIT, 0))[1])
    notes = _last_time(scene, pair, meeting, part, since)
    prompts: list[str] = []
    if not shown and not notes:
        prompts = prompt(scene, pair, meeting, part)
    prompts += followed(scene, pair, meeting, part)
    if part is Part.FOLLOW_UP and any(topic.carried >= _OFTEN_CARRIED for topic in carried):
        prompts.append(scene.words.t("Carried three times or more: keep, drop or decide?"))
    if part is Part.SUPPORT and scene.letter.person is not None and scene.letter.person.manages:
        prompts += own_reports_question(scene, pair, meeting)
    return Section(heading, tuple(shown), notes, tuple(prompts), rest=next((rest for rest in rests if rest), ""))


def _goal(scene: Scene, goal_id: str) -> Item:
    goal = next(one for one in scene.pair.goals if one.id == goal_id) if scene.pair else None
    if goal is None:
        raise ValueError("the goal is not the pair's")
    facts = [scene.words.t("goal")] + ([scene.words.due(goal.due)] if goal.due else [])
    if goal.progress:
        latest = goal.progress[-1]
        day = scene.words.plain_day(latest.at)
        facts.append(scene.words.t("{day}: {text}", day=day, text=scene.brief(latest.text).text))
    return scene.brief(goal.text, number=scene.numbers.of(goal.id), facts=scene.words.facts(facts))


def _comes_back(feedback: Feedback, day: date) -> bool:
    return feedback.state is FeedbackState.OPEN and feedback.follow_up_on <= day


def _last_time(scene: Scene, pair: Pair, meeting: Meeting, part: Part, since: datetime | None) -> tuple[Item, ...]:
    found: list[Item] = []
    if part is Part.HIGHLIGHTS:
        done = [item for item in pair.action_items if item.state is ItemState.DONE and _recent(item.closed_at, since)]
        facts = scene.words.t("done")
        found += [scene.brief(item.text, who=scene.name(item.owner), facts=facts) for item in done]
    if part is Part.FEEDBACK:
        day = scene.words.local(meeting.start).date()
        # What comes back today stands among what is owed.
        open_to_both = [one for one in pair.feedback if not (one.private or one.only_you)]
        given = [one for one in open_to_both if _recent(one.at, since) and not _comes_back(one, day)]
        for one in given:
            back = scene.words.t("comes back {day}", day=scene.words.day(one.follow_up_on))
            found.append(scene.brief(one.text, facts=_with_marker(scene, back, unshared=one.shared is None)))
    for note in pair.notes:
        if _note_part(note) is part and _recent(note.at, since) and not _kept(note):
            mine = note.author == scene.letter.reader.email
            shared = note.shared is not None or note.author == pair.key.person
            who = "" if mine else scene.name(note.author)
            facts = _with_marker(scene, scene.words.plain_day(note.at), unshared=not shared)
            item = scene.brief(note.text, who=who, facts=facts)
            found.append(item)
    return tuple(found[:LIST_LIMIT])


def _with_marker(scene: Scene, facts: str, *, unshared: bool) -> str:
    return scene.words.facts((facts, scene.words.t("not shared"))) if unshared else facts


def _only_you(scene: Scene, pair: Pair, since: datetime | None, heading: str) -> Section | None:
    reader = scene.letter.reader.email
    topics = [one for one in pair.topics if one.private and one.author == reader and one.state is ItemState.OPEN]
    items = [scene.brief(one.text, number=scene.numbers.of(one.id)) for one in topics[:LIST_LIMIT]]
    notes = [
        scene.brief(note.text)
        for note in pair.notes
        if note.author == reader and _kept(note) and _recent(note.at, since)
    ]
    kept = [one for one in pair.feedback if one.author == reader and (one.private or one.only_you)]
    for one in kept:
        if one.state is FeedbackState.OPEN and one.shared is None:
            back = scene.words.t("feedback; comes back {day}", day=scene.words.day(one.follow_up_on))
            number = scene.numbers.of(one.id) if one.follow_up_on <= scene.words.today else 0
            notes.append(scene.brief(one.text, number=number, facts=back))
    left = len(topics) - len(items) + max(len(notes) - _KEPT_LIMIT, 0)
    rest = scene.words.t("and {n} more: reply `history {name}`", n=left, name=scene.other_name) if left else ""
    # The newest stand last in the record and are what is needed.
    return Section(heading, tuple(items), tuple(notes[-_KEPT_LIMIT:]), rest=rest) if items or notes else None


def _kept(note: Note) -> bool:
    """Whether a note stands under Only you: private, or kept back and not shared by a `share all`."""
    return note.private or (note.only_you and note.shared is None)


def _note_part(note: Note) -> Part:
    return Part.FOLLOW_UP if note.part is Part.GENERAL else note.part


def _place(topic: Topic) -> Part:
    """Return the part that a topic stands in: carried ones in Follow-up, fresh ones of no part among what is new."""
    if topic.carried:
        return Part.FOLLOW_UP
    return Part.PRIORITIES if topic.part is Part.GENERAL else topic.part


def _open_topics(pair: Pair | None) -> list[Topic]:
    found = [topic for topic in (pair.topics if pair else ()) if topic.state is ItemState.OPEN and not topic.private]
    return sorted(found, key=lambda topic: topic.at)


def since_last(pair: Pair, meeting: Meeting) -> datetime | None:
    """Return from when on things are new in this meeting's agenda; None where the pair never met before.

    That is when the reader's agenda of the meeting before went: what came between it and that meeting stood in none.
    """
    lost = (MeetingStatus.CANCELLED, MeetingStatus.MISSED)
    before = [one for one in pair.meetings if one.start < meeting.start and one.status not in lost]
    if not before:
        return None
    last = max(before, key=lambda one: one.start)
    agendas = [
        row.planned_at
        for row in pair.outbox
        if row.kind is MailKind.AGENDA and row.meeting == last.id and " late-" not in row.key
    ]
    return min(last.start, max(agendas, default=last.start))


def _recent(at: datetime | None, since: datetime | None) -> bool:
    return at is not None and (since is None or at >= since)


def _share(scene: Scene, pair: Pair, topics: Iterable[Topic]) -> str:
    counted = {pair.key.person: 0, pair.key.manager: 0}
    for topic in topics:
        counted[topic.author] = counted.get(topic.author, 0) + 1
    shares = ", ".join(f"{scene.words.fenced(scene.name(author))} {count}" for author, count in counted.items())
    return scene.words.t("Topics: {shares}", shares=shares)


def _notices(scene: Scene, meeting: Meeting) -> tuple[str, ...]:
    words, letter = scene.words, scene.letter
    found = [
        words.t("{name} is away then: an out-of-office entry stands over this 1:1.", name=scene.name(address))
        for address in letter.all_details("absent")
        if address != letter.reader.email
    ]
    found += [
        words.t("{name} is away then: an automatic reply of theirs says so.", name=scene.name(address))
        for address in letter.all_details("away")
        if address != letter.reader.email
    ]
    place = shown_place(meeting.location)
    if place:
        found.append(words.t("Place: {place}", place=place))
    if letter.detail("form-open"):
        day = words.day(datetime.fromisoformat(letter.detail("form-open")).date())
        found.append(
            words.t("Not answered yet: the form of {day}. One line is enough, as a reply to this mail.", day=day)
        )
    if letter.detail("ask-topics"):
        found.append(words.t("What would you like to talk about? Reply with one topic a line."))
    return tuple(found)


def _how(scene: Scene) -> str:
    words = scene.words
    if not scene.is_manager:
        return words.t("To add a topic, reply with it: {name} gets it before the 1:1.", name=scene.other_name)
    if scene.numbers.ids:
        return words.t("Answer by number: `done 2`, `drop 3` or `keep 1`. Any other line is kept for you.")
    return words.t("To note something, reply: it is kept for you.")


def shown_place(location: str) -> str:
    """Return a place from a calendar on one line; of links only those with https, http or tel are shown."""
    kept = []
    for word in name_line(location, TITLE_LENGTH).split():
        scheme = _URL.match(word)
        name = scheme[1].lower() if scheme else ""
        link = "://" in word or name in _KNOWN_SCHEMES
        if not link or name in _SHOWN_SCHEMES:
            kept.append(word)
    return " ".join(kept)
