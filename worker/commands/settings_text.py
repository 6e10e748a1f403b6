"""The text of a new configuration: the example with a person's answers in the place of its sample values."""

from __future__ import annotations

import importlib.resources
import json
import re
from dataclasses import dataclass
from pathlib import Path

import worker


@dataclass(frozen=True, slots=True)
class Answers:
    """What `init` asks: the worker's mailbox, the manager and their calendar, and where dates are read.

    `providers` are further values, each as (table, key, value).
    """

    address: str
    manager: str
    name: str
    timezone: str
    calendar: str
    mail: str
    calendar_provider: str = "files"
    mail_provider: str = "files"
    providers: tuple[tuple[str, str, str], ...] = ()


def example() -> str:
    """Return the example configuration, from the installed package or from the checkout."""
    packaged = importlib.resources.files("worker") / "_config" / "followthrough.example.toml"
    if packaged.is_file():
        return packaged.read_text(encoding="utf-8")
    checkout = Path(worker.__file__).resolve().parent.parent / "config" / "followthrough.example.toml"
    return checkout.read_text(encoding="utf-8")


def configuration(answers: Answers) -> str:
    """Return a complete commented configuration with these answers."""
    text = example().replace(
        "# Followthrough: every setting with its default.", "# The configuration of Followthrough."
    )
    for table, key, value in (
        ("", "timezone", answers.timezone),
        ("mail", "provider", answers.mail_provider),
        ("mail", "address", answers.address),
        ("mail", "path", answers.mail),
        ("managers", "email", answers.manager),
        ("managers", "name", answers.name),
        ("managers.calendar", "provider", answers.calendar_provider),
        ("managers.calendar", "path", answers.calendar),
    ):
        text = with_value(text, table, key, value)
    for table, key, value in answers.providers:
        text = with_value(in_use(text, table), table, key, value)
    return text


def in_use(text: str, table: str) -> str:
    """Return the configuration with a table, and every setting in it, no longer commented out."""
    found = re.search(rf"(?m)^#\[{re.escape(table)}\](?:.*\n)(?:#.*\n)*", text)
    if found is None:
        return text
    return text[: found.start()] + re.sub(r"(?m)^#(?=[a-z_]+ =|\[)", "", found[0]) + text[found.end() :]


def with_value(text: str, table: str, key: str, value: str) -> str:
    """Return the configuration with one text value replaced; its comment stays, in its column where there is room."""
    head = rf"(?ms)^\[+{re.escape(table)}\]+[^\n]*\n(?:(?!\[).)*?" if table else r"(?ms)\A(?:(?!^\[).)*?"
    found = re.search(rf'{head}^(?P<line>{key} = "[^"\n]*")(?P<gap> *)(?=#|\n)', text)
    if found is None:
        raise LookupError(f"the example has no key {table}.{key}")
    line = f"{key} = {json.dumps(value, ensure_ascii=False)}"
    width = len(found["line"]) + len(found["gap"])
    return text[: found.start("line")] + line.ljust(max(width, len(line) + 1)) + text[found.end() :]
