from __future__ import annotations

import os
import pwd
import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args, get_origin

import pytest
from pydantic import BaseModel

from worker.commands.accounts import CALENDARS, MAILBOXES
from worker.config import BUILT_CALENDARS, BUILT_MAIL, Config, load
from worker.config.values import Span, lead, span
from worker.errors import ConfigurationError
from worker.model import Lead, PairKind, PairMail, Person, Policy

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "config" / "followthrough.example.toml"
REFERENCE = ROOT / "docs" / "configuration.md"
SMALLEST = """
[mail]
address = "one-on-ones@example.com"
[[managers]]
email = "Dana@Example.com"
calendar = { provider = "files", path = "calendar/dana" }
"""
TWICE = """
[[pairs]]
manager = "dana@example.com"
person = "a@example.com"
[[pairs]]
manager = "Dana@example.com"
person = "A@example.com"
"""


def read(folder: Path, text: str, **environ: str) -> Config:
    """Load a configuration of this text."""
    file = folder / "followthrough.toml"
    file.write_text(text, encoding="utf-8")
    return load(file, environ)


def problems(folder: Path, text: str, **environ: str) -> list[str]:
    """Return what is wrong with a configuration of this text, as "key: what to do"."""
    with pytest.raises(ConfigurationError) as caught:
        read(folder, text, **environ)
    return [f"{problem.key}: {problem.text}" for problem in caught.value.problems]


