"""`run`: the resident worker."""

from __future__ import annotations

import gc
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import click

from worker.commands import show
from worker.commands.answering import Asking, newest_asking
from worker.commands.common import Call, is_terminal, pass_call
from worker.commands.office import minutes_of, open_office, resident

_OBJECTS_BEFORE_A_LOOK = 10_000


@click.command("run")
@click.option(
    "--show/--no-show",
    default=None,
    help="Print each mail's kind, recipient and subject, and the first form in full; "
    "without it only where the output is a terminal.",
)
@pass_call
def command(call: Call, *, show: bool | None) -> int:
    """Do everything that is due, again and again, until SIGTERM or SIGINT."""
    from worker.loop import Loop, run_lock, until_signalled
    from worker.tick import Report, tick

    config = call.config()
    with ExitStack() as stack:
        stack.enter_context(run_lock(config.data_folder))
        stop = stack.enter_context(until_signalled())
        office = open_office(config)
        stack.enter_context(resident(config, office.store))
        watcher = _Watcher(call, full=is_terminal() if show is None else show)

        def step(now: datetime) -> Report:
            return tick(office, now)

        click.echo(f"followthrough works on {config.file}; Ctrl+C or SIGTERM ends it.")
        Loop(
            step=step,
            signature=office.mailbox.signature,
            poll=timedelta(minutes=minutes_of(config.timing.poll)),
            stop=stop,
            report=lambda report: watcher.tell(report.as_json()),
            trouble=lambda text: click.echo(text, err=True),
            settled=settle,
        ).run()
    click.echo("followthrough ended cleanly.")
    return 0


def settle() -> None:
    """Take what is loaded by now out of the garbage collector's rounds: a resident worker keeps it all its life.

    What a tick makes it lets go of by itself; to look for cycles after each 700 objects costs more than it finds.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BEFORE_A_LOOK, 10, 10)


@dataclass
class _Watcher:
    """Tells what each tick did; the first form in full, and what to type to answer it."""

    call: Call
    full: bool
    shown: bool = False
    failures: set[tuple[str, str]] = field(default_factory=set)

    def tell(self, report: dict[str, Any]) -> None:
        for row in report.get("failed", ()):
            if (row["action"], row["error"]) not in self.failures:
                self.failures.add((row["action"], row["error"]))
                click.echo(f"{row['action']}: {row['error']}", err=True)
        if not any(report.get(name) for name in ("received", "sent", "calendar")):
            return
        if not self.full:
            click.echo(show.counts(report))
            return
        for line in show.lines(report):
            click.echo(line)
        if report.get("sent") and not self.shown:
            self._introduce()

    def _introduce(self) -> None:
        config = self.call.config()
        asking = newest_asking(config) if config.mail.provider == "files" else None
        if asking is None:
            return
        self.shown = True
        rule = "-" * 78
        click.echo(f"\n{rule}\n{_head(asking)}\n\n{asking.text.rstrip()}\n{rule}")
        example = self.call.words("answer", _example(asking))
        click.echo(f"\nTo answer it as {asking.to} would, type in a second terminal:\n\n  {example}\n")


def _head(asking: Asking) -> str:
    return f"From: {asking.sender}\nTo: {asking.to}\nSubject: {asking.subject}"


def _example(asking: Asking) -> str:
    return {
        "follow-up": "in two weeks",
        "welcome": "yes all",
        "topics": "The plan for next quarter",
    }.get(asking.kind, "ok")
