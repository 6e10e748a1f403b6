"""First words: the welcome to a manager, and the introduction in a report's first mail."""

from __future__ import annotations

from worker.compose.heads import Built, Head, preheader, why_manager
from worker.compose.plain import name_line
from worker.compose.scene import Scene
from worker.compose.views import Item, Tap, Welcome
from worker.model import MeetingStatus, Pair

_TAPS = 5


def build(scene: Scene) -> Built:
    """Return the one mail that lists the people found and asks whom to start with."""
    words, letter = scene.words, scene.letter
    pairs = _listed(scene)
    people = tuple(_person(scene, pair) for pair in pairs)
    again = letter.action.variant == "again"
    found = words.n("{n} person found.", "{n} people found.", len(pairs))
    first = words.n("Your calendar has 1:1s with {n} person.", "Your calendar has 1:1s with {n} people.", len(pairs))
    second = (
        words.t("This is the second and last time that I ask.")
        if again
        else words.t("Nobody but you has been written to.")
    )
    head = Head(
        subject=words.t("Your 1:1s: whom to start with"),
        preheader=preheader(found, words.t("Nobody but you has been written to.")),
        title=words.t("Whom shall I start with?"),
        lead=(first, second),
        why=why_manager(scene),
    )
    no_reply = (
        words.t("No reply: nothing happens, and I do not ask again.")
        if again
        else words.t("No reply: nothing happens. I ask once more in a week, then no longer.")
    )
    called_so = [called(scene, pair) for pair in pairs]
    names = _distinct(called_so)
    return head, Welcome(people, _answers(scene, names, called_so), no_reply, about_manager(scene), _taps(scene, names))


def _listed(scene: Scene) -> list[Pair]:
    """Return the pairs in the order of the action's people, else as they come."""
    pairs = list(scene.letter.pairs)
    about = list(scene.letter.action.about)
    order = {name: place for place, name in enumerate(about)}
    known = [pair for pair in pairs if not order or pair.key.person in order or str(pair.key) in order]
    return sorted(known, key=lambda pair: order.get(pair.key.person, order.get(str(pair.key), 0)))


def _person(scene: Scene, pair: Pair) -> Item:
    words = scene.words
    scene.numbers.of(pair.key.person)
    coming = [one for one in pair.meetings if one.start > scene.letter.now and one.status is MeetingStatus.PLANNED]
    upcoming = min(coming, key=lambda one: one.start, default=None)
    full = next((one.full_name for one in scene.letter.people if one.owns(pair.key.person)), pair.person_name)
    named = words.fenced(name_line(full or pair.key.person))
    facts = words.t("next {moment}", moment=words.moment(upcoming.start)) if upcoming else ""
    text = named if named == pair.key.person else f"{named}, {pair.key.person}"
    return Item(text, len(scene.numbers.ids), facts=facts)


def called(scene: Scene, pair: Pair) -> str:
    """Return what the person of a pair is called, from the letter's people or the calendar."""
    known = scene.name(pair.key.person)
    if known != pair.key.person:
        return known
    return name_line(pair.person_name.split()[0], 40) if pair.person_name.split() else pair.key.person.partition("@")[0]


def _distinct(names: list[str]) -> list[str]:
    """Return what each person can be called in an answer: the number of the list where two share a name."""
    return [name if names.count(name) == 1 else str(place) for place, name in enumerate(names, 1)]


def _answers(scene: Scene, typed: list[str], called_so: list[str]) -> tuple[Item, ...]:
    """Return what can be answered: `typed` is what each person is called in an answer, which may be a number."""
    t = scene.words.t
    names = list(zip(typed, called_so, strict=True)) or [("Ana", "Ana")]
    first, second, third = (names[min(place, len(names) - 1)] for place in range(3))
    rows = (
        (t("yes {name}", name=first[0]), t("you and {name} both get mail", name=first[1])),
        (t("me {name}", name=first[0]), t("only you get mail about {name}", name=first[1])),
        (t("no {name}", name=second[0]), t("nobody gets mail")),
        (
            t("yes {name} skip-level", name=third[0]),
            t("for somebody whose manager reports to you; `peer` for a colleague"),
        ),
        (t("yes all"), t("everybody on this list")),
    )
    return tuple(scene.row(meaning, who=f"`{words}`") for words, meaning in rows)


