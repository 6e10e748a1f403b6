"""The configuration: a TOML file and secrets from the environment become one frozen `Config`, or every problem at once.

Nothing else reads the file, and nothing asks it for the time: it is read once and then a value like any other.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError

from worker.config import providers
from worker.config import values as v
from worker.config.environment import SecretText, read_secrets
from worker.config.problems import across, from_validation
from worker.errors import ConfigurationError, Problem
from worker.model import Lead, PairKind, PairMail, Person, Policy

# What a configuration may name, and what this version can build: a provider that is added is added to both.
MailProviderName = Literal["files", "google", "microsoft", "imap"]
CalendarProviderName = Literal["files", "google", "microsoft", "caldav"]
BUILT_MAIL = frozenset({"files", "google", "microsoft", "imap"})
BUILT_CALENDARS = frozenset({"files", "google", "microsoft"})

LEAVE_ALONE = "interview|candidate|disciplin|warning|grievance|terminat|resign|redundan|legal|medical"


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


class Mail(_Table):
    """The one mailbox that the worker sends from and reads replies in.

    `own` says whether it is a person's own account, of which only what concerns the worker is read; None: it is where
    its address is a manager's. `signed_in_as` is who opens a shared mailbox of Microsoft's.
    """

    provider: MailProviderName = "files"
    address: v.Address
    own: bool | None = None
    signed_in_as: v.OptionalAddress = ""
    path: v.Folder = Field(default="mail", validate_default=True)
    separator: v.Separator = "+"
    authserv_id: str = ""
    sent_a_minute: v.Count = 20
    sent_a_day: v.Count = 1500


class Calendar(_Table):
    """Where a manager's calendar is; with `write` False it is only read."""

    provider: CalendarProviderName = "files"
    path: v.Folder = None
    write: bool = True


class Manager(_Table):
    """A person whose calendar is read and who answers the forms."""

    email: v.Address
    name: str = ""
    timezone: v.OptionalZone = ""
    calendar: Calendar
    reports_to: v.OptionalAddress = ""
    language: v.OptionalLanguage = ""
    aliases: v.Addresses = ()
    working_hours: v.OptionalWorkingHours = None


class ConfiguredPerson(_Table):
    """What no calendar can tell about a person."""

    email: v.Address
    name: str = ""
    timezone: v.OptionalZone = ""
    language: v.OptionalLanguage = ""
    manages: bool = False
    aliases: v.Addresses = ()
    working_hours: v.OptionalWorkingHours = None


class ConfiguredPair(_Table):
    """A pair that is started because the configuration names it; `every` is when one is due again, None: never."""

    manager: v.Address
    person: v.Address
    kind: Annotated[PairKind, Field(strict=False)] = PairKind.DIRECT
    mail: Annotated[PairMail, Field(strict=False)] = PairMail.BOTH
    every: v.OptionalDuration = None


class Timing(_Table):
    """When things are looked at and when mails leave."""

    poll: v.Interval = Lead(minutes=1)
    calendar_poll: v.Interval = Lead(minutes=5)
    topics_before: v.Duration = Lead(days=2, business=True)
    agenda_before: v.Duration = Lead(days=1, business=True)
    follow_up_after: v.Duration = Lead(minutes=10)
    reminder_after: v.Duration = Lead(days=1, business=True)
    feedback_follow_up: v.LongDuration = Lead(days=14)
    working_hours: v.WorkingHours = v.hours("09:00-17:00")
    quiet: v.Quiet = v.hours("19:00-07:00")
    follow_up_gap: v.Duration = Lead(minutes=15)
    bundle_from: Annotated[int, Field(ge=0, le=20)] = 0
    holidays: v.HolidayCode = ""


class Meetings(_Table):
    """What counts as a 1:1, and which of them are left alone."""

    start: Literal["ask", "all"] = "ask"
    domains: Annotated[tuple[v.DomainName, ...], v.Listed] = ("own",)
    found_by: Literal["series", "any"] = "series"
    leave_alone: v.Words = LEAVE_ALONE
    title: v.Pattern = ""
    minutes: Annotated[tuple[int, int], v.Listed] = (10, 120)
    exclude: Annotated[tuple[v.Address, ...], v.Listed] = ()
    ignore: Annotated[tuple[v.Address, ...], v.Listed] = ()


