"""From a due action and what is remembered to the bytes of a mail. Pure: no clock, network, files or chance."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

import jinja2
from markupsafe import escape

from worker.compose import agenda, day, digest, first, form, others, question, recap, receipt, topics
from worker.compose.envelope import (
    Parts,
    address_header,
    boundary,
    date_header,
    ids_header,
    message,
    text_header,
    thread_index,
)
from worker.compose.environment import environment, shelf
from worker.compose.heads import Built, Head, conversation
from worker.compose.letter import Composed, Count, Letter, Sender
from worker.compose.plain import name_line
from worker.compose.recap import Recap, recap_of
from worker.compose.scene import Scene, scene_of
from worker.compose.views import Frame, View
from worker.model import CalendarOperation, MailKind, OutboxEntry
from worker.tokens import message_id

_BUILDERS: dict[MailKind, Callable[[Scene], Built]] = {
    MailKind.WELCOME: first.build,
    MailKind.TOPICS: topics.build,
    MailKind.AGENDA: agenda.build,
    MailKind.FOLLOW_UP: form.build,
    MailKind.RECEIPT: receipt.build,
    MailKind.QUESTION: question.build,
    MailKind.RECAP: recap.build,
    MailKind.REMINDER: form.build_reminder,
    MailKind.CHECK_IN: others.build_check_in,
    MailKind.INVITATION: others.build_invitation,
    MailKind.DIGEST: digest.build,
    MailKind.NOTICE: others.build_notice,
}
_DAY_BUILDERS: dict[MailKind, Callable[[Scene], Built]] = {
    MailKind.AGENDA: day.build_agenda,
    MailKind.FOLLOW_UP: day.build_form,
    MailKind.RECEIPT: day.build_receipt,
    MailKind.QUESTION: day.build_question,
}
_ANSWERS = frozenset({MailKind.RECEIPT, MailKind.QUESTION})
_ANSWERING_NOTICES = frozenset({"unreadable", "too-large", "expired"})
_BLANK_LINES = re.compile(r"\n{3,}")
_TRAILING = re.compile(r"[ \t]+\n")


def compose(letter: Letter, environment: jinja2.Environment) -> Composed:
    """Return the finished mail. `environment` comes from `worker.compose.environment`.

    A template of an organisation that fails is passed over: the built-in one is used and `problems` says so.
    Raises ValueError where the letter lacks what its kind is about.
    """
    scene = scene_of(letter, shelf(environment))
    builder = _DAY_BUILDERS[letter.action.kind] if letter.parts else _BUILDERS[letter.action.kind]
    head, view = builder(scene)
    thread = conversation(scene, head.subject)
    subject = thread[0].subject if thread else head.subject
    text, html, problems = _rendered(environment, _frame(scene, head, subject), view, scene)
    parent, references = _ancestors(letter, thread)
    own_id = message_id(letter.token, letter.sender.address.rpartition("@")[2])
    headers = _headers(scene, subject, own_id, parent, references, thread)
    parts = Parts(text, html, letter.calendar_part, _method(letter))
    return Composed(
        raw=message(headers, parts, boundary(letter.token)),
        subject=subject,
        message_id=own_id,
        in_reply_to=parent,
        text=text,
        html=html,
        numbers=tuple(scene.numbers.ids),
        choices=tuple(scene.choices),
        asked=tuple(scene.asked),
        conversation=next((row.conversation for row in reversed(thread) if row.conversation), ""),
        problems=(*_passed_over(scene), *problems),
    )


def _frame(scene: Scene, head: Head, subject: str) -> Frame:
    return Frame(
        kind=scene.letter.action.kind.value,
        subject=subject,
        preheader=head.preheader,
        title=head.title,
        lead=head.lead,
        why=head.why,
        language=scene.words.language,
        direction=scene.words.direction,
        ref=scene.letter.token,
        # A welcome says it itself, beside whom it asks about.
        about=first.about_manager(scene)
        if scene.letter.introduces and scene.letter.action.kind is not MailKind.WELCOME
        else (),
    )


def _rendered(
    environment: jinja2.Environment, frame: Frame, view: View, scene: Scene
) -> tuple[str, str, tuple[str, ...]]:
    """Return text, HTML, and what was wrong with an organisation's template, for which the built-in one stands in."""
    values = {"mail": frame, "view": view, "t": scene.words.t, "n": scene.words.n}
    fallback = shelf(environment).fallback
    try:
        text, html = _pair_of_bodies(environment, frame, values)
        if fallback is None or _tells(frame, text, html):
            return text, html, ()
        wrong = "leaves out the first words to a manager (`mail.about`)"
    except Exception as error:
        # Whatever a foreign template does, the mail goes out; our own must never fail quietly.
        if fallback is None:
            raise
        wrong = f"failed ({type(error).__name__})"
    told = f"{frame.kind}: the template of the organisation {wrong}, the built-in one was used"
    return *_pair_of_bodies(fallback, frame, values), (told,)