def keys(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Yield every dotted key that a configuration may have; entries of lists have the key of their list."""
    for name, field in model.model_fields.items():
        inner = [kind for kind in (field.annotation, *get_args(field.annotation)) if get_origin(kind) is None]
        tables = [kind for kind in inner if isinstance(kind, type) and issubclass(kind, BaseModel)]
        if tables:
            yield from keys(tables[0], f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"


def flat(table: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return a parsed file by dotted key, of each list of tables the first one."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        one = value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else value
        if isinstance(one, dict):
            found.update(flat(one, f"{prefix}{key}."))
        else:
            found[f"{prefix}{key}"] = one
    return found


def in_use(text: str) -> str:
    """Return the example with every setting that is commented out in use: "#key" and "#[table]", never "# prose"."""
    return re.sub(r"(?m)^#(?=[a-z_]+ =|\[)", "", text)


# ---------------------------------------------------------------------------------------------------------- defaults


def test_the_smallest_configuration_has_the_defaults_of_the_policy(tmp_path: Path) -> None:
    """A mailbox and a manager are all that must be said; the rest is what the model has as its defaults."""
    policy = read(tmp_path, SMALLEST).policy()
    usual = Policy(leave_alone=policy.leave_alone, sessions=policy.sessions)
    assert policy == usual
    assert policy.leave_alone.startswith("interview|candidate|")
    assert dict(policy.sessions) == {
        "career": "career|growth talk",
        "review": "performance review|annual review|appraisal",
    }


def test_the_example_is_the_defaults(tmp_path: Path) -> None:
    """The example changes nothing: as it stands it means the same as the smallest configuration."""
    example = load(EXAMPLE, {})
    usual = read(tmp_path, SMALLEST)
    moved = tmp_path / "config" / "followthrough.toml"
    moved.parent.mkdir()
    moved.write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    assert load(moved, {}).model_dump(exclude={"mail", "managers"}) == usual.model_dump(exclude={"mail", "managers"})
    assert example.mail.model_dump(exclude={"path"}) == usual.mail.model_dump(exclude={"path"})
    assert example.managers[0].model_dump(exclude={"calendar"}) == usual.managers[0].model_dump(exclude={"calendar"})
    assert example.managers[0].calendar.write is usual.managers[0].calendar.write


def test_the_settings_that_the_example_leaves_out_of_use_are_the_defaults(tmp_path: Path) -> None:
    """What stands behind a "#" is the default too, so that using it without a change changes nothing."""
    whole = read(tmp_path, in_use(EXAMPLE.read_text(encoding="utf-8")))
    person, pair = whole.people[0], whole.pairs[0]
    assert person.model_dump(exclude={"email", "working_hours"}) == {
        "name": "",
        "timezone": "",
        "language": "",
        "manages": False,
        "aliases": (),
    }
    usual = read(tmp_path, SMALLEST)
    for name in ("google", "microsoft", "imap", "http"):
        assert getattr(whole, name) == getattr(usual, name), name
    assert whole.own_account is usual.own_account is whole.mail.own is False
    assert (pair.kind, pair.mail, pair.every) == (PairKind.DIRECT, PairMail.BOTH, None)
    assert person.working_hours == whole.timing.working_hours == whole.managers[0].working_hours


def test_the_example_lists_every_key() -> None:
    """A key that the code knows and the example does not have, or the other way round, fails the build."""
    listed = flat(tomllib.loads(in_use(EXAMPLE.read_text(encoding="utf-8"))))
    assert set(listed) == set(keys(Config))


def test_the_example_says_why_on_every_line() -> None:
    """Each key has its reason on its own line."""
    lines = [line for line in EXAMPLE.read_text(encoding="utf-8").splitlines() if re.match(r"#?[a-z_]+ = ", line)]
    assert len(lines) > 40
    assert [line for line in lines if not re.search(r" # \S.{10,}", line.lstrip("#"))] == []


def test_the_reference_describes_every_key_with_its_default() -> None:
    """docs/configuration.md has a row for every key, with the default that the example has, and no row besides."""
    listed = flat(tomllib.loads(in_use(EXAMPLE.read_text(encoding="utf-8"))))
    rows = dict(re.findall(r"(?m)^\| `([a-z_.]+)` \| (.+?) \|", REFERENCE.read_text(encoding="utf-8")))
    assert set(rows) == set(listed)
    required = {key for key, value in rows.items() if value == "none: must be set"}
    assert required == {
        "mail.address",
        "managers.email",
        "managers.calendar.path",
        "people.email",
        "pairs.manager",
        "pairs.person",
    }
    own = {"managers.working_hours", "people.working_hours", "mail.own"}
    for key in set(rows) - required - own:
        assert rows[key].replace("\\|", "|") == f"`{_toml(listed[key])}`", key


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'"{value}"'
    return str(value).replace("'", '"')


def test_every_provider_that_may_be_named_can_be_built() -> None:
    """The configuration lets through exactly the providers that there is a builder for."""
    assert set(MAILBOXES) == BUILT_MAIL
    assert set(CALENDARS) == BUILT_CALENDARS


# ------------------------------------------------------------------------------------------------------------ values


def test_addresses_are_lower_case(tmp_path: Path) -> None:
    """However an address is written, it is one and the same person."""
    config = read(
        tmp_path,
        SMALLEST
        + '[[pairs]]\nmanager = "DANA@example.com"\nperson = "Sam@Example.com"\nevery = "8 weeks"\n'
        + '[meetings]\nexclude = ["X@Example.com"]\n',
    )
    assert config.managers[0].email == "dana@example.com"
    assert (config.pairs[0].manager, config.pairs[0].person) == ("dana@example.com", "sam@example.com")
    assert config.pairs[0].every == Lead(days=56)
    assert config.policy().exclude == ("x@example.com",)


def test_paths_are_relative_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the command is called from makes no difference."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "ours").mkdir()
    monkeypatch.chdir(elsewhere)
    text = SMALLEST.replace("[mail]", f'data = "{tmp_path}/absolute"\ntemplates = "ours"\n[mail]', 1)
    config = read(tmp_path, text)
    assert config.mail.path == tmp_path / "mail"
    assert config.managers[0].calendar.path == tmp_path / "calendar/dana"
    assert config.templates == tmp_path / "ours"
    assert config.data_folder == tmp_path / "absolute"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10 minutes", Lead(minutes=10)),
        ("1 minute", Lead(minutes=1)),
        ("3 hours", Lead(minutes=180)),
        ("2 days", Lead(days=2)),
        ("2 business days", Lead(days=2, business=True)),
        ("1 business day", Lead(days=1, business=True)),
        ("1 week", Lead(days=7)),
        ("0 minutes", Lead()),
    ],
)
def test_durations(text: str, expected: Lead) -> None:
    """Every form of a duration means its length."""
    assert lead(text) == expected


@pytest.mark.parametrize(
    "text", ["", "10", "minutes", "-1 day", "1.5 hours", "2 months", "ten minutes", "1 day 2 hours"]
)
def test_what_is_no_duration(text: str) -> None:
    """What could be read in two ways is refused, with the forms that there are."""
    with pytest.raises(ValueError, match="business days"):
        lead(text)


def test_retention_counts_months() -> None:
    """A retention of months is months, not a number of days."""
    assert span("24 months") == Span("24 months", months=24)
    assert span("2 years") == Span("2 years", months=24)
    assert span("90 days") == Span("90 days", days=90)


def test_hours_and_quiet(tmp_path: Path) -> None:
    """Quiet hours may run over midnight and may be none; working hours are a stretch of one day."""
    text = SMALLEST + '[timing]\nworking_hours = "08:30-18:00"\nquiet = "22:00-06:30"\n'
    policy = read(tmp_path, text).policy()
    assert policy.working_hours == (time(8, 30), time(18))
    assert policy.quiet == (time(22), time(6, 30))
    assert read(tmp_path, SMALLEST + '[timing]\nquiet = ""\n').policy().quiet is None


def test_words_by_language(tmp_path: Path) -> None:
    """Words of titles may be one list or a list for each language; either way each of them counts."""
    text = SMALLEST + '[meetings]\nleave_alone = { en = "interview|legal", de = "kündigung" }\n'
    assert read(tmp_path, text).policy().leave_alone == "interview|legal|kündigung"


def test_a_person_is_what_all_tables_say_of_them(tmp_path: Path) -> None:
    """A manager's own table goes first, and what it leaves open may stand in [[people]]."""
    config = read(
        tmp_path,
        SMALLEST.replace("calendar =", 'name = "Dana Kim"\nreports_to = "boss@example.com"\ncalendar =')
        + '[[people]]\nemail = "dana@example.com"\nname = "D. K."\ntimezone = "Asia/Tokyo"\n'
        + 'working_hours = "10:00-16:00"\n[[people]]\nemail = "alex@example.com"\nmanages = true\n',
    )
    assert config.person("DANA@example.com") == Person(
        email="dana@example.com",
        name="Dana Kim",
        timezone="Asia/Tokyo",
        manages=True,
        working_hours=(time(10), time(16)),
    )
    assert config.person("alex@example.com") == Person(email="alex@example.com", manages=True)
    assert config.person("boss@example.com").manages
    assert config.person("nobody@example.com") == Person(email="nobody@example.com")
    assert config.reports_to == {"dana@example.com": "boss@example.com"}


# ---------------------------------------------------------------------------------------------------------- problems


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('timezon = "Europe/Berlin"', 'timezon: is no known key: the nearest is "timezone"'),
        ("[timing]\ntopics_befor = 1", 'timing.topics_befor: is no known key: the nearest is "topics_before"'),
        ("[meeting]", 'meeting: is no known key: the nearest is "meetings"'),
        ('timezone = "Mars/Base"', 'timezone: "Mars/Base" is no time zone'),
        ('timezone = "../etc/passwd"', "timezone: "),
        ('language = "English"', 'language: "English" is no language'),
        ("templates = 5", "templates: is no text"),
        ('[timing]\ntopics_before = "soon"', 'timing.topics_before: "soon" is no duration'),
        ("[timing]\ntopics_before = 2", "timing.topics_before: is no text"),
        ('[timing]\npoll = "0 minutes"', "timing.poll: "),
        ('[timing]\npoll = "1 business day"', "timing.poll: "),
        ('[timing]\nworking_hours = "17:00-09:00"', 'timing.working_hours: "17:00-09:00" ends before it begins'),
        ('[timing]\nworking_hours = "9-17"', "timing.working_hours: "),
        ('[timing]\nquiet = "25:00-07:00"', "timing.quiet: "),
        ('[timing]\nholidays = "Germany"', "timing.holidays: "),
        ('[meetings]\ntitle = "("', "meetings.title: "),
        ('[meetings]\nleave_alone = "[a"', "meetings.leave_alone: "),
        ("[meetings]\nminutes = [120, 10]", "meetings.minutes: "),
        ("[meetings]\nminutes = [10]", "meetings.minutes: "),
        ('[meetings]\nminutes = ["10", 20]', "meetings.minutes"),
        ('[meetings]\nstart = "now"', 'meetings.start: is not one of the words known here: write "ask" or "all"'),
        ('[meetings]\ndomains = "own"', "meetings.domains: is no list"),
        ('[meetings]\nexclude = ["bob"]', 'meetings.exclude[1]: "bob" is no mail address'),
        ('[recap]\nsend = "yes"', "recap.send: "),
        ('[reviews]\nhr = "hr"', "reviews.hr: "),
        ('[retention]\nshared = "for ever"', "retention.shared: "),
        ('[[people]]\nemail = "a b@example.com"', 'people[1].email: "a b@example.com" is no mail address'),
        ('[[people]]\nname = "Sam"', "people[1].email: is missing"),
        (
            '[[people]]\nemail = "a@example.com"\n[[people]]\nemail = "A@example.com"',
            "people[2].email: a@example.com is a person already",
        ),
        ('people = "all"', "people: is no list of tables"),
        (
            '[[pairs]]\nmanager = "dan@example.com"\nperson = "sam@example.com"',
            "pairs[1].manager: dan@example.com is no manager: write dana@example.com",
        ),
        (
            '[[pairs]]\nmanager = "dana@example.com"\nperson = "dana@example.com"',
            "pairs[1].person: dana@example.com is the manager as well",
        ),
        (
            TWICE,
            "pairs[2]: names the same two people",
        ),
        (
            '[[pairs]]\nmanager = "dana@example.com"\nperson = "a@example.com"\nkind = "boss"',
            'pairs[1].kind: is not one of the words known here: write "direct", "skip-level" or "peer"',
        ),
        (
            '[[managers]]\nemail = "DANA@example.com"\ncalendar = { path = "x" }',
            "managers[2].email: dana@example.com is a manager already",
        ),
        ('[[managers]]\nemail = "bo@example.com"', "managers[2].calendar: is missing"),
        ('[[managers]]\nemail = "bo@example.com"\ncalendar = {}', "managers[2].calendar.path: is missing"),
        (
            '[[managers]]\nemail = "bo@example.com"\ncalendar = { provider = "files" }',
            "managers[2].calendar.path: is missing",
        ),
        (
            '[[managers]]\nemail = "bo@example.com"\ncalendar = { provider = "icloud", path = "x" }',
            "managers[2].calendar.provider: is not one of the words known here",
        ),
        (
            '[[managers]]\nemail = "bo@example.com"\ncalendar = { path = "x", write = "no" }',
            "managers[2].calendar.write: is neither true nor false",
        ),
        (
            '[[managers]]\nemail = "bo@example.com"\nreports_to = "bo@example.com"\ncalendar = { path = "x" }',
            "managers[2].reports_to: leads back to the same person",
        ),
    ],
)
def test_a_wrong_value_is_told_with_its_key_and_what_to_do(tmp_path: Path, text: str, problem: str) -> None:
    """Each thing that can be wrong is named by its dotted key, once, and says what to write."""
    top, _, tables = text.partition("[") if not text.startswith("[") else ("", "", text.removeprefix("["))
    found = problems(tmp_path, top + SMALLEST + (f"[{tables}" if tables else ""))
    assert [line for line in found if line.startswith(problem)], found
    assert len(found) == 1, found
    assert re.search(r": .*: \S", f"x: {found[0]}")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", ["mail: is missing: add it", "managers: is missing: add it"]),
        ('managers = []\n[mail]\naddress = "w@example.com"', ["managers: names nobody: add a [[managers]] table"]),
        (
            SMALLEST.replace("one-on-ones@", "one on ones@"),
            ['mail.address: "one on ones@example.com" is no mail address: write one such as "dana@example.com"'],
        ),
        (
            SMALLEST.replace("files", "caldav").replace(', path = "calendar/dana"', ""),
            ['managers[1].calendar.provider: "caldav" is not built into this version: write "files", or upgrade'],
        ),
        (
            SMALLEST.replace("[mail]", '[mail]\nseparator = "a"'),
            ['mail.separator: "a" cannot separate a sub-address: write one of + - _ = .'],
        ),
    ],
)
def test_a_wrong_mailbox_or_no_manager(tmp_path: Path, text: str, problem: list[str]) -> None:
    """What must be there is asked for by its name."""
    assert problems(tmp_path, text) == problem


