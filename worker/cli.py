"""The command line: names the commands, imports one only when it is called, and turns errors into lines and exit codes.

0: fine. 1: something needs a person, told on stderr, one line each. 2: the call or the configuration is wrong.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from worker import __version__

if TYPE_CHECKING:
    from worker.commands.common import Call

# Each command with its line of help, so that --help and --version import none of them.
COMMANDS = {
    "run": "Do everything that is due, again and again, until stopped.",
    "tick": "Do everything that is due once.",
    "demo": "Play two weeks of one pair, with every mail as a page.",
    "init": "Write a configuration after a few questions.",
    "login": "Sign in to Google or Microsoft, and store the token.",
    "check": "Prove that the set-up works, and say whom it would write to.",
    "preview": "Show a mail as it would be sent now.",
    "status": "Show pairs, what is due, and what failed.",
    "history": "Show everything recorded with a person.",
    "add": "Do what mailing a text about a person to the worker does.",
    "import": "Take past notes from Markdown, CSV or mails.",
    "export": "Write a person's data to a folder in open formats.",
    "erase": "Remove everything about a person.",
    "hand-over": "Give a person's shared record to another manager.",
    "move-data": "Copy everything into a database, or back into a folder.",
    "report": "Write one page of counts.",
    "answer": "Reply to the newest mail that asks for something (provider files).",
    "explain": "Show how a received mail is read.",
}


# Commands whose names no module can have.
_MODULES = {"import": "importing", "hand-over": "handover", "move-data": "move_data"}


class _Lazy(click.Group):
    """A group that imports a command when it is called; `list_commands` and help come from the table."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"worker.commands.{_MODULES.get(cmd_name, cmd_name)}")
        command = module.command
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in COMMANDS:
            import difflib

            near = difflib.get_close_matches(name, COMMANDS, n=1)
            hint = f"did you mean `{near[0]}`?" if near else "see `followthrough --help`."
            raise click.UsageError(f'there is no command "{name}": {hint}', ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(
    cls=_Lazy,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Documentation: README.md and docs/ of the project.",
)
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    help="The configuration. Without it: $FOLLOWTHROUGH_CONFIG, ./followthrough.toml, or "
    "followthrough/followthrough.toml in the user's configuration folder.",
)
@click.version_option(__version__, prog_name="followthrough", message="%(prog)s %(version)s")
@click.pass_context
def group(ctx: click.Context, config: Path | None) -> None:
    """Make every 1:1 follow through: agendas, follow-up forms and the next check-in, by mail and calendar."""
    if ctx.invoked_subcommand is not None:
        from worker.commands.common import Call

        call: Call = Call(config, os.environ, sys.argv[0])
        ctx.obj = call


def main(args: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. Errors go to stderr, one line each, ending in what to do."""
    try:
        result = group.main(args, prog_name="followthrough", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return 2
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "followthrough"
        text = " ".join(error.format_message().split())
        _complain(text if text.endswith(("`.", "`?")) else f"{text.rstrip('.')}: see `{path} --help`.")
        return 2
    except click.ClickException as error:
        _complain(error.format_message())
        return 2
    except (click.Abort, KeyboardInterrupt):
        _complain("Stopped: nothing more was done.")
        return 1
    except BrokenPipeError:
        # The reader of our output went away, which is how pipes end; Python would complain once more at its exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # noqa: BLE001  # the last door: a person gets a line, never a traceback with content
        return _failed(error)
    return result if isinstance(result, int) else 0


def _failed(error: Exception) -> int:
    from worker.commands.faults import is_of_the_call, told
    from worker.errors import FollowthroughError

    if os.environ.get("FOLLOWTHROUGH_DEBUG") and not isinstance(error, FollowthroughError | OSError):
        for line in _frames(error):
            _complain(line)
    _complain(told(error))
    return 2 if is_of_the_call(error) else 1


def _frames(error: BaseException) -> Iterator[str]:
    """Yield where an error came from, cause by cause: classes, files and lines.

    Never a message: it may hold what people wrote.
    """
    import traceback

    cause: BaseException | None = error
    while cause is not None:
        yield type(cause).__name__
        for frame in traceback.extract_tb(cause.__traceback__):
            yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
        cause = cause.__cause__ or cause.__context__


def _complain(text: str) -> None:
    click.echo(text, err=True)


if __name__ == "__main__":
    sys.exit(main())
