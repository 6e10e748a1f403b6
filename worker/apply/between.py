"""Words that act between the meetings: goals, reviews, informal check-ins, feedback that came back, pauses, the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from worker.apply import items, lengths, sharing
from worker.apply.writing import same_words
from worker.model import (
    Applied,
    Ask,
    CheckInState,
    Command,
    Feedback,
    FeedbackAnswer,
    FeedbackState,
    Goal,
    ItemState,
    MailKind,
    MeetingStatus,
    PairKind,
    PairMail,
    PairState,
    Part,
    ReplyProblem,
    Review,
    Topic,
)
from worker.tokens import item_id

if TYPE_CHECKING:
    from worker.apply.commands import Step

MISSED = ("forgot", "no-time", "not-needed")
ANSWERS = ("better", "same", "worse", *MISSED)
ASKED = "asked"
SESSIONS = ("career", "review", "status")
_RENEWED_BY = timedelta(days=7)
_PACK = timedelta(days=182)


def act(step: Step, command: Command) -> None:
    """Do what one of these words says; a word that is not the author's to say is kept as they wrote it."""
    handler = _HANDLERS.get(command.verb)
    if handler is None:
        return
    if command.verb in _MANAGERS and not step.by_manager:
        step.keep(command.text or command.verb)
        return
    handler(step, command)


def ask(step: Step, value: Ask, about: str) -> None:
    """Note that a date must be settled, and whose it is; a mail asks one thing only."""
    if step.ask is None:
        step.ask = value
        step.done.append(f"{ASKED} {about}")


# ----------------------------------------------------------------------------------------------- what a question asked


def settles(step: Step, command: Command) -> bool:
    """Take a number as the answer to a question about another date than the next check-in; False where it is none."""
    asked = _asked(step)
    if asked is None:
        return False
    choices = step.arrival.row.choices if step.arrival.row else ()
    for number in command.numbers[:1]:
        if 1 <= number <= len(choices):
            _settle(step, asked, step.arrival.clock.day(choices[number - 1]))
        else:
            step.problems.append(ReplyProblem("no-such-number", str(number)))
    return True


def dated(step: Step, value: date | datetime | Ask | None) -> bool:
    """Take a date as the answer to feedback that came back, or to a question about such a date; False otherwise."""
    row = step.arrival.row
    if value is None or row is None:
        return False
    day = value.date() if isinstance(value, datetime) else value
    asked = _asked(step)
    if asked is not None:
        if isinstance(day, Ask):
            about = next(one.partition(" ")[2] for one in asked.done if one.startswith(ASKED))
            ask(step, day, about)
        else:
            _settle(step, asked, day)
        return True
    if row.kind is not MailKind.CHECK_IN:
        return False
    for feedback in _came_back(step, Command("by")):
        if isinstance(day, Ask):
            ask(step, day, feedback.id)
        else:
            renew(step, feedback, "", day)
    return True


def _asked(step: Step) -> Applied | None:
    """Return the mail whose question is answered, where it asked for a date that is no check-in's."""
    row = step.arrival.row
    if row is None or row.kind is not MailKind.QUESTION:
        return None
    cause = next((one for one in step.pair.applied if one.message_id == row.cause), None)
    if cause is None or not any(one.startswith(ASKED) for one in cause.done):
        return None
    first = any(one.source == row.cause and one.state is CheckInState.ASKED for one in step.pair.check_ins)
    return None if first else cause


def _settle(step: Step, asked: Applied, day: date) -> None:
    for entry in asked.done:
        verb, _, about = entry.partition(" ")
        if verb != ASKED:
            continue
        thing = items.find(step.pair, about)
        if isinstance(thing, Feedback):
            step.change(about, follow_up_on=day)
            step.done.append(f"by {about}")
        elif isinstance(thing, Goal):
            step.change(about, due=day)
            step.done.append(f"by {about}")
        elif about == "pause":
            _pause_until(step, day)


# ------------------------------------------------------------------------------------------- feedback that comes back


def renew(step: Step, feedback: Feedback, word: str, day: date) -> None:
    """Let feedback come back on another day, with the word that was said of it ("" where only the day was)."""
    answer = FeedbackAnswer(step.arrival.at, step.arrival.author, word or "date", step.arrival.message_id, day)
    step.change(
        feedback.id,
        state=FeedbackState.OPEN,
        follow_up_on=day,
        answer=word or feedback.answer,
        answers=(*feedback.answers, answer),
    )
    step.done.append(f"{word or 'by'} {feedback.id}")


