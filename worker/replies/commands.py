"""Lines and sentences that act: "ok", "share", "done 2, 3", "2 by Friday", "3: half way", "1", "did not happen".

Precision before recall: a line acts only where every word of it belongs to the act or is a word of courtesy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from worker.model import Ask, Command, ReplyProblem
from worker.replies import verbs
from worker.replies.context import Context, Moment
from worker.replies.due import until
from worker.replies.text import bullet, fold, key, words_of
from worker.replies.verbs import Verb

_MAX_LINE = 200
_MAX_NUMBER = 60

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


@dataclass(frozen=True, slots=True)
class Acts:
    """What a line does, and what it could not do."""

    commands: tuple[Command, ...] = ()
    problems: tuple[ReplyProblem, ...] = field(default=())

    def only(self, allowed: frozenset[Verb]) -> bool:
        """Whether every command of the line is one of these."""
        return all(Verb(command.verb) in allowed for command in self.commands)


def line_acts(line: str, context: Context, *, whole: bool = False) -> Acts | None:
    """What this line does if it is nothing but acting words; None otherwise. `whole`: it is the whole answer."""
    text = line.strip()
    if not text or len(text) > _MAX_LINE or text.endswith("?"):
        return None
    acts = _plain(text, context, whole=whole) or _numbered(text, context)
    return acts or _progress(text, context) or _dated(text, context) or _listed(text, context)


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
    return len(words) <= 12 and _consists(words, verbs.polite() | verbs.greetings() | verbs.closings(), context)


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
        return _acts(found)
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
    known = {**verbs.whole(), **verbs.exact()} if whole else verbs.exact()
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
            if phrase in table or key(phrase) in table or (size <= 3 and context.named(phrase)):
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
            if ranged and found and isinstance(found[-1], tuple) and found[-1][-1] < number <= _MAX_NUMBER:
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
        return _checked([Command(Verb.CHOOSE, pieces[0])], text, context, bounded=False) if bare else None
    commands = _paired(pieces, context)
    if commands:
        return _checked(commands, text, context)
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
        return _checked([Command(Verb.CHOOSE, numbers[0])], text, context, bounded=False)
    return None


def _checked(commands: list[Command], text: str, context: Context, *, bounded: bool = True) -> Acts:
    """Take out the numbers that the mail does not have, and say so."""
    top = len(context.items) if context.items and bounded else _MAX_NUMBER
    good: list[Command] = []
    problems: list[ReplyProblem] = []
    for command in commands:
        numbers = tuple(dict.fromkeys(number for number in command.numbers if 1 <= number <= top))
        if numbers:
            good.append(Command(command.verb, numbers, command.names, command.when, command.text))
        if len(numbers) < len(set(command.numbers)):
            problems.append(ReplyProblem("unknown-number", text))
    return Acts(tuple(good), tuple(problems))


# -------------------------------------------------------------------------------------------------- dates and progress


_BY = re.compile(
    r"(?:(?:move|postpone|push|change|set|verschiebe|verschieben|reporter|repousser|mover|aplazar|posponer|keep"
    r"|spostare|"
    r"verplaats)\s+)?#?(?:item |punkt |point |punto )?(\d{1,2}(?:\s*(?:,|and|und|et|y|e|en|&|\+)\s*\d{1,2}){0,8})"
    r"\s*(?:[:=)\-]>?|by|due|until|till|to|on|for|is due|bis|auf|am|fallig|zum|pour|avant|d'ici|au|le|jusqu'au|a|para|"
    r"antes del|antes de|hasta|al|el|por|ate|entro|per|tot|op|voor|->|→)\s+(\S.*)"
)
_PROGRESS = re.compile(r"#?(\d{1,2})\s*:\s+(\S.*)", re.DOTALL)
_PAUSE = re.compile(r"(?:please )?(?:pause|pausieren|pausiere|pausar|pausa|pauzeer|pauzeren)\b\s*[:,]?\s*(.*)")
_REMIND = re.compile(
    r"(?:please )?(?:remind me|erinnere mich|erinner mich|rappelle-moi|rappelez-moi|recuerdame|lembre-me|ricordami|"
    r"herinner me)\b[ ,:]*(.*)",
    re.DOTALL,
)
_MOVED_TO = re.compile(r"\s+(?:to|auf den|auf|zu|a|au|al|para el|para|naar|op|for|on|until|bis|vers)\s+")


def numbers_in(text: str) -> tuple[int, ...]:
    """The numbers in a short list of handles."""
    return tuple(int(number) for number in re.findall(r"\d{1,2}", text))


def _progress(text: str, context: Context) -> Acts | None:
    """As in "2: Friday" is a new date for item 2, "3: first draft is out" is progress on it."""
    match = _PROGRESS.fullmatch(text)
    if not match:
        return None
    number = int(match[1])
    # With no numbers in the mail, a number and a colon is too weak a sign.
    if not context.items:
        return None
    value = match[2].strip()
    verb = verbs.handles().get(key(value))
    if verb:
        return _checked([Command(verb, (number,))], text, context)
    day = dated(value, context)
    if day is not None:
        return _checked([Command(Verb.BY, (number,), when=day, text=value)], text, context)
    return _checked([Command(Verb.PROGRESS, (number,), text=value)], text, context)


def _dated(text: str, context: Context) -> Acts | None:
    """As in "2 by Friday", "moved to Friday", "pause until 10 January", "remind me on Friday"."""
    folded = fold(text)
    match = _BY.fullmatch(folded.rstrip(" .!"))
    if match:
        phrase = text[match.start(2) : match.end(2)]
        day = dated(phrase, context)
        if day is not None:
            return _checked([Command(Verb.BY, numbers_in(match[1]), when=day, text=phrase)], text, context)
    return _moved(text, folded, context) or _paused(text, folded, context) or _reminded(text, folded, context)


def _listed(text: str, context: Context) -> Acts | None:
    """As in "1 done, 2 by Friday": several acts with numbers, parted by commas."""
    pieces = [
        piece.strip() for piece in re.split(r"[,;]|\s(?:and|und|et|y|e|en)\s", text.rstrip(" .!")) if piece.strip()
    ]
    if not 2 <= len(pieces) <= 8 or not all(any(char.isdigit() for char in piece) for piece in pieces):
        return None
    found = [_numbered(piece, context) or _dated(piece, context) for piece in pieces]
    commands: list[Command] = []
    problems: list[ReplyProblem] = []
    for acts in found:
        if acts is None or any(command.verb == Verb.CHOOSE for command in acts.commands):
            return None
        commands.extend(acts.commands)
        problems.extend(acts.problems)
    return Acts(tuple(commands), tuple(problems))


def _moved(text: str, folded: str, context: Context) -> Acts | None:
    for match in _MOVED_TO.finditer(folded[:80]):
        if verbs.exact().get(key(folded[: match.start()])) is Verb.MOVED:
            phrase = text[match.end() :]
            day = dated(phrase, context)
            if day is not None:
                return _acts(Command(Verb.MOVED, when=day, text=phrase))
    return None


def _paused(text: str, folded: str, context: Context) -> Acts | None:
    match = _PAUSE.fullmatch(folded.rstrip(" .!"))
    if not match:
        return None
    phrase = text[match.start(1) : match.end(1)]
    if not phrase:
        return _acts(Command(Verb.PAUSE))
    day = dated(phrase, context)
    return _acts(Command(Verb.PAUSE, when=day, text=phrase)) if day is not None else None


def _reminded(text: str, folded: str, context: Context) -> Acts | None:
    match = _REMIND.fullmatch(folded.rstrip())
    if not match:
        return None
    rest = text[match.start(1) : match.end(1)].strip()
    day = dated(rest, context)
    if day is None:
        found = [item for item in context.find(rest) if not isinstance(item.value, Ask)]
        day = found[0].value if len(found) == 1 else None
    return _acts(Command(Verb.REMIND, when=day, text=rest))


def dated(phrase: str, context: Context) -> Moment:
    """The date of a phrase that is nothing but a date; None where it holds other words or no date."""
    text = phrase.strip().strip(".!,;()")
    if not text or len(text) > 120:
        return None
    for found in context.find(text):
        rest = (text[: found.start] + " " + text[found.end :]).split()
        if all(key(word) in _FILLERS or not key(word) for word in rest):
            return until(found.phrase, context) if isinstance(found.value, Ask) else found.value
    return None


_FILLERS = words_of(
    """by until till on at due the for to please thanks pls then again about around bis zum am um den der die bitte
    auf spatestens pour avant d'ici le la au a vers jusqu'au svp plus tard para el antes del de hasta por favor
    mas tardar entro il per em no na ate tot op voor uiterlijk om is ok instead works fine rather better not
    later than latest eod cob same place time usual as well in it's it is let's say dann wieder lieber plutot
    mejor okay yes ja oui si"""
)


def _acts(command: Command) -> Acts:
    return Acts((command,))


def leading(sentence: str, context: Context) -> Command | None:
    """As in "Did not happen, Ana was ill": the miss at the start of an answer, its reason behind a comma."""
    folded = fold(sentence[:_MAX_LINE])
    for match in re.finditer(r"\s*(?:[,;:(]|\s-\s|\.\s|\bbecause\b|\bsince\b|\bweil\b|\bcar\b|\bporque\b)", folded):
        verb = verbs.exact().get(key(folded[: match.start()]))
        if verb in {Verb.DID_NOT_HAPPEN, Verb.MOVED} and " " in key(folded[: match.start()]):
            rest = sentence[match.end() :].strip(" ,;:-–—.")
            moved = _moved(rest, fold(rest), context)
            return moved.commands[0] if moved else Command(verb, text=rest)
    return None
