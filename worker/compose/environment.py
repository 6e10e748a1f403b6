"""The templates, prompts and catalogues that mails are made with: the built-in ones, and an organisation's own.

A folder is given as a Traversable (a `pathlib.Path` is one); it is read once, here, and never while a mail is made.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from gettext import NullTranslations
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO

import jinja2
from babel.messages.pofile import read_po
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from worker.compose.trial import tried
from worker.compose.words import translations, typeset
from worker.errors import Problem

DEFAULT_LANGUAGE = "en"
_SIZE_LIMIT = 256_000
_FIELD = re.compile(r"\{\w+\}")
_SET_OFF = 'style="font-family:Consolas,Menlo,monospace;font-weight:normal;background-color:#eef1f4;color:#1f2328;"'


@dataclass(slots=True)
class Shelf:
    """What one environment has besides its templates. Catalogues are read when their language is first used.

    `prompts` and `headings` are by language; `problems` say what of the organisation's folder was passed over and why;
    `fallback` is the environment of the built-in templates alone, for a template that fails while a mail is made.
    """

    sources: Mapping[str, str]
    prompts: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    headings: dict[str, dict[str, str]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    fallback: jinja2.Environment | None = None
    catalogues: dict[str, NullTranslations] = field(default_factory=dict)

    def language(self, *wanted: str) -> str:
        """Return the first of these languages that there is a catalogue for, else English."""
        for code in wanted:
            short = code.lower().replace("_", "-").partition("-")[0]
            if short == DEFAULT_LANGUAGE or f"languages/{short}.po" in self.sources:
                return short
        return DEFAULT_LANGUAGE

    def catalogue(self, language: str) -> NullTranslations:
        """Return the messages of a language; English is what the templates are written in."""
        if language not in self.catalogues:
            source = self.sources.get(f"languages/{language}.po")
            self.catalogues[language] = translations(source, language) if source else NullTranslations()
        return self.catalogues[language]


def built_in() -> Traversable:
    """Return the folder of the built-in templates: beside the package in a checkout, inside it when installed."""
    package = files("worker")
    inside = package.joinpath("_templates")
    return inside if inside.is_dir() else package.joinpath("..").joinpath("templates")


def environment(own: Traversable | None = None, *, templates: Traversable | None = None) -> jinja2.Environment:
    """Return the environment that `compose` takes. `own` is an organisation's folder, whose files win by name.

    The organisation's templates run in Jinja's sandbox. One that does not compile, fails when it is tried, or shows
    words of a person where a lock screen does, a broken prompts file or a broken catalogue is passed over in favour of
    the built-in one and told in `shelf(environment).problems`; nothing is raised.
    """
    base = _read(templates or built_in())
    plain = _environment(base, sandboxed=False)
    _shelve(plain, Shelf(base), base)
    if own is None or not own.is_dir():
        return plain
    problems: list[Problem] = []
    theirs = _read(own)
    usable = {name: text for name, text in theirs.items() if not _problem(name, text, str(own), problems)}
    mine = _environment({**base, **usable}, sandboxed=True)
    refused = tried(mine, usable)
    while refused:
        problems.extend(_told(name, str(own), reason) for name, reason in refused.items())
        usable = {name: text for name, text in usable.items() if name not in refused}
        mine = _environment({**base, **usable}, sandboxed=True)
        # One file may have hidden what another does.
        refused = tried(mine, usable)
    _shelve(mine, Shelf({**base, **usable}, problems=tuple(problems), fallback=plain), {**base, **usable})
    return mine


def shelf(environment: jinja2.Environment) -> Shelf:
    """Return what goes with an environment made by `environment`."""
    found = getattr(environment, "shelf", None)
    if not isinstance(found, Shelf):
        raise TypeError("the environment was not made by worker.compose.environment")
    return found


def ticked(text: object) -> Markup:
    """Return a sentence of ours as HTML: what stands in `backticks` is set off, everything is escaped."""
    pieces = str(escape(text)).split("`")
    if len(pieces) % 2 == 0:
        return Markup("`".join(pieces))  # noqa: S704  # escaped above
    marked = [piece if place % 2 == 0 else f'<b class="w" {_SET_OFF}>{piece}</b>' for place, piece in enumerate(pieces)]
    return Markup("".join(marked))  # noqa: S704  # escaped above


def linked(text: object) -> Markup:
    """Return a line with its web addresses as links, escaped; nothing but http and https becomes one."""
    words = str(text).split(" ")
    return Markup(" ").join(_link(word) if word.startswith(("https://", "http://")) else escape(word) for word in words)


def _link(address: str) -> Markup:
    return Markup('<a class="k" href="{0}" style="color:#0a4f8f;">{0}</a>').format(address)


def _environment(sources: Mapping[str, str], *, sandboxed: bool) -> jinja2.Environment:
    made = (ImmutableSandboxedEnvironment if sandboxed else jinja2.Environment)(
        loader=jinja2.DictLoader(dict(sources)),
        # select_autoescape goes by the last suffix and does not see `.html.j2`.
        autoescape=lambda name: name is None or ".html" in name,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        cache_size=-1,
    )
    made.filters["ticked"] = ticked
    made.filters["linked"] = linked
    return made


def _shelve(made: jinja2.Environment, kept: Shelf, sources: Mapping[str, str]) -> None:
    for name, text in sources.items():
        if name.startswith("prompts.") and name.endswith(".toml"):
            _take_prompts(kept, name.split(".")[1], tomllib.loads(text))
    # An attribute and no global: a template sees its view and nothing of what lies behind.
    made.extend(shelf=kept)


def _take_prompts(kept: Shelf, language: str, table: Mapping[str, object]) -> None:
    prompts = kept.prompts.setdefault(language, {})
    for key, value in table.items():
        if key == "headings" and isinstance(value, dict):
            kept.headings.setdefault(language, {}).update({str(part): str(name) for part, name in value.items()})
        elif isinstance(value, list):
            lines = (" ".join(str(line).split()) for line in value)
            prompts[key] = tuple(typeset(line, language) for line in lines if line)


def _problem(name: str, text: str, folder: str, problems: list[Problem]) -> bool:
    """Note what is wrong with a file of an organisation, and say whether it must be passed over."""
    try:
        if len(text) > _SIZE_LIMIT:
            raise ValueError(f"is larger than {_SIZE_LIMIT} characters")
        if name.endswith(".j2"):
            _environment({name: text}, sandboxed=True).get_template(name)
        elif name.endswith(".toml"):
            tomllib.loads(text)
        elif name.endswith(".po"):
            _check_fields(text, name.rpartition("/")[2].removesuffix(".po"))
    except jinja2.TemplateSyntaxError as error:
        reason = f"line {error.lineno}: {error.message}"
    except Exception as error:  # noqa: BLE001  # whatever a foreign file does, the built-in one is used
        reason = " ".join(str(error).split())[:200]
    else:
        return False
    problems.append(_told(name, folder, reason))
    return True


def _told(name: str, folder: str, reason: str) -> Problem:
    return Problem(f"{folder}/{name}", "templates", f"{reason}. The built-in one is used; correct the file.")


def _check_fields(po: str, language: str) -> None:
    """Raise ValueError where a sentence has other `{fields}` than the one it stands for, or nothing is translated."""
    translations(po, language)
    known = 0
    for message in read_po(BytesIO(po.encode()), locale=language):
        ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
        texts = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        known += bool(ids[0] and any(texts))
        for text in texts:
            if text and set(_FIELD.findall(text)) != set(_FIELD.findall(ids[0])) and ids[0]:
                raise ValueError(f"line {message.lineno}: the fields of “{text[:60]}” are not those of “{ids[0][:60]}”")
    if not known:
        raise ValueError("has no translated sentence")


def _read(folder: Traversable, below: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        name = f"{below}{entry.name}"
        if entry.is_dir() and not below:
            found.update(_read(entry, f"{name}/"))
        elif entry.name.endswith((".j2", ".toml", ".po")):
            found[name] = entry.read_bytes().decode("utf-8", "replace")
    return found
