"""The follow-up form, and the reminder that shows it once more."""

from __future__ import annotations

from worker.compose.heads import Built, Head, meeting_subject, preheader, why_manager, why_meeting
from worker.compose.plain import name_line
from worker.compose.scene import Scene
from worker.compose.views import Form, Item, Section, Tap
from worker.model import Feedback, FeedbackState, ItemState, MailKind, OutboxEntry, Pair


def labels(scene: Scene) -> tuple[str, ...]:
    """Return the labels of the form in the reader's language, in their order, each with its colon."""
    t = scene.words.t
    return (
        t("Next check-in:"),
        t("Highlights:"),
        t("Priorities:"),
        t("Support:"),
        t("Feedback:"),
        t("Follow-up:"),
        t("Action items:"),
        t("Private notes:"),
    )


def build(scene: Scene) -> Built:
    """Return the form of the letter's meeting."""
    meeting = scene.letter.meeting
    if meeting is None:
        raise ValueError("a form needs a meeting")
    words = scene.words
    moment = words.moment(meeting.start)
    when = words.t("Your 1:1 with {name} of {moment} is over.", name=scene.other_name, moment=moment)
    return _built(scene, (when, words.t("One line is enough: say when you meet next.")))


def build_reminder(scene: Scene) -> Built:
    """Return one form again, or one line for each of several and the form once."""
    meeting = scene.letter.meeting
    words = scene.words
    if scene.letter.action.variant != "several" and meeting is not None and scene.pair is not None:
        moment = words.moment(meeting.start)
        first = words.t("The form of your 1:1 with {name} of {moment} waits.", name=scene.other_name, moment=moment)
        return _built(scene, (first, words.t("I ask this once more, then no longer. One line is enough.")))
    waiting = [_waiting(scene, key, row) for key, row in scene.letter.forms]
    count = len(waiting)
    example = waiting[0].who if waiting else scene.other_name
    head = Head(
        subject=words.n("{n} follow-up waits", "{n} follow-ups wait", count),
        preheader=preheader(
            words.n("{n} form is open.", "{n} forms are open.", count), words.t("One line for each is enough.")
        ),
        title=words.n("{n} follow-up waits", "{n} follow-ups wait", count),
        lead=(
            words.n("{n} form is not answered yet.", "{n} forms are not answered yet.", count),
            words.t("I ask this once more, then no longer. One line is enough."),
        ),
        why=why_manager(scene),
    )
    ask = (
        words.t("Answer one line for each, the name first: `{name}: next in two weeks`.", name=example),
        words.t("Or write a name alone on a line and use the labels below it."),
    )
    return head, Form("", ask, labels(scene), None, _no_reply(scene), tuple(waiting))


def _waiting(scene: Scene, key: str, row: OutboxEntry) -> Item:
    pair = next((one for one in scene.letter.pairs if str(one.key) == key), None)
    address = key.partition(" ")[2]
    who = scene.name(address)
    if who == address and pair is not None and pair.person_name.split():
        who = name_line(pair.person_name.split()[0])
    meeting = pair.meeting(row.meeting) if pair else None
    if meeting is None:
        return scene.row(scene.words.plain_day(row.planned_at), who=who)
    return scene.row(scene.words.moment(meeting.start), who=who)


def _built(scene: Scene, lead: tuple[str, ...]) -> Built:
    words = scene.words
    open_items = open_section(scene, scene.pair, words.t("Still open")) if scene.pair else None
    count = len(open_items.items) if open_items else 0
    head = Head(
        subject=meeting_subject(scene),
        preheader=preheader(
            words.t("When do you meet next?"),
            words.n("{n} point is open.", "{n} points are open.", count),
            words.t("One line is enough."),
        ),
        title=words.t("After your 1:1 with {name}", name=scene.other_name),
        lead=lead,
        why=why_meeting(scene),
    )
    ask = [words.t("Write below a label, or anything above. `did not happen` closes the form.")]
    if scene.reaches_other and scene.letter.policy.recap == "ok":
        ask.append(words.t("Nothing goes to {name} before you answer `share`.", name=scene.other_name))
    form = Form(date_line(scene), tuple(ask), labels(scene), open_items, _no_reply(scene), taps=_taps(scene))
    return head, form


