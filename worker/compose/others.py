"""The smaller mails: invitation, feedback that comes back, and notices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from worker.compose.agenda import shown_place
from worker.compose.heads import Built, Head, meeting_subject, preheader, subject, why_manager, why_meeting
from worker.compose.plain import TITLE_LENGTH, name_line, one_line
from worker.compose.scene import Scene
from worker.compose.views import Block, CheckIn, Invitation, Notice
from worker.model import CalendarOperation, Feedback, FeedbackState
from worker.plan.reviews import MARK


def build_invitation(scene: Scene) -> Built:
    """Return the mail around an iTIP invitation, update or cancellation."""
    write, words = scene.letter.write, scene.words
    if write is None:
        raise ValueError("an invitation needs what it invites to")
    moment = words.moment(write.start)
    name = scene.other_name
    if write.operation is CalendarOperation.CANCEL:
        first = words.t("The 1:1 with {name} of {moment} is cancelled.", name=name, moment=moment)
        how = words.t("Your calendar takes it out. There is nothing to do.")
    elif write.operation is CalendarOperation.MOVE:
        first = words.t("The 1:1 with {name} is now on {moment}.", name=name, moment=moment)
        how = words.t("Accept or decline it in your calendar.")
    else:
        first = words.t("Your next 1:1 with {name}: {moment}.", name=name, moment=moment)
        how = words.t("Accept or decline it in your calendar.")
    facts = [
        scene.row(name_line(write.summary, TITLE_LENGTH), who=words.t("Title")),
        scene.row(f"{moment} – {words.clock(write.end)}", who=words.t("When")),
    ]
    place = shown_place(write.location)
    if place:
        facts.append(scene.row(place, who=words.t("Where")))
    head = Head(
        subject=subject(scene, name, write.start),
        preheader=preheader(first),
        title=words.t("1:1 with {name}", name=name),
        lead=(first,),
        why=why_meeting(scene),
    )
    return head, Invitation(tuple(fact for fact in facts if fact.text), how)


def build_check_in(scene: Scene) -> Built:
    """Return feedback that comes back on its day, with the answers in three lines."""
    words, pair = scene.words, scene.pair
    if scene.letter.action.variant == "goals":
        return _build_goals(scene)
    wanted = set(scene.letter.action.about)
    found = [
        one
        for one in (pair.feedback if pair else ())
        if (one.id in wanted if wanted else one.state is FeedbackState.OPEN and one.follow_up_on <= words.today)
    ]
    name = scene.other_name
    blocks = tuple(
        Block(
            words.t("Noted on {day}", day=words.plain_day(one.at))
            if one.informal
            else words.t("Feedback of {day}", day=words.plain_day(one.at)),
            (scene.item(one.text, number=scene.numbers.of(one.id) if len(found) > 1 else 0),),
        )
        for one in found
    )
    for one in found:
        scene.numbers.of(one.id)
    own = subject(scene, name, scene.letter.now, form="{name}")
    answers, reasons = _check_in_answers(scene, found)
    head = Head(
        subject=own,
        preheader=preheader(
            words.n("{n} piece of feedback comes back.", "{n} pieces of feedback come back.", len(found)),
            words.t("Two minutes, one word."),
        ),
        title=words.t("Two minutes for {name}", name=name)
        if scene.is_manager
        else words.t("Two minutes with {name}", name=name),
        lead=(
            _check_in_lead(scene, found),
            *(() if _are_reminders(found) else (words.t("How is it going?"),)),
        ),
        why=why_meeting(scene),
    )
    rows = tuple(scene.row(meaning, who=f"`{word}`") for word, meaning in answers)
    taps = tuple(scene.tap(word, word, own) for word, _ in answers) if len(found) == 1 else ()
    last = words.t("No reply: I ask once more, then it stays open.")
    if scene.letter.action.variant == "again":
        last = words.t("No reply: it stays open and I do not ask again.")
    each = words.t("Answer each with its number: `1 better`.")
    if _are_reminders(found):
        each = words.t("Answer by number: {words}.", words=f"`{words.t('done 1')}`")
    how = (reasons, each, last) if len(found) > 1 else (reasons, last)
    return head, CheckIn(blocks, rows, tuple(line for line in how if line), taps, words.t("Answer with one word:"))


def _are_reminders(found: list[Feedback]) -> bool:
    """Whether a check-in only reminds its reader of what they wanted to do themselves."""
    return all(one.informal and one.private for one in found)


def _check_in_answers(scene: Scene, found: list[Feedback]) -> tuple[tuple[tuple[str, str], ...], str]:
    """Return the answers that a check-in offers with what each does, and how to say why there was no follow-up."""
    t = scene.words.t
    if _are_reminders(found):
        return ((t("done"), t("it is closed")), (t("in 1 week"), t("I ask again then"))), ""
    again = t("it is closed; a date with it asks again then")
    answers = ((t("better"), t("it is closed")), (t("same"), again), (t("worse"), again))
    return answers, t("No follow-up? One word says why: `forgot`, `no time` or `not needed`.")


def _check_in_lead(scene: Scene, found: list[Feedback]) -> str:
    words = scene.words
    if all(one.informal for one in found):
        return words.n("{n} check-in that you asked for.", "{n} check-ins that you asked for.", len(found))
    if scene.letter.action.variant == "again":
        return words.n(
            "{n} piece of feedback came back and is not closed yet.",
            "{n} pieces of feedback came back and are not closed yet.",
            len(found),
        )
    return words.n("{n} piece of feedback comes back today.", "{n} pieces of feedback come back today.", len(found))


def _build_goals(scene: Scene) -> Built:
    """Return the follow-up of a review's goals where no 1:1 comes in time: progress, obstacles, next steps."""
    words, pair = scene.words, scene.pair
    wanted = {one.removeprefix(MARK) for one in scene.letter.action.about}
    goals = [one for one in (pair.goals if pair else ()) if one.id in wanted]
    reviews = [one for one in (pair.reviews if pair else ()) if one.id in wanted]
    blocks = []
    for goal in goals:
        facts = words.due(goal.due) if goal.due else words.t("no date")
        item = scene.item(goal.text, number=scene.numbers.of(goal.id), facts=facts)
        blocks.append(Block(words.t("Goal"), (scene.progressed(item, goal.progress[-1:]),)))
    for review in reviews:
        text = review.text or words.t("The review of {day}", day=words.plain_day(review.at))
        blocks.append(Block(words.t("Review"), (scene.item(text),)))
    count = len(blocks)
    first = words.n("{n} follow-up of a review is due.", "{n} follow-ups of a review are due.", count)
    head = Head(
        subject=subject(scene, scene.other_name, scene.letter.now, form="{name}"),
        preheader=preheader(first, words.t("One line is enough.")),
        title=words.t("Two minutes for {name}", name=scene.other_name)
        if scene.is_manager
        else words.t("Two minutes with {name}", name=scene.other_name),
        lead=(first, words.t("What has moved, what is in the way, what comes next?")),
        why=why_meeting(scene),
    )
    rows = (
        scene.row(words.t("progress, obstacles, next step, in your words"), who="`1: …`"),
        scene.row(words.t("it is closed"), who=f"`{words.t('done 1')}`"),
        scene.row(words.t("another date"), who=f"`{words.t('1 by 1 March')}`"),
    )
    last = (words.t("No reply: it stands in the next agenda."),)
    return head, CheckIn(tuple(blocks), rows, last, ask=words.t("Answer with one line for each:"))