class Recap(_Table):
    """What makes a recap go to the other person."""

    send: Literal["ok", "automatic", "never"] = "ok"


class Sessions(_Table):
    """Which agenda a meeting gets, by words in its title."""

    career: v.Words = "career|growth talk"
    review: v.Words = "performance review|annual review|appraisal"


class Reviews(_Table):
    """The follow-ups of a performance review."""

    every: v.LongDuration = Lead(days=91)
    hr: v.OptionalAddress = ""


class Retention(_Table):
    """How long what is remembered is kept."""

    shared: v.Kept = v.span("24 months")
    private: v.Kept = v.span("12 months")
    raw_mail: v.Kept = v.span("90 days")


class Google(_Table):
    """How Google is reached: files of the sign-in, whose quota is used, and the services' addresses."""

    client_file: v.Folder = None
    service_account_file: v.Folder = None
    directory: bool = False
    project: v.Word = "google"
    redirect_port: v.Port = 0
    calendar_address: v.Url = "https://www.googleapis.com/"
    gmail_address: v.Url = "https://gmail.googleapis.com/"
    directory_address: v.Url = "https://admin.googleapis.com/"
    token_address: v.Url = "https://oauth2.googleapis.com/token"  # noqa: S105  # an address
    consent_address: v.Url = "https://accounts.google.com/o/oauth2/v2/auth"


class Microsoft(_Table):
    """How Microsoft 365 is reached: the app registration, how it signs in, and the services' addresses.

    With a certificate, or a secret from the environment, the app signs in by itself; without, each person does.
    """

    client_id: str = ""
    tenant: v.Word = "organizations"
    certificate_file: v.Folder = None
    directory: bool = False
    outside: v.OptionalAddress = ""
    project: v.Word = "microsoft"
    redirect_port: v.Port = 0
    graph_address: v.Url = "https://graph.microsoft.com/"
    authority: v.Url = "https://login.microsoftonline.com/"
    resource: v.Url = "https://graph.microsoft.com"


class Imap(_Table):
    """Any other mailbox: its two servers. Without a user the mailbox's address signs in."""

    imap_host: str = ""
    imap_port: v.Port = 993
    imap_security: Literal["", "tls", "starttls", "none"] = ""
    smtp_host: str = ""
    smtp_port: v.Port = 465
    smtp_security: Literal["", "tls", "starttls", "none"] = ""
    user: str = ""
    junk: str = ""
    sent: str = ""
    drafts: str = ""


class Http(_Table):
    """What holds for every request to a provider."""

    ca_file: v.Folder = None
    at_once: Annotated[int, Field(ge=1, le=16)] = 4


