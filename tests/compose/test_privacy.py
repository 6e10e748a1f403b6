"""What one person wrote for themselves stands in no mail to the other, whatever its kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.compose.samples import (
    ALEX,
    ANSWER,
    AT,
    CASES,
    CHECK_IN,
    DANA,
    LAST,
    NEXT,
    SHARED,
    TOPICS,
    answered,
    day,
    invitation,
    letter,
    row,
)
from worker.compose import Composed, compose, environment
from worker.compose.letter import Letter
from worker.model import (
    ActionItem,
    Applied,
    Ask,
    AskReason,
    CalendarOperation,
    CheckInState,
    Feedback,
    Goal,
    MailKind,
    Note,
    OutboxState,
    Outcome,
    Pair,
    Part,
    Person,
    Progress,
    ReplyProblem,
    Topic,
)

ENVIRONMENT = environment()
_MINE = "canary"


def planted(author: Person, other: Person) -> Pair:
    """Return the pair with a canary in everything that `author` has not shared with `other`."""
    manager = author is DANA
    word = (f"{_MINE}{n}x" for n in range(100))
    notes = [
        Note(f"x{n}", AT + timedelta(minutes=n), part, next(word), author.email, private=True, meeting=LAST.id)
        for n, part in enumerate(Part)
    ]
    feedback = [Feedback("xf0", AT, next(word), author.email, NEXT.start.date(), private=True, meeting=LAST.id)]
    items: list[ActionItem] = []
    goals: list[Goal] = []
    if manager:
        notes += [
            Note("xo", AT, Part.SUPPORT, next(word), author.email, only_you=True, meeting=LAST.id),
            Note("xu", day(2, 20), Part.HIGHLIGHTS, next(word), author.email, meeting=NEXT.id),
        ]
        feedback.append(Feedback("xf1", AT, next(word), author.email, NEXT.start.date(), only_you=True))
        feedback.append(Feedback("xf2", day(2, 20), next(word), author.email, day(3, 1).date(), meeting=NEXT.id))
        items = [ActionItem("xa", day(2, 20), author.email, next(word), author.email, meeting=NEXT.id)]
        goals = [Goal("xg", AT, next(word), author.email, progress=(Progress(AT, next(word)),))]
    topics = [Topic("xt", AT, next(word), author.email, private=True, meeting=NEXT.id)]
    hidden = Applied(
        ANSWER if manager else TOPICS,
        AT,
        author.email,
        Outcome.ANSWER,
        meeting=LAST.id,
        created=tuple(one.id for one in notes),
        done=(f"pause {next(word)}",),
        leftover=(next(word),),
        problems=(ReplyProblem("number", next(word)),),
        ask=Ask(AskReason.VAGUE, (), next(word)),
        share=True,
    )
    check_in = replace(
        CHECK_IN,
        source=hidden.message_id,
        said=next(word),
        state=CheckInState.ASKED,
        ask=Ask(AskReason.AMBIGUOUS, (day(3, 5), day(3, 12)), next(word)),
    )
    mine = Applied(
        TOPICS if manager else ANSWER,
        AT,
        other.email,
        Outcome.TOPICS,
        meeting=LAST.id,
        created=("t1",),
        ask=Ask(AskReason.VAGUE, (), "soon"),
    )
    kept = row(MailKind.AGENDA, author, subject=next(word), state=OutboxState.GAVE_UP, planned_at=day(2, 28))
    return replace(
        SHARED,
        notes=(*SHARED.notes[:2], *notes),
        feedback=(*SHARED.feedback[:1], *feedback),
        action_items=(*SHARED.action_items, *items),
        topics=(*SHARED.topics[:3], *topics),
        goals=(*SHARED.goals, *goals),
        check_ins=(check_in,),
        applied=(hidden, mine),
        outbox=(kept,),
    )


def letters_to(reader: Person, pair: Pair) -> dict[str, Letter]:
    """Return a letter of every kind and variant to this person, about this pair."""
    kinds = MailKind
    cause = ANSWER if reader is DANA else TOPICS
    found = {
        f"{kind} {variant} {meeting.id if meeting else '-'}": letter(
            kind, reader, meeting, variant, pair=pair, pairs=(pair,), people=(DANA, ALEX), cause=cause
        )
        for kind in kinds
        if kind is not kinds.INVITATION
        for variant in ("usual", "introduction", "moved", "late", "one", "several", "first", "monthly", "declined")
        for meeting in (LAST, NEXT, None)
        if meeting is not None or kind not in (kinds.TOPICS, kinds.AGENDA, kinds.FOLLOW_UP, kinds.RECAP)
    }
    found["check-in all"] = letter(
        kinds.CHECK_IN, reader, None, pair=pair, about=tuple(one.id for one in pair.feedback), cause=cause
    )
    found["late all"] = letter(
        kinds.AGENDA, reader, NEXT, "late", pair=pair, about=tuple(one.id for one in pair.topics), cause=cause
    )
    found["recap of the share"] = letter(kinds.RECAP, reader, LAST, pair=pair, cause=ANSWER)
    found["recap that nobody asked for"] = letter(
        kinds.RECAP,
        reader,
        NEXT,
        pair=replace(pair, applied=tuple(replace(one, share=False) for one in pair.applied)),
        cause=ANSWER,
    )
    found["recap taken back"] = letter(
        kinds.RECAP,
        reader,
        NEXT,
        pair=replace(pair, applied=tuple(replace(one, undone=True) for one in pair.applied)),
        cause=ANSWER,
    )
    found["invitation"] = replace(invitation(CalendarOperation.CREATE, reader), pair=pair)
    return found


@pytest.mark.parametrize(("author", "reader"), [(DANA, ALEX), (ALEX, DANA)], ids=["manager's", "report's"])
def test_no_mail_shows_what_the_other_kept(author: Person, reader: Person) -> None:
    """Not one private or unshared word of one person is in any part or header of any mail to the other."""
    pair = planted(author, reader)
    for name, one in letters_to(reader, pair).items():
        mail = compose(one, ENVIRONMENT)
        assert _MINE not in everything(mail), name


def test_the_canaries_are_alive() -> None:
    """The author's own agenda shows the canaries: the test above looks for words that are really there."""
    own = compose(letter(MailKind.AGENDA, DANA, pair=planted(DANA, ALEX)), ENVIRONMENT)
    assert own.text.count(_MINE) > 8
    only_you = own.text.index("Only you: do not forward")
    assert all(f"{_MINE}{n}x" in own.text[only_you:] for n in range(len(Part)))


