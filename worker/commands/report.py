"""`report`: one static page of counts for the administrator or a manager of managers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import escape
from pathlib import Path

import click

from worker.commands.common import Call, clock, now_option, pass_call
from worker.commands.office import open_office
from worker.model import ItemState, Pair, PairState
from worker.plan import digest
from worker.tick import Office
from worker.tick.digests import clock_of, pairs_of

WEEKS = 12
_BAR = 20
_HEIGHT = 60


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
@click.option("--open", "show", is_flag=True, help="Show it in a browser.")
@now_option
@pass_call
def command(call: Call, *, file: Path, show: bool, now: datetime | None) -> int:
    """Write one page of counts: cadence, follow-ups kept, promises open. Names of managers and numbers, no content."""
    office = open_office(call.config(), write=False, now=now)
    moment = clock(now)
    columns = [_column(office, address, moment) for address in _managers(office)]
    first, last = _days(moment.date())
    file.write_text(page([one for one in columns if one.people], first, last), encoding="utf-8")
    click.echo(f"Wrote {file}.")
    if show:
        click.launch(str(file.absolute()))
    return 0


def _managers(office: Office) -> list[str]:
    return sorted({*office.managers, *(due.key.manager for due in office.store.pairs())})


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

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #1f2328; background: #ffffff; max-width: 900px;
  margin: 2em auto; padding: 0 1em }
table { border-collapse: collapse; width: 100%; margin: 1em 0 }
th, td { text-align: left; padding: 6px 12px 6px 0; border-bottom: 1px solid #d0d7de; vertical-align: top }
td.n, th.n { text-align: right }
.h { fill: #0a4f8f } .m { fill: none; stroke: #57606a }
@media (prefers-color-scheme: dark) {
  body { color: #e6edf3; background: #0d1117 } th, td { border-color: #30363d }
  .h { fill: #79b8ff } .m { stroke: #9198a1 } }
"""


def page(columns: list[Column], first: date, last: date) -> str:
    """Return the whole page, with nothing loaded from anywhere."""
    span = f"{first.day} {first:%b %Y} to {last.day} {last:%b %Y}"
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>1:1s in numbers</title>',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<style>{_STYLE}</style></head><body><h1>1:1s in numbers</h1>",
        f"<p>{span}. Counts only: no notes, no topics, no feedback, and no names but those of managers.</p>",
    ]
    if not columns:
        parts.append("<p>No 1:1s are followed up yet.</p>")
    else:
        parts.append(_table(columns))
        parts += [_chart(one) for one in columns]
    return "".join([*parts, "</body></html>\n"])


def _table(columns: list[Column]) -> str:
    heads = (
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
    head = "".join(f'<th class="n" scope="col">{text}</th>' for text in heads)
    rows = []
    for one in columns:
        number = one.numbers
        waiting = "none yet" if number.waiting < 0 else f"{number.waiting} days"
        cells = (
            one.people,
            number.planned,
            number.held,
            number.confirmed,
            number.cancelled,
            waiting,
            f"{number.kept} of {number.came_back}",
            one.promises_of_manager,
            one.promises_of_people,
        )
        shown = "".join(f'<td class="n">{cell}</td>' for cell in cells)
        rows.append(f'<tr><th scope="row">{escape(one.name)}</th>{shown}</tr>')
    return f'<table><thead><tr><th scope="col">Manager</th>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _chart(one: Column) -> str:
    """Return a manager's weeks as bars, said in words too: full ones were held, outlined ones did not happen."""
    most = max(1, *(held + missed for held, missed in zip(one.held, one.missed, strict=True)))
    unit = _HEIGHT / most
    bars = []
    for week, (held, missed) in enumerate(zip(one.held, one.missed, strict=True)):
        x, full, rest = week * _BAR, held * unit, missed * unit
        bars.append(f'<rect class="h" x="{x}" y="{_HEIGHT - full:.1f}" width="{_BAR - 4}" height="{full:.1f}"/>')
        if missed:
            y = _HEIGHT - full - rest
            bars.append(f'<rect class="m" x="{x}" y="{y:.1f}" width="{_BAR - 4}" height="{rest:.1f}"/>')
    said = f"Weeks with a 1:1 by person, oldest first: held {', '.join(map(str, one.held))}"
    words = f"{said}; did not happen {', '.join(map(str, one.missed))}."
    return (
        f"<h2>{escape(one.name)}</h2>"
        f'<svg role="img" aria-label="{words}" width="{WEEKS * _BAR}" height="{_HEIGHT + 2}" '
        f'viewBox="0 0 {WEEKS * _BAR} {_HEIGHT + 2}">{"".join(bars)}</svg><p>{words}</p>'
    )