class Config(_Table):
    """Every setting, read and checked. Paths are absolute or relative to the folder of `file`, already joined to it."""

    timezone: v.Zone = "Europe/Berlin"
    language: v.Language = "en"
    templates: v.ReadableFolder = None
    data: v.Data = Field(default="data", repr=False)
    mail: Mail
    managers: Annotated[tuple[Manager, ...], v.Listed]
    people: Annotated[tuple[ConfiguredPerson, ...], v.Listed] = ()
    pairs: Annotated[tuple[ConfiguredPair, ...], v.Listed] = ()
    timing: Timing = Timing()
    meetings: Meetings = Meetings()
    recap: Recap = Recap()
    sessions: Sessions = Sessions()
    reviews: Reviews = Reviews()
    retention: Retention = Retention()
    google: Google = Google()
    microsoft: Microsoft = Microsoft()
    imap: Imap = Imap()
    http: Http = Http()
    _file: Path = PrivateAttr(default=Path())
    _secrets: dict[str, SecretText] = PrivateAttr(default_factory=dict)

    @property
    def file(self) -> Path:
        """The file that it was read from."""
        return self._file

    @property
    def data_folder(self) -> Path:
        """The folder of the data files; with a database, where locks and the install's secret lie."""
        return self._file.parent / (Path("data") if self.database else Path(self.data).expanduser())

    @property
    def database(self) -> str:
        """The database's URL, or "" where the data are files."""
        return self.data if "://" in self.data else ""

    @property
    def own_account(self) -> bool:
        """Whether the worker's mailbox is a person's own account."""
        if self.mail.own is not None:
            return self.mail.own
        return any(self.mail.address == manager.email for manager in self.managers)

    @property
    def token_folder(self) -> Path:
        """The folder of the files that `login` writes."""
        return self.data_folder / "tokens"

    @property
    def reports_to(self) -> dict[str, str]:
        """Each manager's own manager, where the configuration says one."""
        return {manager.email: manager.reports_to for manager in self.managers if manager.reports_to}

    def secret(self, name: str) -> str:
        """Return a secret from the environment (`NAME`, or the file that `NAME_FILE` names); "" where there is none."""
        found = self._secrets.get(name)
        return found.value if found else ""

    def policy(self) -> Policy:
        """Return every setting that decides when what is sent."""
        timing, meetings = self.timing, self.meetings
        return Policy(
            timezone=self.timezone,
            language=self.language,
            topics_before=timing.topics_before,
            agenda_before=timing.agenda_before,
            follow_up_after=timing.follow_up_after,
            follow_up_gap=timing.follow_up_gap,
            bundle_from=timing.bundle_from,
            reminder_after=timing.reminder_after,
            feedback_follow_up=timing.feedback_follow_up,
            working_hours=timing.working_hours,
            quiet=timing.quiet,
            holidays=timing.holidays,
            start=meetings.start,
            domains=meetings.domains,
            found_by=meetings.found_by,
            leave_alone=meetings.leave_alone,
            title=meetings.title,
            minutes=meetings.minutes,
            exclude=meetings.exclude,
            ignore=meetings.ignore,
            recap=self.recap.send,
            sessions=(("career", self.sessions.career), ("review", self.sessions.review)),
            review_every=self.reviews.every,
            hr=self.reviews.hr,
        )

    def person(self, email: str) -> Person:
        """Return what the configuration knows of an address; a table of managers goes before one of people."""
        address = email.lower()
        manager = next((one for one in self.managers if one.email == address), None)
        other = next((one for one in self.people if one.email == address), None)
        known = [one for one in (manager, other) if one is not None]
        return Person(
            email=address,
            name=next((one.name for one in known if one.name), ""),
            timezone=next((one.timezone for one in known if one.timezone), ""),
            language=next((one.language for one in known if one.language), ""),
            aliases=tuple(dict.fromkeys(alias for one in known for alias in one.aliases)),
            manages=bool(manager or (other and other.manages) or address in self.reports_to.values()),
            working_hours=next((one.working_hours for one in known if one.working_hours), None),
        )


def load(path: Path, environ: Mapping[str, str]) -> Config:
    """Read a configuration file. Raises ConfigurationError with everything that is wrong with it."""
    raw = _parse(path)
    shown = str(path)
    folder = path.absolute().parent
    found, missing = read_secrets(environ)
    problems = [Problem(shown, key, text) for key, text in across(raw, BUILT_MAIL, BUILT_CALENDARS)]
    problems += [
        Problem("environment" if key.isupper() else shown, key, text)
        for key, text in providers.needed(raw, frozenset(found))
    ]
    problems += [Problem("environment", name, text) for name, text in missing]
    config = None
    try:
        config = Config.model_validate(raw, context={"folder": folder})
    except ValidationError as error:
        problems += [Problem(shown, key, text) for key, text in from_validation(error, Config)]
    if problems or config is None:
        raise ConfigurationError(sorted(set(problems), key=lambda problem: (problem.where, problem.key, problem.text)))
    config._file = folder / path.name  # noqa: SLF001  # private, so that no key of the file can set it
    config._secrets = found  # noqa: SLF001
    return config


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        text = "there is no such file: write one with `followthrough init`, or name another with --config"
    except IsADirectoryError:
        text = "is a folder: name the file inside it with --config"
    except OSError as error:
        text = f"cannot be read ({error.strerror}): let this user read it"
    except UnicodeDecodeError:
        text = "is not UTF-8: save it with that encoding"
    except tomllib.TOMLDecodeError as error:
        text = f"is not TOML ({error}): correct that line"
    raise ConfigurationError([Problem(str(path), "", text)])
