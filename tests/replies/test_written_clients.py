"""Every client of the simulator x every style of answering x every rendering x four languages: word for word."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

import pytest

from tests.replies.clients import CLIENTS, SHAPES, Answer, Client, reply
from tests.replies.sent import LABELS, Sent, follow_up, real_follow_up
from worker.replies.mime import read as read_mail
from worker.replies.written import Original, Written, read

VALUES = {
    "en": (
        "in two weeks",
        "The launch went well\n- Sam was great",
        "ok",
        "Alex: needs a second reviewer",
        "Feedback from Sam: speak up more",
        "carry over the Q3 plan",
        "Alex sends the Q3 plan by Friday",
        "tired lately, 10:30 is too late",
    ),
    "de": (
        "in zwei Wochen",
        "Der Start lief gut\n- Sam war großartig",
        "ok",
        "Alex: braucht einen zweiten Prüfer",
        "Feedback von Sam: öfter zu Wort melden",
        "Q3-Plan mitnehmen",
        "Alex schickt den Q3-Plan bis Freitag",
        "müde, 10:30 ist zu spät",
    ),
    "fr": (
        "dans deux semaines",
        "Le lancement s’est bien passé\n- Sam super",
        "ok",
        "Alex : un second relecteur",
        "Feedback de Sam : parler plus",
        "reprendre le plan du T3",
        "Alex envoie le plan du T3 vendredi",
        "fatiguée, 10:30 trop tard",
    ),
    "es": (
        "en dos semanas",
        "El lanzamiento fue bien\n- Sam genial",
        "ok",
        "Alex: un segundo revisor",
        "Comentarios de Sam: hablar más",
        "llevar el plan del T3",
        "Alex envía el plan del T3 el viernes",
        "cansada, 10:30 es tarde",
    ),
}


def styles(sent: Sent) -> Iterator[tuple[str, Answer]]:
    """The ways in which people answer a form."""
    values = VALUES[sent.language]
    every = dict(zip(sent.labels, values, strict=True))
    two = {sent.labels[at]: values[at] for at in (0, 4)}
    others = {sent.labels[at]: values[at] for at in (3, 7)}
    yield "free text on top", Answer(top=f"{values[0]}. {values[6]}.\n\n{values[1]}")
    yield "words of ours on top", Answer(top="ok\nAlex")
    yield "free text and signature", Answer(top=values[0], signature="Dana Kim\nHead of Sales\n+1 555 0100")
    yield "labels on top", Answer(top="\n".join(f"{label} {value}" for label, value in every.items()))
    yield "on the label's line", Answer(labels=every)
    yield "on the line below", Answer(labels=every, on_line=False)
    yield "two on the line", Answer(labels=two)
    yield "two below", Answer(labels=others, on_line=False)
    yield "above and inside", Answer(top=values[6], labels=others)
    yield "label above, others inside", Answer(top=f"{sent.labels[0]} {values[0]}", labels=others, on_line=False)
    yield "below the quotation", Answer(bottom=f"{values[0]}\n{values[6]}")
    yield "sent back empty", Answer()


STYLES = [name for name, _ in styles(follow_up("en"))]


def plain_words(text: str) -> str:
    """Words as they are compared: clients change apostrophes and spaces."""
    return " ".join(text.replace("’", "'").split())


def found(written: Written, *, posted_below: bool) -> tuple[str, dict[str, str], str]:
    """What was read: above, under each label, below."""
    above, below = [], []
    labels: dict[str, list[str]] = defaultdict(list)
    for segment in written.segments:
        if segment.where == "above":
            above.append(segment.text)
        elif segment.where == "below" and posted_below:
            below.append(segment.text)
        else:
            assert segment.after is not None
            labels[written.original_lines[segment.after].strip()].append(segment.text)
    joined = {label: plain_words(" ".join(texts)) for label, texts in labels.items()}
    return plain_words(" ".join(above)), joined, plain_words(" ".join(below))


@pytest.mark.parametrize("language", LABELS)
@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("make", [follow_up, real_follow_up], ids=["made", "real"])
def test_every_word_is_found_at_its_place(
    client: Client, style: str, language: str, make: Callable[[str], Sent]
) -> None:
    """Not a word of the person is lost, not one of ours is taken for theirs, and each answer is under its label."""
    sent = make(language)
    answer = dict(styles(sent))[style]
    for shape in SHAPES if client.html else ("plain",):
        written = read(read_mail(reply(client, sent, answer, shape)), [Original(sent.text, sent.html)])
        above, labels, below = found(written, posted_below=bool(answer.bottom))
        assert above == plain_words(answer.top), shape
        assert labels == {plain_words(label): plain_words(value) for label, value in answer.labels.items()}, shape
        assert below == plain_words(answer.bottom), shape


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_answers_on_the_label_line_are_told_from_those_below(client: Client) -> None:
    """`same_line` says whether the words continue the label's own line."""
    sent = follow_up("en")
    for on_line in (True, False):
        answer = Answer(labels={sent.labels[0]: "in two weeks"}, on_line=on_line)
        written = read(read_mail(reply(client, sent, answer)), [Original(sent.text, sent.html)])
        assert [segment.same_line for segment in written.segments] == [on_line]
