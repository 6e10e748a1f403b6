"""The part of OData 4 that Graph's mail and calendar understand: $filter, $expand, Prefer (OData 4.01 part 2, 5.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

# String {GUID} Name NAME: how a named property is addressed (MAPI's named properties, MS-OXPROPS).
PROPERTY_ID = re.compile(
    r"(String|Integer|Boolean|SystemTime) "
    r"(\{[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\} (Name [^'\"]+|Id 0x[0-9a-fA-F]+)|0x[0-9a-fA-F]{4})"
)
# What an id of an item looks like; anything else is not even looked for.
ID = re.compile(r"AA[A-Za-z0-9_-]{30,}={0,2}")
_PIECE = re.compile(
    r"singleValueExtendedProperties/any\((?P<var>\w+):\s*(?P=var)/id eq (?P<id>'[^']*')"
    r" and (?P=var)/value eq (?P<text>'(?:[^']|'')*')\)"
    r"|(?P<list>\w+)/any\((?P<each>\w+):\s*(?P=each) eq (?P<member>'(?:[^']|'')*')\)"
    r"|(?P<name>[A-Za-z][\w/]*) (?P<op>eq|ne|gt|ge|lt|le) (?P<value>'(?:[^']|'')*'|[^\s'()]+)"
)
_EXPAND = re.compile(r"singleValueExtendedProperties\(\$filter=(?P<filter>.+)\)")
_ID = re.compile(r"id eq '([^']*)'")
_PREFERENCE = re.compile(r'\s*([\w.-]+)\s*=\s*("[^"]*"|[^",;\s]+)\s*')


class SyntaxFault(ValueError):  # noqa: N818  # it is a fault of the request, not an error of ours
    """Text that is none of OData's, or beyond what Graph understands."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition: `name op value`; `op` is "any" where a list has the value.

    A named property has its id in `extended` (`name` is "" then).
    """

    name: str
    op: str
    value: str
    quoted: bool
    extended: str = ""

    @property
    def moment(self) -> datetime:
        """The value as a moment. Refuses one without an offset."""
        try:
            found = datetime.fromisoformat(self.value)
        except ValueError:
            raise SyntaxFault(f"{self.value!r} is no date-time") from None
        if self.quoted or found.tzinfo is None:
            raise SyntaxFault(f"{self.value!r} needs an offset and no quotes")
        return found


def clauses(text: str) -> list[Clause]:
    """Return the conditions of a $filter, all of which must hold. Refuses anything but comparisons joined by `and`."""
    found: list[Clause] = []
    position = 0
    while True:
        match = _PIECE.match(text, position)
        if match is None:
            raise SyntaxFault(f"not understood at {text[position:]!r}")
        if match["id"]:
            found.append(Clause("", "eq", _unquoted(match["text"]), quoted=True, extended=_unquoted(match["id"])))
        elif match["list"]:
            found.append(Clause(match["list"], "any", _unquoted(match["member"]), quoted=True))
        else:
            value = match["value"]
            found.append(Clause(match["name"], match["op"], _unquoted(value), quoted=value.startswith("'")))
        position = match.end()
        if position == len(text):
            return found
        if not text.startswith(" and ", position):
            raise SyntaxFault(f"not understood at {text[position:]!r}")
        position += len(" and ")


def expanded_properties(text: str) -> list[str]:
    """Return the ids of the named properties that an $expand asks for."""
    match = _EXPAND.fullmatch(text)
    if match is None:
        raise SyntaxFault(f"{text!r} is no singleValueExtendedProperties($filter=id eq '...')")
    found = []
    for piece in match["filter"].split(" or "):
        one = _ID.fullmatch(piece)
        if one is None:
            raise SyntaxFault(f"not understood at {piece!r}")
        found.append(one[1])
    return found


def property_id(name: str) -> str:
    """Return the id of a named property as Graph writes it: its set in small letters."""
    return re.sub(r"\{[^}]*\}", lambda found: found[0].lower(), name)


def same_property(one: str, other: str) -> bool:
    """Whether two ids mean the same named property."""
    return property_id(one) == property_id(other)


def preferences(text: str) -> Iterator[tuple[str, str]]:
    """Yield what a Prefer header asks for, as (name, value); a value that is missing is ""."""
    for piece in text.split(","):
        match = _PREFERENCE.fullmatch(piece)
        if match is None:
            yield piece.strip(), ""
        else:
            yield match[1], match[2].strip('"')


def preference(text: str, name: str, default: str = "") -> str:
    """Return one preference; names are read without regard to case (RFC 7240 2)."""
    return next((value for given, value in preferences(text) if given.lower() == name.lower()), default)


def _unquoted(text: str) -> str:
    return text[1:-1].replace("''", "'") if text.startswith("'") else text
