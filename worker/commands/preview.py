"""`preview`: a mail as it would be sent now, with sample content where there is nothing to answer yet."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from worker.commands import picture
from worker.commands.common import Call, clock, find_pair, manager_option, now_option, pass_call
from worker.commands.office import open_office
from worker.commands.sample_pair import is_sample, with_sample
from worker.commands.telling import tell_manager
from worker.model import MailKind, Pair
from worker.tick.calendars import read_calendars
from worker.tick.dry import rehearsal
from worker.tick.letters import composed, letter
from worker.tick.records import Record
from worker.tick.report import Report

_SAMPLE = "Sample content: what this mail needs and is not there yet is made up."


@click.command("preview")
@click.argument("kind", type=click.Choice([str(kind) for kind in MailKind]))
@click.argument("person")
@manager_option
@click.option("--to", "reader", type=click.Choice(["manager", "person"]), help="Whose copy, of an agenda.")
@click.option("--private", is_flag=True, help="Add the notes that only their author may see.")
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="Write the HTML part to a file.")
@click.option("--open", "open_it", is_flag=True, help="Show the HTML part in a browser.")
@now_option
@pass_call
def command(  # noqa: PLR0913  # one argument for each option of the command line
    call: Call,
    kind: str,
    person: str,
    *,
    manager: str,
    reader: str | None,
    private: bool,
    html: Path | None,
    open_it: bool,
    now: datetime | None,
) -> int:
    """Show the mail KIND about PERSON (an address or a name) as it would be sent now. Nothing is sent or stored."""
    config = call.config()
    office = rehearsal(open_office(config, write=False, now=now))
    moment = clock(now)
    read_calendars(office, moment, Report(moment))
    key = find_pair(config, office.store, person, manager)
    if private and len(config.managers) > 1:
        tell_manager(open_office(config, now=now), key, moment)
    seen = picture.see(config, office, key, moment)
    pair = seen.pair if private else without_private(seen.pair)
    mail = MailKind(kind)
    to_person = None if reader is None else reader == "person"
    made, action = with_sample(office, pair, mail, moment, to_person=to_person)
    sample = is_sample(pair, made, mail)
    about = letter(office, Record(str(made.key), made), action, moment)
    about = replace(about, pairs=(made,), people=(seen.person,))
    finished = composed(office, about)
    if open_it and html is None:
        html = Path(tempfile.mkdtemp(prefix="followthrough-")) / f"{mail}.html"
    if html is not None:
        html.write_text(finished.html, encoding="utf-8")
        click.echo(f"Wrote {html}. {_SAMPLE}" if sample else f"Wrote {html}.")
        if open_it:
            click.launch(str(html), wait=True)
        return 0
    head = f"To: {action.to}\nSubject: {finished.subject}" + (f"\n{_SAMPLE}" if sample else "")
    click.echo(f"{head}\n\n{finished.text.rstrip()}")
    return 0


def without_private(pair: Pair) -> Pair:
    """Return the pair without what only its author may see."""
    return replace(
        pair,
        notes=tuple(one for one in pair.notes if not one.private and not (one.only_you and one.shared is None)),
        feedback=tuple(one for one in pair.feedback if not one.private and not (one.only_you and one.shared is None)),
        topics=tuple(one for one in pair.topics if not one.private),
    )
