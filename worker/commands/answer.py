"""`answer`: a reply to the newest mail that asks for something, as a mail client would send it."""

from __future__ import annotations

import sys
from datetime import datetime

import click

from worker.commands.answering import ANSWERABLE, deliver, newest_asking, reply
from worker.commands.common import Call, clock, now_option, pass_call
from worker.errors import NeedsPersonError, UsageError


@click.command("answer")
@click.argument("text", required=False)
@click.option("--as", "reader", default="", metavar="ADDRESS", help="Answer the newest mail to this address.")
@click.option("--kind", type=click.Choice(ANSWERABLE), help="Answer the newest mail of this kind.")
@now_option
@pass_call
def command(call: Call, text: str | None, reader: str, kind: str | None, now: datetime | None) -> int:
    """Reply to the newest mail that asks for something.

    Only with the provider "files". TEXT is what is written above the quotation; without it, standard input, or an
    editor where that is a terminal.
    """
    config = call.config()
    mail = newest_asking(config, reader=reader, kind="receipt") if kind is None and _is_of_a_receipt(text) else None
    mail = mail or newest_asking(config, reader=reader, kind=kind or "")
    if mail is None:
        whose = f" to {reader}" if reader else ""
        what = f" of kind {kind}" if kind else " that asks for something"
        raise NeedsPersonError(
            f"there is no unanswered mail{what}{whose}: `{call.words('status')}` says what is due and when."
        )
    words = text if text is not None else _written(mail.text)
    if not words.strip():
        raise UsageError("the answer is empty: write something, or give it as TEXT.")
    moment = clock(now)
    deliver(config, reply(mail, words, config.person(mail.to).name, moment.astimezone()), moment)
    click.echo(f'Answered as {mail.to}: {mail.kind} "{mail.subject}".')
    click.echo(f"A running worker reads it by itself; else: {call.words('tick')}")
    return 0


def _is_of_a_receipt(text: str | None) -> bool:
    """Whether the answer is nothing but what a receipt asks for: `share`, `skip`, `undo`, in any language."""
    from worker.replies.text import key
    from worker.replies.verbs import Verb, exact

    return text is not None and exact().get(key(text)) in {Verb.SHARE, Verb.SHARE_ALL, Verb.SKIP, Verb.UNDO}


def _written(quoted: str) -> str:
    if not sys.stdin.isatty():
        return sys.stdin.read()
    quotation = "".join(f"> {line}\n" for line in quoted.splitlines())
    edited = click.edit(f"\n\n{quotation}") or ""
    return "\n".join(line for line in edited.splitlines() if not line.startswith(">"))
