"""What a receipt says of the next check-in: the date in force, and what becomes of the calendar."""

from __future__ import annotations

from datetime import datetime

from worker.compose.recap import dated
from worker.compose.scene import Scene
from worker.model import Applied, CalendarOperation, CheckIn, CheckInState, Meeting, MeetingStatus, Pair

_BETWEEN_SHOWN = 3


def date_set(check_in: CheckIn | None) -> bool:
    """Whether a check-in has its date, so that nothing about it is open."""
    return check_in is not None and check_in.start is not None and check_in.state is not CheckInState.ASKED


def date_line(scene: Scene, pair: Pair, applied: Applied, check_in: CheckIn | None) -> tuple[str, tuple[str, ...]]:
    """Return the line that names the next check-in, and the sentences below it."""
    words = scene.words
    label = words.t("Next check-in:")
    if check_in is not None and check_in.start is not None and date_set(check_in):
        own = check_in.source == applied.message_id
        said = scene.item(check_in.said).text if own else ""
        line = f"{label} {dated(scene, check_in.start)}"
        if said:
            line = words.t("{line}, from “{said}”", line=line, said=said)
        return line, _date_notes(scene, applied, check_in) if own else ()
    if any(one.partition(" ")[0] == "none" for one in applied.done):
        undone = [one for one in pair.check_ins if one.source == applied.message_id and one.start]
        stays = (words.t("Nothing is written; what is in the calendar stays."),)
        return f"{label} {words.t('none')}", tuple(_reversal(scene, one) for one in undone) or stays
    upcoming = _upcoming(scene, pair)
    if check_in is None and upcoming is not None and not _answers_held(scene, pair, applied):
        return f"{label} {dated(scene, upcoming.start)}", ()
    notes = []
    if check_in is None and scene.is_manager:
        if upcoming is not None:
            slot = words.moment(upcoming.start)
            notes.append(words.t("In the calendar: {slot}. Answer `ok`, or write another date.", slot=slot))
        elif applied.proposal is not None:
            slot = words.slot(applied.proposal)
            notes.append(words.t("Proposed: {slot}. Answer `ok`, or write another date.", slot=slot))
    return f"{label} {words.t('not set')}", tuple(notes)


def _reversal(scene: Scene, check_in: CheckIn) -> str:
    """Return what becomes of the event that an earlier answer made or moved."""
    words, moment = scene.words, scene.words.moment(check_in.start or scene.letter.now)
    if check_in.operation is CalendarOperation.CANCEL:
        return words.t("Cancelled: {moment}", moment=moment)
    return words.t("In the calendar again: {moment}", moment=moment)


def _answers_held(scene: Scene, pair: Pair, applied: Applied) -> bool:
    """Whether the manager answers about a 1:1 that has begun: only then is a date missing."""
    meeting = pair.meeting(applied.meeting)
    return scene.is_manager and meeting is not None and meeting.start <= scene.letter.now


def _upcoming(scene: Scene, pair: Pair) -> Meeting | None:
    if scene.letter.next_meeting is not None:
        return scene.letter.next_meeting
    coming = [one for one in pair.meetings if one.start > scene.letter.now and one.status is MeetingStatus.PLANNED]
    return min(coming, key=lambda one: one.start, default=None)


def _date_notes(scene: Scene, applied: Applied, check_in: CheckIn) -> tuple[str, ...]:
    words, other = scene.words, scene.other_name
    notes = []
    if check_in.adjusted:
        notes.append(_adjusted(scene, check_in))
    operation = check_in.operation
    if check_in.gone or operation is None:
        notes.append(words.t("It is in the calendar already; nothing is written."))
    elif operation is CalendarOperation.CREATE:
        notes.append(
            words.t("It goes into the calendar as a new entry; {name} is invited.", name=other)
            if check_in.in_calendar
            else words.t("I cannot write to the calendar: you and {name} get an invitation by mail.", name=other)
        )
    elif operation is CalendarOperation.MOVE:
        old = check_in.moved_from
        notes.append(
            words.t("It moves there from {old}; {name} is told.", old=words.moment(old), name=other)
            if old is not None
            else words.t("The entry in the calendar moves there; {name} is told.", name=other)
        )
    skipped = {datetime.fromisoformat(one.partition(" ")[2]) for one in applied.done if one.startswith("skip ")}
    staying = [moment for moment in check_in.between if moment not in skipped]
    if staying:
        days = [words.day(moment) for moment in staying[:_BETWEEN_SHOWN]]
        if len(staying) > _BETWEEN_SHOWN:
            days.append(words.t("{n} more", n=len(staying) - _BETWEEN_SHOWN))
        notes.append(words.t("Before it: {days}. They stay; `skip` cancels them.", days=words.names(days)))
    return tuple(notes)


def _adjusted(scene: Scene, check_in: CheckIn) -> str:
    t = scene.words.t
    return {
        "busy": t("The time you meant is taken: this is the nearest free one that day."),
        "weekend": t("Your date falls on a weekend: this is the next working day."),
        "holiday": t("Your date falls on a holiday: this is the next working day."),
        "away": t("One of you is away on your date: this is the next working day."),
    }.get(check_in.adjusted, t("It differs from your words because that time cannot be had."))
