"""Answers to a welcome: who is started, who gets mail, who is left alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from worker import names
from worker.model import (
    Applied,
    Command,
    Desk,
    OutboxEntry,
    Outcome,
    Pair,
    PairKey,
    PairKind,
    PairMail,
    PairState,
    Reply,
    ReplyProblem,
)
from worker.tick.office import Office

if TYPE_CHECKING:
    from worker.tick.inbox import Letter

_VERBS = {
    "yes": (PairState.STARTED, PairMail.BOTH),
    "me": (PairState.STARTED, PairMail.MANAGER),
    "no": (PairState.LEFT, PairMail.NONE),
}


def answer(office: Office, letter: Letter, desk: Desk, row: OutboxEntry, reply: Reply) -> set[PairKey]:
    """Start, half-start or leave the pairs that the answer names; keep the answer at the manager's desk."""
    changed: set[PairKey] = set()
    done: list[str] = []
    problems = list(reply.problems)
    for command in reply.commands:
        if command.verb not in _VERBS:
            continue
        addresses, unclear = _named(office, desk.email, command, row)
        problems.extend(ReplyProblem("unknown-name", name) for name in unclear)
        for address in addresses:
            pair = office.store.load_pair(PairKey(desk.email, address))
            if pair is None:
                continue
            office.store.save_pair(_decided(pair, command, letter), letter.at)
            changed.add(pair.key)
            done.append(f"{command.verb} {address}")
    applied = Applied(
        message_id=letter.message_id,
        at=letter.at,
        author=desk.email,
        outcome=Outcome.COMMAND,
        row=row.key,
        digest=letter.digest,
        done=tuple(done),
        leftover=reply.leftover,
        problems=tuple(problems),
        receipt=not reply.empty,
    )
    current = office.store.load_desk(desk.email) or desk
    office.store.save_desk(replace(current, applied=(*current.applied, applied)))
    office.memory.look_at(desk.email)
    return changed


def _named(office: Office, manager: str, command: Command, row: OutboxEntry) -> tuple[list[str], list[str]]:
    """Return the addresses that a command names, by name or number, and the names that fit nobody or several."""
    if "all" in command.names:
        return list(row.about), []
    addresses = [row.about[number - 1] for number in command.numbers if 1 <= number <= len(row.about)]
    unclear = [str(number) for number in command.numbers if not 1 <= number <= len(row.about)]
    pairs = [office.store.load_pair(due.key) for due in office.store.pairs() if due.key.manager == manager]
    everybody = [office.person_of(pair) for pair in pairs if pair is not None]
    asked = [person for person in everybody if person.email in row.about]
    for name in command.names:
        found = names.fitting(name, asked) or names.fitting(name, everybody)
        if len(found) == 1:
            addresses.append(found[0].email)
        else:
            unclear.append(name)
    return list(dict.fromkeys(addresses)), unclear


def _decided(pair: Pair, command: Command, letter: Letter) -> Pair:
    state, mail = _VERBS[command.verb]
    kind = next((kind for kind in PairKind if kind.value == command.text), pair.kind)
    return replace(
        pair, state=state, mail=mail, kind=kind, started_at=letter.at if state is PairState.STARTED else None
    )
