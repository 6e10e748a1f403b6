"""Mail whose original nobody knows, written after the reader: ten texts as people write them, in ten surroundings."""

# ruff: noqa: E501  # mails as they came

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from worker.replies import reply_text

TEXTS = (
    "Works for me.",
    "Hi Jo,\n\nthe numbers are in the sheet: https://example.com/sheet?id=12#row-4\n\n- revenue up 4 %\n- churn flat",
    "1. yes\n2. no, see below\n3. not before March",
    "From what I hear, the date was wrong: it was Tuesday.\nTo be honest, I would wait.",
    'I wrote: "we ship on Friday". He wrote back: "fine".\n\nLet me know.',
    "Der Plan steht.\n\nFragen:\n* Wer schreibt das Protokoll?\n* Bis wann?",
    "Bonjour,\n\nle contrat est signé. On peut commencer lundi -- ou mardi si tu préfères.",
    "Hola:\n\nadjunto el informe.\nFalta el anexo 2; lo mando mañana.",
    "Run this first:\n\n    make setup\n    make test\n\nthen tell me what fails.",
    "Sounds good!\n\nSent the invoice yesterday - did it arrive?\n\nOn Monday I am out.",
)
_OLD = (
    "Could you look at the budget before Thursday?\n\nThe draft is attached, the second tab has the new figures.\n\nKim"
)


def _marked(mark: str = "> ") -> str:
    return "\n".join(f"{mark}{line}".rstrip() for line in _OLD.split("\n"))


AROUND = {
    "outlook web": "{}\n\n________________________________\nFrom: Kim Sato <kim@example.net>\nSent: Tuesday, 12 January 2027 09:14\nTo: Jo Berg\nSubject: Budget\n\n" + _OLD,
    "outlook german": "{}\n\nMit freundlichen Grüßen\nJo Berg\n\nVon: Kim Sato <kim@example.net>\nGesendet: Dienstag, 12. Januar 2027 09:14\nAn: Jo Berg <jo@example.net>\nBetreff: Budget\n\n" + _OLD,
    "gmail wrapped": "{}\n\nOn Tue, Jan 12, 2027 at 9:14 AM Kim Sato of the Finance Team <\nkim.sato@finance.example.net> wrote:\n\n" + _marked(),
    "apple french": "{}\n\nEnvoyé de mon iPhone\n\n> Le 12 janv. 2027 à 09:14, Kim Sato <kim@example.net> a écrit :\n> \n" + _marked(),
    "below": "On 12/01/2027 09:14, Kim Sato wrote:\n" + _marked() + "\n\n{}\n",
    "original message": "{}\n\n-----Original Message-----\nFrom: kim@example.net [mailto:kim@example.net]\nSent: 12 January 2027 09:14\nTo: jo@example.net\nCc: lee@example.net\nSubject: RE: Budget\n\n" + _OLD,
    "signature and list": "{}\n\n-- \nJo Berg\nhttps://example.net/jo\n\n_______________________________________________\nteam mailing list\nteam@lists.example.net\nhttps://lists.example.net/listinfo/team\n",
    "spanish android": "{}\n\nEnviado desde mi Samsung Galaxy\n\n-------- Mensaje original --------\nDe: Kim Sato <kim@example.net>\nFecha: 12/1/27 9:14 (GMT+01:00)\nPara: jo@example.net\nAsunto: Budget\n\n" + _OLD,
    "disclaimer": "{}\n\nKind regards,\nJo\n\nThis message is confidential. If you have received it in error, please notify the sender and delete it.\n\nKim Sato <kim@example.net> wrote on 12.01.2027 09:14:\n\n" + _marked("| "),
    "nothing": "{}\n",
}  # fmt: skip


CLOSINGS = {"outlook german": "Mit freundlichen Grüßen\nJo Berg", "disclaimer": "Kind regards,\nJo"}


def cases() -> Iterator[tuple[str, str, str]]:
    """Yield the surroundings, the whole body, and what the person wrote."""
    for name, around in AROUND.items():
        for text in TEXTS:
            # A closing with a name is the person's own; what a machine or a lawyer adds below is not.
            closing = CLOSINGS.get(name, "")
            yield name, around.replace("{}", text), f"{text}\n\n{closing}" if closing else text


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text)


def measure(mails: Iterable[tuple[str, str, str]]) -> tuple[float, float, float, list[str]]:
    """Return the share of exact texts, of lost words, of foreign words, and what was read otherwise."""
    exact = total = lost = foreign = wanted_words = got_words = 0
    missed: list[str] = []
    for name, body, text in mails:
        got = reply_text(body)
        total += 1
        wanted, found = Counter(_words(text)), Counter(_words(got))
        wanted_words += wanted.total()
        got_words += found.total()
        lost += (wanted - found).total()
        foreign += (found - wanted).total()
        if got.strip() == text.strip():
            exact += 1
        else:
            missed.append(f"{name}: {text!r} -> {got!r}")
    return exact / total, lost / wanted_words, foreign / max(got_words, 1), missed
