"""Hostile and mutated mails by the thousand: `python -m tests.replies.fuzz 100000` reads them and says what it found.

Nothing may raise, take more than half a second of processor time, or act on nothing. The mails come from a seed, so
that a finding can be repeated. Beside them every piece that a pattern could stumble over is read thousands of times
over, at every place of an answer: what is not linear shows there first.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator

from tests.replies.clients import CLIENTS, SHAPES, Answer, reply
from tests.replies.forms import ALEX, DANA, REFERENCE, rows
from tests.replies.sent import LABELS, Sent, follow_up
from worker.model import Reply
from worker.replies import is_automatic, read_check_in, read_commands, read_form, read_topics

LIMIT = 0.5
READERS: tuple[Callable[..., Reply], ...] = (read_form, read_topics, read_check_in, read_commands)
_JUNK = (
    "<a " * 200,
    "(" * 300,
    ">" * 400,
    "> " * 200,
    "a@b.c " * 60,
    "1." * 200,
    "\u202e\u200b\ufeff",
    "\0\x01\x02",
    "=?utf-8?q?" * 40,
    "Next check-in: " * 30,
    "in two weeks " * 30,
    "1:1:1:" * 60,
    "- [ ] " * 60,
    "share ok undo stop " * 20,
    "é" * 300,
    "𝔘𝔫𝔦" * 60,
    "<div><blockquote>" * 60,
    "&nbsp;" * 100,
    "--\n" * 60,
    "On Mon, X wrote:\n" * 30,
    "Von: x\nGesendet: y\n" * 20,
    "12/12/" * 60,
    "the the the " * 60,
    "and and and, " * 60,
    "\n" * 200,
    " " * 2000 + "x",
    "Alex: " * 80,
    "by by by until before " * 20,
)


# Pieces repeated without end, and where in an answer they stand.
_PIECES = (
    *_JUNK,
    *(" ", "\t", "\u00a0", "\n", " \n", "a", "a ", "é", "1 ", "1.", "1/", "1,", "1, 2, ", "- ", "-", "_", "*", "(",
      ")", "[", "[ ] ", "@", "@a ", "<", "</", "&", "&amp;", ">", ":", "a: ", ";", "; ", ",", ", ", ".", ". ", "?",
      "!", "…", "'", "’", '"', "/", "=", "|", "and ", "und ", "alex ", "alex and ",
      "and alex sends it by friday ", "i'll ", "by friday ", "friday ", "next ", "next week ", "in two weeks ",
      "on the 3rd ", "3 december ", "mon-", "of the ", "at 10 ", "10-11 ", "done ", "done 1, ", "share ", "ok, ",
      "private: ", "feedback: ", "Next check-in:\n", "follow up in 2 weeks ", "http://a.b/", "On Mon, x wrote:\n",
      "From: a\nSent: b\n", "-- \n", "Sent from my iPhone\n", "Regards,\n", "1. \n", "<div>", "<p>a",
      "<table><tr><td>", "<!--", "\u200b", "\0", "no ", "ne "),
)  # fmt: skip
_PLACES = (
    "{}",
    "x{}x",
    "Next in two weeks{}.",
    "Alex sends{} the plan by Friday",
    "Action items: foo{}bar",
    "Next check-in: {}x",
    "Feedback: a{}b",
    "private: {}",
    "Next in two weeks.\n\n-- \n{}",
    "> {}",
)
_LONG = 18_000


def runs() -> Iterator[tuple[str, bytes]]:
    """Answers in which one piece is repeated for 18,000 characters: what and where, and the mail."""
    for piece in _PIECES:
        for place in _PLACES:
            text = place.replace("{}", piece * (_LONG // len(piece)))
            head = "From: Dana Kim <dana@example.com>\nContent-Type: text/plain; charset=utf-8\n\n"
            yield f"{piece[:20]!r} in {place!r}", (head + text).encode("utf-8", "surrogatepass")


def mails(count: int, seed: int) -> Iterator[tuple[Sent, bytes]]:
    """Answers of every client in every language, each cut, doubled, scrambled or filled with junk."""
    chance = random.Random(seed)
    phrases = [words for name in ("next.txt", "promises.txt", "acts.txt", "nothing.txt") for _, words, _ in rows(name)]
    sent = {language: follow_up(language) for language in LABELS}
    for _ in range(count):
        language = chance.choice(list(sent))
        labels = chance.sample(LABELS[language], chance.randint(0, 4))
        answer = Answer(
            top=" ".join(chance.sample(phrases, chance.randint(0, 4))),
            labels={label: chance.choice(phrases) for label in labels},
            on_line=chance.random() < 0.5,
            bottom=chance.choice(phrases) if chance.random() < 0.2 else "",
        )
        raw = reply(chance.choice(CLIENTS), sent[language], answer, chance.choice(SHAPES))
        yield sent[language], _mutated(raw, chance)


def _mutated(raw: bytes, chance: random.Random) -> bytes:
    data = bytearray(raw)
    for _ in range(chance.randint(0, 4)):
        at = chance.randrange(len(data) + 1)
        kind = chance.randrange(6)
        if kind == 0:
            data[at : at + chance.randint(1, 200)] = b""
        elif kind == 1:
            data[at:at] = chance.choice(_JUNK).encode("utf-8", "replace")
        elif kind == 2:
            piece = data[at : at + chance.randint(1, 2000)]
            data[at:at] = piece * chance.randint(1, 4)
        elif kind == 3:
            data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 40)))
        elif kind == 4:
            data = data[:at]
        else:
            end = min(len(data), at + chance.randint(2, 400))
            lines = bytes(data[at:end]).split(b"\n")
            chance.shuffle(lines)
            data[at:end] = b"\n".join(lines)
        if not data:
            break
    return bytes(data)


def _read(reader: Callable[..., Reply], raw: bytes, sent: Sent) -> tuple[Reply, float]:
    """Read one mail; also the processor time that it took, in seconds."""
    start = time.process_time()
    is_automatic(raw)
    result = reader(
        raw,
        sent.text,
        sent.html,
        reference=REFERENCE,
        sender=DANA.email,
        people=(DANA, ALEX),
        language=sent.language,
    )
    return result, time.process_time() - start


def sweep() -> tuple[Counter[str], float]:
    """Read every run; what was found, and the longest time of one in seconds."""
    found: Counter[str] = Counter()
    longest = 0.0
    sent = follow_up("en")
    for what, raw in runs():
        try:
            _, took = _read(read_form, raw, sent)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            found[f"{type(error).__name__}: {what}"] += 1
            continue
        longest = max(longest, took)
        if took > LIMIT:
            found[f"slow: {took:.2f} s, {what}"] += 1
    return found, longest


def run(count: int, seed: int = 1) -> tuple[Counter[str], float]:
    """Read so many mails; how many of each finding there were, and the longest time of one in seconds."""
    found: Counter[str] = Counter()
    longest = 0.0
    # The first mail of a process loads tables and libraries; that is paid once and measured elsewhere.
    for sent, raw in mails(1, seed):
        read_form(raw, sent.text, sent.html, reference=REFERENCE)
    for number, (sent, raw) in enumerate(mails(count, seed)):
        reader = READERS[number % len(READERS)] if number % 2 else read_form
        try:
            result, took = _read(reader, raw, sent)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            found[f"{type(error).__name__} in mail {number}"] += 1
            continue
        longest = max(longest, took)
        if took > LIMIT:
            found[f"slow: {took:.2f} s in mail {number}"] += 1
        if result.empty and result.commands:
            found[f"empty with commands in mail {number}"] += 1
    return found, longest


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 5000
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    findings, slowest = run(wanted, first)
    print(f"{wanted} mails, seed {first}: {sum(findings.values())} findings, the slowest took {slowest * 1000:.0f} ms")  # noqa: T201
    more, slowest = sweep()
    print(f"{len(list(runs()))} runs: {sum(more.values())} findings, the slowest took {slowest * 1000:.0f} ms")  # noqa: T201
    findings += more
    for what, times in findings.most_common(50):
        print(f"  {times} x {what}")  # noqa: T201
    sys.exit(bool(findings))
