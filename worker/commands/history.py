"""`history`: everything that is recorded with a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import click

from worker.apply import checkins
from worker.commands import picture
from worker.commands.common import (
    Call,
    clock,
    find_pair,
    heading,
    json_option,
    manager_option,
    now_option,
    pass_call,
    print_json,
)
from worker.commands.faults import shown_as_json
from worker.commands.office import open_office, without_requests
from worker.commands.telling import tell_manager
from worker.model import ActionItem, Feedback, Goal, Meeting, Note, OutboxState, Pair, PairState, Topic


@click.command("history")
@click.argument("person")
@manager_option
@click.option("--private", is_flag=True, help="Add the notes that only their author may see.")
@now_option
@json_option
@pass_call
def command(call: Call, person: str, *, manager: str, private: bool, now: datetime | None, as_json: bool) -> int:
    """Show everything recorded with PERSON, an address or a name; private notes only with --private."""
    config, moment = call.config(), clock(now)
    with shown_as_json("history", {}, as_json=as_json):
        office = without_requests(config, open_office(config, write=False, now=now))
        key = find_pair(config, office.store, person, manager)
        if private and len(config.managers) > 1:
            tell_manager(open_office(config, now=now), key, moment)
        seen = picture.see(config, office, key, moment)
        pair = picture.whole(office.store, seen.pair)
        shown = history(pair, seen, moment, private=private)
    if as_json:
        print_json(shown)
    else:
        _print(shown, ZoneInfo(seen.manager.timezone))
    return 0


def history(pair: Pair, seen: picture.Seen, now: datetime, *, private: bool) -> dict[str, Any]:
    """Return the history as the contract has it. What is private, or its author's alone so far, needs `private`."""
    return {
        "manager": {"email": seen.manager.email, "name": seen.manager.name},
        "person": {"email": seen.person.email, "name": seen.person.name},
        "kind": str(pair.kind),
        "next_check_in": _iso(checkins.agreed_next(pair, now)),
        "started": pair.state is PairState.STARTED,
        "meetings": [_meeting(one, now) for one in sorted(pair.meetings, key=lambda one: one.start)],
        "notes": [_note(one) for one in _ordered(pair.notes) if private or not _is_private(one)],
        "action_items": [_action_item(one) for one in _ordered(pair.action_items)],
        "feedback": [_feedback(one) for one in _ordered(pair.feedback) if private or not _is_private(one)],
        "topics": [_topic(one) for one in _ordered(pair.topics) if private or not one.private],
        "goals": [_goal(one) for one in _ordered(pair.goals)],
        "mails": _mails(pair),
    }


def _meeting(one: Meeting, now: datetime) -> dict[str, Any]:
    return {
        "uid": one.uid,
        "recurrence_id": _iso(one.recurrence_id),
        "start": _iso(one.start),
        "end": _iso(one.end),
        "status": picture.status_at(one, now),
        "confirmed": one.confirmed,
    }


def _note(one: Note) -> dict[str, Any]:
    return {
        "at": _iso(one.at),
        "part": str(one.part),
        "text": one.text,
        "author": one.author,
        "private": _is_private(one),
        "shared": _iso(one.shared),
    }


def _action_item(one: ActionItem) -> dict[str, Any]:
    return {
        "id": one.id,
        "at": _iso(one.at),
        "owner": one.owner,
        "text": one.text,
        "due": _iso(one.due),
        "state": str(one.state),
    }


def _feedback(one: Feedback) -> dict[str, Any]:
    return {
        "id": one.id,
        "at": _iso(one.at),
        "text": one.text,
        "follow_up_on": _iso(one.follow_up_on),
        "state": str(one.state),
        "answer": one.answer,
        "shared": _iso(one.shared),
    }


def _topic(one: Topic) -> dict[str, Any]:
    return {
        "id": one.id,
        "at": _iso(one.at),
        "text": one.text,
        "author": one.author,
        "part": str(one.part),
        "carried": one.carried,
        "state": str(one.state),
    }


def _goal(one: Goal) -> dict[str, Any]:
    return {
        "id": one.id,
        "at": _iso(one.at),
        "text": one.text,
        "due": _iso(one.due),
        "state": str(one.state),
        "progress": [{"at": _iso(step.at), "text": step.text} for step in one.progress],
    }


