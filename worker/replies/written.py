"""What the human wrote: the words of a reply that are neither ours, nor quoted, nor the client's.

First the mails of the conversation are found in it, word by word (align.py): they are known, so nothing that a client
did to them matters, and where a person's words stand between ours says which label they answer. Only what is left, and
mail whose original is not known, is judged by its look (quotation.py). Total, and linear in the length of the mail.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from worker.replies import closing, layers, quotation
from worker.replies.align import NOT_OURS, Alignment, Source, source_of
from worker.replies.body import LINK, Body, Role, clean, plain_body, split_shared
from worker.replies.mime import MAX_TEXT, Mail

__all__ = ["Original", "Segment", "Written", "read", "reply_text", "reply_text_of"]

MAX_ORIGINALS = 8
# A longer mail is read against the newest mail only: nobody types so much.
MAX_WORDS = 20_000
_MARKUP = "*_`~ \t"
_OPENING = "([{<\"'«“„‘*_`#>|•·"
_WORDS = re.compile(r"[^\s!-/:-@\[-`{-~]")
_TAG = re.compile(r"<[^<>]*>")
_STYLE = re.compile(r"<style[^<]*</style>|<head[^<]*</head>", re.IGNORECASE)
_BREAK = re.compile(r"<(?:br|p|div|li|tr)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Original:
    """A mail of the conversation as it was sent: its text, and its HTML where it had one."""

    text: str
    html: str | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """Words of a person, their line breaks kept.

    `after` is the line of the newest original behind which they stand, None above everything; `same_line` that they
    continue that very line; `where` is `above`, `inside` or `below` (the quotation).
    """

    text: str
    after: int | None
    same_line: bool
    where: str


@dataclass(frozen=True, slots=True)
class Written:
    """A reply, taken apart: `segments` in the order of the mail, `quoted` the pieces that are quotation.

    `source` is `plain` or `html`, whichever was read; `original_lines` are the lines that `after` counts.
    """

    segments: tuple[Segment, ...] = ()
    quoted: tuple[str, ...] = ()
    source: str = "plain"
    original_lines: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Everything that the person wrote."""
        return "\n".join(segment.text for segment in self.segments)


# ------------------------------------------------------------------------------------------------- unknown originals


def reply_text(body: str) -> str:
    """What the human wrote in a plain text, the original unknown: no quotation, no signature, no footer; trimmed."""
    return _unknown(_plain(body[:MAX_TEXT].replace("\r\n", "\n").replace("\r", "\n")), closings=False)


def reply_text_of(raw: bytes) -> str:
    """What the human wrote in a mail, the original unknown."""
    from worker.replies.mime import read as read_mail

    mail = read_mail(raw)
    body, _ = _body(mail)
    return _unknown(body, closings=False, name=_name(mail))


def _name(mail: Mail) -> str:
    """The display name of the one who wrote the mail; empty where it has none."""
    return mail.from_[0].name if len(mail.from_) == 1 and "@" not in mail.from_[0].name else ""


def _unknown(body: Body, *, closings: bool, name: str = "") -> str:
    human = layers.human_lines(body)
    return "\n\n".join(layers.texts(body, human, closings=closings, name=name)).rstrip()


def _body(mail: Mail) -> tuple[Body, str]:
    """The text to read: the plain one unless it is missing, a stub, or has lost its line breaks."""
    plain, html = mail.plain, mail.html
    if html is not None and (plain is None or _is_poor(plain, html)):
        from worker.replies.markup import html_body

        body = html_body(html)
        if any(body.lines) or plain is None:
            return body, "html"
    return _plain(plain or ""), "plain"


def _plain(text: str) -> Body:
    body = plain_body(text)
    split_shared(body, quotation.shared_line)
    return body


def _is_poor(plain: str, html: str) -> bool:
    """Whether a plain text says less than the HTML beside it: empty, a stub, or one long line."""
    words = len(plain.split())
    if not words:
        return True
    if "\n" not in plain.strip() and len(plain) > 200 and _BREAK.search(html):
        return True
    return words < 40 and len(html) > 400 and len(_TAG.sub(" ", _STYLE.sub(" ", html)).split()) > 2 * words + 20


# --------------------------------------------------------------------------------------------------- known originals


def read(mail: Mail, originals: Sequence[Original] = ()) -> Written:
    """Take a reply apart against the mails of its conversation, newest first."""
    known = [original for original in originals if original.text.strip() or original.html][:MAX_ORIGINALS]
    body, source = _body(mail)
    name = _name(mail)
    written, found = _read(body, known, source, name)
    if source == "plain" and mail.html is not None and known and _is_doubtful(written, found, mail.html):
        from worker.replies.markup import html_body

        other, other_found = _read(html_body(mail.html), known, "html", name)
        if other_found > found:
            return other
    return written


def _is_doubtful(written: Written, found: int, html: str) -> bool:
    """Whether the HTML may align better: the plain text has none of our words and yet quotes something."""
    return not found and ("blockquote" in html or "gmail_quote" in html or len(html) > 4000) and bool(written.segments)


