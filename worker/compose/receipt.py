"""The receipt: what was understood and done, what will happen, who gets what, and what was not understood."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from worker.compose.deeds import can_be_taken_back, deeds
from worker.compose.heads import Built, Head, meeting_subject, preheader, subject
from worker.compose.lists import lists
from worker.compose.plain import name_line
from worker.compose.problems import sentence
from worker.compose.recap import Recap, recap_block, recap_of
from worker.compose.receipt_date import date_line, date_set
from worker.compose.scene import Scene, scene_with
from worker.compose.views import Block, Item, Receipt, Section
from worker.model import (
    ActionItem,
    Applied,
    CheckIn,
    CheckInState,
    Feedback,
    Goal,
    Pair,
)

_SETTLED = (CheckInState.WRITTEN, CheckInState.RECORDED, CheckInState.DECIDED)


def build(scene: Scene) -> Built:
    """Return the receipt of the mail that the letter answers."""
    applied = scene.applied()
    words = scene.words
    view = receipt_view(scene, applied)
    kept = stored(scene, applied) if applied else ""
    head = Head(
        subject=answer_subject(scene),
        preheader=preheader(kept, words.t("What was understood, what happens now, and who gets what.")),
        title=words.t("Received"),
        lead=(kept or words.t("Your mail has arrived."),),
        why=words.t("This answers your mail. A reply with only `stop` ends these mails."),
    )
    return head, view


def answer_subject(scene: Scene) -> str:
    """Return the subject of an answer: the meeting's, else the other person; never the words of a subject."""
    if scene.letter.meeting is not None:
        return meeting_subject(scene)
    if scene.letter.person is not None or scene.pair is not None:
        return subject(scene, scene.other_name, None)
    return scene.words.t("Your 1:1s")


def receipt_view(scene: Scene, applied: Applied | None) -> Receipt:
    """Return what a receipt says of an applied mail; a question says it too, because no mail is answered twice."""
    if applied is None:
        return Receipt(done=(scene.words.t("Nothing was changed."),))
    pair = scene.pair
    done = deeds(scene, applied)
    if pair is None:
        return _several(scene, applied, done)
    check_in = check_in_of(pair, applied)
    date, notes = date_line(scene, pair, applied, check_in)
    gets, only_you = _blocks(scene, pair, applied, check_in)
    shown = lists(scene, applied)
    own_date = check_in is not None and check_in.source == applied.message_id
    if scene.letter.detail("hr"):
        sentence = scene.words.t("When you share this, a copy goes to {address}.", address=_hr(scene))
        if applied.share:
            sentence = scene.words.t("A copy goes to {address}, as your organisation set it up.", address=_hr(scene))
        done = (*done, sentence)
    return Receipt(
        done=done or (() if applied.created or shown or own_date else (scene.words.t("Nothing was changed."),)),
        date=date,
        date_notes=notes,
        undo=_undo(scene) if can_be_taken_back(pair, applied) else "",
        gets=gets,
        only_you=only_you,
        not_understood=_not_understood(scene, applied),
        lists=shown,
    )


def _hr(scene: Scene) -> str:
    return name_line(scene.letter.detail("hr"))


def _several(scene: Scene, applied: Applied, done: tuple[str, ...]) -> Receipt:
    """Return the transcript of a mail about several people, or about none: what it did with each of them."""
    sections: list[Section] = []
    changed = False
    for pair in scene.letter.pairs:
        one = scene_with(scene, pair)
        own = next((record for record in pair.applied if record.message_id == applied.message_id), None)
        asked = tuple(entry for entry in applied.done if entry == "open")
        if own is None and not asked:
            continue
        changed = changed or (own is not None and can_be_taken_back(pair, own))
        shown = lists(one, own) if own else ()
        if asked and one.is_manager:
            shown += lists(one, replace(applied, done=asked))
        sections += [*(_with_person(one, own) if own else ()), *shown]
    sections += [section for section in lists(scene, applied) if not scene.letter.pairs or section not in sections]
    nothing = () if sections else (scene.words.t("Nothing was changed."),)
    return Receipt(
        done=done or nothing,
        undo=_undo(scene) if changed else "",
        not_understood=_not_understood(scene, applied, kept=False),
        lists=tuple(sections),
    )


def _with_person(scene: Scene, own: Applied) -> Iterator[Section]:
    """Yield what one mail did with one of the people that it named."""
    pair = scene.pair
    if pair is None:
        return
    gets, only_you = _blocks(scene, pair, own, None)
    said = tuple(Item(sentence) for sentence in deeds(scene, own))
    rows = [
        replace(one, who=f"{scene.words.colon} ".join(word for word in (_bare(block.heading), one.who) if word))
        for block in (gets, only_you, _not_understood(scene, own))
        if block is not None
        for one in block.items
    ]
    if rows or said:
        yield Section(scene.other_name, (*said, *rows))