def test_a_recap_of_everything_leaves_private_words_out() -> None:
    """`share all` sends what was only the manager's, and never what was marked private."""
    pair = answered(share=True, share_all=True)
    mail = compose(letter(MailKind.RECAP, ALEX, LAST, pair=pair, cause=ANSWER), ENVIRONMENT)
    assert "Seemed tired today." in mail.text
    assert "Salary round in May." not in everything(mail)


def test_a_recap_that_waited_has_nothing_written_since() -> None:
    """Shared in the evening, mailed in the morning: what was amended in between without a `share` stays out."""
    pair = answered(share=True)
    late = Note("x9", day(2, 17), Part.SUPPORT, _MINE, DANA.email, meeting=LAST.id)
    pair = replace(pair, notes=(*pair.notes, late))
    for reader, variant in ((ALEX, "usual"), (Person("hr@example.com"), "copy")):
        mail = compose(letter(MailKind.RECAP, reader, LAST, variant, pair=pair, cause=ANSWER), ENVIRONMENT)
        assert "Notes and action items" in mail.text
        assert _MINE not in everything(mail)


@pytest.mark.parametrize("name", CASES)
def test_a_lock_screen_shows_names_and_counts_alone(name: str) -> None:
    """Subject, preheader and first lines carry nothing that a person wrote."""
    one = CASES[name]
    mail = compose(one, ENVIRONMENT)
    shown = mail.subject + mail.html.split("<h1")[0] + mail.text.split("\n\n")[0]
    pairs = [pair for pair in (one.pair, *one.pairs) if pair is not None]
    for pair in pairs:
        for texts in (pair.notes, pair.action_items, pair.feedback, pair.topics, pair.goals):
            for item in texts:
                assert text_of(item) not in shown


def text_of(item: object) -> str:
    """Return the words of a note, an item, a topic or the like."""
    return str(getattr(item, "text", ""))


def everything(mail: Composed) -> str:
    """Return all that a mail carries, decoded and raw."""
    return "\n".join([mail.raw.decode("ascii"), mail.subject, mail.text, mail.html])
