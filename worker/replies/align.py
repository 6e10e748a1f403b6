"""Find the words of a known mail inside another one, whatever a client did to its lines, in linear time.

Both mails are sequences of words, so prefixes, rewrapping, indentation and blank lines do not matter. Runs of three
words that stand in the original are its anchors; each is extended as far as the words agree; the heaviest chain of
runs in the original's order is the quotation (a weighted longest increasing subsequence); a chain of the rest may be a
second copy. What is left between two runs is compared line by line, so that a label of one word is found too. Every
step looks at each word a bounded number of times.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from worker.replies.body import Body, Words, words_of

GRAM = 3
FIRM = 8
MAX_BLOCKS = 6_000
MAX_COPIES = 6
MAX_CANDIDATES = 3
MAX_SHORT_LINE = 12
NOT_OURS = -1
NUMBERED = re.compile(r"\d{1,2}[.)] ")


@dataclass(frozen=True, slots=True)
class Source:
    """A known mail, prepared: words as numbers, the line of each, where each line begins, which lines are labels."""

    lines: tuple[str, ...]
    number: dict[str, int]
    words: list[int]
    line: list[int]
    tails: list[str]
    first: list[int]
    length: list[int]
    label: list[bool]
    grams: dict[tuple[int, int, int], list[int]]
    starts: dict[int, list[int]]


@dataclass(slots=True)
class Block:
    """A run of equal words: `at` in the reply, `of` in the original, `size` words."""

    at: int
    of: int
    size: int


@lru_cache(maxsize=64)
def source_of(lines: tuple[str, ...]) -> Source:
    """Prepare a known mail."""
    found = words_of(list(lines))
    number: dict[str, int] = {}
    words = [number.setdefault(word, len(number)) for word in found.words]
    first = [0] * len(lines)
    length = [0] * len(lines)
    for place, line in enumerate(found.line):
        if not length[line]:
            first[line] = place
        length[line] += 1
    grams: dict[tuple[int, int, int], list[int]] = {}
    for place in range(len(words) - GRAM + 1):
        grams.setdefault((words[place], words[place + 1], words[place + 2]), []).append(place)
    starts: dict[int, list[int]] = {}
    for line in range(len(lines)):
        if length[line]:
            starts.setdefault(words[first[line]], []).append(line)
    size = len(words)
    tails = [
        lines[found.line[i]][found.end[i] : found.start[i + 1]]
        if i + 1 < size and found.line[i + 1] == found.line[i]
        else lines[found.line[i]][found.end[i] :]
        for i in range(size)
    ]
    label = [line.rstrip().endswith(":") and 0 < length[i] <= 6 for i, line in enumerate(lines)]
    return Source(lines, number, words, found.line, tails, first, length, label, grams, starts)


class Alignment:
    """The words of a reply, and for each the word of the original that it repeats, or NOT_OURS."""

    def __init__(self, body: Body) -> None:
        self.body = body
        self.words: Words = words_of(body.lines)
        self.places: list[int] = [NOT_OURS] * len(self.words.words)
        self.taken: list[bool] = [False] * len(self.words.words)

    # ------------------------------------------------------------------------------------------ small questions

    def begins_line(self, at: int) -> bool:
        """Whether the word is the first of its line."""
        return at == 0 or self.words.line[at - 1] != self.words.line[at]

    def ends_line(self, at: int) -> bool:
        """Whether the word is the last of its line."""
        return at + 1 >= len(self.words.line) or self.words.line[at + 1] != self.words.line[at]

    def colon_behind(self, at: int) -> bool:
        """Whether a colon stands behind the word, perhaps after closing emphasis."""
        line = self.body.lines[self.words.line[at]]
        return line[self.words.end[at] : self.words.end[at] + 6].lstrip("*_`) ").startswith((":", "\uff1a"))

    def marked(self, at: int) -> bool:
        """Whether the word stands in a line that the client marked as quoted."""
        return self.body.depths[self.words.line[at]] > 0

    # -------------------------------------------------------------------------------------------------- matching

    def match(self, source: Source, zone: int) -> tuple[list[int], int]:
        """Match one original against the words not yet taken: the place of each word, and how many were found.

        `zone` is the word at which the quotation begins as far as attribution lines and marks tell (the number of
        words where they tell nothing).
        """
        places = [NOT_OURS] * len(self.places)
        numbers = source.number
        ids = [
            NOT_OURS if taken else numbers.get(word, NOT_OURS)
            for word, taken in zip(self.words.words, self.taken, strict=True)
        ]
        blocks = [kept for block in _blocks(ids, source) if (kept := self._tidy(block, source)) is not None]
        if len(blocks) > MAX_BLOCKS:
            blocks = sorted(sorted(blocks, key=lambda block: -block.size)[:MAX_BLOCKS], key=lambda block: block.at)
        chains = self._chains(blocks, source, zone)
        for chain in chains:
            for block in chain:
                for step in range(block.size):
                    places[block.at + step] = block.of + step
        self._drop_weak_lines(places, source)
        self._fill(places, ids, source, zone)
        self._mend(places, ids, source)
        return places, sum(place != NOT_OURS for place in places)

    def _tidy(self, block: Block, source: Source) -> Block | None:
        """Give back words at both ends of a run that agree by chance: half labels, a word or two of a longer line."""
        at, of, size = block.at, block.of, block.size
        while size:
            end = of + size - 1
            line = source.line[end]
            first, length = source.first[line], source.length[line]
            piece = end - max(first, of) + 1
            complete = end == first + length - 1
            if complete and first >= of:
                if source.label[line] and not self.colon_behind(at + size - 1):
                    size -= piece
                    continue
                if piece <= 2 and not source.label[line] and piece < size and not self.ends_line(at + size - 1):
                    size -= piece
                    continue
            elif not complete and first > of and piece < 4 and piece * 3 < length * 2:
                size -= piece
                continue
            break
        while size:
            line = source.line[of]
            first, length = source.first[line], source.length[line]
            piece = min(first + length, of + size) - of
            complete = of == first and piece == length
            if complete and piece < size:
                if source.label[line] and not self.colon_behind(at + piece - 1):
                    at, of, size = at + piece, of + piece, size - piece
                    continue
                if piece <= 2 and not source.label[line] and not self.begins_line(at):
                    at, of, size = at + piece, of + piece, size - piece
                    continue
            elif of != first and piece < size and piece < 4 and piece * 3 < length * 2:
                at, of, size = at + piece, of + piece, size - piece
                continue
            break
        return Block(at, of, size) if size else None

    def _firm(self, block: Block, source: Source) -> bool:
        """Whether a run is too much to have been typed by chance: eight words, a whole line of four, two lines."""
        if block.size >= FIRM or self.marked(block.at):
            return True
        whole = 0
        end = block.of + block.size
        line = source.line[block.of]
        last = source.line[end - 1]
        while line <= last:
            length = source.length[line]
            if length and source.first[line] >= block.of and source.first[line] + length <= end:
                if length >= 4 and self.begins_line(block.at + source.first[line] - block.of):
                    return True
                whole += not source.label[line]
            line += 1
        return whole >= 2 and block.size >= 4

    def _chains(self, blocks: list[Block], source: Source, zone: int) -> list[list[Block]]:
        """The quotation, and further copies of it before and behind."""
        chains: list[list[Block]] = []
        spans = [blocks]
        while spans and len(chains) < MAX_COPIES:
            span = spans.pop(0)
            chain = _heaviest(span, len(source.words))
            if not chain or not any(self._firm(block, source) for block in chain):
                continue
            weight = sum(block.size for block in chain)
            if chains and not self._is_copy(chain, weight, source, zone):
                continue
            chains.append(chain)
            begin, end = chain[0].at, chain[-1].at + chain[-1].size
            before = [block for block in span if block.at + block.size <= begin]
            behind = [block for block in span if block.at >= end]
            spans.extend(part for part in (before, behind) if part)
        return chains

    def _is_copy(self, chain: list[Block], weight: int, source: Source, zone: int) -> bool:
        """Whether a further chain is quoted once more, and not a person's own words that repeat ours."""
        if chain[0].at >= zone or self.marked(chain[0].at):
            return weight >= 4
        return weight >= 40 or (weight >= 12 and weight * 2 >= len(source.words))

    def _drop_weak_lines(self, places: list[int], source: Source) -> None:
        """A line of ours of which less than half is there was not edited but replaced: all its words are theirs."""
        found: dict[int, list[int]] = {}
        line_of = source.line
        for at, place in enumerate(places):
            if place != NOT_OURS:
                line = line_of[place]
                if line in found:
                    found[line].append(at)
                else:
                    found[line] = [at]
        for line, ats in found.items():
            if len(ats) * 2 >= source.length[line] or len(ats) >= FIRM:
                continue
            # A run that goes on into the lines before or behind was cut there by a deletion, not typed.
            if self._goes_on(places, ats[0], source) or self._goes_on(places, ats[-1], source):
                continue
            for at in ats:
                places[at] = NOT_OURS

    def _goes_on(self, places: list[int], at: int, source: Source) -> bool:
        for other in (at - 1, at + 1):
            if 0 <= other < len(places) and places[other] != NOT_OURS:
                near = places[other] - places[at] == other - at
                if near and source.line[places[other]] != source.line[places[at]]:
                    return True
        return False

    # --------------------------------------------------------------------------------------------------- filling

    def _fill(self, places: list[int], ids: list[int], source: Source, zone: int) -> None:
        """Find whole short lines of the original (labels, names) in what is left between the runs."""
        size, total = len(places), len(source.words)
        edges: list[tuple[int, int]] = [(at, place) for at, place in enumerate(places) if place != NOT_OURS]
        if not edges:
            if zone < size:
                self._fill_gap(places, ids, source, (zone, size), (0, total))
            return
        first_at, first_of = edges[0]
        if zone < first_at:
            self._fill_gap(places, ids, source, (zone, first_at), (0, first_of))
        for (at, of), (next_at, next_of) in pairwise(edges):
            if next_at - at > 1 and next_of - of > 1:
                self._fill_gap(places, ids, source, (at + 1, next_at), (of + 1, next_of))
        last_at, last_of = edges[-1]
        if last_at + 1 < size and last_of + 1 < total:
            self._fill_gap(places, ids, source, (last_at + 1, size), (last_of + 1, total))

    def _mend(self, places: list[int], ids: list[int], source: Source) -> None:
        """In a line of ours that a person edited, words beside the edit are ours where the line goes on behind it."""
        edges = [(at, place) for at, place in enumerate(places) if place != NOT_OURS]
        for before, behind in pairwise(edges):
            (at, of), (next_at, next_of) = before, behind
            if next_at - at < 2 or next_of - of < 2 or source.line[of + 1] != source.line[next_of]:
                continue
            while at + 1 < next_at and of + 1 < next_of and ids[at + 1] == source.words[of + 1]:
                at, of = at + 1, of + 1
                places[at] = of
            while next_at - 1 > at and next_of - 1 > of and ids[next_at - 1] == source.words[next_of - 1]:
                next_at, next_of = next_at - 1, next_of - 1
                places[next_at] = next_of

    def _fill_gap(
        self, places: list[int], ids: list[int], source: Source, reply: tuple[int, int], original: tuple[int, int]
    ) -> None:
        pairs: list[Block] = []
        for at in range(*reply):
            lines = source.starts.get(ids[at]) if ids[at] != NOT_OURS else None
            if lines is None:
                continue
            begin = bisect_left(lines, source.line[original[0]])
            for line in lines[begin : begin + MAX_CANDIDATES]:
                of, length = source.first[line], source.length[line]
                if length > MAX_SHORT_LINE or of < original[0] or of + length > original[1] or at + length > reply[1]:
                    continue
                if ids[at : at + length] == source.words[of : of + length] and self._is_line(at, length, source, line):
                    pairs.append(Block(at, of, length))
        for block in _heaviest(pairs, len(source.words)):
            for step in range(block.size):
                places[block.at + step] = block.of + step

    def _is_line(self, at: int, length: int, source: Source, line: int) -> bool:
        """Whether these words of the reply are that line of the original, and not the same words typed."""
        if source.label[line]:
            return self.colon_behind(at + length - 1)
        # A person answers behind a numbered line as behind a label: "3. Roadmap keep".
        return self.begins_line(at) and (self.ends_line(at + length - 1) or bool(NUMBERED.match(source.lines[line])))