Sentence = Callable[[Scene], tuple[str, str]]


def _day(scene: Scene) -> str:
    raw = scene.letter.detail("date")
    try:
        if len(raw) > len("2026-12-01"):
            moment = datetime.fromisoformat(raw)
            return scene.words.moment(moment) if moment.tzinfo else scene.words.day(moment.date())
        return scene.words.day(date.fromisoformat(raw))
    except ValueError:
        meeting = scene.letter.meeting
        return scene.words.moment(meeting.start) if meeting else scene.words.plain_day(scene.letter.now)


def _name(scene: Scene) -> str:
    given = name_line(scene.letter.detail("name"))
    return given or (scene.other_name if scene.pair or scene.letter.person else scene.letter.detail("address"))


def _reason(scene: Scene) -> str:
    return one_line(scene.letter.detail("reason"), 300)


def _unread(scene: Scene) -> tuple[str, str]:
    return (
        scene.words.t(
            "The calendar of {account} has not been read since {day}.", account=_account(scene), day=_day(scene)
        ),
        scene.words.t("Ask the administrator to run `followthrough check`. It goes on by itself once it can be read."),
    )


_NOTICES: dict[str, Sentence] = {
    "declined": lambda s: (
        s.words.t("{name} declined the check-in of {day}.", name=_name(s), day=_day(s)),
        s.words.t("It is not made again by itself. Reply with another date to set one."),
    ),
    "deleted": lambda s: (
        s.words.t("The check-in with {name} of {day} was taken out of the calendar.", name=_name(s), day=_day(s)),
        s.words.t("It is not made again by itself. Reply with another date to set one."),
    ),
    "bounced": lambda s: (
        s.words.t("Mail to {name} comes back: the address {address} takes none.", name=_name(s), address=_address(s)),
        s.words.t("Nothing more is sent there. Tell the administrator the right address."),
    ),
    "not-authentic": lambda s: (
        s.words.t("A mail in your name arrived that I cannot tell to be yours. It is kept, and nothing was changed."),
        s.words.t("If you wrote it, send it again from your usual mailbox. If not, there is nothing to do."),
    ),
    "sign-in": lambda s: (
        s.words.t("The sign-in for {account} has expired: its calendar or mailbox is not read.", account=_account(s)),
        s.words.t("To sign in again, run `{command}` where the worker runs.", command=_command(s)),
    ),
    "repeatedly-moved": lambda s: (
        s.words.t(
            "The 1:1 with {name} moved or did not happen {times} times in a row.", name=_name(s), times=_times(s)
        ),
        s.words.t("Only you are told. A fixed time that holds is worth more than a good one that does not."),
    ),
    "private-read": lambda s: (
        s.words.t("Your private notes about {name} were shown where the worker runs.", name=_name(s)),
        s.words.t("If you did not expect this, ask the administrator."),
    ),
    "handed-over": lambda s: (
        s.words.t(
            "The 1:1s of {name} go on with {manager} in place of {before}: what was shared so far goes on.",
            name=_name(s),
            manager=name_line(s.letter.detail("manager")),
            before=name_line(s.letter.detail("before")),
        ),
        s.words.t("Private notes stay with whoever wrote them. There is nothing to do."),
    ),
    "private-shown": lambda s: (
        s.words.t("What you wrote as private stood in a mail that also went to {name}.", name=_name(s)),
        s.words.t("It is kept as your private note. Write to this address alone to keep such lines yours."),
    ),
    "unreadable": lambda s: (
        s.words.t("Your mail of {day} arrived, but I cannot read it. It is kept as it is.", day=_day(s)),
        s.words.t("Send it again as plain text, without attachments."),
    ),
    "too-large": lambda s: (
        s.words.t("Your mail of {day} is too large to read. It is kept as it is.", day=_day(s)),
        s.words.t("Send the text alone, without attachments."),
    ),
    "expired": lambda s: (
        s.words.t(
            "Your mail of {day} answers one from too long ago. It is kept, and nothing was changed.", day=_day(s)
        ),
        s.words.t("Answer a newer mail, or write to this address."),
    ),
    "no-access": lambda s: (
        s.words.t("{account} may not be read or written: the right is missing.", account=_account(s)),
        s.words.t("Ask the administrator to grant it; `followthrough check` names it."),
    ),
    "calendar-empty": lambda s: (
        s.words.t("The calendar of {account} is suddenly empty. Nothing is taken for cancelled.", account=_account(s)),
        s.words.t("If it is meant to be empty, put one event into it. If not, tell the administrator."),
    ),
    "unreachable": _unread,
    "broken": _unread,
    "away": lambda s: (
        s.words.t("{name} is away until {day}; mail to them waits until then.", name=_name(s), day=_day(s)),
        s.words.t("There is nothing to do."),
    ),
    "stopped": lambda s: (
        s.words.t("{name} asked for no more mail and gets none.", name=_name(s)),
        s.words.t("You go on getting yours. There is nothing to do."),
    ),
    "calendar": lambda s: (
        s.words.t(
            "The check-in with {name} of {day} could not be written to the calendar.", name=_name(s), day=_day(s)
        ),
        s.words.t("Put it in yourself, or reply with another date."),
    ),
}


