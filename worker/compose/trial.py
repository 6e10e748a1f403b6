"""An organisation's templates tried before any mail goes: each is rendered once, with words that can be found again.

Templates see finished words alone, and of a mail to the other person nothing that is private; what they can still do
is fail, put words of a person where a lock screen shows them, or leave out what answers are read by.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from gettext import NullTranslations
from html import unescape

import jinja2

from worker.compose.views import (
    Agenda,
    Block,
    CheckIn,
    Digest,
    Form,
    Frame,
    Invitation,
    Item,
    Notice,
    Question,
    Recap,
    Receipt,
    Section,
    Tap,
    Topics,
    View,
    Welcome,
)
from worker.compose.words import Words
from worker.model import MailKind

# Words that stand nowhere else, in the place of what a person wrote, and of what is their own alone.
_SAID, _PRIVATE = "zqsaidzq", "zqprivatezq"
_LEAD = "zqleadzq"
_LABELS = ("Next check-in:", "Highlights:", "Private notes:")
_COMMON = ("base.", "macros.")
_STYLE = re.compile(r"<style>.*?</style>|<title>.*?</title>|<[^>]*>", re.DOTALL)
_LONGEST_PROBLEM = 160


def tried(environment: jinja2.Environment, own: Iterable[str]) -> dict[str, str]:
    """Return what is wrong with these files of an organisation when their mails are rendered: the reason by name."""
    names = [name for name in own if name.endswith(".j2")]
    found: dict[str, str] = {}
    for kind, view in _VIEWS.items():
        for suffix in (".txt.j2", ".html.j2"):
            template = f"{kind}{suffix}"
            to_blame = [one for one in names if one == template] or [
                one for one in names if one.startswith(_COMMON) and one.endswith(suffix)
            ]
            reason = _reason(environment, template, kind, view) if to_blame else ""
            if reason:
                found.setdefault(to_blame[0], reason)
    return found


def _reason(environment: jinja2.Environment, template: str, kind: MailKind, view: View) -> str:
    """Return why the mail made with this template must not go; "" where it may."""
    try:
        shown = environment.get_template(template).render(_values(kind, view))
    except Exception as error:  # noqa: BLE001  # whatever a foreign template does, it is told and passed over
        return f"{type(error).__name__}: {' '.join(str(error).split())}"[:_LONGEST_PROBLEM]
    if ".html" in template:
        shown = unescape(_STYLE.sub("\n", shown))
    lead = shown.find(_LEAD)
    if lead < 0:
        return "leaves out the first lines (`mail.lead`), which say why the mail comes"
    for words, what in ((_PRIVATE, "a private note"), (_SAID, "words of a person")):
        if 0 <= shown.find(words) < lead:
            return f"shows {what} before the first lines (`mail.lead`), where a lock screen shows them"
    lines = [line.strip() for line in shown.splitlines()]
    missing = [label for label in _LABELS if isinstance(view, Form) and label not in lines]
    return f"leaves out {', '.join(missing)} on a line of its own, by which answers are read" if missing else ""


def _values(kind: MailKind, view: View) -> Mapping[str, object]:
    words = Words("en", UTC, datetime(2027, 1, 1, tzinfo=UTC), NullTranslations())
    frame = Frame(
        kind=kind.value,
        subject="1:1 Ana · 1 Jan",
        preheader="1 promise, 2 topics. The agenda with Ana, in five parts.",
        title="1:1 with Ana",
        lead=(_LEAD, "One line is enough."),
        why="You get this because you have 1:1s with Ana.",
        language="en",
        direction="ltr",
        ref="a" * 30,
    )
    return {"mail": frame, "view": view, "t": words.t, "n": words.n}


_ITEM = Item(_SAID, 1, "Ana", "no date", (_SAID,))
_SECTION = Section("Promised", (_ITEM,), (_ITEM,), ("What went well?",), rest="and 4 more: reply `open`")
_OWN = Section("Only you: do not forward", (Item(_PRIVATE),), (Item(_PRIVATE),))
_BLOCK = Block("Ana gets:", (_ITEM,), "Nothing is sent yet.")
_TAPS = (Tap("ok", "mailto:a@example.com?body=ok"),)
_RECEIPT = Receipt(
    done=("Stored: 1 note.",),
    date="Next check-in: not set",
    date_notes=("Nothing is written.",),
    undo="Wrong? Just reply, or answer `undo`.",
    gets=_BLOCK,
    only_you=Block("Only you:", (Item(_PRIVATE),)),
    not_understood=Block("Not understood:", (Item(_PRIVATE),)),
    lists=(_SECTION,),
)
_FORM = Form(
    "Proposed: 8 Jan.", ("Write below a label.",), _LABELS, _SECTION, "No reply.", (_ITEM,), _TAPS, (_SECTION,)
)
_VIEWS: dict[MailKind, View] = {
    MailKind.WELCOME: Welcome(
        (Item("Ana", 1),), (Item("both get mail", who="`yes Ana`"),), "No reply.", ("I.",), _TAPS
    ),
    MailKind.TOPICS: Topics(
        ("What would you like to talk about?",), _SECTION, _SECTION, ("I.",), ("No reply.",), _TAPS
    ),
    MailKind.AGENDA: Agenda((_SECTION,), "Topics: Ana 1", ("Place: Room 4",), "Answer by number.", _OWN),
    MailKind.FOLLOW_UP: _FORM,
    MailKind.REMINDER: _FORM,
    MailKind.RECEIPT: _RECEIPT,
    MailKind.QUESTION: Question(("Which day?",), (Item("1 Jan", 1),), "Answer.", _RECEIPT, _TAPS),
    MailKind.RECAP: Recap(_BLOCK, "Next check-in: 8 Jan.", ("Anything missing?",)),
    MailKind.INVITATION: Invitation((Item("1:1", who="Title"),), "Accept it."),
    MailKind.CHECK_IN: CheckIn((_BLOCK,), (Item("it is closed", who="`better`"),), ("No reply.",), _TAPS, "Answer:"),
    MailKind.DIGEST: Digest((_SECTION,), (Item("3 of 3", who="Dana"),), "Missed.", "One word.", "Reply."),
    MailKind.NOTICE: Notice(("Ana declined.",), "Reply with another date."),
}