def _bare(heading: str) -> str:
    """Return a heading without the colon that it ends in."""
    return heading.rstrip(": \u00a0")


def check_in_of(pair: Pair, applied: Applied) -> CheckIn | None:
    """Return the check-in that this mail agreed, else the one in force about the same meeting."""
    # A mail that cancels something or puts it back has a write of its own, which is no date to meet on.
    over = (CheckInState.REPLACED, CheckInState.GONE)
    about = [one for one in pair.check_ins if one.is_agreement and one.state not in over]
    own = [one for one in about if one.source == applied.message_id]
    # What another mail wished for is the other person's business until it stands in the calendar.
    same = [one for one in about if applied.meeting and one.meeting == applied.meeting and one.state in _SETTLED]
    return max(own or same, key=lambda one: one.revision, default=None)


def _undo(scene: Scene) -> str:
    return scene.words.t("Wrong? Just reply, or answer `undo`.")


def stored(scene: Scene, applied: Applied) -> str:
    """Return one line that counts what was stored, so that the receipt stays short; the words stand in its blocks."""
    pair, words = scene.pair, scene.words
    if pair is None or not applied.created:
        return ""
    made = set(applied.created)
    notes = sum(one.id in made for one in pair.notes)
    items = sum(one.id in made for one in pair.action_items)
    feedback = sum(one.id in made and not one.informal for one in pair.feedback)
    informal = [one for one in pair.feedback if one.id in made and one.informal]
    reminders = sum(one.private for one in informal)
    check_ins = len(informal) - reminders
    topics = sum(one.id in made for one in pair.topics)
    goals = sum(one.id in made for one in pair.goals)
    counts = [
        words.n("{n} note", "{n} notes", notes) if notes else "",
        words.n("{n} action item", "{n} action items", items) if items else "",
        words.n("{n} piece of feedback", "{n} pieces of feedback", feedback) if feedback else "",
        words.n("{n} check-in", "{n} check-ins", check_ins) if check_ins else "",
        words.n("{n} reminder", "{n} reminders", reminders) if reminders else "",
        words.n("{n} topic", "{n} topics", topics) if topics else "",
        words.n("{n} goal", "{n} goals", goals) if goals else "",
    ]
    shown = [count for count in counts if count]
    return words.t("Stored: {what}.", what=words.names(shown)) if shown else ""


# --------------------------------------------------------------------------------------------------------- who gets it


def _blocks(scene: Scene, pair: Pair, applied: Applied, check_in: CheckIn | None) -> tuple[Block | None, Block | None]:
    name = scene.other_name
    words = scene.words
    gets_heading, only_heading = words.t("{name} gets:", name=name), words.t("Only you:")
    if not scene.is_manager:
        return _report_blocks(scene, pair, applied, gets_heading, only_heading)
    never = scene.letter.policy.recap == "never" or not scene.reaches_other
    recap = Recap() if never or not applied.meeting else recap_of(pair, applied.meeting, everything=applied.share_all)
    gets = recap_block(scene, recap, gets_heading, _share_line(scene, recap, applied, check_in)) if recap else None
    made = set(applied.created) - set(recap.ids)
    items = _written(scene, pair, made)
    topics = [one for one in pair.topics if one.id in made and not one.private]
    if topics and gets is None:
        gets = Block(gets_heading, tuple(scene.item(one.text) for one in topics), _seen_at(scene))
    elif topics and gets is not None:
        gets = Block(gets_heading, (*gets.items, *(scene.item(one.text) for one in topics)), gets.lead)
    return gets, Block(only_heading, tuple(items), _to_share(scene, pair, applied)) if items else None


def _to_share(scene: Scene, pair: Pair, applied: Applied) -> str:
    """Return how what was captured between the meetings can be sent on; "" where it cannot."""
    if applied.meeting or scene.letter.policy.recap == "never" or not scene.reaches_other:
        return ""
    made = set(applied.created)
    if any(one.id in made and not one.private and one.shared is None for one in pair.feedback):
        return scene.words.t("`share all` sends {name} what is not private.", name=scene.other_name)
    goals = any(one.id in made and one.shared is None for one in pair.goals)
    if goals or any(one.id in made and one.shared is None and one.text for one in pair.reviews):
        return scene.words.t("`share` sends {name} the goals.", name=scene.other_name)
    return ""


def _seen_at(scene: Scene) -> str:
    """Return when the other person sees a topic that is for both, and how to keep it."""
    words = scene.words
    if not scene.reaches_other:
        return words.t("{name} gets no mail: it stands in your own agenda.", name=scene.other_name)
    at = scene.letter.detail("seen-at")
    if not at:
        return words.t("In the next agenda. Answer `private` to keep it yours.")
    moment = words.moment(datetime.fromisoformat(at))
    name = scene.other_name
    return words.t("{name} sees this {moment}. Answer `private` to keep it yours.", name=name, moment=moment)


