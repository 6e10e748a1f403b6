"""Lines and sentences that act: "ok", "share", "done 2, 3", "2 by Friday", "3: half way", "1", "did not happen".

Precision before recall: a line acts only where every word of it belongs to the act or is a word of courtesy.
"""

from __future__ import annotations

import re

from worker.model import Command, ReplyProblem
from worker.replies import verbs
from worker.replies.acts import MAX_NUMBER, Acts, checked, only
from worker.replies.context import Context
from worker.replies.dated_acts import dated_acts, moved, progress
from worker.replies.text import bullet, fold, key, words_of
from worker.replies.verbs import Verb

_MAX_LINE = 200

# What a single sentence inside prose may do; everything else needs a line, or the answer, of its own.
_SENTENCE = frozenset(
    {
        Verb.OK,
        Verb.SHARE,
        Verb.SHARE_ALL,
        Verb.UNDO,
        Verb.DID_NOT_HAPPEN,
        Verb.MOVED,
        Verb.ALL_DONE,
        Verb.DONE,
        Verb.DROP,
        Verb.KEEP,
        Verb.BY,
    }
)
_WHOLE_ONLY = frozenset(
    {
        Verb.YES,
        Verb.NO,
        Verb.BETTER,
        Verb.SAME,
        Verb.WORSE,
        Verb.FORGOT,
        Verb.NO_TIME,
        Verb.NOT_NEEDED,
        Verb.STOP,
        Verb.START,
        Verb.HELP,
    }
)


def line_acts(line: str, context: Context, *, whole: bool = False) -> Acts | None:
    """What this line does if it is nothing but acting words; None otherwise. `whole`: it is the whole answer."""
    text = line.strip()
    if not text or len(text) > _MAX_LINE or text.endswith("?"):
        return None
    acts = _plain(text, context, whole=whole) or _numbered(text, context)
    return acts or progress(text, context) or dated_acts(text, context) or _listed(text, context)


def sentence_acts(sentence: str, context: Context) -> Acts | None:
    """What one sentence inside prose does; fewer words act there than on a line of their own."""
    if len(sentence) > _MAX_LINE or sentence.rstrip().endswith("?"):
        return None
    acts = _plain(sentence, context, whole=False) or _numbered(sentence, context) or _listed(sentence, context)
    if acts and not any(command.verb == Verb.CHOOSE for command in acts.commands) and acts.only(_SENTENCE):
        return acts
    return None


def is_polite(line: str, context: Context) -> bool:
    """Whether the line is nothing but courtesy: thanks, a greeting, a closing, the name of one of the two."""
    words = key(line).replace(",", " ").replace("!", " ").replace(".", " ").split()
    if not words:
        return True
    return len(words) <= 12 and _consists(words, verbs.courtesy(), context)


def is_thanks(line: str, context: Context) -> bool:
    """Whether the line is thanks, with or without a name."""
    words = key(line).replace(",", " ").replace("!", " ").replace(".", " ").split()
    named = context.named(" ".join(words))
    return bool(words) and len(words) <= 12 and not named and _consists(words, verbs.polite(), context)


# --------------------------------------------------------------------------------------------------------- plain words


_CHUNKS = re.compile(r"[,;.!\n]+|\s-+\s|\s(?:and|und|et|y|e|en|then|&|\+)\s")


def _plain(text: str, context: Context, *, whole: bool) -> Acts | None:
    """Acting words without numbers, several of them joined by commas or "and", with courtesy around them."""
    body = text[bullet(text) :] if not text[:1].isdigit() else text
    found = _one(body, context, whole=whole)
    if found:
        return only(found)
    commands: list[Command] = []
    for chunk in _CHUNKS.split(fold(body)):
        if not key(chunk):
            continue
        one = _one(chunk, context, whole=whole)
        if one:
            commands.append(one)
        elif not _consists(key(chunk).split(), verbs.tails(), context):
            return None
    # "ok" beside another verb is a word of assent; with `share` it still takes the proposal.
    return Acts(tuple(dict.fromkeys(commands))) if commands and len(commands) <= 4 else None


