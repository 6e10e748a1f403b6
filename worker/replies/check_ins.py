"""The answer to a check-in: better, same, worse, why it was missed, or a date that renews it."""

from __future__ import annotations

import re

from worker.model import Ask, Command, WrittenNote
from worker.replies import verbs
from worker.replies.commands import is_polite, is_thanks, line_acts
from worker.replies.due import dues
from worker.replies.labels import Field, label
from worker.replies.reading import Reading
from worker.replies.text import fold, key, sentences, words_of
from worker.replies.verbs import Verb

_ANSWERS = frozenset({Verb.BETTER, Verb.SAME, Verb.WORSE, Verb.FORGOT, Verb.NO_TIME, Verb.NOT_NEEDED})
_NEGATED = re.compile(r"\b(?:not|n't|no|nicht|kein\w*|pas|non|niet|nao)\s+(?:\w+\s+){0,2}$")
# "Same time next week" is a date, "the same problem" no answer.
_AFTER = re.compile(r"\s+(?:time|place|day|hour|slot|problem|thing|issue|uhrzeit|zeit|tag|heure|jour|hora|dia)\b")
_DEGREE = words_of(
    """much a bit little lot slightly clearly far getting is are it it's its he's she's he she they they're already
    somewhat still even now about the going better-than-before viel etwas deutlich schon es ist wird un peu
    beaucoup c'est mucho algo un poco esta ya va bastante molto muito veel iets doing i i'm think definitely
    things looks looking feels gets got has become das lauft leider sorry unfortunately"""
)


def read(text: str, found: Reading) -> None:
    """Read an answer to a check-in into one command and, where words remain, a note."""
    context = found.context
    text, private = _parted(text)
    for line in private:
        found.notes.append(WrittenNote(line, private=True))
        found.step(line, "private note", "below the label of private notes")
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    useful = [line for line in lines if not is_polite(line, context)]
    found.thanks = any(is_thanks(line, context) for line in lines)
    if not useful:
        return
    whole = "\n".join(useful)
    first = useful[0]
    acts = line_acts(first, context, whole=True)
    if acts and not acts.only(_ANSWERS):
        found.act(acts, first, "a line of its own")
        useful = useful[1:]
        if not useful:
            return
        whole, first = "\n".join(useful), useful[0]
    days = dues(whole[:400].replace("\n", " "), context)
    answer = _answer(first)
    value = days[0].value if len(days) == 1 else context.value(whole[:120]) if len(days) > 1 or not answer else None
    phrase = days[0].phrase if days else whole
    if answer:
        rest = whole if key(whole) != answer[1] else ""
        found.commands.append(Command(answer[0], when=value, text=rest))
        found.step(whole, f"command {answer[0]}", "the word that answers a check-in")
    elif value is not None:
        found.labelled.append((value, phrase))
        found.step(whole, "next check-in", "a date renews it")
        if isinstance(value, Ask) or key(whole) != key(phrase):
            found.notes.append(WrittenNote(whole))
    else:
        found.notes.append(WrittenNote(whole))
        found.step(whole, "note (only you)", "no word that answers a check-in")


def _parted(text: str) -> tuple[str, list[str]]:
    """Return the words for both, and the lines below a label of private notes, up to the next label."""
    said: list[str] = []
    private: list[str] = []
    kept = False
    for line in text.split("\n"):
        begun = label(line)
        if begun is not None:
            kept = begun.field is Field.PRIVATE
        words = line[begun.value_at :] if begun is not None and kept else line
        (private if kept else said).append(words.strip() if kept else line)
    return "\n".join(said), [line for line in private if line]


def _answer(line: str) -> tuple[Verb, str] | None:
    """The answer that the first sentence gives, and the words that give it."""
    for sentence in sentences(line[:400]):
        folded = " ".join(fold(sentence.text).split())
        hits: list[tuple[int, Verb, str]] = []
        for phrase, verb in {**verbs.exact(), **verbs.whole()}.items():
            if verb not in _ANSWERS or phrase not in folded:
                continue
            match = re.search(rf"(?<![\w']){re.escape(phrase)}(?![\w'])", folded)
            if match and _AFTER.match(folded, match.end()):
                continue
            if match and _leads(folded[: match.start()]) and not _NEGATED.search(folded[: match.start()]):
                hits.append((match.start() - len(phrase), verb, phrase))
        if hits:
            best = min(hits)
            return best[1], best[2]
        return None
    return None


def _leads(before: str) -> bool:
    """Whether what stands before the word only leads up to it: "it is getting much"."""
    words = [word.strip(",.;:!-") for word in before.split()]
    return len(words) <= 6 and all(not word or word in _DEGREE for word in words)