def _taps(scene: Scene, names: list[str]) -> tuple[Tap, ...]:
    t = scene.words.t
    own = t("Your 1:1s: whom to start with")
    everybody = scene.tap(t("yes all"), t("yes all"), own)
    if len(names) >= _TAPS:
        return (everybody,)
    # A number, because a name may be long and two people may share it.
    taps = [
        scene.tap(t("yes {name}", name=name), t("yes {name}", name=place), own) for place, name in enumerate(names, 1)
    ]
    return (*taps, everybody) if len(names) > 1 else tuple(taps)


def about_manager(scene: Scene) -> tuple[str, ...]:
    """Return what a manager should know before the first `yes`, or from their first mail on.

    Retention, counts and HR are told as they are configured.
    """
    words, letter = scene.words, scene.letter
    shared, private = letter.kept_for
    lines = [
        words.t("I am a program. {who} set me up.", who=name_line(letter.set_up_by))
        if letter.set_up_by
        else words.t("I am a program, set up by your organisation."),
        words.t("Before each 1:1 I mail an agenda made of your notes; after it I ask you for one line."),
        words.t(
            "What you can tell your people: “A program mails us both an agenda and keeps what we agree. "
            "Your topics come first, and you can say stop.”"
        ),
        words.t("I read your calendar and the mails that are sent to me, nothing else."),
        words.t("I store the 1:1s, notes, topics and promises, and nothing of other meetings."),
        words.t(
            "What is shared is kept for {shared}, your private notes for {private}.",
            shared=span(scene, shared),
            private=span(scene, private),
        ),
    ]
    lines += _place(scene)
    lines.append(
        words.t("{who} gets counts of your 1:1s, never content.", who=name_line(letter.counts_to))
        if letter.counts_to
        else words.t("Nobody gets counts of your 1:1s.")
    )
    if letter.policy.hr:
        lines.append(
            words.t("{address} gets copies after reviews; each mail says so.", address=name_line(letter.policy.hr))
        )
    lines.append(
        words.t(
            "The administrator can reach what is stored, and a person may ask by law to see what is kept about them."
        )
    )
    return tuple(lines)


def span(scene: Scene, length: str) -> str:
    """Return a configured duration (`24 months`) in the reader's language."""
    count, _, unit = length.strip().partition(" ")
    if not count.isdigit():
        return length
    amount = int(count)
    words = scene.words
    return {
        "day": words.n("{n} day", "{n} days", amount),
        "week": words.n("{n} week", "{n} weeks", amount),
        "month": words.n("{n} month", "{n} months", amount),
        "year": words.n("{n} year", "{n} years", amount),
    }.get(unit.rstrip("s"), length)


def introduction(scene: Scene, pair: Pair) -> tuple[str, ...]:
    """Return what a report should know before their first answer."""
    words, letter = scene.words, scene.letter
    name = scene.other_name
    shared, private = letter.kept_for
    asked = (
        words.t("{name} asked for this on {day}.", name=name, day=words.plain_day(pair.started_at))
        if pair.started_at
        else words.t("{name} asked for this.", name=name)
    )
    lines = [
        words.t("{asked} I am a program: there is no password and nothing to click.", asked=asked),
        words.t("Your words go to {name} as you write them, and to nobody else.", name=name)
        if not letter.policy.hr
        else words.t("Your words go to {name} as you write them.", name=name),
        words.t("A line that starts with `private:` stays yours."),
        words.t("Before the 1:1 you get the agenda, after it the notes that {name} shares.", name=name),
        words.t("{name} may keep notes of their own. No sound is recorded, nothing is transcribed.", name=name),
        words.t(
            "What is shared is kept for {shared}, your private lines for {private}.",
            shared=span(scene, shared),
            private=span(scene, private),
        ),
    ]
    lines += _place(scene)
    if letter.counts_to:
        lines.append(words.t("{who} gets counts of these 1:1s, never content.", who=name_line(letter.counts_to)))
    if letter.policy.hr:
        lines.append(
            words.t("{address} gets copies after reviews; each mail says so.", address=name_line(letter.policy.hr))
        )
    lines.append(
        words.t("The administrator can reach what is stored; {name} or you may ask by law to see it.", name=name)
    )
    lines.append(words.t("`history` shows you all that you may see. `stop` ends these mails."))
    return tuple(lines)


def _place(scene: Scene) -> list[str]:
    """Return where everything is kept, as people are told it: never a path or a host."""
    words = scene.words
    if scene.letter.stored_in == "database":
        return [words.t("It is stored in a database of the organisation that runs this program.")]
    if scene.letter.stored_in == "files":
        return [words.t("It is stored in files on the computer that runs this program.")]
    return []
