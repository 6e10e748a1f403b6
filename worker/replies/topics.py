"""A report's answer: topics in their own words, one for each bullet, line or paragraph, and the words that act."""

from __future__ import annotations

import re

from worker.model import Part, WrittenTopic
from worker.replies.acts import Acts
from worker.replies.blocks import Block
from worker.replies.commands import is_polite, is_thanks, leading, line_acts, sentence_acts
from worker.replies.labels import Field
from worker.replies.reading import Reading
from worker.replies.text import box, bullet, fold, joined_lines, key, sentences, unmarked
from worker.replies.verbs import Verb

_HANDLES = frozenset({Verb.DONE, Verb.DROP, Verb.KEEP, Verb.BY, Verb.ALL_DONE})
_NOTHING = frozenset(
    """nothing|nothing new|none|nothing from me|nothing from my side|nothing to add|nothing this time|no topics
    |no topics from me|n/a|na
    |all good|nichts|nichts neues|keine|keine themen|nichts von mir|von mir nichts|rien|rien de neuf|rien de special
    |rien a signaler|aucun|aucun sujet|nada
    |nada nuevo|ninguno|sin temas|niente|nessuno|niets|geen""".replace("\n", "")
    .replace("    ", "")
    .split("|")
)
_INTRO = re.compile(
    r"\b(?:talk|discuss|topics?|points?|items?|list|agenda|cover|raise|here|following|bring up|besprechen|themen?"
    r"|punkte?|reden|sprechen|folgende"
    r"|parler|aborder|sujets?|discuter|voici|hablar|temas?|tratar|comentar|puntos|falar|assuntos|parlare|argomenti"
    r"|bespreken|onderwerpen)\b"
)


def block(part: Block, found: Reading) -> None:
    """Read one block of a report's answer into topics and commands."""
    if part.field is Field.NEXT:
        part = Block(why=part.why, where=part.where, lines=part.lines)
    private = part.field is Field.PRIVATE
    of = part.field.part if part.field else Part.GENERAL
    lines = [line for line in joined_lines(part.lines) if line.strip()]
    for at, line in enumerate(lines):
        if part.item and _below_number(part, line, found):
            continue
        if part.field is None and _acts(line, found):
            continue
        if is_polite(line, found.context) and not bullet(line):
            found.thanks = found.thanks or is_thanks(line, found.context)
            continue
        if _introduces(line, lines[at + 1 : at + 2]) or key(line) in _NOTHING:
            found.step(line, "nothing", "it only introduces the list" if line.rstrip().endswith(":") else "no topic")
            continue
        text = line.strip() if box(line)[0] else unmarked(line) or line.strip()
        if not any(char.isalnum() for char in text) and text.isascii():
            continue
        found.topics.append(WrittenTopic(text, of, private))
        found.step(text, "private topic" if private else f"topic ({of})", part.why or "free words")


def _below_number(part: Block, line: str, found: Reading) -> bool:
    """Words below a numbered line of the mail that close, drop, keep or date it."""
    acts = line_acts(f"{part.item}: {line.strip()}", found.context)
    if acts and acts.only(_HANDLES):
        found.act(acts, line, part.why)
        return True
    return False


def _acts(line: str, found: Reading) -> bool:
    """Whether the line acts, as a whole or with every one of its sentences."""
    acts = line_acts(line, found.context, whole=found.whole)
    if acts:
        found.act(acts, line, "a line of its own")
        return True
    pieces = [piece.text for piece in sentences(line)]
    if len(pieces) > 1:
        each = [sentence_acts(piece, found.context) for piece in pieces]
        if all(one or is_polite(piece, found.context) for one, piece in zip(each, pieces, strict=True)) and any(each):
            for one, piece in zip(each, pieces, strict=True):
                if one:
                    found.act(one, piece, "a sentence of its own")
            return True
    missed = leading(line, found.context)
    if missed and not found.topics:
        # The reason for the miss stays a topic: it is for the other person to read.
        found.act(Acts((missed,)), line, "the answer begins with it")
    return False


def _introduces(line: str, following: list[str]) -> bool:
    """Whether the line only introduces a list: "I'd like to talk about:"."""
    text = fold(line.strip())
    return bool(following) and text.endswith(":") and len(text.split()) <= 14 and bool(_INTRO.search(text))
