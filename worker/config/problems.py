"""What is wrong with a configuration, as (dotted key, what to do): pydantic's findings and those of the whole."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

_KINDS = {
    "string_type": "is no text: put the value in quotes",
    "bool_type": "is neither true nor false: write one of the two, without quotes",
    "int_type": "is no whole number: write one without quotes",
    "tuple_type": "is no list: write it in square brackets",
    "model_type": "is no table: write its keys below a heading or in curly brackets",
    "model_attributes_type": "is no table: write its keys below a heading or in curly brackets",
    "missing": "is missing: add it",
}


# A pair of numbers is spoken of as one value, whichever of the two is wrong.
_RANGE = ("meetings", "minutes")


def from_validation(error: ValidationError, model: type[BaseModel]) -> list[tuple[str, str]]:
    """Return pydantic's findings in our words, each with its dotted key (entries of lists are counted from 1)."""
    return [
        (
            dotted(found["loc"][:2] if found["loc"][:2] == _RANGE else found["loc"]),
            _text(found["type"], found["msg"], found.get("ctx", {}), found["loc"], model),
        )
        for found in error.errors(include_url=False, include_input=False)
    ]


def dotted(location: tuple[int | str, ...]) -> str:
    """Return a place in the file as it is spoken of: `managers[2].calendar.path`."""
    text = ""
    for part in location:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _text(kind: str, message: str, context: dict[str, Any], location: tuple[int | str, ...], model: type) -> str:
    if kind == "extra_forbidden":
        return _unknown(str(location[-1]), _keys(model, location[:-1]))
    if kind == "value_error":
        return str(context["error"])
    if kind in {"literal_error", "enum"}:
        return f"is not one of the words known here: write {str(context['expected']).replace(chr(39), chr(34))}"
    if location[:2] == _RANGE:
        return "is no range: write two whole numbers such as [10, 120]"
    if kind == "tuple_type" and location[0] in {"managers", "people", "pairs"}:
        return f"is no list of tables: begin each with [[{location[0]}]]"
    return _KINDS.get(kind, f"{message}: correct it")


def _unknown(key: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.0)
    return f'is no known key: the nearest is "{near[0]}"; correct or remove it'


def _keys(model: Any, location: tuple[int | str, ...]) -> list[str]:  # noqa: ANN401  # walks type annotations
    for part in location:
        if isinstance(part, str):
            model = model.model_fields[part].annotation
        else:
            model = next(kind for kind in get_args(model) if kind is not Ellipsis)
    return sorted(model.model_fields)


def across(raw: dict[str, Any], mail: frozenset[str], calendars: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield what only several keys together tell; whatever has the wrong shape is left to the check of shapes.

    `mail` and `calendars` are the providers that this version can build.
    """
    managers = _addresses(raw, "managers", "email")
    if "managers" in raw and raw["managers"] == []:
        yield "managers", "names nobody: add a [[managers]] table"
    yield from _twice(managers, "managers", "manager")
    yield from _twice(_addresses(raw, "people", "email"), "people", "person")
    yield from _pairs(raw, set(managers.values()))
    yield from _own_boss(raw, managers)
    yield from _places(raw, mail, calendars)
    minutes = table(raw, "meetings").get("minutes")
    if isinstance(minutes, list) and len(minutes) == 2 and all(type(one) is int for one in minutes):
        low, high = minutes
        if not 0 <= low <= high or not high:
            yield "meetings.minutes", "is no range: write the shorter length first, such as [10, 120]"


def table(raw: dict[str, Any], name: str) -> dict[str, Any]:
    """Return a table of the raw file; an empty one where it is missing or has another shape."""
    found = raw.get(name)
    return found if isinstance(found, dict) else {}


def tables(raw: dict[str, Any], name: str) -> list[tuple[int, dict[str, Any]]]:
    """Return a list of tables of the raw file with their places, without what has another shape."""
    found = raw.get(name)
    return [(i, one) for i, one in enumerate(found) if isinstance(one, dict)] if isinstance(found, list) else []


def _addresses(raw: dict[str, Any], name: str, key: str) -> dict[int, str]:
    return {i: one[key].lower() for i, one in tables(raw, name) if isinstance(one.get(key), str)}


def _twice(addresses: dict[int, str], name: str, noun: str) -> Iterator[tuple[str, str]]:
    first: dict[str, int] = {}
    for index, address in addresses.items():
        if address in first:
            where = dotted((name, first[address]))
            yield dotted((name, index, "email")), f"{address} is a {noun} already, in {where}: remove one of the two"
        first.setdefault(address, index)


def _pairs(raw: dict[str, Any], managers: set[str]) -> Iterator[tuple[str, str]]:
    seen: dict[tuple[str, str], int] = {}
    people = _addresses(raw, "pairs", "person")
    for index, manager in _addresses(raw, "pairs", "manager").items():
        if manager not in managers:
            near = difflib.get_close_matches(manager, sorted(managers), n=1)
            hint = f"write {near[0]}, or " if near else ""
            yield dotted(("pairs", index, "manager")), f"{manager} is no manager: {hint}add them as [[managers]]"
        person = people.get(index)
        if person is None:
            continue
        if person == manager:
            yield dotted(("pairs", index, "person")), f"{person} is the manager as well: name the other person"
        if (manager, person) in seen:
            where = dotted(("pairs", seen[manager, person]))
            yield dotted(("pairs", index)), f"names the same two people as {where}: remove one of the two"
        seen.setdefault((manager, person), index)


def _own_boss(raw: dict[str, Any], managers: dict[int, str]) -> Iterator[tuple[str, str]]:
    above = {
        managers[i]: (i, one["reports_to"].lower())
        for i, one in tables(raw, "managers")
        if i in managers and isinstance(one.get("reports_to"), str) and one["reports_to"]
    }
    for address, (index, _) in above.items():
        chain = [address]
        while chain[-1] in above and chain[-1] not in chain[:-1]:
            chain.append(above[chain[-1]][1])
        if len(chain) > 1 and chain[-1] == address:
            yield dotted(("managers", index, "reports_to")), "leads back to the same person: name who is above them"


def _places(raw: dict[str, Any], mail: frozenset[str], calendars: frozenset[str]) -> Iterator[tuple[str, str]]:
    provider = table(raw, "mail").get("provider", "files")
    if provider in {"google", "microsoft", "imap"} - mail:
        yield "mail.provider", f'"{provider}" is not built into this version: write "files", or upgrade'
    for index, manager in tables(raw, "managers"):
        calendar = table(manager, "calendar")
        provider = calendar.get("provider", "files")
        if isinstance(provider, str) and provider in {"google", "microsoft", "caldav"} - calendars:
            key = dotted(("managers", index, "calendar", "provider"))
            yield key, f'"{provider}" is not built into this version: write "files", or upgrade'
        if "calendar" in manager and provider == "files" and not calendar.get("path"):
            yield dotted(("managers", index, "calendar", "path")), "is missing: name the folder of the .ics files"
