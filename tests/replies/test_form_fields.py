"""Which field each piece of an answer goes to: labels, places, private lines, feedback, numbers, leftovers."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from tests.replies.forms import ALEX, BERLIN, DANA, acts_of, form, inside, items_of, next_of
from worker.model import Ask, AskReason, Part, Reply
from worker.replies.labels import Field, label, split


def notes(reply: Reply) -> list[tuple[str, str]]:
    """The notes as (part or "private", text)."""
    return [("private" if note.private else str(note.part), note.text) for note in reply.notes]


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("Next check-in: in two weeks", Field.NEXT, "in two weeks"),
        ("NEXT CHECK-IN : Friday", Field.NEXT, "Friday"),
        ("Next 1:1: Thursday", Field.NEXT, "Thursday"),
        ("*Highlights:* demo", Field.HIGHLIGHTS, "demo"),
        ("**Highlights**: demo", Field.HIGHLIGHTS, "demo"),
        ("## Highlights", Field.HIGHLIGHTS, ""),
        ("- Support: a designer", Field.SUPPORT, "a designer"),
        ("2. Priorities: the launch", Field.PRIORITIES, "the launch"),
        ("Support – a designer", Field.SUPPORT, "a designer"),
        ("Feedback (for Alex): clear", Field.FEEDBACK, "clear"),
        ("private: tired", Field.PRIVATE, "tired"),
        ("(private) tired", Field.PRIVATE, "tired"),
        ("privat - müde", Field.PRIVATE, "müde"),
        ("keep private: tired", Field.PRIVATE, "tired"),
        ("Nächster Termin: Freitag", Field.NEXT, "Freitag"),
        ("Erfolge: fertig", Field.HIGHLIGHTS, "fertig"),
        ("Prioritäten: Start", Field.PRIORITIES, "Start"),
        ("Unterstützung: Design", Field.SUPPORT, "Design"),
        ("Nachverfolgung: Start", Field.FOLLOW_UP, "Start"),
        ("Aufgaben: Plan", Field.ACTIONS, "Plan"),
        ("Private Notizen: müde", Field.PRIVATE, "müde"),
        ("Prochain point : vendredi", Field.NEXT, "vendredi"),
        ("Réussites : démo", Field.HIGHLIGHTS, "démo"),
        ("Priorités : lancement", Field.PRIORITIES, "lancement"),
        ("Soutien : design", Field.SUPPORT, "design"),
        ("Suivi : lancement", Field.FOLLOW_UP, "lancement"),
        ("Actions : plan", Field.ACTIONS, "plan"),
        ("Notes privées : fatigué", Field.PRIVATE, "fatigué"),
        ("Próxima reunión: viernes", Field.NEXT, "viernes"),
        ("Proxima reunion: viernes", Field.NEXT, "viernes"),
        ("Logros: demo", Field.HIGHLIGHTS, "demo"),
        ("Prioridades: lanzamiento", Field.PRIORITIES, "lanzamiento"),
        ("Apoyo: diseño", Field.SUPPORT, "diseño"),
        ("Comentarios: claro", Field.FEEDBACK, "claro"),
        ("Seguimiento: plan", Field.FOLLOW_UP, "plan"),
        ("Tareas: plan", Field.ACTIONS, "plan"),
        ("Notas privadas: cansado", Field.PRIVATE, "cansado"),
        ("Próxima reunião: sexta", Field.NEXT, "sexta"),
        ("Destaques: demo", Field.HIGHLIGHTS, "demo"),
        ("Ações: plano", Field.ACTIONS, "plano"),
        ("Prossimo incontro: venerdì", Field.NEXT, "venerdì"),
        ("Risultati: demo", Field.HIGHLIGHTS, "demo"),
        ("Note private: stanco", Field.PRIVATE, "stanco"),
        ("Volgende afspraak: vrijdag", Field.NEXT, "vrijdag"),
        ("Hoogtepunten: demo", Field.HIGHLIGHTS, "demo"),
        ("Actiepunten: plan", Field.ACTIONS, "plan"),
    ],
)
def test_labels_of_every_language(line: str, field: Field, value: str) -> None:
    """A label is known in any language, with numbers, bullets, bold marks, a hint in brackets, or a dash."""
    found = label(line)
    assert found is not None
    assert (found.field, line[found.value_at :].strip()) == (field, value)


@pytest.mark.parametrize(
    "line",
    [
        "The demo: ok",
        "support",
        "Follow up in two weeks",
        "next in two weeks",
        "Highlights of the week were few",
        "We need support - now",
        "Alex: the feedback",
        "10:30 Feedback",
        "",
        ":",
        "Feedback from Alex: clear",
    ],
)
def test_what_is_no_label(line: str) -> None:
    """Words of prose are no labels."""
    assert label(line) is None


def test_several_labels_on_a_line() -> None:
    """A phone that lost the line breaks loses no label."""
    line = "Next check-in: ok. Highlights: demo went fine. Action items: Alex: plan"
    assert split(line) == ["Next check-in: ok.", "Highlights: demo went fine.", "Action items: Alex: plan"]


def test_values_behind_and_below_labels() -> None:
    """A value stands behind the label, or on the lines below it, up to the next label; the label is kept as written."""
    reply = form("Highlights: shipped it\nand more\nPriorities:\n- launch\n- hiring\n\nSupport: a designer")
    assert notes(reply) == [
        ("highlights", "shipped it\nand more"),
        ("priorities", "- launch\n- hiring"),
        ("support", "a designer"),
    ]
    assert [note.label for note in reply.notes] == ["Highlights", "Priorities", "Support"]


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("Support: needs rest (private)", [("private", "needs rest")]),
        ("Support: needs rest (private).\nsoon", [("private", "needs rest\nsoon")]),
        ("Support (private): needs rest", [("private", "needs rest")]),
        ("Feedback (confidential): talks over people", [("private", "talks over people")]),
        ("Unterstützung: braucht Ruhe (privat)", [("private", "braucht Ruhe")]),
        (
            "Highlights:\n- shipped it\n- a raise is due (private)\n- two hires",
            [("highlights", "- shipped it"), ("private", "- a raise is due"), ("highlights", "- two hires")],
        ),
        ("Action items:\nDana: talk to HR about Alex (private)", [("private", "Dana: talk to HR about Alex")]),
        ("Support: a room (private if possible)", [("support", "a room (private if possible)")]),
        ("Support: the repository (private) needs an owner", [("support", "the repository (private) needs an owner")]),
    ],
)
def test_a_mark_in_brackets_keeps_a_line_private(words: str, kept: list[tuple[str, str]]) -> None:
    """Behind a line or beside its label "(private)" means what it says, in any language: nobody else gets that line."""
    reply = form(words)
    assert notes(reply) == kept
    assert not reply.feedback
    assert not reply.action_items


@pytest.mark.parametrize(
    ("words", "acts"),
    [
        ("Highlights: demo\n\nshare", "share"),
        ("Highlights: demo\n\nshare\n\nThanks,\nDana", "share"),
        ("Highlights: demo\nshare", "nothing"),
        ("Support: a designer\n\nshare\n\nPriorities: launch", "nothing"),
        ("Support: a designer\n\nshare\nthe load", "nothing"),
        ("Support: a designer\n\nok", "nothing"),
        ("Support: a designer\n\nundo", "nothing"),
        ("Support: a designer\n\nshare?", "nothing"),
        ("Support: a designer\n\nshare\n\ndone 2", "done 2"),
    ],
)
def test_share_below_a_label(words: str, acts: str) -> None:
    """Below a label `share` acts as the last paragraph of the mail only, and no other word of assent does."""
    assert acts_of(form(words)) == acts


@pytest.mark.parametrize("words", ["ok?", "share?", "ok share?", "Good talk. ok?"])
def test_a_question_does_nothing(words: str) -> None:
    """Acting words with a question mark ask; they do not act."""
    assert acts_of(form(words)) == "nothing"


def test_values_inside_the_form() -> None:
    """Words inside the quotation belong to the label above them; below a numbered line they belong to that number."""
    raw = inside(
        {
            "Next check-in:": "in two weeks",
            "Highlights:": "\nshipped it",
            "Private notes:": "tired",
            "2. Dana: talk to finance": "done",
            "3. Roadmap": "\ndrop",
            "1. Alex: send the Q3 plan (due Thu 12 Nov 2026)": "\nby Friday",
            "4. Learn Rust": "\nhe likes it",
        }
    )
    reply = form(raw)
    assert next_of(reply) == "2026-12-03"
    assert sorted(notes(reply)) == [("general", "he likes it"), ("highlights", "shipped it"), ("private", "tired")]
    assert acts_of(reply) == "by 1 2026-11-20 done 2 drop 3"


def test_who_sees_what() -> None:
    """Free prose is general and unlabelled; `private:` holds up to the next label, under whatever it stands."""
    reply = form("He was calm.\nprivate: may leave\nstill open\nHighlights: demo\n\nprivat: zwei\nFeedback: clear")
    assert notes(reply) == [
        ("general", "He was calm."),
        ("private", "may leave\nstill open"),
        ("highlights", "demo"),
        ("private", "zwei"),
    ]
    assert [piece.text for piece in reply.feedback] == ["clear"]
    assert not any(note.label for note in reply.notes if note.part is Part.GENERAL and not note.private)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("in two weeks", "2026-12-03"),
        ("Thu 3 Dec 10:00", "2026-12-03T10:00"),
        ("same time next week", "2026-11-26T10:00"),
        ("2 weeks", "2026-12-03"),
        ("Thursday 3 December\n10:30", "2026-12-03T10:30"),
        ("- in two weeks", "2026-12-03"),
        ("*in two weeks*", "2026-12-03"),
        ("in two weeks. Share.", "2026-12-03"),
        ("none", "none"),
        ("no need", "none"),
        ("none for now", "none"),
        ("12/1", "ask"),
        ("soon", "ask"),
        ("Monday or Tuesday", "ask"),
        ("when he is back", "ask"),
        ("pizza", "ask"),
        ("5 November", "ask"),
        ("31 November", "ask"),
        ("ok", "no"),
        ("", "no"),
        ("-", "no"),
    ],
)
def test_the_value_of_next_check_in(value: str, found: str) -> None:
    """A date sets it, `none` says there is none, and what is no date is asked about: never guessed, never dropped."""
    reply = form(f"Next check-in: {value}\nHighlights: demo")
    assert next_of(reply) == found
    assert notes(reply) == [("highlights", "demo")]
    assert not reply.leftover


def test_words_behind_the_date() -> None:
    """Lines below the value of the label are free prose: private to their author, and they may act."""
    reply = form("Next check-in: in two weeks\nhe wants to move\nshare")
    assert (next_of(reply), notes(reply), acts_of(reply)) == ("2026-12-03", [("general", "he wants to move")], "share")


def test_two_dates_are_asked_about() -> None:
    """Two different dates: neither wins. The same day with and without its time: the time counts."""
    reply = form("Next check-in: in two weeks\nHighlights: x\nNext meeting: 10 December")
    assert isinstance(reply.next_check_in, Ask)
    assert reply.next_check_in.reason is AskReason.SEVERAL
    assert reply.next_check_in.candidates == (date(2026, 12, 3), date(2026, 12, 10))
    both = form("Next in two weeks. See you on 3 December at 14:00.")
    assert both.next_check_in == datetime(2026, 12, 3, 14, 0, tzinfo=BERLIN)


def test_the_label_stands_above_prose() -> None:
    """Where the label has a date, a date in prose is only a note."""
    reply = form("Let's meet again in a month.\nNext check-in: in two weeks")
    assert next_of(reply) == "2026-12-03"


def test_a_date_stands_above_ok() -> None:
    """`ok` beside a date that was written takes no proposal."""
    reply = form("ok, see you Tuesday")
    assert (next_of(reply), acts_of(reply)) == ("2026-11-24", "nothing")


@pytest.mark.parametrize(
    ("words", "text", "day"),
    [
        ("slides were long", "slides were long", None),
        ("slides were long, follow up in 3 weeks", "slides were long", date(2026, 12, 10)),
        ("slides were long. Follow up in 3 weeks.", "slides were long.", date(2026, 12, 10)),
        ("slides were long (in 3 weeks)", "slides were long", date(2026, 12, 10)),
        ("slides were long - 10 December", "slides were long", date(2026, 12, 10)),
        ("slides were long, I'll check back on 10 December", "slides were long", date(2026, 12, 10)),
        ("slides were long; revisit next week", "slides were long", date(2026, 11, 26)),
        ("great demo on Friday", "great demo on Friday", None),
        ("finish slides by Friday in future", "finish slides by Friday in future", None),
        ("the follow-up was good", "the follow-up was good", None),
        ("Folien zu lang, in 3 Wochen nachfassen", "Folien zu lang", date(2026, 12, 10)),
        ("Folien zu lang, Wiedervorlage 10. Dezember", "Folien zu lang", date(2026, 12, 10)),
        ("diapos trop longues, à revoir dans 3 semaines", "diapos trop longues", date(2026, 12, 10)),
        ("diapositivas largas, seguimiento en 3 semanas", "diapositivas largas", date(2026, 12, 10)),
    ],
)
def test_feedback_has_its_own_date(words: str, text: str, day: date | None) -> None:
    """A follow-up day is taken only where it is called so; a day in the story stays in the story."""
    (piece,) = form(f"Feedback: {words}").feedback
    assert (piece.text, piece.follow_up_on) == (text, day)


def test_several_pieces_of_feedback() -> None:
    """Each bullet is a piece with its own date; a paragraph that only dates belongs to the one before it."""
    found = form("Feedback:\n- slides long, follow up in 3 weeks\n- clear answers\n\nSupport: x").feedback
    assert [(piece.text, piece.follow_up_on) for piece in found] == [
        ("slides long", date(2026, 12, 10)),
        ("clear answers", None),
    ]
    (one,) = form("Feedback: slides long\n\nFollow up in 3 weeks").feedback
    assert (one.text, one.follow_up_on) == ("slides long", date(2026, 12, 10))


def test_an_unsure_follow_up_is_asked_about() -> None:
    """A follow-up date that could be two days stays in the words and is asked about."""
    (piece,) = form("Feedback: slides long, follow up 12/1").feedback
    assert piece.follow_up_on is None
    assert piece.ask is not None
    assert "12/1" in piece.text


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Alex: send the plan by Friday", "alex: send the plan (2026-11-20)"),
        ("Alex Moreno: send the plan (by Friday)", "alex: send the plan (2026-11-20)"),
        ("alex@example.com: send the plan, 12 Dec", "alex: send the plan (2026-12-12)"),
        ("@alex send the plan Friday", "alex: send the plan (2026-11-20)"),
        ("[ ] Alex send the plan by Friday", "alex: send the plan (2026-11-20)"),
        ("- [ ] Dana: budget, 12 Dec", "dana: budget (2026-12-12)"),
        ("* Alex - call Tom", "alex: call Tom"),
        ("1. Alex to call Tom", "alex: call Tom"),
        ("Alex will call Tom by tomorrow", "alex: call Tom (2026-11-20)"),
        ("I: budget", "dana: budget"),
        ("I'll do the budget", "dana: do the budget"),
        ("me: budget", "dana: budget"),
        ("you: slides", "alex: slides"),
        ("we: offsite", "dana: offsite"),
        ("Alex and me: offsite", "dana: offsite"),
        ("call Tom (Alex)", "alex: call Tom"),
        ("call Tom - Alex", "alex: call Tom"),
        ("call Tom @alex", "alex: call Tom"),
        ("d.kim@example.org: budget", "dana: budget"),
        ("call Tom", "dana: call Tom"),
        ("Jan: budget by Friday", "dana: Jan: budget (2026-11-20)"),
        ("prepare the 12 December review", "dana: prepare the 12 December review"),
        ("budget by 12/1", "dana: budget by 12/1?"),
        ("Alex: plan by Friday; Dana: budget by Monday", "alex: plan (2026-11-20); dana: budget (2026-11-23)"),
        ("none", "no"),
        ("-", "no"),
        ("Ich: Budget", "dana: Budget"),
        ("moi : budget", "dana: budget"),
        ("yo: presupuesto", "dana: presupuesto"),
    ],
)
def test_action_items_under_the_label(line: str, found: str) -> None:
    """Under the label each line is a commitment: its owner by name, address, mark or pronoun, else the manager."""
    assert items_of(form(f"Action items:\n{line}")) == found


def test_done_items() -> None:
    """A ticked box and a word behind a dash say that it is done."""
    reply = form("Action items:\n[x] Alex: plan\n- Dana: budget (done)\n[ ] Alex: slides")
    assert [(item.text, item.done) for item in reply.action_items] == [
        ("plan", True),
        ("budget", True),
        ("slides", False),
    ]


def test_numbers_that_are_not_there() -> None:
    """A number that the mail does not have changes nothing, is named as a problem and kept word for word."""
    reply = form("done 2, 9")
    assert acts_of(reply) == "done 2"
    assert [(problem.reason, problem.text) for problem in reply.problems] == [("unknown-number", "done 2, 9")]
    assert reply.leftover == ("done 2, 9",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thanks!",
        "Thanks Alex\n\nDana",
        "Best,\nDana",
        "Hi,\n\nthank you.\n\nDana",
        "Danke!",
        "Merci beaucoup",
        "Gracias",
    ],
)
def test_a_mail_that_adds_nothing(text: str) -> None:
    """Courtesy alone stores nothing."""
    reply = form(text)
    assert reply.empty
    assert reply.thanks == any(word in text.lower() for word in ("thank", "danke", "merci", "gracias"))


def test_the_people_decide_whose_name_it_is() -> None:
    """A name is an owner only where it is one of the two; both are known by alias and full name."""
    assert {item.owner for item in form("Action items:\nDana Kim: x\nMoreno: y").action_items} == {
        DANA.email,
        ALEX.email,
    }


def test_labels_in_another_language_than_the_form() -> None:
    """An answer may use any language's labels and dates."""
    reply = form("Nächster Termin: in drei Wochen\nLogros: demo", "en")
    assert next_of(reply) == "2026-12-10"
    assert notes(reply) == [("highlights", "demo")]