ONLINE = """
[mail]
provider = "{provider}"
address = "one-on-ones@example.com"
{more}
[[managers]]
email = "dana@example.com"
calendar = {{ provider = "{calendar}" }}
"""


@pytest.mark.parametrize(
    ("provider", "calendar", "more", "environ", "missing"),
    [
        ("google", "google", "", {}, ["google.client_file"]),
        ("google", "google", '[google]\nclient_file = "client.json"', {}, []),
        ("google", "google", '[google]\nservice_account_file = "key.json"', {}, ["google.client_file"]),
        ("microsoft", "google", '[google]\nservice_account_file = "key.json"', {}, ["microsoft.client_id"]),
        ("microsoft", "microsoft", "", {}, ["microsoft.client_id"]),
        ("microsoft", "microsoft", '[microsoft]\nclient_id = "x"', {}, []),
        ("google", "google", 'signed_in_as = "a@x.org"\n[google]\nclient_file = "c"', {}, ["mail.signed_in_as"]),
        (
            "microsoft",
            "microsoft",
            'signed_in_as = "a@x.org"\n[microsoft]\nclient_id = "x"\ntenant = "x.org"',
            {"FOLLOWTHROUGH_MICROSOFT_SECRET": "x"},
            ["mail.signed_in_as"],
        ),
        (
            "microsoft",
            "microsoft",
            '[microsoft]\nclient_id = "x"\ncertificate_file = "app.pem"',
            {},
            ["microsoft.tenant"],
        ),
        (
            "microsoft",
            "microsoft",
            '[microsoft]\nclient_id = "x"\ntenant = "example.com"\ncertificate_file = "app.pem"',
            {"FOLLOWTHROUGH_MICROSOFT_SECRET": "x"},
            ["FOLLOWTHROUGH_MICROSOFT_SECRET"],
        ),
        (
            "imap",
            "google",
            '[google]\nclient_file = "client.json"',
            {},
            ["imap.imap_host", "imap.smtp_host", "mail.authserv_id", "FOLLOWTHROUGH_IMAP_PASSWORD"],
        ),
        (
            "imap",
            "google",
            ('authserv_id = "mx.example.com"\n[google]\nclient_file = "c"\n'
            '[imap]\nimap_host = "mail.example.com"\nsmtp_host = "mail.example.com"\nsmtp_security = "none"'),
            {"FOLLOWTHROUGH_IMAP_PASSWORD": "x"},
            ["imap.smtp_security"],
        ),
        ("files", "files", "[google]\ndirectory = true\n[microsoft]\ndirectory = true", {}, [
            "google.directory", "managers[1].calendar.path", "microsoft.directory",
        ]),
    ],
)  # fmt: skip
def test_what_a_provider_needs_is_asked_for(
    tmp_path: Path, provider: str, calendar: str, more: str, environ: dict[str, str], missing: list[str]
) -> None:
    """Each provider that is named says by key what it lacks, all at once, and nothing where nothing is lacking."""
    text = ONLINE.format(provider=provider, calendar=calendar, more=more)
    if not missing:
        assert read(tmp_path, text, **environ).mail.provider == provider
        return
    assert [line.partition(":")[0] for line in problems(tmp_path, text, **environ)] == missing


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[google]\ncalendar_address = "http://example.com/"', 'google.calendar_address: "http://example.com/" is no'),
        ('[google]\ntoken_address = "https://me:x@example.com/"', "google.token_address: "),
        ("[google]\nredirect_port = 70000", "google.redirect_port: 70000 is no port"),
        ('[google]\nclient = "x"', 'google.client: is no known key: the nearest is "client_file"'),
        ("[microsoft]\ntenant = 5", "microsoft.tenant: is no text"),
        ('[microsoft]\noutside = "nobody"', 'microsoft.outside: "nobody" is no mail address'),
        ('[imap]\nimap_security = "ssl"', "imap.imap_security: is not one of the words known here"),
        ('[http]\nca_files = "x"', 'http.ca_files: is no known key: the nearest is "ca_file"'),
        (
            '[[people]]\nemail = "a@example.com"\naliases = ["DANA@example.com"]',
            "people[1].aliases[1]: dana@example.com",
        ),
        (
            (
                '[[managers]]\nemail = "b@example.com"\ncalendar = { provider = "google", path = "x" }\n'
                '[google]\nclient_file = "c"'
            ),
            'managers[2].calendar.path: belongs to the provider "files"',
        ),
    ],
)
def test_a_wrong_value_of_a_provider(tmp_path: Path, text: str, problem: str) -> None:
    """Settings of providers are checked as all others are: the key, once, and what to write."""
    found = problems(tmp_path, SMALLEST + text + "\n")
    assert len(found) == 1, found
    assert found[0].startswith(problem)