def _answer(step: Step, command: Command) -> None:
    for feedback in _came_back(step, command):
        word, when = command.verb, command.when
        if isinstance(when, datetime):
            when = when.date()
        if isinstance(when, Ask):
            ask(step, when, feedback.id)
            when = step.arrival.clock.day(step.arrival.at) + timedelta(step.arrival.policy.feedback_follow_up.days)
        if when is None and word in ("forgot", "no-time"):
            when = step.arrival.clock.day(step.arrival.at) + _RENEWED_BY
        if _renewed_since(step, feedback) and command.when is None:
            # The other of the two has set a later day since: this word is noted, and closes or moves nothing.
            said = FeedbackAnswer(step.arrival.at, step.arrival.author, word, step.arrival.message_id)
            step.change(feedback.id, answers=(*feedback.answers, said))
            step.done.append(f"{word} {feedback.id}")
        elif when is not None:
            renew(step, feedback, word, when)
        else:
            answer = FeedbackAnswer(step.arrival.at, step.arrival.author, word, step.arrival.message_id)
            step.change(feedback.id, state=FeedbackState.CLOSED, answer=word, answers=(*feedback.answers, answer))
            step.done.append(f"{word} {feedback.id}")
    if command.text:
        step.keep(command.text, Part.FEEDBACK)


def _renewed_since(step: Step, feedback: Feedback) -> bool:
    """Whether feedback got a later day after the check-in went that is answered now."""
    row = step.arrival.row
    asked = row is not None and row.kind is MailKind.CHECK_IN
    return asked and row is not None and feedback.follow_up_on > step.arrival.clock.day(row.planned_at)


def _came_back(step: Step, command: Command) -> list[Feedback]:
    """Return the feedback that an answer is about: by number, what the mail restated, else the one that is due."""
    row, pair = step.arrival.row, step.pair
    if command.numbers:
        identities = step.numbered(command)
    elif row is not None and row.kind is MailKind.CHECK_IN:
        identities = [identity for identity in row.about if items.find(pair, identity) is not None]
    else:
        moment = step.arrival.meeting.start if step.arrival.meeting else step.arrival.at
        day = step.arrival.clock.day(moment)
        identities = [one.id for one in pair.feedback if _is_due(one, day, step.arrival.author)]
        if len(identities) != 1:
            step.problems.append(ReplyProblem("which-feedback", command.verb))
            identities = []
    found = [items.find(pair, identity) for identity in identities]
    return [one for one in found if isinstance(one, Feedback)]


def _is_due(feedback: Feedback, day: date, reader: str) -> bool:
    seen = feedback.author == reader or feedback.shared is not None
    return seen and feedback.state is FeedbackState.OPEN and feedback.follow_up_on <= day


def _informal(step: Step, command: Command) -> None:
    """Note a check-in between the meetings; a reminder is its author's alone."""
    arrival = step.arrival
    when = command.when.date() if isinstance(command.when, datetime) else command.when
    day = when if isinstance(when, date) else arrival.clock.day(arrival.at) + timedelta(days=7)
    new = Feedback(
        id=item_id(arrival.message_id, str(step.pair.key), "check-in", str(len(step.created))),
        at=arrival.at,
        text=command.text,
        author=arrival.author,
        follow_up_on=day,
        private=command.verb == "remind",
        only_you=True,
        source=arrival.message_id,
        informal=True,
    )
    step.pair = replace(step.pair, feedback=(*step.pair.feedback, new))
    step.created.append(new.id)
    if isinstance(when, Ask):
        ask(step, when, new.id)


# -------------------------------------------------------------------------------------------------- goals and reviews


def _goal(step: Step, command: Command) -> None:
    arrival = step.arrival
    text, every = lengths.rhythm(command.text)
    when = command.when.date() if isinstance(command.when, datetime) else command.when
    due = when if isinstance(when, date) else None
    known = next((one for one in step.pair.goals if one.state is ItemState.OPEN and same_words(one.text, text)), None)
    if known is not None:
        step.change(known.id, **_given(due=due, every=every))
        identity = known.id
    else:
        identity = item_id(arrival.message_id, str(step.pair.key), "goal", str(len(step.created)))
        new = Goal(identity, arrival.at, text, arrival.author, due, every, source=arrival.message_id)
        step.pair = replace(step.pair, goals=(*step.pair.goals, new))
        step.created.append(identity)
    if isinstance(when, Ask):
        ask(step, when, identity)


def _given(**values: object) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value}


def _review_done(step: Step, command: Command) -> None:
    arrival = step.arrival
    identity = item_id(arrival.message_id, str(step.pair.key), "review", str(len(step.created)))
    new = Review(identity, arrival.at, arrival.author, command.text, source=arrival.message_id)
    step.pair = replace(step.pair, reviews=(*step.pair.reviews, new))
    step.created.append(identity)
    step.done.append(f"review-done {identity}")


def _pack(step: Step, command: Command) -> None:
    """Show what happened since; words that name no length of time are something that its author noted."""
    if command.text and lengths.length(command.text) is None:
        step.keep(command.text)
    since = step.arrival.clock.day(step.arrival.at) - (lengths.length(command.text) or _PACK)
    step.done.append(f"review {since.isoformat()}")