def _one(chunk: str, context: Context, *, whole: bool) -> Command | None:
    """One acting word or phrase, with courtesy before or behind it."""
    words = _without_courtesy(key(chunk)).split()
    if len(words) > 14:
        return None
    known = verbs.alone() if whole else verbs.exact()
    for size in range(len(words), 0, -1):
        for start in range(len(words) - size + 1):
            verb = known.get(" ".join(words[start : start + size]))
            if verb is None or (verb in _WHOLE_ONLY and not whole):
                continue
            rest = (words[:start], words[start + size :])
            if all(_consists(part, verbs.tails(), context) for part in rest):
                return Command(verb)
            if verb is Verb.SHARE and not rest[0] and rest[1][:1] and _with_name(rest[1], context):
                return Command(verb)
    emoji = chunk.strip().strip(".!")
    if emoji and emoji in known:
        return Command(known[emoji])
    return None


def _with_name(words: list[str], context: Context) -> bool:
    """Whether the words are "with Ana", "mit Ana", "it with Ana"."""
    words = words[1:] if words[0] in {"it", "this", "them", "es", "le", "lo"} else words
    return (
        len(words) in {2, 3}
        and words[0] in {"with", "mit", "avec", "con", "com", "met", "to", "an"}
        and bool(context.named(" ".join(words[1:])))
    )


def _consists(words: list[str], table: frozenset[str], context: Context) -> bool:
    """Whether the words are phrases of the table and names of the two people, and nothing else."""
    at = 0
    while at < len(words):
        for size in range(min(6, len(words) - at), 0, -1):
            phrase = " ".join(words[at : at + size])
            if phrase in table or (size <= 3 and context.named(phrase)):
                at += size
                break
            bare = phrase[0].isalnum() and phrase[-1].isalnum()
            if not bare and key(phrase) in table:
                at += size
                break
        else:
            return False
    return True


# ------------------------------------------------------------------------------------------------------------ numbers


_TOKENS = re.compile(r"\d+|[^\W\d_][\w'-]*|[^\w\s]")
_JOINING = words_of("""and und et y e en & + / , ; . : ) ( - # also too as well""")
_MARKS = frozenset(",;.:)(-#/")
_NOUNS = words_of(
    """item items number numbers no nr nos point points punkt punkte nummer nummern topic topics option choice
    numero numeros punto puntos elemento elementos ponto pontos punten thema themen sujet sujets tema temas"""
)
_RANGE = frozenset({"-", "to", "bis", "through", "a", "ate", "tot", "à"})
_CHOOSING = frozenset(
    """option|choice|number|choose|take|pick|i choose|i take|i'll take|i pick|the|let's take|please|is fine|works
    |works for me
    |is good|is best|fits|passt|nehme ich|nehmen wir|nummer|ich nehme|je choisis|je prends|le|me va|elijo|prefiero|la|el
    |is perfect|is great|would be best|would work|it is|thanks|danke|merci|gracias|bitte|por favor|svp|is ok|ok
    |geht""".replace("\n", "")
    .replace("    ", "")
    .split("|")
)


def _numbers_and_words(text: str) -> list[tuple[int, ...] | str] | None:
    """Cut a line into groups of numbers and the phrases between them; None where it holds other numbers."""
    if len(text) > 120 or re.search(r"\d[.:]\d|\d{3}|\d(?:st|nd|rd|th|h|am|pm|%|\s?[€$£])\b", text):
        return None
    found: list[tuple[int, ...] | str] = []
    words: list[str] = []
    ranged = False
    for token in _TOKENS.findall(text):
        if token.isascii() and token.isdigit():
            number = int(token)
            if ranged and found and isinstance(found[-1], tuple) and found[-1][-1] < number <= MAX_NUMBER:
                found[-1] = (*found[-1], *range(found[-1][-1] + 1, number + 1))
                words.clear()
            else:
                _flush(words, found)
                if found and isinstance(found[-1], tuple):
                    found[-1] = (*found[-1], number)
                else:
                    found.append((number,))
            ranged = False
            continue
        ranged = token in _RANGE and bool(found) and isinstance(found[-1], tuple) and not words
        if token not in _NOUNS and (token not in _JOINING or (words and token not in _MARKS)):
            words.append(token)
    _flush(words, found)
    return found


def _flush(words: list[str], found: list[tuple[int, ...] | str]) -> None:
    while words and words[-1] in _JOINING:
        words.pop()
    if words and words != ["a"]:
        found.append(" ".join(words))
    words.clear()