def test_an_address_of_this_machine_needs_no_tls(tmp_path: Path) -> None:
    """A stand-in on loopback may be spoken to in clear; nothing else may."""
    text = SMALLEST + '[google]\ngmail_address = "http://127.0.0.1:8080/"\n'
    assert read(tmp_path, text).google.gmail_address == "http://127.0.0.1:8080/"


def test_aliases_are_further_addresses_of_one_person(tmp_path: Path) -> None:
    """An alias is theirs in any letter case, whichever table says so."""
    config = read(
        tmp_path,
        SMALLEST.replace("calendar =", 'aliases = ["D.Kim@Example.com"]\ncalendar =')
        + '[[people]]\nemail = "dana@example.com"\naliases = ["dk@example.org"]\n',
    )
    assert config.person("dana@example.com").aliases == ("d.kim@example.com", "dk@example.org")


@pytest.mark.parametrize(
    ("address", "own", "expected"),
    [
        ("one-on-ones@example.com", "", False),
        ("DANA@example.com", "", True),
        ("one-on-ones@example.com", "own = true", True),
        ("dana@example.com", "own = false", False),
    ],
)
def test_whose_mailbox_it_is(tmp_path: Path, address: str, own: str, expected: bool) -> None:  # noqa: FBT001
    """A manager's own address means their own account, unless the configuration says otherwise."""
    text = SMALLEST.replace("one-on-ones@example.com", address).replace("[[managers]]", f"{own}\n[[managers]]")
    assert read(tmp_path, text).own_account is expected


