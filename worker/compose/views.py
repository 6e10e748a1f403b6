"""What the templates get: finished words and numbers, nothing to look up and nothing to decide."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list: `who` stands before the words, `facts` in brackets after them, `more` are further lines.

    `number` is 0 where it cannot be answered by number; `mark` is the colon behind `who`, as the language sets it.
    """

    text: str
    number: int = 0
    who: str = ""
    facts: str = ""
    more: tuple[str, ...] = ()
    mark: str = ":"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands below it: `empty` where there is nothing, `rest` for what was left out.

    `typed` are words in backticks that can be written, each with what it does; `row` says that the words of the items
    are signs in a row, which must be of one width.
    """

    heading: str
    items: tuple[Item, ...] = ()
    notes: tuple[Item, ...] = ()
    prompts: tuple[str, ...] = ()
    empty: str = ""
    rest: str = ""
    typed: tuple[Item, ...] = ()
    row: bool = False


@dataclass(frozen=True, slots=True)
class Tap:
    """A one-tap answer: a mailto: link and the words on it."""

    label: str
    link: str


@dataclass(frozen=True, slots=True)
class Block:
    """Words under a heading of their own in a receipt or a recap, in the order in which they are sent."""

    heading: str
    items: tuple[Item, ...]
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """What every mail has: `lead` are its first lines, `why` the last one before the reference.

    `about` are the first words to a manager, in the first mail that they get.
    """

    kind: str
    subject: str
    preheader: str
    title: str
    lead: tuple[str, ...]
    why: str
    language: str
    direction: str
    ref: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Welcome:
    """The people found, the answers that can be given, and what a manager should know before the first `yes`."""

    people: tuple[Item, ...]
    answers: tuple[Item, ...]
    no_reply: str
    about: tuple[str, ...]
    taps: tuple[Tap, ...] = ()


@dataclass(frozen=True, slots=True)
class Topics:
    """The request for topics, with what is carried over; `about` is the introduction of a first mail."""

    ask: tuple[str, ...]
    owed: Section | None
    carried: Section | None
    about: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    taps: tuple[Tap, ...] = ()


@dataclass(frozen=True, slots=True)
class DayPart:
    """One 1:1 of a day that is told as one: its agenda, below a heading with time and name."""

    heading: str
    share: str
    notices: tuple[str, ...]
    sections: tuple[Section, ...]
    only_you: Section | None


@dataclass(frozen=True, slots=True)
class Agenda:
    """The five parts after what is owed, in order; `only_you` in the manager's copy alone."""

    sections: tuple[Section, ...]
    share: str = ""
    notices: tuple[str, ...] = ()
    how: str = ""
    only_you: Section | None = None
    meetings: tuple[DayPart, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """The follow-up form: `date` is the proposal or what the calendar holds, `labels` as contract and reader need."""

    date: str
    ask: tuple[str, ...]
    labels: tuple[str, ...]
    open_items: Section | None
    no_reply: str
    waiting: tuple[Item, ...] = ()
    taps: tuple[Tap, ...] = ()
    open_lists: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was understood and done, who gets what, and what was not understood."""

    done: tuple[str, ...] = ()
    date: str = ""
    date_notes: tuple[str, ...] = ()
    undo: str = ""
    gets: Block | None = None
    only_you: Block | None = None
    not_understood: Block | None = None
    lists: tuple[Section, ...] = ()
    people: tuple[tuple[str, Receipt], ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to settle, with numbered choices; it is the receipt of the rest too.

    `asked` is for a mail about several people: what is asked about each, with one sequence of numbers through all.
    """

    ask: tuple[str, ...]
    choices: tuple[Item, ...]
    how: str
    receipt: Receipt
    taps: tuple[Tap, ...] = ()
    asked: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Recap:
    """What was shared, word for word."""

    shared: Block
    date: str = ""
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Invitation:
    """A check-in that goes into another calendar: what, when, where, and what to do."""

    facts: tuple[Item, ...]
    how: str


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Feedback that comes back: restated, with the answers in three lines below `ask`."""

    feedback: tuple[Block, ...]
    answers: tuple[Item, ...]
    how: tuple[str, ...]
    taps: tuple[Tap, ...] = ()
    ask: str = ""


@dataclass(frozen=True, slots=True)
class Digest:
    """What is due and what slipped, why follow-ups were missed and what may help; upwards counts alone."""

    sections: tuple[Section, ...]
    counts: tuple[Item, ...] = ()
    causes: str = ""
    advice: str = ""
    how: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What happened, in one or two sentences, and the next step."""

    happened: tuple[str, ...]
    next_step: str = ""


View = Welcome | Topics | Agenda | Form | Receipt | Question | Recap | Invitation | CheckIn | Digest | Notice


@dataclass(slots=True)
class Numbers:
    """Gives out 1, 2, 3 … in the order of printing and remembers which id each meant; an id keeps its number."""

    ids: list[str] = field(default_factory=list)

    def of(self, item: str) -> int:
        """Return the number of this id, a new one where it has none yet."""
        if item not in self.ids:
            self.ids.append(item)
        return self.ids.index(item) + 1