def _mails(pair: Pair) -> list[dict[str, Any]]:
    out = [
        (row.sent_at, {"kind": str(row.kind), "message_id": row.message_id, "direction": "out"})
        for row in pair.outbox
        if row.state is OutboxState.SENT and row.sent_at is not None
    ]
    came = [
        (one.at, {"kind": str(one.outcome), "message_id": one.message_id, "direction": "in"}) for one in pair.applied
    ]
    # What came in goes first: a receipt has the same moment as the answer that it is for.
    ordered = sorted(came + out, key=lambda one: (one[0], one[1]["direction"] == "out"))
    return [{"at": _iso(at), **mail} for at, mail in ordered]


def _is_private(item: Any) -> bool:  # noqa: ANN401  # a note or a piece of feedback
    return bool(item.private or (item.only_you and item.shared is None))


def _ordered(items: Iterable[Any]) -> list[Any]:
    return sorted(items, key=lambda item: item.at)


def _iso(value: datetime | date | None) -> str | None:
    return value.isoformat() if value is not None else None


def _print(shown: dict[str, Any], zone: ZoneInfo) -> None:
    person, manager = shown["person"], shown["manager"]
    heading(f"{person['name'] or person['email']} with {manager['name'] or manager['email']} ({shown['kind']})")
    click.echo(f"Next check-in: {_day(shown['next_check_in'], zone) or 'not set'}")
    for title, rows in _sections(shown, zone):
        _section(title, rows)


def _sections(shown: dict[str, Any], zone: ZoneInfo) -> Iterator[tuple[str, list[str]]]:
    """Yield each heading with its lines."""
    people = (shown["person"], shown["manager"])
    names = {one["email"]: one["name"].split()[0] if one["name"] else one["email"] for one in people}

    def who(address: str) -> str:
        return str(names.get(address, address))

    yield "Meetings", [f"{_day(one['start'], zone)}: {one['status']}" for one in shown["meetings"]]
    promises = shown["action_items"]
    yield "Promises", [f"{_box(one['state'])} {who(one['owner'])}: {one['text']}{_by(one['due'])}" for one in promises]
    yield "Goals", [_goal_line(one, zone) for one in shown["goals"]]
    yield (
        "Topics",
        [f"{_box(one['state'])} {who(one['author'])}: {one['text']}{_carried(one)}" for one in shown["topics"]],
    )
    yield "Feedback", [f"{_day(one['at'], zone)}: {one['text']} ({_follow_up(one)})" for one in shown["feedback"]]
    yield (
        "Notes",
        [
            f"{_day(one['at'], zone)}, {who(one['author'])}, {one['part']}: {one['text']}{_mark(one)}"
            for one in shown["notes"]
        ],
    )
    mails = shown["mails"]
    yield "Mails", [f"{_day(one['at'], zone)}: {_way(one['direction'])} {one['kind']}" for one in mails]


def _goal_line(one: dict[str, Any], zone: ZoneInfo) -> str:
    steps = (f"\n{_day(step['at'], zone)}: {step['text']}" for step in one["progress"])
    return f"{_box(one['state'])} {one['text']}{_by(one['due'])}{''.join(steps)}"


def _carried(one: dict[str, Any]) -> str:
    return f" (carried {one['carried']} times)" if one["carried"] > 1 else ""


def _follow_up(one: dict[str, Any]) -> str:
    return f"follow-up {one['follow_up_on']}" if one["state"] == "open" else str(one["answer"] or "closed")


def _mark(one: dict[str, Any]) -> str:
    return " [private]" if one["private"] else " [shared]" if one["shared"] else ""


def _way(direction: str) -> str:
    return "sent" if direction == "out" else "received"


def _section(title: str, rows: Iterable[str]) -> None:
    found = list(rows)
    if not found:
        return
    click.echo()
    heading(title)
    for row in found:
        click.echo("  " + row.replace("\n", "\n    "))


def _box(state: str) -> str:
    return {"open": "[ ]", "done": "[x]", "dropped": "[-]"}[state]


def _by(due: str | None) -> str:
    return f" (by {due})" if due else ""


def _day(text: str | None, zone: ZoneInfo) -> str:
    if not text:
        return ""
    moment = datetime.fromisoformat(text).astimezone(zone)
    return f"{moment:%a} {moment.day} {moment:%b %Y %H:%M}"
