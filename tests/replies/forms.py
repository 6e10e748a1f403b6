"""A form as it is sent and a mail that answers it, for the tests of what a reply says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

from worker.model import Ask, Person, Reply
from worker.replies import read_check_in, read_commands, read_form, read_topics

BERLIN = ZoneInfo("Europe/Berlin")
REFERENCE = datetime(2026, 11, 19, 10, 55, tzinfo=BERLIN)
MEETING = datetime(2026, 11, 19, 10, 0, tzinfo=BERLIN)
DANA = Person("dana@example.com", "Dana Kim", aliases=("d.kim@example.org",))
ALEX = Person("alex@example.com", "Alex Moreno")
SAM = Person("sam@example.com", "Sam Lee")
ANA = Person("ana@example.com", "Ana María Ruiz")
PROSE = Path(__file__).parent / "prose"

FORM = """Your 1:1 with Alex, Thu 19 Nov 2026.

Proposed: Thu 3 Dec 2026, 10:00. Answer `ok`, or write another date.
One line is enough.

1. Alex: send the Q3 plan (due Thu 12 Nov 2026)
2. Dana: talk to finance
3. Roadmap
4. Learn Rust

Next check-in:
Highlights:
Priorities:
Support:
Feedback:
Follow-up:
Action items:
Private notes:

You get this mail because you have 1:1s with Alex. Reply stop to end it.
Ref: mzxw6ytboi2gk3tfebzx
"""


@dataclass(frozen=True, slots=True)
class Says:
    """What a person answers in one language: the values of the labels, and the same as prose."""

    when: str
    highlight: str
    feedback: str
    action: str
    private: str
    prose: str


SAYS = {
    "en": Says(
        "in two weeks",
        "Shipped the new importer",
        "Slides were too long, follow up in 3 weeks",
        "Alex: Q3 plan for finance by Friday",
        "Seems tired of the on-call duty",
        "Calm session, morale is fine.\nAlex sends the Q3 plan by Friday. Next in two weeks.",
    ),
    "de": Says(
        "in zwei Wochen",
        "Der neue Import ist fertig geworden",
        "Die Folien waren zu lang, in 3 Wochen nachfassen",
        "Alex: Q3-Plan für Finanzen bis Freitag",
        "Wirkt müde vom Bereitschaftsdienst",
        "Ruhiges Gespräch, Stimmung gut.\nAlex schickt den Q3-Plan bis Freitag. Nächstes Mal in zwei Wochen.",
    ),
    "fr": Says(
        "dans deux semaines",
        "Le nouvel import est livré",
        "Les diapos étaient trop longues, relancer dans 3 semaines",
        "Alex : plan du budget avant vendredi",
        "Semble fatigué des astreintes",
        "Séance calme, bon moral.\nAlex envoie le plan du budget avant vendredi. On se revoit dans deux semaines.",
    ),
    "es": Says(
        "en dos semanas",
        "El nuevo importador ya funciona",
        "Las diapositivas eran largas, seguimiento en 3 semanas",
        "Alex: plan de finanzas antes del viernes",
        "Parece cansado de las guardias",
        "Sesión tranquila, buen ánimo.\nAlex envía el plan de finanzas antes del viernes. Nos vemos en dos semanas.",
    ),
}


def mail(text: str, *, sender: str = "Dana Kim <dana@example.com>", subject: str = "Re: 1:1 Alex · 19 Nov") -> bytes:
    """Make a plain mail with this text."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = "one-on-ones@example.com"
    message["Subject"] = subject
    message["Date"] = "Thu, 19 Nov 2026 10:55:00 +0100"
    message["Message-ID"] = "<answer@example.com>"
    message.set_content(text)
    return message.as_bytes()


def above(text: str, form: str = FORM) -> bytes:
    """Answer above the quoted form, as most people do."""
    quoted = "".join(f"> {line}\n" for line in form.split("\n"))
    return mail(f"{text}\n\nOn Thu, 19 Nov 2026 at 10:41, Followthrough <f@example.com> wrote:\n{quoted}")


def inside(answers: dict[str, str]) -> bytes:
    """Answer inside the quoted form: words behind a line (or, after a line break, below it)."""
    lines = ["On Thu, 19 Nov 2026 at 10:41, Followthrough <f@example.com> wrote:"]
    for line in FORM.split("\n"):
        words = answers.get(line, "")
        lines.append(f"> {line}" + (f" {words}" if words and not words.startswith("\n") else ""))
        if words.startswith("\n"):
            lines += words[1:].split("\n")
    return mail("\n".join(lines))


def form(raw: bytes | str, language: str = "en") -> Reply:
    """Read Dana's answer to the form."""
    data = above(raw) if isinstance(raw, str) else raw
    return read_form(
        data,
        FORM,
        None,
        reference=REFERENCE,
        meeting_start=MEETING,
        sender=DANA.email,
        people=(DANA, ALEX),
        language=language,
    )


def topics(text: str, language: str = "en") -> Reply:
    """Read Alex's answer to a topics mail that shows the same numbers."""
    return read_topics(
        above(text),
        FORM,
        None,
        reference=REFERENCE,
        meeting_start=MEETING,
        sender=ALEX.email,
        people=(DANA, ALEX),
        language=language,
    )


def check_in(text: str, language: str = "en") -> Reply:
    """Read Dana's answer to a check-in."""
    sent = "Two weeks ago you noted about Alex: slides too long.\n\nBetter, same or worse? One word is enough.\n"
    return read_check_in(
        above(text, sent), sent, None, reference=REFERENCE, sender=DANA.email, people=(DANA, ALEX), language=language
    )


def commands(text: str, language: str = "en") -> Reply:
    """Read a mail of Dana's that answers nothing."""
    return read_commands(
        mail(text, subject="Note"),
        reference=REFERENCE,
        sender=DANA.email,
        people=(DANA, ALEX, SAM, ANA),
        language=language,
    )


def rows(name: str) -> Iterator[tuple[str, str, str]]:
    """The rows of a file of prose: language, words, and what they mean."""
    for line in (PROSE / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            language, words, meaning = (piece.strip() for piece in line.split(" | "))
            yield language, words.replace("\\n", "\n"), meaning


def day_of(value: object) -> str:
    """A date-time or date as ISO 8601 without its zone, "ask" for an Ask, "" for None."""
    if isinstance(value, Ask):
        return "ask"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M")
    return value.isoformat() if hasattr(value, "isoformat") else ""


def next_of(reply: Reply) -> str:
    """What the reply says of the next check-in."""
    return "none" if reply.no_check_in else day_of(reply.next_check_in) or "no"


def items_of(reply: Reply) -> str:
    """The commitments of the reply, as one line."""
    found = [
        f"{item.owner.partition('@')[0]}: {item.text}"
        + (f" ({item.due})" if item.due else "")
        + ("?" if item.ask else "")
        for item in reply.action_items
    ]
    return "; ".join(found) or "no"


def acts_of(reply: Reply) -> str:
    """The commands of the reply, as one line."""
    found = [
        " ".join([command.verb, *map(str, command.numbers), day_of(command.when)[:10]]).strip()
        for command in reply.commands
    ]
    return " ".join(found) or "nothing"