def _unknown(scene: Scene) -> tuple[str, str]:
    return (
        _reason(scene) or scene.words.t("Something needs a person."),
        scene.words.t("Ask the administrator to run `followthrough status`."),
    )


def _address(scene: Scene) -> str:
    return name_line(scene.letter.detail("address")) or scene.other.email


def _account(scene: Scene) -> str:
    return name_line(scene.letter.detail("account")) or scene.letter.reader.email


def _command(scene: Scene) -> str:
    return name_line(scene.letter.detail("command")) or "followthrough check"


def _times(scene: Scene) -> str:
    return name_line(scene.letter.detail("times"), 6) or "3"


def build_notice(scene: Scene) -> Built:
    """Return what happened and the next step: one template with a sentence for each cause."""
    words = scene.words
    cause = scene.letter.action.variant
    happened, step = _NOTICES.get(cause, _unknown)(scene)
    about_pair = scene.letter.meeting is not None and scene.pair is not None
    head = Head(
        subject=meeting_subject(scene) if about_pair else words.t("About your 1:1s"),
        preheader=preheader(words.t("One thing to know about your 1:1s."), words.t("It is told once.")),
        title=words.t("One thing to know"),
        lead=(happened,),
        why=why_meeting(scene) if about_pair else why_manager(scene),
    )
    detail = (_reason(scene),) if cause in _NOTICES and _reason(scene) else ()
    return head, Notice(detail, step)