def test_every_problem_at_once(tmp_path: Path) -> None:
    """A file with several mistakes, of shape and across tables, is told all of them in one call."""
    text = SMALLEST + (
        '[[managers]]\nemail = "dana@example.com"\nnam = "D"\ncalendar = { path = "x" }\n'
        '[[pairs]]\nmanager = "x@example.com"\nperson = "nobody"\n'
        '[timing]\npoll = "often"\nquiet = "no"\n'
    )
    found = problems(tmp_path, text, FOLLOWTHROUGH_SECRET_FILE=str(tmp_path / "gone"))
    assert [line.partition(":")[0] for line in found] == [
        "managers[2].email",
        "managers[2].nam",
        "pairs[1].manager",
        "pairs[1].person",
        "timing.poll",
        "timing.quiet",
        "FOLLOWTHROUGH_SECRET_FILE",
    ]


@pytest.mark.parametrize("name", ["nowhere", "followthrough.toml"])
def test_own_templates_that_are_not_there_are_a_wrong_configuration(tmp_path: Path, name: str) -> None:
    """A folder of templates that is no folder is told beside everything else: no mail goes out without it."""
    found = problems(tmp_path, f'templates = "{name}"\nlanguage = "English"\n{SMALLEST}')
    assert [line.partition(":")[0] for line in found] == ["language", "templates"]
    assert found[1].startswith(f"templates: {tmp_path}/{name} is no folder that is there: correct the path")


