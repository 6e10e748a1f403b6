"""A calendar file as the tree of its lines, so that what is not touched stays byte for byte as it was.

The library reads values; this keeps the text around them. RFC 5545 3.1 (folding) and 3.4 to 3.6 (components).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from icalendar.parser import Contentline, Parameters
from icalendar.parser.property import unescape_backslash

# Nobody nests deeper than alarms in events in a calendar; a bomb does.
MAX_DEPTH = 12

_LINE_END = re.compile(r"\r?\n")
_FOLD = re.compile(r"\r?\n[ \t]")
_NAME = re.compile(r"[A-Za-z0-9-]+")


class NotACalendarError(ValueError):
    """The bytes are no iCalendar text, or only the beginning of one."""


@dataclass(slots=True)
class Line:
    """One property: `raw` as it stands in the file, with its folds and its line end."""

    raw: str
    name: str = field(init=False)

    def __post_init__(self) -> None:
        """Note the property's name in upper case, "" where the line has none."""
        found = _NAME.match(self.raw)
        self.name = found.group().upper() if found else ""

    @property
    def text(self) -> str:
        """The line unfolded, without its line end."""
        return _FOLD.sub("", self.raw).rstrip("\r\n")

    @property
    def value(self) -> str:
        """What stands after the colon that ends the name and its parameters."""
        text = self.text
        if '"' not in text:
            return text.partition(":")[2]
        return text[content(text).value_separator_index() + 1 :]

    def parts(self) -> tuple[str, Parameters, str]:
        """Return name, parameters and value as written (RFC 5545 3.1). Raises ValueError where it is no property."""
        name, parameters, value = content(self.text).raw_parts()
        return name.upper(), parameters, value


@dataclass(slots=True)
class Node:
    """One component: its lines and sub-components in the order of the file."""

    name: str
    begin: Line
    items: list[Line | Node] = field(default_factory=list)
    end: Line = field(default_factory=lambda: Line(""))

    def lines(self, name: str = "") -> list[Line]:
        """Return the component's own lines, or those of that name."""
        return [item for item in self.items if isinstance(item, Line) and name in ("", item.name)]

    def nodes(self, name: str = "") -> list[Node]:
        """Return the sub-components, or those of that name."""
        return [item for item in self.items if isinstance(item, Node) and name in ("", item.name)]

    def value(self, name: str) -> str:
        """Return the first value of that name, as written, or ""."""
        found = self.lines(name)
        return found[0].value.strip() if found else ""

    def words(self, name: str) -> str:
        """Return the first value of that name as text, its escapes resolved (RFC 5545 3.3.11)."""
        return shown(str(unescape_backslash(self.value(name))))

    def physical(self) -> Iterator[str]:
        """Yield the text as it stands in the file."""
        yield self.begin.raw
        for item in self.items:
            if isinstance(item, Line):
                yield item.raw
            else:
                yield from item.physical()
        yield self.end.raw

    def set(self, line: Line) -> None:
        """Put the line in the place of the first one of its name, or after the last property."""
        own = [index for index, item in enumerate(self.items) if isinstance(item, Line)]
        same = [index for index in own if self.items[index].name == line.name]
        if same:
            self.items[same[0]] = line
            for index in reversed(same[1:]):
                del self.items[index]
        else:
            self.items.insert(own[-1] + 1 if own else 0, line)

    def remove(self, *names: str) -> None:
        """Take out every line of these names."""
        self.items = [item for item in self.items if isinstance(item, Node) or item.name not in names]

    def copy(self) -> Node:
        """Return a copy whose lines can be changed without changing this one's."""
        items = [item.copy() if isinstance(item, Node) else Line(item.raw) for item in self.items]
        return Node(self.name, Line(self.begin.raw), items, Line(self.end.raw))


