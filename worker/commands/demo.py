"""`demo`: two weeks of one pair in simulated time, through the same code as `run`, as files to look at."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from worker.commands import sample
from worker.commands.accounts import Accounts
from worker.commands.answering import Asking, reply
from worker.commands.common import Call, pass_call
from worker.commands.demo_online import FilesPost, Post, online
from worker.commands.office import open_office, open_store
from worker.commands.settings_text import Answers, configuration
from worker.config import Config, load
from worker.errors import NeedsPersonError
from worker.tick import Office, Report, tick

MARKER = ".followthrough-demo"
ZONE = ZoneInfo("Europe/Berlin")
START = datetime(2026, 11, 2, 8, 0, tzinfo=ZONE)
END = datetime(2026, 11, 16, 18, 0, tzinfo=ZONE)
FIRST = datetime(2026, 11, 5, 10, 0, tzinfo=ZONE)
_OURS = ("calendar", "data", "mail", "mails")
_MOST_STEPS = 500

FORM = """\
done 2
Next check-in: next Thursday, same time
Highlights: the migration is through without a complaint
Feedback: the incident summary was clear and short
Action items:
Dana decides about the on-call rota by Wednesday
Alex sends a first plan by 11 November
Private notes: would make a good lead in spring
"""
# What the two people answer: to the nth mail of a kind, after how many minutes, in which words.
ANSWERS: dict[tuple[str, str, int], tuple[int, str]] = {
    ("welcome", sample.DANA[0], 1): (25, "yes Alex"),
    ("topics", sample.ALEX[0], 1): (
        140,
        "How we plan the next quarter\nSupport: somebody has to decide about the on-call rota",
    ),
    ("follow-up", sample.DANA[0], 1): (
        25,
        FORM,
    ),
    ("receipt", sample.DANA[0], 1): (3, "share"),
    ("topics", sample.ALEX[0], 2): (65, "done 1\nSupport: two days without meetings for the plan"),
    ("reminder", sample.DANA[0], 1): (12, "ok\ndone 1"),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the time line: when, what, between whom; `text` of a mail, `files` the names of its files."""

    at: datetime
    kind: str
    title: str
    sender: str = ""
    to: str = ""
    text: str = ""
    files: dict[str, str] = field(default_factory=dict)


@click.command("demo")
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path),
    default=Path("followthrough-demo"),
    show_default=True,
    metavar="DIR",
    help="The folder to write to.",
)
@click.option(
    "--provider",
    type=click.Choice(["files", "google", "microsoft"]),
    default="files",
    show_default=True,
    help="Who keeps calendar and mails: folders, or a stand-in for a provider, on this machine and over HTTP.",
)
@click.option("--open", "open_it", is_flag=True, help="Open the page in a browser.")
@pass_call
def command(
    call: Call,  # noqa: ARG001  # the demo has a configuration of its own
    folder: Path,
    provider: str,
    *,
    open_it: bool,
) -> int:
    """Play two weeks of one pair in simulated time, and write every mail as a page, as text and as it was sent."""
    clock = Clock(START)
    moments: list[Moment] = []
    prepare(folder)
    with _stage(provider, folder, clock) as (accounts, post):
        config = accounts.config
        for moment in play(config, open_office(config, accounts=accounts), post, clock):
            moments.append(moment)
            click.echo(_line(moment))
    index = write_page(folder, config, moments)
    click.echo(f"\n{sum(bool(one.files) for one in moments)} mails; look at them in {index}")
    if open_it:
        click.launch(str(index))
    return 0


class Clock:
    """The simulated time, in which the stand-ins live too."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now


@contextmanager
def _stage(provider: str, folder: Path, clock: Clock) -> Iterator[tuple[Accounts, Post]]:
    """Yield the accounts and the post of the demo."""
    if provider != "files":
        with online(provider, folder, str(ZONE), FIRST, clock) as stage:
            yield stage
        return
    config = in_files(folder)
    yield Accounts(config, open_store(config), clock), FilesPost(config)


def prepare(folder: Path) -> None:
    """Make the demo's folder afresh. Raises NeedsPersonError where it holds anything that no demo made."""
    if folder.exists() and not (folder / MARKER).exists() and any(folder.iterdir()):
        raise NeedsPersonError(f"{folder}: is there and is no demo's folder: name another with --to, or empty it.")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).touch()
    for name in _OURS:
        shutil.rmtree(folder / name, ignore_errors=True)
    (folder / "mails").mkdir()


def in_files(folder: Path) -> Config:
    """Write the demo's calendar and configuration as files."""
    calendar = folder / "calendar" / "dana"
    calendar.mkdir(parents=True)
    event = sample.one_on_one("alex", sample.DANA, sample.ALEX, FIRST, 14)
    (calendar / "alex.ics").write_bytes(sample.vcalendar(str(ZONE), (event,)))
    file = folder / "followthrough.toml"
    answers = Answers(
        address="one-on-ones@example.com",
        manager=sample.DANA[0],
        name=sample.DANA[1],
        timezone=str(ZONE),
        calendar="calendar/dana",
        mail="mail",
    )
    file.write_text(configuration(answers), encoding="utf-8")
    return load(file, {})