def _numbered(text: str, context: Context) -> Acts | None:
    """As in "done 2, 3; drop 4", "2 and 3 done", "keep 1"; a number alone chooses."""
    folded = fold(text)
    if not any(char.isdigit() for char in folded):
        return None
    pieces = _numbers_and_words(re.sub(r"\ba(?=\d)", "", folded))
    if not pieces or len(pieces) > 12:
        return None
    if len(pieces) == 1 and isinstance(pieces[0], tuple):
        bare = _CHOICE.fullmatch(folded.strip())
        return checked([Command(Verb.CHOOSE, pieces[0])], text, context, bounded=False) if bare else None
    commands = _paired(pieces, context)
    if commands:
        return checked(commands, text, context)
    return _chosen(pieces, text, context)


_CHOICE = re.compile(r"[(#]?\d{1,2}[.)!]*")


def _paired(pieces: list[tuple[int, ...] | str], context: Context) -> list[Command]:
    """Pair each phrase with its numbers, all before or all behind them; empty where a phrase is unknown."""
    last = pieces[-1]
    if len(pieces) % 2 and isinstance(last, str) and _consists(last.split(), verbs.tails(), context):
        pieces = pieces[:-1]
    if len(pieces) % 2:
        return []
    known = verbs.handles()
    commands: list[Command] = []
    for left, right in zip(pieces[::2], pieces[1::2], strict=True):
        phrase, numbers = (left, right) if isinstance(left, str) else (right, left)
        if not isinstance(phrase, str) or not isinstance(numbers, tuple):
            return []
        verb = known.get(phrase) or known.get(_without_courtesy(phrase))
        if verb is None:
            return []
        commands.append(Command(verb, numbers))
    return commands


def _without_courtesy(phrase: str) -> str:
    """The phrase without "please" before it and "thanks" behind it."""
    words = phrase.split()
    polite = verbs.polite()
    for size in (3, 2, 1):
        if len(words) > size and " ".join(words[:size]) in polite:
            words = words[size:]
        if len(words) > size and " ".join(words[-size:]) in polite:
            words = words[:-size]
    return " ".join(words)


def _chosen(pieces: list[tuple[int, ...] | str], text: str, context: Context) -> Acts | None:
    """As in "option 2 please", "1 works for me"."""
    numbers = [piece for piece in pieces if isinstance(piece, tuple)]
    if len(numbers) != 1 or len(numbers[0]) != 1:
        return None
    phrases = [piece for piece in pieces if isinstance(piece, str)]
    if all(phrase in _CHOOSING or _consists(phrase.split(), verbs.tails(), context) for phrase in phrases):
        return checked([Command(Verb.CHOOSE, numbers[0])], text, context, bounded=False)
    return None


def _listed(text: str, context: Context) -> Acts | None:
    """As in "1 done, 2 by Friday": several acts with numbers, parted by commas."""
    pieces = [
        piece.strip() for piece in re.split(r"[,;]|\s(?:and|und|et|y|e|en)\s", text.rstrip(" .!")) if piece.strip()
    ]
    if not 2 <= len(pieces) <= 8 or not all(any(char.isdigit() for char in piece) for piece in pieces):
        return None
    found = [_numbered(piece, context) or dated_acts(piece, context) for piece in pieces]
    commands: list[Command] = []
    problems: list[ReplyProblem] = []
    for acts in found:
        if acts is None or any(command.verb == Verb.CHOOSE for command in acts.commands):
            return None
        commands.extend(acts.commands)
        problems.extend(acts.problems)
    return Acts(tuple(commands), tuple(problems))


def leading(sentence: str, context: Context) -> Command | None:
    """As in "Did not happen, Ana was ill": the miss at the start of an answer, its reason behind a comma."""
    folded = fold(sentence[:_MAX_LINE])
    for match in re.finditer(r"\s*(?:[,;:(]|\s-\s|\.\s|\bbecause\b|\bsince\b|\bweil\b|\bcar\b|\bporque\b)", folded):
        verb = verbs.exact().get(key(folded[: match.start()]))
        if verb in {Verb.DID_NOT_HAPPEN, Verb.MOVED} and " " in key(folded[: match.start()]):
            rest = sentence[match.end() :].strip(" ,;:-–—.")
            away = moved(rest, fold(rest), context)
            return away.commands[0] if away else Command(verb, text=rest)
    return None