@dataclass(slots=True)
class Document:
    """A whole file: calendars, and whatever stands around them."""

    items: list[Line | Node]

    @property
    def calendars(self) -> list[Node]:
        """The VCALENDAR components."""
        return [item for item in self.items if isinstance(item, Node) and item.name == "VCALENDAR"]

    @property
    def line_end(self) -> str:
        """The line end that the file uses."""
        first = self.calendars[0].begin.raw
        return "\r\n" if first.endswith("\r\n") else "\n"

    def components(self, name: str) -> list[tuple[Node, Node]]:
        """Return (calendar, component) for each component of that name."""
        return [(calendar, node) for calendar in self.calendars for node in calendar.nodes(name)]

    def to_bytes(self) -> bytes:
        """Return the file's bytes: those that were read, where nothing was changed."""
        pieces: list[str] = []
        for item in self.items:
            if isinstance(item, Line):
                pieces.append(item.raw)
            else:
                pieces.extend(item.physical())
        return "".join(pieces).encode("utf-8", "surrogateescape")


def _logical(text: str) -> Iterator[Line]:
    """Yield each line together with the folded ones that continue it."""
    start = 0
    position = 0
    while (found := _LINE_END.search(text, position)) is not None:
        position = found.end()
        if text[position : position + 1] in (" ", "\t"):
            continue
        yield Line(text[start:position])
        start = position
    if start < len(text):
        yield Line(text[start:])


def parse(raw: bytes) -> Document:
    """Return the tree of a file's lines. Bytes that are no UTF-8 are kept as they are.

    Raises NotACalendarError where components are not closed, as in a file that is still being written.
    """
    text = raw.decode("utf-8", "surrogateescape")
    # A byte order mark is kept as a line of its own, so that the first BEGIN is found.
    items: list[Line | Node] = [Line("\ufeff")] if text.startswith("\ufeff") else []
    stack: list[Node] = []
    for line in _logical(text.removeprefix("\ufeff")):
        name = line.name
        if name == "BEGIN":
            node = Node(line.value.strip().upper(), line)
            if len(stack) >= MAX_DEPTH:
                raise NotACalendarError("components are nested too deeply")
            (stack[-1].items if stack else items).append(node)
            stack.append(node)
        elif name == "END":
            if not stack or line.value.strip().upper() != stack[-1].name:
                raise NotACalendarError(f"END:{line.value.strip()[:40]} closes nothing")
            stack.pop().end = line
        else:
            (stack[-1].items if stack else items).append(line)
    if stack:
        raise NotACalendarError(f"the file ends before END:{stack[0].name[:40]}")
    document = Document(items)
    if not document.calendars:
        raise NotACalendarError("there is no BEGIN:VCALENDAR")
    return document


def component_of(raw: str) -> Node:
    """Return the tree of one component's text. Raises NotACalendarError as `parse` does."""
    calendar = parse(f"BEGIN:VCALENDAR\n{raw}\nEND:VCALENDAR\n".encode("utf-8", "surrogateescape")).calendars[0]
    return calendar.nodes()[0]


def build(name: str, lines: list[Line], line_end: str, nodes: list[Node] | None = None) -> Node:
    """Return a new component of these lines and sub-components."""
    return Node(name, Line(f"BEGIN:{name}{line_end}"), [*lines, *(nodes or [])], Line(f"END:{name}{line_end}"))


def shown(text: str) -> str:
    """Return text that can be printed and stored: bytes that were no UTF-8 are read as Windows wrote them."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
    return text


def content(text: str) -> Contentline:
    """Return the library's view of one unfolded line."""
    return Contentline(text)  # type: ignore[no-untyped-call]


def folded(text: str, line_end: str) -> Line:
    """Return an unfolded line as it is written (RFC 5545 3.1)."""
    raw: bytes = content(text).to_ical()  # type: ignore[no-untyped-call]
    return Line(raw.decode().replace("\r\n", line_end) + line_end)


def line_of(name: str, value: object, line_end: str, parameters: Parameters | None = None) -> Line:
    """Return a folded line for a library value (vText, vCalAddress, vDDDTypes, ...) or text."""
    # A carriage return alone is no line end to the library, but it is one to some readers of calendars.
    value = value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) and type(value) is str else value
    own = parameters if parameters is not None else getattr(value, "params", Parameters())
    return folded(Contentline.from_parts(name, Parameters(own), value, sorted=False), line_end)
