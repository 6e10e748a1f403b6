"""Reading replies and dates beside the libraries that others use, on the project's own corpora, in one run.

    python benchmarks/replies.py            # the table of docs/replies.md

Right is: of an answered form every word that the person typed and no other; of an answer everything that it says; of
a sentence the day of the next meeting that it names, or none. The libraries are asked as their manuals say.
"""

from __future__ import annotations

import email
import email.policy
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple

import inscriptis

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.replies.clients import CLIENTS, SHAPES, Answer, reply
from tests.replies.forms import ALEX, DANA, MEETING, REFERENCE, SAYS, day_of, rows
from tests.replies.sent import LABELS, follow_up
from worker.model import Reply
from worker.replies import mime, read_form, reply_text, reply_text_of, when, written

BAR_DATES = 0.95
# Processor time of importing worker.replies and reading the first date, on top of Python; of one phrase, 99th in 100.
BAR_IMPORT, BAR_PHRASE = 0.030, 0.001


def form_mails() -> Iterator[tuple[str, bytes, str]]:
    """Answers to the form from every client: the style, the mail, and the words typed."""
    for language, says in SAYS.items():
        labels = LABELS[language]
        values = {labels[0]: says.when, labels[1]: says.highlight, labels[7]: says.private}
        typed = "\n".join(values.values())
        for client in CLIENTS:
            for shape in SHAPES:
                sent = follow_up(language)
                yield "above", reply(client, sent, Answer(top=says.prose), shape), says.prose
                yield "inside", reply(client, sent, Answer(labels=values), shape), typed


def ours_known(raw: bytes, language: str) -> str:
    """Our reading, with the mail that was answered."""
    sent = follow_up(language)
    return written.read(mime.read(raw), [written.Original(sent.text, sent.html)]).text