def _agenda(step: Step, command: Command) -> None:
    """Show the agenda as it stands; with the name of a kind of session, the next 1:1 becomes one."""
    coming = [one for one in step.pair.meetings if one.start > step.arrival.at and one.status is MeetingStatus.PLANNED]
    if command.text in SESSIONS and coming:
        step.change(coming[0].id, session=command.text)
        step.done.append(f"session {command.text}")
    step.done.append("agenda")


# ---------------------------------------------------------------------------------------------------- mail or no mail


def _pause(step: Step, command: Command) -> None:
    when = command.when
    if isinstance(when, Ask) and when.candidates:
        ask(step, when, "pause")
    elif isinstance(when, date):
        _pause_until(step, when.date() if isinstance(when, datetime) else when)
    else:
        step.problems.append(ReplyProblem("pause-needs-a-date", command.text or command.verb))


def _pause_until(step: Step, day: date) -> None:
    _change_pair(step, paused_until=day, paused_by=step.arrival.author)
    step.done.append(f"pause {day.isoformat()}")


def _resume(step: Step, _: Command) -> None:
    _change_pair(step, paused_until=None, paused_by="")
    step.done.append("resume")


def _end(step: Step, _: Command) -> None:
    _change_pair(step, state=PairState.ENDED)
    step.done.append(f"end {step.pair.key.person}")


def _begin(step: Step, command: Command) -> None:
    """Start, half-start or leave the pair, as the answer to a welcome does."""
    state = PairState.LEFT if command.verb == "no" else PairState.STARTED
    mail = {"yes": PairMail.BOTH, "me": PairMail.MANAGER, "no": PairMail.NONE}[command.verb]
    started = step.pair.started_at if step.pair.state is state else step.arrival.at
    _change_pair(step, state=state, mail=mail)
    kind = next((kind for kind in PairKind if kind.value == command.text), step.pair.kind)
    step.pair = replace(step.pair, kind=kind, started_at=started if state is PairState.STARTED else None)
    step.done.append(f"{command.verb} {step.pair.key.person}")


def _change_pair(step: Step, **values: object) -> None:
    step.pair, before = items.change_pair(step.pair, **values)
    step.before.extend(before)


def _told(step: Step, command: Command) -> None:
    """Note for the receipt what it has to show, or what happened at the author's own desk."""
    step.done.append(command.verb)


# ----------------------------------------------------------------------------------------------- who sees what was said


def _private(step: Step, command: Command) -> None:
    """Keep what the answered receipt was about to its author: a topic that was for both is theirs alone."""
    cause = _captured(step)
    topics = [items.find(step.pair, identity) for identity in (cause.created if cause else ())]
    mine = [one for one in topics if isinstance(one, Topic) and one.author == step.arrival.author]
    if command.text or not mine:
        step.keep(command.text or command.verb)
        return
    for topic in mine:
        step.change(topic.id, private=True)
        step.done.append(f"private {topic.id}")
        if topic.agendas:
            step.problems.append(ReplyProblem("stood-in-an-agenda", topic.text))


def share_one(step: Step, command: Command) -> bool:
    """Share what one capture made, in answer to its receipt; False where the answer is about a meeting."""
    cause = _captured(step)
    if cause is None:
        return False
    everything = command.verb == "share-all"
    made = [items.find(step.pair, identity) for identity in cause.created]
    may = [
        one
        for one in made
        if one is not None
        and not isinstance(one, Topic)
        and not getattr(one, "private", False)
        and (everything or not getattr(one, "only_you", False))
    ]
    fresh = frozenset(one.id for one in may if getattr(one, "shared", None) is None)
    if not fresh:
        step.done.append("already-shared" if may else "nothing-to-share")
        return True
    step.pair = sharing.mark(step.pair, fresh, step.arrival.at, "")
    step.before.extend(f"{identity} shared " for identity in sorted(fresh))
    step.share, step.share_all = True, everything
    step.sends.extend(sorted(fresh))
    step.done.append(command.verb)
    return True


def _captured(step: Step) -> Applied | None:
    """Return the capture whose receipt is answered."""
    row = step.arrival.row
    if row is None or row.meeting or row.kind not in (MailKind.RECEIPT, MailKind.QUESTION):
        return None
    return next((one for one in step.pair.applied if one.message_id == row.cause and not one.meeting), None)


_MANAGERS = frozenset({"agenda", "end", "goal", "me", "no", "open", "review", "review-done", "yes"})
_HANDLERS: dict[str, Callable[[Step, Command], None]] = {
    **dict.fromkeys(ANSWERS, _answer),
    **dict.fromkeys(("check-in", "remind"), _informal),
    **dict.fromkeys(("yes", "me", "no"), _begin),
    **dict.fromkeys(("stop", "start", "history", "open", "help"), _told),
    "goal": _goal,
    "review-done": _review_done,
    "review": _pack,
    "agenda": _agenda,
    "pause": _pause,
    "resume": _resume,
    "end": _end,
    "private": _private,
}
