"""Secrets: from an environment variable, or from the file that the same name with `_FILE` names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

# Every secret that some part of the worker may ask for.
NAMES = (
    "FOLLOWTHROUGH_SECRET",
    "FOLLOWTHROUGH_SECRET_PREVIOUS",
    "FOLLOWTHROUGH_MICROSOFT_SECRET",
    "FOLLOWTHROUGH_IMAP_PASSWORD",
    "FOLLOWTHROUGH_KEY",
    "FOLLOWTHROUGH_DATABASE_PASSWORD",
)
_SHORTEST = {"FOLLOWTHROUGH_KEY": 32}


@dataclass(frozen=True, slots=True)
class SecretText:
    """A secret that no repr, log or traceback shows."""

    value: str = field(repr=False)


def read_secrets(environ: Mapping[str, str]) -> tuple[dict[str, SecretText], list[tuple[str, str]]]:
    """Return the secrets by name, and (name, what to do) of each that was meant and cannot be had."""
    found: dict[str, SecretText] = {}
    problems: list[tuple[str, str]] = []
    for name in NAMES:
        value, path = environ.get(name, ""), environ.get(f"{name}_FILE", "")
        if value and path:
            problems.append((name, f"is set, and so is {name}_FILE: unset one of them"))
        elif value:
            found[name] = SecretText(value)
        elif path:
            try:
                text = Path(path).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                reason = getattr(error, "strerror", None) or "not UTF-8"
                problems.append((f"{name}_FILE", f"{path} cannot be read ({reason}): correct the path or the file"))
                continue
            if text:
                found[name] = SecretText(text)
            else:
                problems.append((f"{name}_FILE", f"{path} is empty: put the secret into it"))
    problems += [
        (name, f"is shorter than {least} characters: make one with `openssl rand -hex {least}`")
        for name, least in _SHORTEST.items()
        if name in found and len(found[name].value) < least
    ]
    return found, problems
