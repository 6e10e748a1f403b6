"""When is the next check-in: from a phrase as people write it to a day, or to a question.

Reading refuses first, then finds every reading; only a single one that passes all checks is a date. Relative words
count from the reference, on the wall clock of its zone. No clock, no network: the reference says what now is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from worker.model.reasons import AskReason
from worker.replies.date_apart import told_apart
from worker.replies.date_chunks import Grammar
from worker.replies.date_readings import Days, Parts, days_of, parts_of
from worker.replies.date_refusals import refusal
from worker.replies.date_search import spans_of
from worker.replies.date_settled import Frame, candidates, hours_on, in_order, question, settled
from worker.replies.date_tokens import Raw, Token, classify, scan
from worker.replies.words import LANGUAGES, Table, date_words, none_words, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from worker.model import Ask

MAXIMUM_PHRASE = 120
MAXIMUM_TEXT = 4000
MAXIMUM_FOUND = 20
_EVERY_LANGUAGE = 1000
_A_FEW = 3
_LATEST_YEAR = 9000


class Found:
    """A date inside a sentence: the offsets of its words (prepositions included), the words, and what they mean."""

    __slots__ = ("end", "phrase", "start", "value")

    def __init__(self, start: int, end: int, phrase: str, value: datetime | date | Ask) -> None:
        self.start = start
        self.end = end
        self.phrase = phrase
        self.value = value


class Answer:
    """What one language makes of a phrase: the value, and how many of its words it could not explain."""

    __slots__ = ("unknown", "value")

    def __init__(self, value: datetime | date | Ask | None, unknown: int) -> None:
        self.value = value
        self.unknown = unknown


def when(
    phrase: str,
    *,
    reference: datetime,
    language: str = "en",
    day_first: bool | None = None,
    same_time: time | None = None,
) -> datetime | date | Ask | None:
    """Return what a phrase means, said at `reference` (aware, in the zone of the person who wrote it).

    A datetime in the reference's zone where a time was said, a date where none was, an Ask where a person must settle
    it (its candidates earliest first), None where no date is meant. `day_first` is the order of "3/12" where the
    account tells it; `same_time` the usual time of day, else the reference's. Never raises; linear in the phrase.
    """
    if reference.year > _LATEST_YEAR or reference.year < 2:
        return question(AskReason.TOO_FAR, (), phrase[:MAXIMUM_PHRASE])
    text = " ".join(phrase[: 4 * MAXIMUM_PHRASE].split()) if len(phrase) > MAXIMUM_PHRASE else phrase
    if len(text) > MAXIMUM_PHRASE:
        return _too_long(phrase, language, Frame(reference, day_first, same_time))
    return _phrase(text, table(language), Frame(reference, day_first, same_time))


def _phrase(text: str, words: Table, frame: Frame) -> datetime | date | Ask | None:
    """Return what a phrase of bounded length means: by its own language where that explains every word."""
    pieces = scan(text)
    if not pieces:
        return None
    own = _read(text, classify(pieces, words), words, frame)
    if not own.unknown:
        return own.value
    return _best(text, pieces, frame, words, own)


def _too_long(phrase: str, language: str, frame: Frame) -> Ask | None:
    """Return the question about a text too long for a phrase: its dates may be chosen, none is taken."""
    found = find_when(phrase, reference=frame.reference, language=language, day_first=frame.day_first)
    if not found:
        return None
    days: list[datetime | date] = []
    for each in found:
        days.extend(candidates(each.value))
    return question(AskReason.UNREADABLE, in_order(days), phrase[:MAXIMUM_PHRASE])


def _best(text: str, pieces: Sequence[Raw], frame: Frame, own: Table, first: Answer) -> datetime | date | Ask | None:
    """Return the answer of the language that explains most words: the form's own, English, or all that agree."""
    answers = {own.language: first}
    fewest = first.unknown
    tokens = {code: classify(pieces, table(code)) for code in LANGUAGES if code != own.language}
    for code in sorted(tokens, key=lambda code: _foreign(tokens[code])):
        # A language that lacks more words than another one explains cannot win.
        if _foreign(tokens[code]) > fewest:
            break
        answers[code] = _read(text, tokens[code], table(code), frame)
        fewest = min(fewest, answers[code].unknown)
    for code in (own.language, "en"):
        if code in answers and answers[code].unknown == fewest:
            return answers[code].value
    values = [answer.value for answer in answers.values() if answer.unknown == fewest and answer.value is not None]
    if all(value == values[0] for value in values):
        return values[0] if values else None
    days: list[datetime | date] = []
    for value in values:
        days.extend(candidates(value))
    return question(AskReason.AMBIGUOUS, in_order(days), text)


def _foreign(tokens: Sequence[Token]) -> int:
    """Return how many words a language does not know."""
    return sum(token.kind == "word" and not token.meanings for token in tokens)


def _read(text: str, tokens: Sequence[Token], words: Table, frame: Frame) -> Answer:
    """Return what one language makes of a phrase."""
    grammar = Grammar(tokens, words, frame.reference.date(), frame.day_first)
    found = parts_of(grammar)
    told_apart(found, grammar)
    unknown = len(found.unknown)
    try:
        value = _value(text, found, grammar, frame)
    except (OverflowError, ValueError):
        value = question(AskReason.TOO_FAR, (), text)
    return Answer(value, unknown)


