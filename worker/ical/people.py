"""ORGANIZER and ATTENDEE of RFC 5545 3.8.4, as the programs of the world really write them."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import unquote

from icalendar.parser import Parameters

from worker.ical.lines import Line, shown
from worker.model import Attendee

_SUFFIXES = {"jr", "sr", "ii", "iii", "iv", "phd", "ph.d", "md", "m.d", "mba", "cpa", "esq", "msc", "bsc", "dds"}


def address_of(value: str, parameters: Parameters) -> str:
    """Return the address behind a calendar user, in lower case.

    Apple and some servers name a principal (`urn:uuid:...`, a path) and put the address into EMAIL (RFC 7986 6.2).
    Whoever has no address at all keeps what stands there: an unknown participant is a participant all the same.
    """
    text = value.strip()
    scheme, colon, rest = text.partition(":")
    if colon and scheme.strip().lower() == "mailto":
        address = unquote(rest).partition("?")[0]
        if "<" in address:
            address = address.rpartition("<")[2].partition(">")[0]
        if "@" in address:
            return shown(address).strip().lower()
    email = _first(parameters, "EMAIL")
    if "@" in email:
        return shown(email).strip().lower().removeprefix("mailto:")
    return shown(unquote(rest if colon and "@" in rest and "/" not in rest else text)).strip().lower()


def attendee_of(line: Line) -> Attendee:
    """Return the person on an ATTENDEE or ORGANIZER line. Raises ValueError where the line cannot be read."""
    return _attendee(line.text)


# The same people stand on the same lines throughout a calendar.
@lru_cache(4096)
def _attendee(text: str) -> Attendee:
    _, parameters, value = Line(text).parts()
    address = address_of(value, parameters)
    name = " ".join(shown(_first(parameters, "CN")).strip().strip("'\"").split())
    if name.lower().removeprefix("mailto:") == address:
        name = ""
    return Attendee(
        address=address,
        name=_given_name_first(name),
        partstat=_first(parameters, "PARTSTAT").upper() or "NEEDS-ACTION",
        cutype=_first(parameters, "CUTYPE").upper() or "INDIVIDUAL",
        role=_first(parameters, "ROLE").upper() or "REQ-PARTICIPANT",
    )


def _given_name_first(name: str) -> str:
    """Return "Moreno, Alex", as directories sort it, as "Alex Moreno"; "Alex Moreno, PhD" stays."""
    last, comma, first = (part.strip() for part in name.partition(","))
    if not comma or not last or not first or "," in first or first.lower().strip(".") in _SUFFIXES:
        return name
    return f"{first} {last}"


def _first(parameters: Parameters, name: str) -> str:
    value = parameters.get(name, "")
    if isinstance(value, list):
        return str(value[0]) if value else ""
    return str(value)