def plain_of(raw: bytes) -> str:
    """The text that a library is given: the plain part, else the HTML as inscriptis renders it."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    part = message.get_body(("plain", "html"))
    text = str(part.get_content()) if part else ""
    return inscriptis.get_text(text) if part and part.get_content_subtype() == "html" else text


def readers() -> dict[str, Callable[[bytes], str]]:
    """The libraries that take the quotation off a mail, and our own without the original."""
    import quotequail
    from email_reply_parser import EmailReplyParser
    from mailparser_reply import EmailReplyParser as MailReply

    languages = ["en", "de", "fr", "es"]
    return {
        "ours, original unknown": lambda raw: reply_text(plain_of(raw)),
        "mail-parser-reply": lambda raw: str(MailReply(languages=languages).parse_reply(text=plain_of(raw)) or ""),
        "email-reply-parser": lambda raw: str(EmailReplyParser.parse_reply(plain_of(raw))),
        "quotequail": lambda raw: str((quotequail.unwrap(plain_of(raw)) or {}).get("text_top") or ""),
    }


def words(text: str) -> list[str]:
    """The words of a text, to compare."""
    return text.split()


def share(right: int, count: int) -> str:
    """A share as a table shows it."""
    return f"{100 * right / count:.1f} %"


def quotations() -> bool:
    """Print how much of an answered form is read right; whether our bar is met."""
    mails = list(form_mails())
    styles = ("above", "inside")
    print("| words typed, of an answered form | above the form | inside the form | ms a mail |\n|---|---|---|---|")
    met = True
    known: dict[bytes, str] = {}
    tools: dict[str, Callable[[bytes], str]] = {"ours": lambda raw: ours_known(raw, known[raw]), **readers()}
    each = len(mails) // len(SAYS)
    for at, language in enumerate(SAYS):
        known.update((raw, language) for _, raw, _ in mails[at * each : (at + 1) * each])
    for name, tool in tools.items():
        right = dict.fromkeys(styles, 0)
        start = time.process_time()
        for style, raw, typed in mails:
            right[style] += words(tool(raw)) == words(typed)
        took = (time.process_time() - start) / len(mails) * 1000
        half = len(mails) // 2
        print(f"| {name} | {share(right['above'], half)} | {share(right['inside'], half)} | {took:.2f} |")
        met = met and (name != "ours" or sum(right.values()) == len(mails))
    return met


DateReader = Callable[[str, str], str]
"""Takes the language of a sentence and the sentence; gives the day that it finds, "ask", or "" for none."""


def form_of(raw: bytes, sent: tuple[str, str | None] = ("", None), language: str = "en") -> Reply:
    """What a form says to the worker; `sent` are text and HTML of the mail that was answered."""
    return read_form(
        raw,
        *sent,
        reference=REFERENCE,
        meeting_start=MEETING,
        sender=DANA.email,
        people=(DANA, ALEX),
        language=language,
    )


def our_date_readers() -> dict[str, DateReader]:
    """Our reading of a sentence as an answer to the form, and as the phrase behind the label."""

    def phrase(language: str, text: str) -> str:
        return day_of(when(text, reference=REFERENCE, language=language, same_time=MEETING.time()))

    def form(language: str, text: str) -> str:
        return day_of(form_of(f"From: dana@example.com\n\n{text}".encode(), language=language).next_check_in)

    return {"ours (read_form)": form, "ours (when, the sentence as a phrase)": phrase}


def other_date_readers() -> dict[str, DateReader]:
    """The libraries that find dates in text."""
    import dateparser
    import parsedatetime
    from dateparser.search import search_dates

    naive = REFERENCE.replace(tzinfo=None)
    settings = {"RELATIVE_BASE": naive, "PREFER_DATES_FROM": "future"}
    calendar = parsedatetime.Calendar()

    def parse(language: str, text: str) -> str:
        return day_of(dateparser.parse(text, languages=[language], settings=settings))

    def search(language: str, text: str) -> str:
        found = search_dates(text, languages=[language], settings=settings) or []
        return day_of(found[0][1]) if found else ""

    def parse_datetime(_: str, text: str) -> str:
        moment, status = calendar.parseDT(text, sourceTime=naive)
        return day_of(moment) if status else ""

    return {"dateparser": parse, "dateparser, search_dates": search, "parsedatetime": parse_datetime}


class Score(NamedTuple):
    """How many sentences a reader got right, found nothing in, got wrong, and how long each took."""

    right: int
    missed: int
    wrong: int
    milliseconds: float


def score(reader: DateReader, cases: Sequence[tuple[str, str, str]]) -> Score:
    """Let a reader read every sentence; each case is its language, its words and the day that it means ("no": none)."""
    right = missed = wrong = 0
    start = time.process_time()
    for language, text, meaning in cases:
        wanted = "" if meaning == "no" else meaning[:10]
        found = reader(language, text)[:10]
        right += found == wanted
        missed += found in {"", "ask"} and found != wanted
        wrong += found not in {"", "ask", wanted}
    return Score(right, missed, wrong, (time.process_time() - start) / len(cases) * 1000)


def dates() -> bool:
    """Print how many sentences give the right day; whether our bar is met and no day of ours is wrong."""
    warnings.simplefilter("ignore")
    cases = [row for row in rows("next.txt") if row[2] != "none"]
    print(
        "\n| the day that a sentence names | right | nothing found | wrong day | ms a sentence |\n|---|---|---|---|---|"
    )
    scores = {name: score(reader, cases) for name, reader in {**our_date_readers(), **other_date_readers()}.items()}
    for name, one in scores.items():
        shares = " | ".join(share(part, len(cases)) for part in (one.right, one.missed, one.wrong))
        print(f"| {name} | {shares} | {one.milliseconds:.2f} |")
    ours = scores["ours (read_form)"]
    return not ours.wrong and ours.right / len(cases) >= BAR_DATES


def speed() -> None:
    """Print how many mails are read in a second on one core."""
    sent = follow_up("en")
    raws = [reply(client, sent, Answer(top=SAYS["en"].prose), "plain") for client in CLIENTS]
    texts = {raw: plain_of(raw) for raw in raws}
    for name, read in (
        ("what the human wrote, of a text (reply_text)", lambda raw: reply_text(texts[raw])),
        ("what the human wrote, of a mail (reply_text_of)", reply_text_of),
        ("what the human wrote, aligned with the mail that was answered", lambda raw: ours_known(raw, "en")),
        (
            "what a form says (read_form)",
            lambda raw: form_of(raw, (sent.text, sent.html)),
        ),
    ):
        start = time.process_time()
        count = 0
        while time.process_time() - start < 2:
            read(raws[count % len(raws)])
            count += 1
        print(f"- {name}: {count / (time.process_time() - start):.0f} mails a second")


def phrases() -> bool:
    """Print how long a phrase takes that is no hostile one; whether 99 in 100 stay within the bar."""
    folder = Path(__file__).resolve().parent.parent / "tests/replies/dates/fourth"
    took: list[float] = []
    for file in sorted(folder.glob("*.txt")):
        lines = [line.partition(" => ")[0] for line in file.read_text("utf-8").splitlines() if " => " in line]
        for line in lines:
            when(line, reference=REFERENCE, language=file.stem)
        for line in lines:
            start = time.process_time()
            when(line, reference=REFERENCE, language=file.stem)
            took.append(time.process_time() - start)
    took.sort()
    late = took[len(took) * 99 // 100]
    print(f"- a phrase: median {took[len(took) // 2] * 1000:.2f} ms, 99th percentile {late * 1000:.2f} ms")
    return late < BAR_PHRASE


_FIRST_DATE = """
import time
start = time.process_time()
import worker.replies
imported = time.process_time()
from datetime import datetime, timezone
worker.replies.when("next Tuesday at 10", reference=datetime(2026, 11, 19, tzinfo=timezone.utc))
print(imported - start, time.process_time() - start)
"""


def imports() -> bool:
    """Print what importing worker.replies costs, alone and with the first date; whether it is within the bar."""
    with tempfile.TemporaryDirectory() as cache:
        # As installed: compiled once, whatever this environment says of writing bytecode.
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": cache}
        runs = []
        for _ in range(6):
            done = subprocess.run(
                [sys.executable, "-c", _FIRST_DATE], env=environment, capture_output=True, text=True, check=True
            )
            runs.append(tuple(float(part) for part in done.stdout.split()))
    alone, first = (min(run[column] for run in runs[1:]) for column in (0, 1))
    print(
        f"- import worker.replies: {alone * 1000:.1f} ms of processor time, with the first date {first * 1000:.1f} ms"
    )
    return first < BAR_IMPORT


if __name__ == "__main__":
    assert isinstance(REFERENCE, datetime)
    assert issubclass(datetime, date)
    fine = [quotations(), dates()]
    print()
    speed()
    fine += [phrases(), imports()]
    sys.exit(not all(fine))