def _value(text: str, found: Parts, grammar: Grammar, frame: Frame) -> datetime | date | Ask | None:
    """Return the value of the parts of a phrase: refuse first, then the days, then the time."""
    reason = refusal(found, grammar)
    if "past_verb" in found.kinds:
        return None
    meant = days_of(found, grammar)
    if meant is None:
        asked = reason and reason is not AskReason.NEGATED and not found.unknown
        if found.clocks and not found.unknown:
            return question(AskReason.VAGUE, (), text)
        return question(reason, (), text) if asked and reason and "none" not in found.kinds else None
    if not _explained(found, grammar, meant):
        return None
    shaky = _shaky(found, grammar, meant)
    spans = [chunk for chunk in found.chunks if chunk.minutes]
    if spans and len(found.chunks) == 1 and not reason and not found.clocks:
        return hours_on(spans[0].minutes, frame, text)
    today = {option.day for option in meant.options} == {frame.reference.date()}
    if today and not found.clocks and not {"cue", "filler"}.isdisjoint(found.kinds):
        # "Great chat today" speaks of the meeting that was; who means a next one today says when.
        reason = reason or AskReason.VAGUE
    return settled(text, meant, reason or shaky, found, frame)


def _explained(found: Parts, grammar: Grammar, meant: Days) -> bool:
    """Whether a phrase speaks of the date that it names: a weak one needs every word explained."""
    if not found.unknown:
        return True
    if meant.sure >= 2:
        return True
    if _tail(found, grammar):
        return True
    plainly = meant.sure == 1 or bool(found.clocks)
    return plainly and ("cue" in found.kinds or len(found.unknown) <= _A_FEW)


def _tail(found: Parts, grammar: Grammar) -> bool:
    """Whether all unknown words are a topic behind the date, or names behind "with"."""
    end = max(chunk.last for chunk in found.chunks)
    start = min(chunk.first for chunk in found.chunks)
    led = all(grammar.tokens[place].meanings or grammar.tokens[place].kind == "other" for place in range(start))
    topic = next((place for place in range(end, len(grammar.tokens)) if grammar.tokens[place].has("topic")), None)
    for place in found.unknown:
        company = any(grammar.tokens[at].has("with") for at in range(max(0, place - 2), place))
        behind = topic is not None and place > topic and (led or "cue" in found.kinds)
        if not (company or behind):
            return False
    return all(grammar.tokens[place].kind == "word" for place in found.unknown)


def _shaky(found: Parts, grammar: Grammar, meant: Days) -> AskReason | None:
    """Return a reason to ask where words stay unexplained beside a date that is not written out."""
    if not found.unknown or _tail(found, grammar):
        return None
    for place in found.unknown:
        # "9 on 22 March" has a time that must not be lost.
        token = grammar.tokens[place]
        near = any(chunk.first - 3 <= place <= chunk.last + 1 for chunk in found.chunks)
        if token.kind in {"clock", "pair", "date3", "iso", "ordinal"}:
            return AskReason.UNREADABLE
        if near and token.kind == "number" and (token.numbers[0] <= 24 or len(token.text) == 4):
            return AskReason.UNREADABLE
    if meant.sure >= 2:
        return None
    if any(grammar.tokens[place].kind != "word" for place in found.unknown):
        return AskReason.UNREADABLE
    return None if "cue" in found.kinds and (meant.sure == 1 or found.clocks) else AskReason.UNREADABLE


# ----------------------------------------------------------------------------------------------------------- in prose


def find_when(
    text: str,
    *,
    reference: datetime,
    language: str = "en",
    day_first: bool | None = None,
    same_time: time | None = None,
) -> tuple[Found, ...]:
    """Return the dates inside a sentence, in order: "Alex sends the plan by Friday" has one, "by Friday".

    Precision before recall: what could be a name or a verb ("Jan", "May") counts only where the sentence says so. At
    most MAXIMUM_TEXT characters are searched and MAXIMUM_FOUND dates returned. Never raises; linear in the text.
    """
    text = text[:MAXIMUM_TEXT]
    pieces = scan(text)
    if not pieces or not 2 <= reference.year <= _LATEST_YEAR:
        return ()
    own = table(language)
    codes = [own.language, *(code for code in LANGUAGES if code != own.language)]
    said = {piece.text for piece in pieces}
    numbered = any(piece.numbers for piece in pieces)
    for code in codes if len(text) <= _EVERY_LANGUAGE else dict.fromkeys((own.language, "en")):
        dated, marking = date_words(code)
        # Dates in digits alone are found by the first language; another one is tried where it has words of a date.
        if said.isdisjoint(dated) and not (numbered and (code == own.language or not said.isdisjoint(marking))):
            continue
        words = table(code)
        grammar = Grammar(classify(pieces, words), words, reference.date(), day_first)
        found = []
        for first, last in spans_of(text, grammar)[:MAXIMUM_FOUND]:
            start, end = grammar.tokens[first].start, grammar.tokens[last - 1].end
            if end - start > MAXIMUM_PHRASE:
                continue
            value = _phrase(text[start:end], words, Frame(reference, day_first, same_time))
            if value is not None:
                found.append(Found(start, end, text[start:end], value))
        if found:
            return tuple(found)
    return ()


def is_none_phrase(text: str, language: str = "en") -> bool:
    """Return whether a phrase says that there is no next check-in: "none", "no need", "keine", "ninguna".

    Every word must be part of that; "none before January" is no such phrase.
    """
    if len(text) > MAXIMUM_PHRASE:
        return False
    pieces = scan(text)
    own = table(language)
    marks_only = all(piece.kind == "other" for piece in pieces)
    for code in (own.language, *(code for code in LANGUAGES if code != own.language)):
        if not marks_only and none_words(code).isdisjoint(piece.text for piece in pieces):
            continue
        tokens = classify(pieces, table(code))
        said = [token for token in tokens if token.kind != "other"]
        if (
            any(token.has("none") for token in said)
            and all(token.has("none") or token.has("filler") or token.has("cue") for token in said)
        ) or (not said and text.strip() in {"-", "–", "—", "--", "/", "0", "./."}):
            return True
    return False
