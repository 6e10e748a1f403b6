"""What ends a command: its line for a person, and the same for a program that asked for JSON."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import click

from worker.commands.common import print_json
from worker.errors import ConfigurationError, FollowthroughError, TryLaterError, UsageError


def told(error: Exception) -> str:
    """Return an error as lines for a person, which end in what to do; never with what people wrote."""
    if isinstance(error, FollowthroughError):
        return str(error)
    if isinstance(error, OSError):
        return f"{error.filename or 'a file'}: {error.strerror or error}: {_next_step(error)}"
    debug = bool(os.environ.get("FOLLOWTHROUGH_DEBUG"))
    more = "please report these lines." if debug else "please report this line, with FOLLOWTHROUGH_DEBUG=1 set."
    return f"internal error {type(error).__name__} at {_place(error)}: {more}"


def is_of_the_call(error: Exception) -> bool:
    """Whether the call or the configuration is wrong, and nothing was begun."""
    return isinstance(error, ConfigurationError | UsageError)


@contextmanager
def shown_as_json(action: str, known: Mapping[str, object], *, as_json: bool) -> Iterator[None]:
    """Print what ends `action` as a row of `failed` too, where JSON is asked for; standard error and exit code stay.

    `known` is what holds all the same: what could not be found out is not in the object, rather than empty. A wrong
    call or configuration has no object, whatever the command.
    """
    try:
        yield
    except (click.ClickException, click.Abort, click.exceptions.Exit):
        raise
    except Exception as error:
        if as_json and not is_of_the_call(error):
            again = error.retry_at if isinstance(error, TryLaterError) else None
            row = {"action": action, "error": told(error), "retry_at": again.isoformat() if again else None}
            print_json({**known, "failed": [row]})
        raise


def _next_step(error: OSError) -> str:
    return {
        errno.ENOSPC: "free some space and call again.",
        errno.EDQUOT: "free some space and call again.",
        errno.EACCES: "let this user read and write it, and call again.",
        errno.EPERM: "let this user read and write it, and call again.",
        errno.EROFS: "mount it writable, or name another folder, and call again.",
        errno.ENOENT: "correct the path and call again.",
    }.get(error.errno or 0, "look into it and call again.")


def _place(error: Exception) -> str:
    trace, place = error.__traceback__, "?"
    while trace is not None:
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        if module.startswith("worker"):
            place = f"{module}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place
