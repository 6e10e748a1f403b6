"""What several commands share: the call, the clock, the choice of a person, and output for people and for programs."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from worker.config import Config, load
from worker.errors import ConfigurationError, NeedsPersonError, Problem, UsageError
from worker.model import PairKey
from worker.store import Store

FILE_NAME = "followthrough.toml"

PROGRAM = "followthrough"

_GAP = 3
# Words in a narrower column than this are harder to read than a block of lines.
_NARROWEST = 20


@dataclass(frozen=True)
class Call:
    """What was said before the command: the configuration, and the environment to read secrets from.

    `called` is how the program was called, as a shell has it.
    """

    named: Path | None
    environ: Mapping[str, str]
    called: str = PROGRAM

    def file(self) -> Path:
        """Return the configuration's file: named, from the environment, here, or in the user's folder."""
        if self.named is not None:
            return self.named
        if self.environ.get("FOLLOWTHROUGH_CONFIG"):
            return Path(self.environ["FOLLOWTHROUGH_CONFIG"])
        here = Path(FILE_NAME)
        return here if here.exists() else self.user_file()

    def user_file(self) -> Path:
        """Return where the user's own configuration is kept."""
        import platformdirs

        return platformdirs.user_config_path("followthrough") / FILE_NAME

    def config(self) -> Config:
        """Read the configuration. Raises ConfigurationError with every problem at once."""
        file = self.file()
        if self.named is None and not self.environ.get("FOLLOWTHROUGH_CONFIG") and not file.exists():
            text = f"is not here, nor is {file}: write one with `followthrough init`, or name one with --config"
            raise ConfigurationError([Problem(f"./{FILE_NAME}", "", text)])
        return load(file, self.environ)

    def words(self, *words: str) -> str:
        """Return a command line with the same configuration, for telling what to type next."""
        import shlex

        chosen = () if self.named is None else ("--config", str(self.named))
        return shlex.join((self._program(), *chosen, *words))

    def _program(self) -> str:
        """Return the program as it can be typed again: by its name, or, where no shell would find that, by its path."""
        import shutil

        if Path(self.called).name != PROGRAM or shutil.which(PROGRAM, path=self.environ.get("PATH", "")):
            return PROGRAM
        return self.called


pass_call = click.make_pass_decorator(Call)


class Moment(click.ParamType):  # type: ignore[type-arg]  # generic in the newest click alone
    """A point in time as ISO 8601 has it, with its offset."""

    name = "ISO8601"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:  # noqa: ANN401
        """Return the aware moment; without an offset it would depend on the machine, so it is refused."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f'"{value}" is no date and time: write one such as 2026-12-01T09:00:00+01:00', param, ctx)
        if moment.tzinfo is None:
            self.fail(
                f'"{value}" has no offset: write it as {moment.isoformat()}+01:00 or {moment.isoformat()}Z', param, ctx
            )
        return moment.astimezone(UTC)


now_option = click.option("--now", type=Moment(), help="Take this moment, with its offset, for the present.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
manager_option = click.option("--manager", default="", metavar="ADDRESS", help="Whose 1:1, where two managers have it.")


def clock(now: datetime | None) -> datetime:
    """Return the moment that was given, else the present."""
    return now or datetime.now(UTC)


def print_json(value: object) -> None:
    """Print one JSON object."""
    import orjson

    click.echo(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS))


def find_pair(config: Config, store: Store, who: str, manager: str) -> PairKey:
    """Return the one pair that `who` (an address, or a name that fits one person) means.

    Raises UsageError where nobody fits, NeedsPersonError with the choices where several do.
    """
    keys = known_pairs(config, store)
    wanted = " ".join(who.lower().split())
    wanted = current_addresses(config).get(wanted, wanted)
    fitting = [key for key in keys if key.person == wanted]
    if not fitting:
        fitting = [key for key in keys if wanted and _fits(wanted, person_name(config, store, key), key.person)]
    if manager and fitting:
        choices = ", ".join(sorted({key.manager for key in fitting}))
        fitting = [key for key in fitting if key.manager == manager.lower()]
        if not fitting:
            raise UsageError(f'{manager} has no 1:1s with "{who}" here: name a manager who has: {choices}.')
    if not fitting:
        known = (
            ", ".join(sorted({key.person for key in keys})) or "nobody yet; `followthrough tick` reads the calendars"
        )
        raise UsageError(f'nobody here is called "{who}": name one of these by address: {known}.')
    if len({key.person for key in fitting}) > 1:
        choices = ", ".join(sorted({key.person for key in fitting}))
        raise NeedsPersonError(f'"{who}" fits several people: name one of these by address: {choices}.')
    if len(fitting) > 1:
        choices = ", ".join(key.manager for key in fitting)
        raise NeedsPersonError(f"{fitting[0].person} meets several managers: choose one with --manager: {choices}.")
    return fitting[0]


def known_pairs(config: Config, store: Store) -> tuple[PairKey, ...]:
    """Return every pair that is remembered or configured, sorted."""
    now = current_addresses(config)
    named = {PairKey(pair.manager, pair.person) for pair in config.pairs}
    kept = {due.key for due in store.pairs()}
    return tuple(
        sorted(named | {PairKey(now.get(key.manager, key.manager), now.get(key.person, key.person)) for key in kept})
    )


def current_addresses(config: Config) -> dict[str, str]:
    """Return for each further address of the configuration the one under which that person is remembered."""
    found = {alias: person.email for person in config.people for alias in person.aliases}
    return {**found, **{alias: manager.email for manager in config.managers for alias in manager.aliases}}


def person_name(config: Config, store: Store, key: PairKey) -> str:
    """Return the name of a pair's other person, "" where nobody said it."""
    configured = config.person(key.person).name
    if configured:
        return configured
    pair = store.load_pair(key)
    return pair.person_name if pair else ""


def _fits(wanted: str, name: str, address: str) -> bool:
    words = name.lower().split()
    return wanted == " ".join(words) or wanted in words or wanted == address.partition("@")[0]


def is_terminal() -> bool:
    """Whether a person looks at the output."""
    return sys.stdout.isatty()


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows as a table: by rich where a person looks, else as aligned plain text that never wraps.

    On a terminal that is too narrow only the last column wraps; where that is not enough each row is a block of lines.
    No cell is ever cut: an address that ends in dots is nobody's.
    """
    widths = [max(len(row[i]) for row in (columns, *rows)) for i in range(len(columns))]
    if is_terminal():
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        console = Console()
        left = console.width - sum(width + _GAP for width in widths[:-1])
        if left < min(widths[-1], _NARROWEST):
            _print_blocks(columns, rows)
            return
        table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, _GAP, 0, 0))
        for column in columns[:-1]:
            table.add_column(column, no_wrap=True)
        table.add_column(columns[-1], overflow="fold")
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        console.print(table)
        return
    for row in (columns, *rows):
        click.echo("   ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _print_blocks(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    for place, row in enumerate(rows):
        if place:
            click.echo()
        for column, cell in zip(columns, row, strict=True):
            click.echo(f"{click.style(column, bold=True)}: {cell}")


def heading(text: str) -> None:
    """Print a heading."""
    click.echo(click.style(text, bold=True) if is_terminal() else text)


def need(condition: object, text: str) -> None:
    """Refuse a call that does not fit. Raises UsageError."""
    if not condition:
        raise UsageError(text)