def _tells(frame: Frame, text: str, html: str) -> bool:
    """Whether both bodies say the first words where there are some."""
    return all(line in text and str(escape(line)) in html for line in frame.about[:1])


def _passed_over(scene: Scene) -> tuple[str, ...]:
    """Return what was wrong, when the organisation's folder was read, with the files that this mail is made with."""
    concerning = (f"{scene.letter.action.kind}.", "base.", "macros.", "prompts.", f"{scene.words.language}.po")
    found = scene.shelf.problems
    return tuple(str(one) for one in found if one.where.rpartition("/")[2].startswith(concerning))


def _pair_of_bodies(environment: jinja2.Environment, frame: Frame, values: Mapping[str, object]) -> tuple[str, str]:
    """Return text and HTML; the text has no two empty lines in a row and ends in its reference."""
    text = environment.get_template(f"{frame.kind}.txt.j2").render(values)
    text = _BLANK_LINES.sub("\n\n", _TRAILING.sub("\n", text)).strip("\n")
    html = environment.get_template(f"{frame.kind}.html.j2").render(values)
    return f"{text}\n\nRef: {frame.ref}\n", html


def _ancestors(letter: Letter, thread: tuple[OutboxEntry, ...]) -> tuple[str, tuple[str, ...]]:
    """Return what the mail answers and its References: an answer answers the person's mail, all else the root."""
    sent = tuple(row.message_id for row in thread)
    if letter.action.cause.startswith("<") and _answers(letter):
        above = letter.answered_references or sent
        return letter.action.cause, (*sent[:1], *above, letter.action.cause)
    return (sent[0], sent[:1]) if sent else ("", ())


def _answers(letter: Letter) -> bool:
    kind = letter.action.kind
    return kind in _ANSWERS or (kind is MailKind.NOTICE and letter.action.variant in _ANSWERING_NOTICES)


def _headers(  # one row for each header
    scene: Scene, subject: str, own_id: str, parent: str, references: tuple[str, ...], thread: tuple[OutboxEntry, ...]
) -> list[tuple[str, str]]:
    letter, sender = scene.letter, scene.letter.sender
    root = thread[0].token if thread else letter.token
    return [
        ("From", address_header("From", name_line(sender.name), sender.address)),
        ("To", address_header("To", name_line(letter.reader.name), letter.reader.email)),
        ("Reply-To", scene.address),
        ("Subject", text_header("Subject", subject)),
        ("Date", date_header(letter.now.astimezone(scene.words.zone))),
        ("Message-ID", own_id),
        ("In-Reply-To", ids_header("In-Reply-To", (parent,) if parent else ())),
        ("References", ids_header("References", references)),
        ("Auto-Submitted", "auto-replied" if _answers(letter) else "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
        ("X-Followthrough-Kind", letter.action.kind.value),
        ("X-Followthrough-Meeting", text_header("X-Followthrough-Meeting", _about(letter))),
        ("Thread-Topic", text_header("Thread-Topic", subject)),
        ("Thread-Index", thread_index(root, _day(scene), letter.token, root=not thread)),
        ("Content-Language", scene.words.language),
    ]


def _about(letter: Letter) -> str:
    """Return the meeting's uid, with the instance's original start where it is one of a series."""
    uid, instance = "", None
    if letter.action.kind is MailKind.INVITATION and letter.write is not None:
        uid, instance = letter.write.uid, letter.write.recurrence_id
    elif letter.meeting is not None:
        uid, instance = letter.meeting.uid, letter.meeting.recurrence_id
    uid = name_line(uid, 400)
    return f"{uid};{_stamp(instance)}" if uid and instance is not None else uid


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _day(scene: Scene) -> date | None:
    letters = (scene.letter, *scene.letter.parts)
    meeting = next((one.meeting for one in letters if one.meeting is not None), None)
    return scene.words.local(meeting.start).date() if meeting is not None else None


def _method(letter: Letter) -> str:
    cancelled = letter.write is not None and letter.write.operation is CalendarOperation.CANCEL
    cancelled |= letter.action.variant == "cancel"
    return "CANCEL" if cancelled else "REQUEST"


__all__ = [
    "Composed",
    "Count",
    "Letter",
    "Recap",
    "Sender",
    "compose",
    "environment",
    "recap_of",
]
