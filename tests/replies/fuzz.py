"""Hostile and mutated mails by the thousand: `python -m tests.replies.fuzz 100000` reads them and says what it found.

Nothing may raise, take more than half a second, or make a word of ours into a word of theirs. The mails come from a
seed, so that a finding can be repeated.
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


def run(count: int, seed: int = 1) -> tuple[Counter[str], float]:
    """Read so many mails; how many of each finding there were, and the longest time of one in seconds."""
    found: Counter[str] = Counter()
    longest = 0.0
    # The first mail of a process loads tables and libraries; that is paid once and measured elsewhere.
    for sent, raw in mails(1, seed):
        read_form(raw, sent.text, sent.html, reference=REFERENCE)
    for number, (sent, raw) in enumerate(mails(count, seed)):
        reader = READERS[number % len(READERS)] if number % 2 else read_form
        start = time.process_time()
        try:
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
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
            found[f"{type(error).__name__} in mail {number}"] += 1
            continue
        took = time.process_time() - start
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
    for what, times in findings.most_common(50):
        print(f"  {times} x {what}")  # noqa: T201
    sys.exit(bool(findings))