def test_own_templates_that_cannot_be_read_are_a_wrong_configuration() -> None:
    """A folder of templates that this user may not look into is told with its key."""
    with nobody(), TemporaryDirectory() as made:
        folder = Path(made)
        (folder / "ours").mkdir(mode=0o300)
        found = problems(folder, f'templates = "ours"\n{SMALLEST}')
    assert found == [f"templates: {folder}/ours cannot be read (Permission denied): let this user read it"]


@contextmanager
def nobody() -> Iterator[None]:
    """Go on as a user to whom rights apply: to root they do not."""
    if os.geteuid():
        yield
        return
    os.seteuid(pwd.getpwnam("nobody").pw_uid)
    try:
        yield
    finally:
        os.seteuid(0)


def test_each_problem_names_the_file(tmp_path: Path) -> None:
    """A line says in which file the key stands."""
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path, SMALLEST + "[timing]\npol = 1\n")
    assert str(caught.value).startswith(f"{tmp_path / 'followthrough.toml'}: timing.pol: ")


@pytest.mark.parametrize(
    ("content", "problem"),
    [(b"[mail\n", "is not TOML"), (b"a = 1\na = 2\n", "is not TOML"), (b'a = "\xff"\n', "is not UTF-8")],
)
def test_a_file_that_is_no_toml(tmp_path: Path, content: bytes, problem: str) -> None:
    """A file that cannot be parsed says where it went wrong."""
    file = tmp_path / "followthrough.toml"
    file.write_bytes(content)
    with pytest.raises(ConfigurationError, match=problem):
        load(file, {})


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """A missing file or a folder in its place says how to make one or name another."""
    with pytest.raises(ConfigurationError, match="followthrough init"):
        load(tmp_path / "nothing.toml", {})
    with pytest.raises(ConfigurationError, match="--config"):
        load(tmp_path, {})


