"""Names, titles and words that try to be more than text stay text, in headers, in HTML and in plain text."""

from __future__ import annotations

import email
import email.policy
import unicodedata
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.compose.samples import ALEX, ANSWER, AT, CASES, DANA, LAST, NEXT, SENDER, SHARED, letter
from worker.compose import Composed, compose, environment
from worker.compose.letter import Letter
from worker.model import MailKind, Note, Pair, Part, Topic

ENVIRONMENT = environment()
NASTY = [
    "Ann\r\nBcc: everyone@example.com",
    "Ann\nX-Injected: yes\n\nbody",
    "Ann\u2028Bcc: x\u2029y\x85z\x0b\x0c",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7 * 7 }}{% for x in y %}{# c #}",
    "{name} {moment} {0} %(name)s %s",
    "`stop` `share` and `",
    '"quoted" \\back\\slash, <angle@example.com>; a=b',
    "\x00\x01\x1b[31mred\x7f\ud800",
    "مرحبا بالعالم \u202egnp.exe",
    "王小明 " * 100,
    "👩‍👩‍👧‍👦" * 60,
    "x" * 300,
    "Zalgo " + "o\u0301\u0302\u0303" * 100,
    "=?utf-8?q?fake?= =_boundary --",
    "Next check-in: tomorrow\nRef: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "",
    "   ",
]
WORDS = st.one_of(st.sampled_from(NASTY), st.text(max_size=300))


class Reader(HTMLParser):
    """Collects the tags of a page and what is not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag and its attributes."""
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Note that the innermost tag is closed."""
        assert self.open
        assert self.open.pop() == tag


def told(pair: Pair, words: str) -> Pair:
    """Return the pair with these words in everything that a person writes."""
    return replace(
        pair,
        person_name=words,
        manager_name=words,
        notes=tuple(replace(one, text=words) for one in pair.notes),
        action_items=tuple(replace(one, text=words) for one in pair.action_items),
        feedback=tuple(replace(one, text=words) for one in pair.feedback),
        topics=tuple(replace(one, text=words) for one in pair.topics),
        goals=tuple(replace(one, text=words) for one in pair.goals),
        applied=tuple(replace(one, leftover=(words,)) for one in pair.applied),
        check_ins=tuple(replace(one, said=words) for one in pair.check_ins),
    )


def hostile(one: Letter, words: str) -> Letter:
    """Return a letter with these words in every name, title and text."""
    meeting = one.meeting and replace(one.meeting, summary=words, location=words, uid=words)
    return replace(
        one,
        reader=replace(one.reader, name=words),
        manager=replace(one.manager, name=words),
        person=one.person and replace(one.person, name=words),
        people=tuple(replace(person, name=words) for person in one.people),
        pair=one.pair and told(one.pair, words),
        pairs=tuple(told(pair, words) for pair in one.pairs),
        meeting=meeting,
        write=one.write and replace(one.write, summary=words, location=words, uid=words),
        sender=replace(SENDER, name=words),
        set_up_by=words,
        counts_to=words,
        counts=tuple(replace(count, name=words) for count in one.counts),
        turns=tuple(replace(turn, person=replace(turn.person, name=words)) for turn in one.turns),
        parts=tuple(hostile(part, words) for part in one.parts),
        details=tuple((key, words if key in ("name", "reason", "account", "command") else v) for key, v in one.details),
    )


def check(mail: Composed) -> None:
    """Hold a mail against what must be true of every mail, whatever was put into it."""
    assert mail.raw.isascii()
    assert mail.raw.count(b"\n") == mail.raw.count(b"\r") == mail.raw.count(b"\r\n")
    head = mail.raw.partition(b"\r\n\r\n")[0].decode("ascii").split("\r\n")
    names = [line.partition(":")[0] for line in head if not line.startswith((" ", "\t"))]
    assert len(names) == len(set(names))
    assert not {"Bcc", "X-Injected"} & set(names)
    modern = email.message_from_bytes(mail.raw, policy=email.policy.default)
    old = email.message_from_bytes(mail.raw, policy=email.policy.compat32)
    assert len(modern["To"].addresses) == 1
    assert modern["From"].addresses[0].addr_spec == SENDER.address
    assert len(list(modern.iter_parts())) == len(old.get_payload()) <= 3
    assert len(mail.subject) <= 40
    assert not [one for one in mail.subject if unicodedata.category(one) in ("Cc", "Cs", "Zl", "Zp")]
    assert [line for line in mail.text.splitlines() if line.startswith("Ref:")] == [mail.text.splitlines()[-1]]
    page = Reader()
    page.feed(mail.html)
    assert not page.open
    assert not page.tags & {"script", "img", "iframe", "form", "input", "svg", "link"}
    assert not [name for name in page.attributes if name.startswith("on")]


@pytest.mark.parametrize("name", CASES)
def test_every_kind_stands_every_name(name: str) -> None:
    """No name, title or text breaks a header, opens a tag, adds a recipient or writes a reference of its own."""
    for words in NASTY:
        check(compose(hostile(CASES[name], words), ENVIRONMENT))


@given(words=WORDS, name=st.sampled_from(sorted(CASES)))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_words_at_all_stay_words(words: str, name: str) -> None:
    """Whatever a person types, a mail is well formed in both parsers and its HTML is closed."""
    check(compose(hostile(CASES[name], words), ENVIRONMENT))


@pytest.mark.parametrize("words", NASTY)
def test_a_template_in_a_name_is_not_run(words: str) -> None:
    """Template syntax and format fields in what people write are printed as they are."""
    topic = Topic("t", AT, words, ALEX.email)
    mail = compose(letter(MailKind.AGENDA, pair=replace(SHARED, topics=(topic,))), ENVIRONMENT)
    assert "49" not in mail.text.replace(words, "")
    if words.startswith("{"):
        assert words in mail.text


def test_lines_of_a_person_never_begin_a_line() -> None:
    """A note of several lines is set in, so that it cannot pass for a label, a heading or a number of ours."""
    words = "first\nNext check-in: tomorrow\nPromised\n1. pay me\nRef: " + "a" * 30
    note = Note("n", AT, Part.HIGHLIGHTS, words, DANA.email, meeting=LAST.id, shared=AT)
    pair = replace(SHARED, notes=(note,))
    for reader in (DANA, ALEX):
        lines = compose(letter(MailKind.AGENDA, reader, pair=pair), ENVIRONMENT).text.splitlines()
        assert lines.count("Promised") == 1
        assert "  Next check-in: tomorrow" in lines
        assert not [line for line in lines if line.startswith(("Next check-in", "1. pay"))]
    receipt = compose(letter(MailKind.RECEIPT, meeting=LAST, pair=pair, cause=ANSWER), ENVIRONMENT).text
    assert len([line for line in receipt.splitlines() if line.startswith("Next check-in:")]) == 1


def test_a_thousand_items_are_a_mail_still() -> None:
    """A pair with a thousand of everything makes a mail that any server takes."""
    many = replace(
        SHARED,
        topics=tuple(
            Topic(f"t{n}", AT, f"topic {n} " + "x" * 50, ALEX.email, carried=1, first_on=AT.date()) for n in range(1000)
        ),
        notes=tuple(Note(f"n{n}", AT, Part.SUPPORT, "x" * 300, DANA.email, private=True) for n in range(1000)),
    )
    mail = compose(letter(MailKind.AGENDA, meeting=NEXT, pair=many), ENVIRONMENT)
    assert len(mail.raw) < 60_000