def date_line(scene: Scene) -> str:
    """Return the line above the labels: what the calendar holds, or the one slot that is proposed."""
    words, letter = scene.words, scene.letter
    if letter.next_meeting is not None:
        slot = words.moment(letter.next_meeting.start)
        return words.t("In the calendar: {slot}. Answer `ok`, or write another date.", slot=slot)
    if letter.proposal is not None:
        return words.t("Proposed: {slot}. Answer `ok`, or write another date.", slot=words.slot(letter.proposal))
    return words.t("No date is proposed: write one, for example `in two weeks`.")


def offer_line(scene: Scene) -> str:
    """Return the same without how to answer, for a form of several people, where the name comes first."""
    words, letter = scene.words, scene.letter
    if letter.next_meeting is not None:
        return words.t("In the calendar: {slot}.", slot=words.moment(letter.next_meeting.start))
    if letter.proposal is not None:
        return words.t("Proposed: {slot}.", slot=words.slot(letter.proposal))
    return words.t("No date is proposed.")


def _no_reply(scene: Scene) -> str:
    if scene.letter.action.kind is MailKind.REMINDER:
        return scene.words.t("No reply: I keep the open items for the next agenda.")
    return scene.words.t("No reply: I keep the open items and ask once more.")


def open_section(scene: Scene, pair: Pair, heading: str) -> Section | None:
    """Return what is open under the numbers that the conversation's last numbered mail gave it, new ones after them."""
    rows = [row for row in scene.letter.thread if row.numbers and _same_meeting(scene, row)]
    for known in rows[-1].numbers if rows else ():
        scene.numbers.of(known)
    promised = {item.id: item for item in pair.action_items if item.state is ItemState.OPEN}
    topics = {topic.id: topic for topic in pair.topics if topic.state is ItemState.OPEN}
    goals = {goal.id: goal for goal in pair.goals if goal.state is ItemState.OPEN}
    back = {one.id: one for one in pair.feedback if _came_back(scene, one)}
    own = [*promised, *back, *goals, *topics]
    # The agenda of a day that was told as one numbered what is other people's too.
    numbered = [one for one in scene.numbers.ids if one in own]
    shown: list[Item] = []
    for item in numbered if rows else own[:_FORM_LIMIT]:
        if item in promised:
            shown.append(scene.promise(promised[item]))
        elif item in goals:
            shown.append(scene.brief(goals[item].text, number=scene.numbers.of(item), facts=scene.words.t("goal")))
        elif item in topics:
            shown.append(scene.topic(topics[item]))
        elif item in back:
            facts = scene.words.t("feedback: better, same or worse?")
            shown.append(scene.brief(back[item].text, number=scene.numbers.of(item), facts=facts))
    if not shown:
        return None
    return Section(heading, tuple(shown), rest=scene.words.t("Answer by number: `done 2`, `drop 3` or `keep 1`."))


_FORM_LIMIT = 7


def _came_back(scene: Scene, feedback: Feedback) -> bool:
    meeting = scene.letter.meeting
    day = max(scene.words.today, scene.words.local(meeting.start).date()) if meeting else scene.words.today
    return feedback.state is FeedbackState.OPEN and feedback.follow_up_on <= day


def _same_meeting(scene: Scene, row: OutboxEntry) -> bool:
    return not row.meeting or row.meeting == scene.letter.action.meeting


def _taps(scene: Scene) -> tuple[Tap, ...]:
    """Return the one-tap answers of the form; each is a whole answer by itself and harmless if it is sent twice."""
    t = scene.words.t
    own = meeting_subject(scene)
    label = t("Next check-in:")
    answers = [
        (t("In 1 week"), f"{label} {t('in 1 week')}"),
        (t("In 2 weeks"), f"{label} {t('in 2 weeks')}"),
        (t("In 1 month"), f"{label} {t('in 1 month')}"),
        (t("Did not happen"), t("did not happen")),
    ]
    if scene.letter.proposal is not None or scene.letter.next_meeting is not None:
        shared = scene.reaches_other and scene.letter.policy.recap != "never"
        both = (t("As proposed, and share"), f"{t('ok')}\n{t('share')}")
        answers.insert(0, both if shared else (t("As proposed"), t("ok")))
    return tuple(scene.tap(words, body, own) for words, body in answers)
