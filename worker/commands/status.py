"""`status`: pairs, what is due, accounts, and what failed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import click

from worker.apply import checkins
from worker.commands import picture
from worker.commands.common import Call, clock, heading, json_option, now_option, pass_call, print_json, print_table
from worker.commands.faults import shown_as_json
from worker.commands.office import minutes_of, open_office, without_requests
from worker.config import Config
from worker.model import CalendarState, PairKey, PairState
from worker.store import Store
from worker.tick.accounts import MAILBOX
from worker.tick.office import Office

_STALE_POLLS = 5
_PASSED_OVER_FOR = timedelta(days=14)


@click.command("status")
@now_option
@json_option
@pass_call
def command(call: Call, now: datetime | None, *, as_json: bool) -> int:
    """Show pairs, their next meeting, what is due, when the calendars were read, and what failed."""
    config, moment = call.config(), clock(now)
    with shown_as_json("status", {"now": moment.isoformat()}, as_json=as_json):
        office = without_requests(config, open_office(config, write=False, now=now))
        shown = status(config, office, moment)
    if as_json:
        print_json(shown)
    else:
        _print(config, office.store, shown, _heartbeat(config, office.store, moment))
        _print_unsent(config, picture.unsent(config, office.store), moment)
    return 0


def status(config: Config, office: Office, now: datetime) -> dict[str, Any]:
    """Return the status as the contract has it."""
    store = office.store
    mailbox = store.load_calendar(MAILBOX)
    left_alone: list[dict[str, str]] = []
    calendars = []
    for manager in config.managers:
        state = store.load_calendar(manager.email)
        problems = state.problems if state else ()
        calendars.append(
            {
                "manager": manager.email,
                "read_at": state.read_at.isoformat() if state and state.read_at else None,
                "problems": [{"item": item, "error": error} for item, error in problems],
                **_trouble(state),
            }
        )
        left_alone += [{"uid": uid, "reason": reason} for uid, reason in (state.left_alone if state else ())]
    return {
        "now": now.isoformat(),
        "pairs": [_pair(seen, now) for seen in picture.look(config, office, now)],
        "calendars": calendars,
        "mailbox": {
            "read_at": mailbox.read_at.isoformat() if mailbox and mailbox.read_at else None,
            "problems": [{"item": item, "error": error} for item, error in (mailbox.problems if mailbox else ())],
            **_trouble(mailbox),
        },
        "not_one_on_one": left_alone,
        "failed": [one.as_json() for one in picture.unsent(config, store) if not one.passed_over],
    }


def _trouble(state: CalendarState | None) -> dict[str, str | None]:
    """Return why an account cannot be used, in a closed word, and since when; None where it can."""
    since = state.failed_at if state and state.trouble else None
    return {
        "trouble": (state.trouble or None) if state else None,
        "since": since.isoformat() if since else None,
    }


def _pair(seen: picture.Seen, now: datetime) -> dict[str, Any]:
    meeting, check_in = picture.coming(seen.pair, now), checkins.agreed_next(seen.pair, now)
    return {
        "manager": seen.pair.key.manager,
        "person": seen.pair.key.person,
        "kind": str(seen.pair.kind),
        "started": seen.pair.state is PairState.STARTED,
        "next_meeting": meeting.start.isoformat() if meeting else None,
        "next_check_in": check_in.isoformat() if check_in else None,
        "due": picture.due(seen, now),
        "paused_until": seen.pair.paused_until.isoformat() if seen.pair.paused_until else None,
    }


def _heartbeat(config: Config, store: Store, now: datetime) -> str:
    beat = store.heartbeat("tick")
    if beat is None:
        return "No tick was done yet: `followthrough run` or `followthrough tick` does one."
    age = (now - beat).total_seconds() / 60
    text = f"The last tick was at {beat.astimezone(ZoneInfo(config.timezone)):%Y-%m-%d %H:%M:%S %Z}."
    if age > _STALE_POLLS * minutes_of(config.timing.poll):
        text += " That is long ago: is `followthrough run` running?"
    return text


def _print(config: Config, store: Store, shown: dict[str, Any], heartbeat: str) -> None:
    zone = ZoneInfo(config.timezone)
    click.echo(heartbeat)
    click.echo()
    if shown["pairs"]:
        rows = [_row(pair, _state(store, pair), zone) for pair in shown["pairs"]]
        print_table(("Manager", "Person", "Kind", "State", "Next meeting", "Next check-in", "Comes next"), rows)
    else:
        click.echo("Nobody was found yet.")
    accounts = [(f"calendar of {one['manager']}", one) for one in shown["calendars"]] + [("mailbox", shown["mailbox"])]
    rows = [
        (
            name,
            one["trouble"] or ("fine" if one["read_at"] else "not read yet"),
            _when(one["since"] or one["read_at"], zone),
        )
        for name, one in accounts
    ]
    _section("Accounts", ("Which", "State", "Since, or last changed"), rows)
    problems = [(name, row["item"], row["error"]) for name, one in accounts for row in one["problems"]]
    _section("Could not be used", ("Where", "What", "Why"), problems)
    _section(
        "Not a 1:1, or left alone",
        ("Event", "Why"),
        [(row["uid"], row["reason"]) for row in shown["not_one_on_one"]],
    )


def _print_unsent(config: Config, mails: Sequence[picture.Unsent], now: datetime) -> None:
    """Print what failed, and apart from it what was passed over of late: that is over, and nothing is to do."""
    zone = ZoneInfo(config.timezone)
    failed = [
        (*_about(one, zone), one.why, _when(one.again.isoformat() if one.again else None, zone) or "no")
        for one in mails
        if not one.passed_over
    ]
    _section("Failed", ("Mail", "To", "About", "Why", "Tried again"), failed)
    passed_over = [
        (*_about(one, zone), one.why) for one in mails if one.passed_over and now - one.day <= _PASSED_OVER_FOR
    ]
    _section("Not sent in the last two weeks; nothing to do", ("Mail", "To", "About", "Why"), passed_over)


def _about(mail: picture.Unsent, zone: ZoneInfo) -> tuple[str, str, str]:
    when = _when((mail.meeting or mail.day).isoformat(), zone)
    if mail.meeting is not None:
        return mail.kind, mail.to, f"1:1 with {mail.other}, {when}"
    return mail.kind, mail.to, f"{mail.other}, due {when}" if mail.other else f"due {when}"


def _state(store: Store, pair: dict[str, Any]) -> str:
    """Return what became of a pair: also that somebody answered `no`, or ended it."""
    if pair["paused_until"]:
        return f"paused until {pair['paused_until']}"
    known = store.load_pair(PairKey(pair["manager"], pair["person"]))
    state = known.state if known else PairState.STARTED if pair["started"] else PairState.FOUND
    return "left alone" if state is PairState.LEFT else str(state)


def _row(pair: dict[str, Any], state: str, zone: ZoneInfo) -> tuple[str, ...]:
    first = pair["due"][0] if pair["due"] else None
    return (
        pair["manager"],
        pair["person"],
        pair["kind"],
        state,
        _when(pair["next_meeting"], zone) or "none known",
        _when(pair["next_check_in"], zone) or "not set",
        f"{first['kind']} {_when(first['at'], zone)}" if first else "nothing",
    )


def _section(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    if rows:
        click.echo()
        heading(title)
        print_table(columns, rows)


def _when(text: str | None, zone: ZoneInfo) -> str:
    if not text:
        return ""
    moment = datetime.fromisoformat(text).astimezone(zone)
    return f"{moment:%a} {moment.day} {moment:%b %Y %H:%M}"