def play(config: Config, office: Office, post: Post, clock: Clock) -> Iterator[Moment]:
    """Tick through the two weeks and answer as the script says; yield everything that happens."""
    counts: dict[tuple[str, str], int] = {}
    answers: list[tuple[datetime, Asking, str]] = []
    now = START
    for _ in range(_MOST_STEPS):
        for answer in [one for one in answers if one[0] <= now]:
            answers.remove(answer)
            yield _answer(config, post, *answer)
        report = tick(office, now)
        yield from _done(config, post, report, now)
        for mail in _sent(post, report):
            if mail.kind != "welcome" and not mail.message["X-Followthrough-Meeting"]:
                continue
            key = (mail.kind, mail.to)
            counts[key] = counts.get(key, 0) + 1
            script = ANSWERS.get((*key, counts[key]))
            if script is not None:
                answers.append((now + timedelta(minutes=script[0]), mail, script[1]))
        coming = [at for at, _, _ in answers] + ([report.next_due] if report.next_due else [])
        now = clock.now = max(now + timedelta(minutes=1), min(coming, default=END).astimezone(ZONE))
        if now >= END:
            return
    raise NeedsPersonError("the demo did not come to its end: please report it.")


def _answer(config: Config, post: Post, at: datetime, mail: Asking, text: str) -> Moment:
    name = config.person(mail.to).name or sample.ALEX[1]
    message = reply(mail, text, name, at)
    post.deliver(message, at)
    return _moment(config, message, text, f"{name.split()[0]} answers", at)


def _sent(post: Post, report: Report) -> list[Asking]:
    ids = [one.message_id for one in report.sent]
    mails = {mail.message_id: mail for mail in post.sent()}
    return [mails[one] for one in ids if one in mails]


def _done(config: Config, post: Post, report: Report, now: datetime) -> Iterator[Moment]:
    for written in report.calendar:
        start = written.start.astimezone(ZONE)
        word = {"create": "A check-in is set", "move": "A 1:1 is moved", "cancel": "A 1:1 is cancelled"}
        title = f"{word[str(written.operation)]}: {start:%A} {start.day} {start:%B, %H:%M}"
        yield Moment(now, "calendar", title, to=f"calendar of {written.pair.partition(' ')[0]}")
    for mail in _sent(post, report):
        yield _moment(config, mail.message, mail.text, mail.kind, now)


def _moment(config: Config, message: EmailMessage, text: str, kind: str, at: datetime) -> Moment:
    folder = config.file.parent / "mails"
    stem = f"{len(list(folder.glob('*.eml'))) + 1:02}-{'answer' if ' ' in kind else kind}"
    files = {kind: f"mails/{stem}.{kind}" for kind in ("html", "txt", "eml")}
    (folder / f"{stem}.eml").write_bytes(message.as_bytes())
    body = message.get_body(("plain",))
    (folder / f"{stem}.txt").write_text(str(body.get_content()) if body else text, encoding="utf-8")
    html = message.get_body(("html",))
    shown = str(html.get_content()) if html is not None else _as_page(str(message["Subject"]), text)
    (folder / f"{stem}.html").write_text(shown, encoding="utf-8")
    return Moment(at, kind, str(message["Subject"]), _short(message["From"]), _short(message["To"]), text, files)


def _as_page(title: str, text: str) -> str:
    """Return a plain answer as a page of its own."""
    style = "body{font:16px/1.5 system-ui,sans-serif;margin:1.5rem;white-space:pre-wrap}:root{color-scheme:light dark}"
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{style}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{escape(text.strip())}</body></html>\n'


def _short(address: object) -> str:
    """Return whom a header names: the name where there is one, and never the token of a sub-address."""
    first = str(address).split("<", maxsplit=1)[0].strip().strip('"')
    local, _, domain = first.partition("@")
    return f"{local.partition('+')[0]}@{domain}" if domain else first


def _line(moment: Moment) -> str:
    day = f"{moment.at:%a} {moment.at.day:>2} {moment.at:%b %H:%M}"
    return f"{day}  {moment.kind:<12}  {moment.to:<24}  {moment.title}"


def write_page(folder: Path, config: Config, moments: list[Moment]) -> Path:
    """Write the index page of all mails and return its path."""
    from worker.compose.environment import environment

    days: dict[str, list[Moment]] = {}
    for moment in moments:
        days.setdefault(f"{moment.at:%A} {moment.at.day} {moment.at:%B %Y}", []).append(moment)
    page = environment().get_template("demo.html.j2").render(days=days, manager="Dana Kim", person="Alex Moreno")
    index = folder / "index.html"
    index.write_text(page, encoding="utf-8")
    return index.resolve() if config.file.is_absolute() else index