def test_share_behind_labels() -> None:
    """`share` as the last paragraph of its own acts, although a label stands above; in its words it does not."""
    assert acts_of(form("Highlights: demo\nFeedback: clear\n\nshare")) == "share"
    assert acts_of(form("Highlights: demo\nFeedback: clear\nshare")) == "nothing"
    assert acts_of(form("Highlights:\n\nshare")) == "nothing"
    assert acts_of(form("Highlights: demo\n\nok")) == "nothing"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Let's meet in two weeks, he seems tired of the project."),
        ("en", "Next in two weeks (after the release party)."),
        ("en", "Let's meet on 3 Dec - Alex is away before"),
        ("de", "Nächstes Mal in zwei Wochen, er wirkt müde."),
        ("fr", "On se revoit dans deux semaines, il semble fatigué."),
        ("es", "Nos vemos en dos semanas, parece cansado."),
    ],
)
def test_words_behind_the_next_date_stay(language: str, words: str) -> None:
    """A sentence that sets the next meeting and says more is kept as a note, word for word."""
    reply = form(words, language)
    assert reply.next_check_in is not None
    assert [note.text for note in reply.notes] == [words]


@pytest.mark.parametrize("words", ["Confidential: he may leave", "ok\n\nConfidential: he may leave"])
def test_confidential_as_a_label_is_no_disclaimer(words: str) -> None:
    """What a person calls confidential is kept, for them alone; a disclaimer that begins so is still none of theirs."""
    assert ("private", "he may leave") in notes(form(words))
    legal = "Confidential: this e-mail is for the intended recipient only."
    assert not notes(form(f"ok\n\n{legal}"))