def _read(body: Body, known: Sequence[Original], source: str, name: str) -> tuple[Written, int]:
    """Take lines apart; also how many words of the newest original were found in them."""
    if not known:
        text = _unknown(body, closings=True, name=name)
        segments = (Segment(text, None, same_line=False, where="above"),) if text else ()
        return Written(segments, (), source), 0
    reading = _Reading(body, known, name)
    return Written(reading.segments(), reading.quoted(), source, reading.original_lines), reading.found


class _Reading:
    """One reply against the mails of its conversation."""

    def __init__(self, body: Body, known: Sequence[Original], name: str) -> None:
        self.body = body
        self.name = name
        self.original_lines = tuple(clean(known[0].text).replace("\r\n", "\n").split("\n"))
        self.alignment = Alignment(body)
        self.openings = layers.openings(body)
        words = self.alignment.words
        self.zone = self._zone()
        # Of each word: the line of the newest original that it repeats; -1 where it is not of that mail.
        self.lines = [NOT_OURS] * len(words.words)
        self.found = 0
        self.last_line = NOT_OURS
        self.source: Source | None = None
        self.places = [NOT_OURS] * len(words.words)
        self._newest(known[0])
        for original in known[1 : MAX_ORIGINALS if len(words.words) < MAX_WORDS else 1]:
            self._older(original)
        self.dropped = self._dropped_lines()

    def _zone(self) -> int:
        """The first word behind the first sign of a quotation; the number of words where there is none."""
        first = min((opening.end for opening in self.openings), default=len(self.body.lines))
        marked = next((at for at, depth in enumerate(self.body.depths) if depth), len(self.body.lines))
        return bisect_left(self.alignment.words.line, min(first, marked))

    def _newest(self, original: Original) -> None:
        text = source_of(self.original_lines)
        places, found = self.alignment.match(text, self.zone)
        chosen, to_text = text, tuple(range(len(self.original_lines)))
        complete = found and (len(places) > MAX_WORDS or NOT_OURS not in places[self.zone :])
        if original.html and not complete:
            from worker.replies.markup import html_lines

            lines = html_lines(original.html)
            rich = source_of(lines)
            rich_places, rich_found = self.alignment.match(rich, self.zone)
            if rich_found > found:
                places, found, chosen, to_text = rich_places, rich_found, rich, _line_map(lines, self.original_lines)
        self.places, self.found, self.source = places, found, chosen
        for at, place in enumerate(places):
            if place != NOT_OURS:
                self.alignment.taken[at] = True
                self.lines[at] = to_text[chosen.line[place]]
        self.last_line = max((line for line, length in enumerate(text.length) if length), default=0)

    def _older(self, original: Original) -> None:
        """Words of an older mail count only where the quotation has begun: a person may say the same thing twice."""
        texts = [tuple(clean(original.text).replace("\r\n", "\n").split("\n"))]
        if original.html:
            from worker.replies.markup import html_lines

            texts.append(html_lines(original.html))
        taken = self.alignment.taken
        for lines in texts:
            if all(taken[self.zone :]) and (self.zone < len(taken) or all(taken)):
                return
            begun = min(self.zone, next((at for at, mine in enumerate(taken) if mine), len(taken)))
            places, _ = self.alignment.match(source_of(lines), begun)
            first = next((at for at, place in enumerate(places) if place != NOT_OURS and not taken[at]), len(taken))
            typed_above = first > 0 and not all(taken[:first])
            for at, place in enumerate(places):
                if place != NOT_OURS and (at >= begun or typed_above):
                    taken[at] = True

    # ------------------------------------------------------------------------------------------------- what to drop

    def _dropped_lines(self) -> list[bool]:
        """Lines that are the client's, or of a quotation that is none of the known mails."""
        body, taken = self.body, self.alignment.taken
        ours = [0] * len(body.lines)
        theirs = [0] * len(body.lines)
        for at, line in enumerate(self.alignment.words.line):
            if taken[at]:
                ours[line] += 1
            else:
                theirs[line] += 1
        dropped = [role is Role.SIGNATURE and not count for role, count in zip(body.roles, ours, strict=True)]
        openings = [
            opening
            for opening in self.openings
            if sum(ours[opening.first : opening.end]) <= sum(theirs[opening.first : opening.end])
        ]
        self._drop_marked(dropped, ours, 0, openings[0].first if openings else len(dropped))
        for index, opening in enumerate(openings):
            end = openings[index + 1].first if index + 1 < len(openings) else len(dropped)
            for at in range(opening.first, opening.end):
                dropped[at] = True
            self._drop_marked(dropped, ours, opening.end, end)
            if not any(ours[opening.end : end]) and layers.unmarked(body, opening.end, end, body.depths[opening.first]):
                dropped[opening.end : end] = [True] * (end - opening.end)
        return dropped

    def _drop_marked(self, dropped: list[bool], ours: list[int], start: int, end: int) -> None:
        """Drop what is marked as quoted deeper than our own words in this zone are."""
        depths = self.body.depths
        counts: dict[int, int] = {}
        for at in range(start, end):
            if ours[at]:
                counts[depths[at]] = counts.get(depths[at], 0) + ours[at]
        own = max(counts, key=lambda depth: counts[depth]) if counts else 0
        for at in range(start, end):
            if depths[at] > own and not ours[at]:
                dropped[at] = True

    # --------------------------------------------------------------------------------------------------- the result

    def segments(self) -> tuple[Segment, ...]:
        """The person's words, cut where words of ours stand between them."""
        words, taken = self.alignment.words, self.alignment.taken
        size = len(taken)
        found: list[Segment] = []
        at = 0
        after: int | None = None
        last = max((i for i, line in enumerate(self.lines) if line != NOT_OURS), default=-1)
        while at < size:
            if taken[at]:
                if self.lines[at] != NOT_OURS:
                    after = self.lines[at]
                at += 1
                continue
            end = at
            while end < size and not taken[end]:
                end += 1
            begins_same = at > 0 and words.line[at - 1] == words.line[at]
            where = "above" if after is None else "inside"
            if at > last >= 0 and (after is None or after >= self.last_line - 1):
                where = "below"
            lines = self._text(at, end)
            # The end of the mail has the client's signature, whatever was deleted from the quotation above it.
            if (where == "inside" and end < size) or len(found) > layers.MAX_BLOCKS:
                kept = _inside(lines)
            else:
                kept = layers.trimmed(lines, closings=True, name=self.name)
            text = "\n".join(kept).strip()
            if text and _WORDS.search(text):
                first_kept = begins_same and not self.dropped[words.line[at]] and self.lines[at - 1] != NOT_OURS
                found.append(Segment(text, after, first_kept, where))
            at = end
        return tuple(found)

    def _text(self, at: int, end: int) -> list[str]:
        """The lines of a run of a person's words, without marks that belong to the words of ours around it."""
        words, lines = self.alignment.words, self.body.lines
        first, last = words.line[at], words.line[end - 1]
        # Lines without words above the run are part of it where they say something: a signature's dashes do.
        before = words.line[at - 1] + 1 if at else 0
        found = [line for line in lines[before:first] if line.strip(" >|")][-3:]
        for number in range(first, last + 1):
            if self.dropped[number]:
                continue
            line = lines[number]
            begin, stop = 0, len(line)
            if number == first and at > 0 and words.line[at - 1] == number:
                begin = self._behind(at - 1)
            if number == last and end < len(words.line) and words.line[end] == number:
                stop = max(len(line[: words.start[end]].rstrip(" " + _OPENING)), words.end[end - 1])
                stop = (
                    stop + len(line[stop : words.start[end]]) - len(line[stop : words.start[end]].lstrip("\"'”’»)]*_`"))
                )
            piece = line[begin:stop].rstrip() if begin == 0 else line[begin:stop].strip()
            if piece or (found and found[-1]):
                found.append(piece)
        return found

    def _behind(self, at: int) -> int:
        """Where in the line a person's words begin behind a word of ours: its punctuation and link target are ours."""
        words = self.alignment.words
        line = self.body.lines[words.line[at]]
        begin = words.end[at]
        limit = words.start[at + 1]
        place = self.places[at]
        tail = self.source.tails[place] if self.source and place != NOT_OURS else ""
        own = set(tail) | set(_MARKUP)
        while begin < limit:
            link = LINK.match(line, begin)
            if link and link.end() <= limit:
                begin = link.end()
            elif line[begin] in own:
                begin += 1
            else:
                break
        return begin

    def quoted(self) -> tuple[str, ...]:
        """The pieces of the mail that were taken for quotation, each as its lines."""
        ours: set[int] = {line for at, line in enumerate(self.alignment.words.line) if self.alignment.taken[at]}
        found: list[str] = []
        now: list[str] = []
        for number, line in enumerate(self.body.lines):
            if number in ours or (self.dropped[number] and line):
                now.append(line)
            elif line and now:
                found.append("\n".join(now))
                now = []
        if now:
            found.append("\n".join(now))
        return tuple(found)


def _inside(lines: list[str]) -> list[str]:
    """Answers inside the quotation end where they end; only what a client adds by itself goes."""
    kept = [line for line in lines if not closing.footer(line) and not closing.banner(line)]
    while kept and (not kept[-1].strip() or quotation.rule(kept[-1])):
        kept.pop()
    return kept


@lru_cache(maxsize=64)
def _line_map(rich: tuple[str, ...], text: tuple[str, ...]) -> tuple[int, ...]:
    """For each line of the HTML of a mail of ours the line of its text that says the same."""
    body = Body(list(rich), [0] * len(rich), [Role.TEXT] * len(rich))
    alignment = Alignment(body)
    source = source_of(text)
    places, _ = alignment.match(source, 0)
    found = [NOT_OURS] * len(rich)
    for at, place in enumerate(places):
        if place != NOT_OURS:
            found[alignment.words.line[at]] = source.line[place]
    line = 0
    for number, near in enumerate(found):
        line = near if near != NOT_OURS else line
        found[number] = line
    return tuple(found)
