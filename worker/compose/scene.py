"""What one letter is made in: the pair as its reader may see it, the reader's language and zone, and the numbers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from urllib.parse import quote

from worker.compose.environment import Shelf
from worker.compose.letter import Letter
from worker.compose.plain import BRIEF_LENGTH, BRIEF_LINES, cut, lines_of, name_line, one_line
from worker.compose.views import Item, Numbers, Tap
from worker.compose.words import Words, zone
from worker.model import ActionItem, Applied, Pair, PairMail, Person, Progress, Topic
from worker.privacy import seen_by
from worker.tokens import reply_address

LIST_LIMIT = 7
_TAP_LIMIT = 900
_SAFE_IN_MAILTO = "-._~!$'()*,:@"


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that a kind's builder works with. `pair` went through `seen_by`: nothing else reaches a template."""

    letter: Letter
    words: Words
    shelf: Shelf
    pair: Pair | None
    numbers: Numbers = field(default_factory=Numbers)
    choices: list[datetime] = field(default_factory=list)
    asked: list[tuple[str, int]] = field(default_factory=list)

    @property
    def is_manager(self) -> bool:
        """Whether the reader is the manager of the pair."""
        return self.letter.reader.email == self.letter.manager.email

    @property
    def other(self) -> Person:
        """The other person of the pair."""
        if not self.is_manager:
            return self.letter.manager
        if self.letter.person is not None:
            return self.letter.person
        if self.pair is not None:
            return Person(self.pair.key.person, self.pair.person_name)
        return self.letter.manager

    @property
    def reaches_other(self) -> bool:
        """Whether the other person gets mail about this pair at all."""
        both = self.pair is None or self.pair.mail is PairMail.BOTH
        return both and not self.letter.detail("other-gets-none")

    @property
    def other_name(self) -> str:
        """What the other person is called."""
        return first_name(self.other)

    @property
    def address(self) -> str:
        """The address that an answer goes to, with this mail's token."""
        return reply_address(self.letter.sender.address, self.letter.sender.separator, self.letter.token)

    def name(self, address: str) -> str:
        """Return what the person with this address is called in this mail."""
        known = (self.letter.manager, self.letter.person, self.letter.reader, *self.letter.people)
        for person in known:
            if person is not None and person.owns(address):
                return first_name(person)
        return name_line(address)

    def heading(self, key: str, words: str) -> str:
        """Return the heading of a part: an organisation's own, else ours in the reader's language."""
        own = self.shelf.headings.get(self.words.language, {}).get(key)
        return name_line(own) if own else words

    def tap(self, label: str, body: str, subject: str) -> Tap:
        """Return a one-tap answer as RFC 6068 has it: line breaks are %0D%0A, spaces %20."""
        return Tap(label, mailto(self.address, subject, body))

    # -- items

    def promise(self, item: ActionItem) -> Item:
        """Return an action item with its number, owner, due date and age, and whether the other has not seen it yet."""
        unseen = self.is_manager and item.author == self.letter.reader.email and item.shared is None
        marked = self.words.t("not shared") if unseen else ""
        facts = self.words.facts((self.words.due(item.due), self.words.age(item.at), marked))
        return self.brief(item.text, number=self.numbers.of(item.id), who=self.name(item.owner), facts=facts)

    def topic(self, topic: Topic) -> Item:
        """Return a topic with its number, in its author's own words, and how often it was carried."""
        # The report's words stand by themselves; whose the others are is said.
        author = "" if self._by_person(topic.author) else self.name(topic.author)
        carried = ""
        if topic.carried > 0 and topic.first_on is not None:
            since = self.words.plain_day(topic.first_on)
            carried = self.words.n(
                "carried {n} time since {day}", "carried {n} times since {day}", topic.carried, day=since
            )
        item = self.brief(topic.text, number=self.numbers.of(topic.id), facts=carried)
        if not author:
            return item
        author = self.words.fenced(author)
        if item.more:
            return replace(item, more=(*item.more[:-1], f"{item.more[-1]} ({author})"))
        return replace(item, text=f"{item.text} ({author})")

    def item(self, text: str, *, number: int = 0, who: str = "", facts: str = "") -> Item:
        """Return words of a person word for word as a list item: their lines stay lines, further ones set in."""
        lines = [one_line(line) for line in lines_of(text) if line.strip()] or [""]
        facts = self.words.behind(lines[-1], facts)
        return self.row(lines[0], number=number, who=name_line(who), facts=facts, more=tuple(lines[1:]))

    def row(self, text: str, *, number: int = 0, who: str = "", facts: str = "", more: tuple[str, ...] = ()) -> Item:
        """Return a list item of finished words: who it is about or what it answers, then what is said."""
        return Item(text, number, self.words.fenced(who), facts, more, self.words.colon)

    def progressed(self, item: Item, steps: Iterable[Progress]) -> Item:
        """Return an item with steps of progress as further lines, its day before each."""
        more: list[str] = []
        for step in steps:
            said = self.item(step.text)
            more += [self.words.t("{day}: {text}", day=self.words.plain_day(step.at), text=said.text), *said.more]
        return replace(item, more=(*item.more, *more))

    def brief(self, text: str, *, number: int = 0, who: str = "", facts: str = "") -> Item:
        """Return words of a person as a list item that reminds of them: long ones are cut, with an ellipsis."""
        whole = self.item(text, number=number, who=who, facts=facts)
        if not whole.more and len(whole.text) <= BRIEF_LENGTH:
            return whole
        more = [cut(line, BRIEF_LENGTH) for line in whole.more[: BRIEF_LINES - 1]]
        if len(whole.more) >= BRIEF_LINES:
            more[-1] = cut(more[-1], BRIEF_LENGTH - 2) + " …"
        return replace(whole, text=cut(whole.text, BRIEF_LENGTH), more=tuple(more))

    def _by_person(self, author: str) -> bool:
        return self.pair is not None and author == self.pair.key.person

    def limited(self, items: list[Item], total: int) -> tuple[tuple[Item, ...], str]:
        """Return the items and the line that says how many more there are and how to see them."""
        left = total - len(items)
        if left <= 0:
            return tuple(items), ""
        # `open` is a manager's command; a report has `history`.
        if self.is_manager:
            return tuple(items), self.words.t("and {n} more: reply `open`", n=left)
        return tuple(items), self.words.t("and {n} more: reply `history`", n=left)

    def applied(self) -> Applied | None:
        """Return the record of the mail that this one answers."""
        cause = self.letter.action.cause
        if self.letter.applied is not None:
            return self.letter.applied
        records = self.pair.applied if self.pair else ()
        return next((one for one in reversed(records) if one.message_id == cause), None)


