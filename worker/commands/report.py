"""`report`: one static page of counts for the administrator or a manager of managers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import click

from worker.commands.common import Call, clock, now_option, pass_call
from worker.commands.office import open_office
from worker.errors import UsageError
from worker.model import ItemState, Pair, PairState
from worker.plan import digest
from worker.tick import Office
from worker.tick.digests import clock_of, pairs_of

WEEKS = 12


@dataclass(frozen=True, slots=True)
class Column:
    """One manager's counts over the last weeks: held and not held by week, oldest first, and open promises."""

    name: str
    people: int
    numbers: digest.Numbers
    held: tuple[int, ...]
    missed: tuple[int, ...]
    promises_of_manager: int
    promises_of_people: int


@click.command("report")
@click.option(
    "--to", "file", type=click.Path(path_type=Path), metavar="FILE", default=Path("followthrough-report.html")
)
@click.option("--for", "leader", metavar="ADDRESS", default="", help="Only the managers who report to ADDRESS.")
@click.option("--open", "show", is_flag=True, help="Show it in a browser.")
@now_option
@pass_call
def command(call: Call, *, file: Path, leader: str, show: bool, now: datetime | None) -> int:
    """Write one page of counts: cadence, follow-ups kept, promises open. Names of managers and numbers, no content."""
    office = open_office(call.config(), write=False, now=now)
    moment = clock(now)
    columns = [_column(office, address, moment) for address in _managers(office, leader.strip().lower())]
    first, last = _days(moment.date())
    file.write_text(page([one for one in columns if one.people], first, last), encoding="utf-8")
    click.echo(f"Wrote {file}.")
    if show:
        click.launch(str(file.absolute()))
    return 0


def _managers(office: Office, leader: str) -> list[str]:
    """Return the managers whom the page is about: all, or those of one manager of managers.

    Raises UsageError where nobody reports to that address.
    """
    if not leader:
        return sorted({*office.managers, *(due.key.manager for due in office.store.pairs())})
    led = sorted(one for one, to in office.reports_to.items() if to == leader)
    if not led:
        known = ", ".join(sorted(set(office.reports_to.values()) - {""})) or "nobody"
        raise UsageError(f"nobody reports to {leader}: `reports_to` names {known}; name one of them with --for.")
    return led


def _days(today: date) -> tuple[date, date]:
    """Return the first and the last day of the last full weeks."""
    monday = today - timedelta(days=today.weekday())
    return monday - timedelta(weeks=WEEKS), monday - timedelta(days=1)


def _column(office: Office, address: str, now: datetime) -> Column:
    pairs = [pair for pair in pairs_of(office, address) if pair.state is PairState.STARTED]
    at = clock_of(office, address, now)
    rows = [digest.cadence(pair, now, at, WEEKS) for pair in pairs]
    return Column(
        name=office.manager_of(pairs[0]).full_name if pairs else address,
        people=len(pairs),
        numbers=digest.numbers(pairs, _days(at.day(now)), now, at),
        held=tuple(sum(row[week] == "h" for row in rows) for week in range(WEEKS)),
        missed=tuple(sum(row[week] == "m" for row in rows) for week in range(WEEKS)),
        promises_of_manager=sum(_open(pair, pair.key.manager) for pair in pairs),
        promises_of_people=sum(_open(pair, pair.key.person) for pair in pairs),
    )


def _open(pair: Pair, owner: str) -> int:
    return sum(item.state is ItemState.OPEN and item.owner == owner for item in pair.action_items)


# ------------------------------------------------------------------------------------------------------------ the page

_HEADS = (
    "People",
    "In the calendar",
    "Held",
    "Confirmed",
    "Cancelled or missed",
    "Longest since the last one",
    "Follow-ups kept",
    "Promises open: manager",
    "Promises open: people",
)


@dataclass(frozen=True, slots=True)
class Chart:
    """The measures of a chart of weeks, in the units of its drawing: `base` is where the bars stand."""

    width: int = WEEKS * 32
    height: int = 124
    base: int = 102
    bar: int = 22
    tallest: int = 80


@dataclass(frozen=True, slots=True)
class Bar:
    """One week of a chart: how many were held and how many not, where the two parts of its bar end, and its words."""

    x: int
    held: int
    missed: int
    held_top: float
    top: float
    said: str
    label: str


def page(columns: list[Column], first: date, last: date) -> str:
    """Return the whole page, with nothing loaded from anywhere."""
    # The templates of mails take a while to read: only this page pays for them.
    from worker.compose.environment import environment

    most = max([1, *(sum(week) for one in columns for week in zip(one.held, one.missed, strict=True))])
    promises = max([1, *(max(one.promises_of_manager, one.promises_of_people) for one in columns)])
    made: str = (
        environment()
        .get_template("report.html.j2")
        .render(
            span=f"{_day(first, year=True)} to {_day(last, year=True)}",
            managers=[_card(one, first, most, promises) for one in columns],
            heads=_HEADS,
            chart=Chart(),
        )
    )
    return made


def _card(one: Column, first: date, most: int, promises: int) -> dict[str, object]:
    """Return what the page says of one manager; bars of all managers have one scale, so that they can be compared."""
    open_ones = (("manager", one.promises_of_manager), ("people", one.promises_of_people))
    said = f"Weeks with a 1:1 by person, oldest first: held {', '.join(map(str, one.held))}"
    return {
        "name": one.name,
        "people": one.people,
        "numbers": one.numbers,
        "said": f"{said}; did not happen {', '.join(map(str, one.missed))}.",
        "bars": _bars(one, first, most),
        "kept_share": round(100 * one.numbers.kept / max(1, one.numbers.came_back)),
        "promises": [(who, count, round(100 * count / promises)) for who, count in open_ones],
        "cells": _cells(one),
    }


def _bars(one: Column, first: date, most: int) -> list[Bar]:
    chart = Chart()
    unit = chart.tallest / most
    bars: list[Bar] = []
    for week, (held, missed) in enumerate(zip(one.held, one.missed, strict=True)):
        day = _day(first + timedelta(weeks=week))
        held_top = chart.base - held * unit
        said = f"Week of {day}: {held} held, {missed} did not happen"
        label = day if week % 4 == 0 else ""
        bars.append(Bar(week * 32 + 5, held, missed, held_top, held_top - missed * unit, said, label))
    return bars


def _cells(one: Column) -> tuple[object, ...]:
    number = one.numbers
    return (
        one.people,
        number.planned,
        number.held,
        number.confirmed,
        number.cancelled,
        "none yet" if number.waiting < 0 else f"{number.waiting} days",
        f"{number.kept} of {number.came_back}",
        one.promises_of_manager,
        one.promises_of_people,
    )


def _day(day: date, *, year: bool = False) -> str:
    return f"{day.day} {day:%b %Y}" if year else f"{day.day} {day:%b}"