def _blocks(ids: list[int], source: Source) -> list[Block]:
    """The runs of at least three words that stand in the original, none overlapping another in the reply."""
    found: list[Block] = []
    words, grams = source.words, source.grams
    size, total = len(ids), len(words)
    at = done = expected = 0
    while at <= size - GRAM:
        if ids[at + 2] < 0:
            at += 3
            continue
        if ids[at + 1] < 0:
            at += 2
            continue
        places = grams.get((ids[at], ids[at + 1], ids[at + 2])) if ids[at] >= 0 else None
        if places is None:
            at += 1
            continue
        best = Block(at, 0, 0)
        near = bisect_left(places, expected)
        for index in {near, near + 1, 0}:
            if index >= len(places):
                continue
            of = places[index]
            length = GRAM
            while at + length < size and of + length < total and ids[at + length] == words[of + length]:
                length += 1
            if length > best.size or (length == best.size and abs(of - expected) < abs(best.of - expected)):
                best = Block(at, of, length)
        while best.at > done and best.of > 0 and ids[best.at - 1] == words[best.of - 1]:
            best.at -= 1
            best.of -= 1
            best.size += 1
        found.append(best)
        at = done = best.at + best.size
        expected = best.of + best.size
    return found


def _heaviest(blocks: Sequence[Block], total: int) -> list[Block]:
    """The heaviest chain of runs that keeps the order of the original (weighted LIS over a Fenwick tree of maxima)."""
    if len(blocks) <= 1:
        return list(blocks)
    tree: list[tuple[int, int]] = [(0, -1)] * (total + 2)
    weights: list[int] = []
    before: list[int] = []
    best = (0, -1)
    pending: list[tuple[int, int, int]] = []
    for index, block in enumerate(blocks):
        # Runs that share a word of the reply cannot both stand: a run enters the tree once the reply is past it.
        still: list[tuple[int, int, int]] = []
        for entry in pending:
            if entry[0] <= block.at:
                _raise_tree(tree, entry[1], (weights[entry[2]], entry[2]))
            else:
                still.append(entry)
        pending = still
        weight, previous = 0, -1
        place = block.of
        while place > 0:
            if tree[place][0] > weight:
                weight, previous = tree[place]
            place -= place & -place
        weights.append(weight + block.size)
        before.append(previous)
        if weights[index] > best[0]:
            best = (weights[index], index)
        pending.append((block.at + block.size, block.of + block.size, index))
    chain: list[Block] = []
    index = best[1]
    while index >= 0:
        chain.append(blocks[index])
        index = before[index]
    chain.reverse()
    return chain


def _raise_tree(tree: list[tuple[int, int]], place: int, value: tuple[int, int]) -> None:
    while place < len(tree):
        if tree[place][0] < value[0]:
            tree[place] = value
        place += place & -place
