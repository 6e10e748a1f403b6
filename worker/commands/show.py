"""A tick's report as lines for a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import click

Shown = Mapping[str, Any]

_OPERATIONS = {"create": "created", "move": "moved", "cancel": "cancelled"}
_OUTCOMES = {
    "auto-reply": "an automatic reply: kept, nothing done",
    "bounce": "a mail came back",
    "own": "our own mail: kept, nothing done",
    "duplicate": "the same mail again: nothing done",
    "unknown-sender": "from nobody known here: kept, nothing done",
    "not-authentic": "not proven to be from its sender: kept, nothing done",
    "too-large": "too large: kept, nothing done",
    "unreadable": "unreadable: kept, nothing done",
}


def lines(shown: Shown) -> list[str]:
    """Return one line for each mail received, mail sent and calendar write: time, kind, who, what."""
    time = _time(str(shown["now"]))
    found = [
        _line(time, "received", str(row["from"]), _OUTCOMES.get(str(row["outcome"]), str(row["outcome"])))
        for row in shown.get("received", ())
    ]
    found += [
        _line(
            time, _OPERATIONS.get(str(row["operation"]), "wrote"), _calendar_of(str(row["pair"])), _when(row["start"])
        )
        for row in shown.get("calendar", ())
    ]
    found += [_line(time, str(row["kind"]), str(row["to"]), str(row["subject"])) for row in shown.get("sent", ())]
    return found


def counts(shown: Shown) -> str:
    """Return the report as one line without any content, for logs."""
    parts = [f"{name}={len(shown.get(name, ()))}" for name in ("received", "sent", "calendar", "failed")]
    return f"{shown['now']} tick {' '.join(parts)}"


def print_report(shown: Shown, *, dry_run: bool) -> None:
    """Print what a tick did, or would do."""
    if shown.get("busy"):
        click.echo("Another tick or command holds the data: nothing was done. It goes on by itself.")
        return
    found = lines(shown)
    if dry_run:
        click.echo("Would be done now (nothing was changed):" if found else "Nothing is due.")
    elif not found:
        click.echo("Nothing was due.")
    for line in found:
        click.echo(line)


def tell_failures(shown: Shown) -> int:
    """Print each failure to stderr, and return the exit code."""
    for row in shown.get("failed", ()):
        error = str(row["error"])
        if row.get("retry_at"):
            error = f"{error.rstrip('.')}. It is tried again at {row['retry_at']}."
        click.echo(f"{row['action']}: {error}", err=True)
    return 1 if any(not row.get("retry_at") for row in shown.get("failed", ())) else 0


def _line(time: str, kind: str, who: str, what: str) -> str:
    return f"{time}  {kind:<10}  {who:<28}  {what}".rstrip()


def _time(text: str) -> str:
    """Return the time on the clock of the machine, which is the one that stands beside the terminal."""
    return datetime.fromisoformat(text).astimezone().strftime("%H:%M:%S")


def _when(text: object) -> str:
    moment = datetime.fromisoformat(str(text))
    return f"{moment:%a} {moment.day} {moment:%b %Y, %H:%M}"


def _calendar_of(pair: str) -> str:
    return f"calendar of {pair.partition(' ')[0]}"
