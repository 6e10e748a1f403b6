"""The table of docs/who-sees-what.md, cell by cell against the code."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.compose.samples import ALEX, AT, CASES, DANA, LAST, NEXT, SHARED, day, letter
from tests.compose.test_privacy import everything, letters_to
from worker.commands.export import mails_of
from worker.commands.history import history
from worker.commands.picture import Seen
from worker.commands.report import page
from worker.commands.show import counts
from worker.compose import compose, environment
from worker.compose.letter import Count
from worker.model import ActionItem, Feedback, Goal, MailKind, Note, OutboxState, Pair, Part, Person, Topic
from worker.plan import Plan
from worker.store.memory import MemoryStore

ENVIRONMENT = environment()
ROOT = Path(__file__).resolve().parent.parent.parent
CANARY = "canarybird"
HR = "people-team@example.com"
LATER = NEXT.start.date()
D, A = DANA.email, ALEX.email
WHAT = {
    "manager: under a label, not shared yet": Note("w", AT, Part.SUPPORT, CANARY, D, meeting=LAST.id),
    "manager: under a label, shared": Note("w", AT, Part.SUPPORT, CANARY, D, shared=AT, meeting=LAST.id),
    "manager: in free words, not shared": Note("w", AT, Part.GENERAL, CANARY, D, only_you=True, meeting=LAST.id),
    "manager: private notes": Note("w", AT, Part.GENERAL, CANARY, D, private=True, meeting=LAST.id),
    "manager: a promise, not shared yet": ActionItem("w", AT, D, CANARY, D, meeting=LAST.id),
    "manager: a promise, shared": ActionItem("w", AT, D, CANARY, D, shared=AT, meeting=LAST.id),
    "manager: feedback between meetings, not shared": Feedback("w", AT, CANARY, D, LATER, only_you=True),
    "manager: feedback, shared": Feedback("w", AT, CANARY, D, LATER, shared=AT, meeting=LAST.id),
    "manager: a topic for both": Topic("w", AT, CANARY, D),
    "manager: a private topic": Topic("w", AT, CANARY, D, private=True),
    "manager: a goal, not shared yet": Goal("w", AT, CANARY, D),
    "manager: a goal, shared": Goal("w", AT, CANARY, D, shared=AT),
    "manager: words about a review": Note("w", AT, Part.GENERAL, CANARY, D, only_you=True),
    "manager: a reminder": Feedback("w", AT, CANARY, D, LATER, private=True, only_you=True, informal=True),
    "report: a reminder": Feedback("w", AT, CANARY, A, LATER, private=True, only_you=True, informal=True),
    "report: a note": Note("w", AT, Part.SUPPORT, CANARY, A, meeting=LAST.id),
    "report: a private line": Note("w", AT, Part.SUPPORT, CANARY, A, private=True, meeting=LAST.id),
    "report: a topic": Topic("w", AT, CANARY, A),
    "report: a private topic": Topic("w", AT, CANARY, A, private=True),
}
TABLES = {Note: "notes", ActionItem: "action_items", Feedback: "feedback", Topic: "topics", Goal: "goals"}


def table() -> tuple[list[str], dict[str, dict[str, str]]]:
    """Return the columns, and for each row its cells by column."""
    text = (ROOT / "docs" / "who-sees-what.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    heads = rows[0][1:]
    return heads, {row[0]: dict(zip(heads, row[1:], strict=True)) for row in rows[2:]}


COLUMNS, ROWS = table()


def pair_with(what: object) -> Pair:
    """Return the pair with this one thing in place of all of its kind."""
    name = TABLES[type(what)]
    author = getattr(what, "author", "")
    applied = tuple(
        replace(one, share=False, created=("w",) if one.author == author else one.created) for one in SHARED.applied
    )
    return replace(SHARED, **{name: (what,)}, applied=applied)  # type: ignore[arg-type]


def shown(column: str, what: object) -> str:
    """Return everything that this place may show of a pair with this one thing."""
    pair = pair_with(what)
    now = datetime(2027, 3, 1, 8, tzinfo=UTC)
    if column in ("manager's mails", "report's mails"):
        reader = DANA if column.startswith("manager") else ALEX
        mails = [compose(one, ENVIRONMENT) for name, one in letters_to(reader, pair).items()]
        return "\n".join(everything(mail) for mail in mails)
    if column == "upwards":
        one = letter(MailKind.DIGEST, DANA, None, "monthly", pair=None, person=None, counts=(Count("Dana Kim", 1, 1),))
        return everything(compose(replace(one, pairs=(pair,)), ENVIRONMENT))
    if column == "copy to HR":
        of_capture = replace(pair.applied[0], share=True, meeting="", sends=("w",))
        captured = replace(pair, applied=(of_capture,))
        about = ((LAST, pair), (None, captured))
        made = [
            letter(MailKind.RECAP, Person(HR), meeting, "copy", pair=one, cause=of_capture.message_id)
            for meeting, one in about
        ]
        return "\n".join(everything(compose(one, ENVIRONMENT)) for one in made)
    if column.startswith("administrator"):
        private = "--private" in column
        seen = Seen(pair, DANA, ALEX, Plan())
        return str(history(pair, seen, now, private=private)) + exported(pair, private=private)
    return page([], now.date(), now.date()) + counts({"now": now.isoformat(), "sent": [{"kind": "agenda"}]})


def exported(pair: Pair, *, private: bool) -> str:
    """Return the mails that an export of the pair writes, where both had an agenda."""
    store = MemoryStore()
    rows = []
    for reader in (DANA, ALEX):
        mail = compose(letter(MailKind.AGENDA, reader, pair=pair), ENVIRONMENT)
        rows.append(
            replace(
                CASES["digest-weekly"].pairs[0].outbox[0],
                key=f"agenda {reader.email}",
                kind=MailKind.AGENDA,
                to=reader.email,
                state=OutboxState.SENT,
                sent_at=day(3, 1),
                body=store.put_blob(mail.raw),
            )
        )
    found = mails_of(store, replace(pair, outbox=tuple(rows), applied=()), private=private)
    return "\n".join(raw.decode("ascii") for _, raw in found)


def test_the_table_has_every_kind() -> None:
    """Each kind of thing that can be written has a row, and each row is one of them."""
    assert set(ROWS) == set(WHAT)
    assert len(COLUMNS) == 7
    assert {cell for row in ROWS.values() for cell in row.values()} == {"yes", "no"}


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("name", ROWS)
def test_each_cell(name: str, column: str) -> None:
    """Where the table says no, not one word stands there; where it says yes, it does in some mail or list."""
    found = re.search(CANARY, shown(column, WHAT[name])) is not None
    assert found == (ROWS[name][column] == "yes")