# ----------------------------------------------------------------------------------------------------------- secrets


def test_secrets_come_from_the_environment_or_a_file(tmp_path: Path) -> None:
    """A secret is read from its variable, or from the file that its name with _FILE names."""
    (tmp_path / "secret").write_text("from the file\n", encoding="utf-8")
    assert read(tmp_path, SMALLEST, FOLLOWTHROUGH_SECRET="plain").secret("FOLLOWTHROUGH_SECRET") == "plain"
    config = read(tmp_path, SMALLEST, FOLLOWTHROUGH_SECRET_FILE=str(tmp_path / "secret"))
    assert config.secret("FOLLOWTHROUGH_SECRET") == "from the file"
    assert "from the file" not in repr(config)
    assert read(tmp_path, SMALLEST).secret("FOLLOWTHROUGH_SECRET") == ""


def test_a_secret_that_was_meant_and_is_missing_is_a_problem(tmp_path: Path) -> None:
    """A named file that is not there or empty, or both ways at once, stops the start; there is no silent default."""
    empty = tmp_path / "empty"
    empty.touch()
    for environ in (
        {"FOLLOWTHROUGH_SECRET_FILE": str(tmp_path / "gone")},
        {"FOLLOWTHROUGH_SECRET_FILE": str(empty)},
        {"FOLLOWTHROUGH_SECRET_FILE": str(empty), "FOLLOWTHROUGH_SECRET": "x"},
    ):
        found = problems(tmp_path, SMALLEST, **environ)
        assert len(found) == 1
        assert found[0].startswith("FOLLOWTHROUGH_SECRET")