def _written(scene: Scene, pair: Pair, made: set[str]) -> list[Item]:
    left = set(scene_leftover(scene))
    items = [scene.item(note.text) for note in pair.notes if note.id in made and note.text not in left]
    items += [_promise(scene, item) for item in pair.action_items if item.id in made]
    items += [_feedback(scene, one) for one in pair.feedback if one.id in made]
    items += [scene.item(topic.text) for topic in pair.topics if topic.id in made and topic.private]
    items += [_goal(scene, goal) for goal in pair.goals if goal.id in made]
    items += [scene.item(review.text) for review in pair.reviews if review.id in made and review.text]
    return items


def _goal(scene: Scene, goal: Goal) -> Item:
    words = scene.words
    facts = [words.due(goal.due) if goal.due else words.t("no date")]
    if goal.every:
        facts.append(words.n("followed up every {n} day", "followed up every {n} days", goal.every))
    elif scene.pair is not None and scene.pair.reviews:
        facts.append(words.t("followed up with the review"))
    return scene.item(goal.text, who=words.t("goal"), facts=words.facts(facts))


def _promise(scene: Scene, item: ActionItem) -> Item:
    due = scene.words.t("due {day}", day=scene.words.day(item.due)) if item.due else scene.words.t("no date")
    return scene.item(item.text, who=scene.name(item.owner), facts=due)


def _feedback(scene: Scene, one: Feedback) -> Item:
    return scene.item(one.text, facts=scene.words.t("comes back {day}", day=scene.words.day(one.follow_up_on)))


def scene_leftover(scene: Scene) -> tuple[str, ...]:
    """Return the lines of the answered mail that were not understood."""
    applied = scene.applied()
    return applied.leftover if applied else ()


def _share_line(scene: Scene, recap: Recap, applied: Applied, check_in: CheckIn | None) -> str:
    words, name = scene.words, scene.other_name
    if applied.share and not applied.undone:
        at = scene.letter.detail("recap-at")
        if at:
            return words.t("{name} gets this {moment}.", name=name, moment=words.moment(datetime.fromisoformat(at)))
        return words.t("{name} gets this now.", name=name)
    if recap.all_shared:
        return words.t("{name} has this.", name=name)
    if recap.any_shared:
        return words.t("{name} has the earlier version: `share` sends this one.", name=name)
    if scene.letter.policy.recap == "automatic":
        return words.t("{name} gets this by itself.", name=name)
    if not date_set(check_in) and not any(one.split(" ")[0] == "none" for one in applied.done):
        # While a date is open, `ok` settles the date alone.
        return words.t("Nothing is sent yet: `share` sends it.")
    return words.t("Nothing is sent yet: `share` sends it, and so does `ok`.")


def _report_blocks(
    scene: Scene, pair: Pair, applied: Applied, gets_heading: str, only_heading: str
) -> tuple[Block | None, Block | None]:
    made = set(applied.created)
    open_items = [scene.item(one.text) for one in pair.topics if one.id in made and not one.private]
    open_items += [scene.item(one.text) for one in pair.notes if one.id in made and not one.private]
    open_items += [_promise(scene, item) for item in pair.action_items if item.id in made]
    open_items += [_feedback(scene, one) for one in pair.feedback if one.id in made and not one.private]
    kept = [scene.item(one.text) for one in pair.topics if one.id in made and one.private]
    kept += [scene.item(one.text) for one in pair.notes if one.id in made and one.private]
    kept += [_feedback(scene, one) for one in pair.feedback if one.id in made and one.private]
    lead = scene.words.t("As you wrote it, in the next agenda.")
    return (
        Block(gets_heading, tuple(open_items), lead) if open_items else None,
        Block(only_heading, tuple(kept)) if kept else None,
    )


def _not_understood(scene: Scene, applied: Applied, *, kept: bool = True) -> Block | None:
    words = scene.words
    # A name that nobody is known by is what the question asks.
    applied = replace(applied, problems=tuple(one for one in applied.problems if one.reason != "unknown-name"))
    told = tuple(Item(said) for said in dict.fromkeys(sentence(scene, one) for one in applied.problems) if said)
    problems = tuple(scene.item(one.text) for one in applied.problems if one.text.strip() and not sentence(scene, one))
    known = {problem.text for problem in applied.problems}
    lines = tuple(scene.item(line) for line in applied.leftover if line.strip() and line not in known)
    if not lines and not problems:
        return Block(words.t("Not done:"), told) if told else None
    lead = "" if applied.share_all else words.t("Kept word for word, as your private note.")
    if not kept:
        lead = words.t("Your mail is kept; nothing of this went to anybody's record.")
    return Block(words.t("Not understood:"), (*told, *problems, *lines), lead)