def first_name(person: Person) -> str:
    """Return what a person is called, fit for a line and a subject."""
    return name_line(person.first_name, 40) or name_line(person.email, 40)


def mailto(address: str, subject: str, body: str) -> str:
    """Return a mailto: link under 900 characters; a subject that would not fit is left out."""
    text = quote(body.replace("\n", "\r\n"), safe=_SAFE_IN_MAILTO)
    link = f"mailto:{quote(address, safe=_SAFE_IN_MAILTO)}?subject={quote(subject, safe=_SAFE_IN_MAILTO)}&body={text}"
    if len(link) < _TAP_LIMIT:
        return link
    return f"mailto:{quote(address, safe=_SAFE_IN_MAILTO)}?body={text}"


def scene_of(letter: Letter, shelf: Shelf) -> Scene:
    """Return the scene of a letter. This is where the pair is reduced to what the reader may see."""
    reader = letter.reader
    language = shelf.language(reader.language, letter.policy.language)
    words = Words(
        language=language,
        zone=zone(reader.timezone, letter.policy.timezone),
        now=letter.now,
        catalogue=shelf.catalogue(language),
    )
    pair = seen_by(letter.pair, reader.email) if letter.pair is not None else None
    return Scene(letter, words, shelf, pair)


def scene_with(scene: Scene, pair: Pair) -> Scene:
    """Return the scene of one of the pairs that a mail about several speaks of, reduced to what its reader may see."""
    letter = scene.letter
    reader = letter.reader
    others = {person.email: person for person in letter.people}
    manager = others.get(pair.key.manager) or Person(pair.key.manager, pair.manager_name)
    person = others.get(pair.key.person) or Person(pair.key.person, pair.person_name)
    leads = reader.email == pair.key.manager
    own = replace(
        letter, pair=pair, manager=reader if leads else manager, person=person if leads else reader, meeting=None
    )
    return replace(scene, letter=own, pair=seen_by(pair, reader.email))


def part_scenes(scene: Scene) -> tuple[Scene, ...]:
    """Return the scenes of a joined mail's parts: each sees its own pair, all give out one sequence of numbers."""
    return tuple(
        replace(scene_of(part, scene.shelf), numbers=scene.numbers, choices=scene.choices)
        for part in scene.letter.parts
    )


def due_first(items: Iterable[ActionItem]) -> list[ActionItem]:
    """Return open promises, the earliest due first and those without a day last."""
    return sorted(items, key=lambda item: (item.due or date.max, item.at, item.id))
