"""The parts of a mail: header fields, and the plain and HTML texts between boundaries, each within its bounds.

Linear in the bytes: every place is looked at once, and what passes a bound is said in the walk and left aside.
"""

from __future__ import annotations

import binascii
import html as _html
import re
from dataclasses import dataclass, field

from worker.replies.decode import decode_base64, decode_header, decode_text, unflow

MAX_HEADERS = 256_000
MAX_HEADER_LINE = 16_000
MAX_DEPTH = 20
MAX_PARTS = 200
MAX_HEADER_LINES = 10_000
MAX_PROBES = 20_000
MAX_PART_TEXT = 1_000_000
MAX_TEXT = 256_000

_HEADER_LINE = re.compile(rb"([!-9;-~]+)[ \t]*:")
_PARAMETER = re.compile(r";[ \t\r\n]*([A-Za-z0-9*._-]{1,60})[ \t]*=[ \t]*(\"(?:[^\"\\]|\\.)*\"?|[^;\"\r\n]*)")


@dataclass(frozen=True, slots=True)
class Header:
    """One header field: name in lower case, value decoded and unfolded, and the value as it came (unfolded)."""

    name: str
    value: str
    raw: str


@dataclass(frozen=True, slots=True)
class PartInfo:
    """What a part of the mail is: content type in lower case, its parameters, disposition, and size in bytes."""

    content_type: str
    parameters: tuple[tuple[str, str], ...] = ()
    disposition: str = ""
    size: int = 0
    depth: int = 0

    def parameter(self, name: str) -> str:
        """The value of a parameter of Content-Type, or an empty string."""
        return next((value for key, value in self.parameters if key == name), "")


@dataclass(slots=True)
class Walk:
    """What the walk through the parts has seen so far."""

    parts: list[PartInfo] = field(default_factory=list)
    truncated: list[str] = field(default_factory=list)
    attachments: int = 0
    calendar: str = ""
    header_bytes: int = MAX_HEADERS
    header_lines: int = MAX_HEADER_LINES

    def over(self, bound: str) -> None:
        """Remember that a bound was passed."""
        if bound not in self.truncated:
            self.truncated.append(bound)


@dataclass(frozen=True, slots=True)
class Texts:
    """The plain and HTML renderings of a part; None where it has none."""

    plain: str | None = None
    html: str | None = None


def headers_of(raw: bytes, at: int, end: int, walk: Walk) -> tuple[tuple[Header, ...], int]:
    """Read the header fields from `at`, and where the body begins: behind the blank line, or where headers cease."""
    limit = min(end, at + walk.header_bytes)
    begin = at
    found: list[tuple[bytes, list[bytes], int]] = []
    first = True
    while at < end:
        if at >= limit or walk.header_lines <= 0:
            walk.over("headers")
            gap = raw.find(b"\n\n", at, end)
            crlf = raw.find(b"\n\r\n", at, end)
            ends = [place for place in (gap + 2 if gap >= 0 else -1, crlf + 3 if crlf >= 0 else -1) if place >= 0]
            at = min(ends, default=end)
            break
        stop = raw.find(b"\n", at, end)
        stop = end if stop < 0 else stop + 1
        walk.header_lines -= 1
        line = raw[at : min(stop, at + MAX_HEADER_LINE + 1)]
        if stop - at > MAX_HEADER_LINE:
            walk.over("header line")
        if line in {b"\n", b"\r\n"}:
            at = stop
            break
        match = _HEADER_LINE.match(line)
        if line[:1] in b" \t" and found:
            name, values, size = found[-1]
            if size < MAX_HEADER_LINE:
                values.append(line)
                found[-1] = (name, values, size + len(line))
            else:
                walk.over("header line")
        elif match:
            found.append((match[1].lower(), [line[match.end() :]], len(line)))
        elif not (first and line.startswith((b"From ", b">From "))):
            break
        first = False
        at = stop
    walk.header_bytes -= min(at, limit) - begin
    return tuple(_header(name, values) for name, values, _ in found), at


def _header(name: bytes, values: list[bytes]) -> Header:
    """Unfold (RFC 5322 section 2.2.3) and decode one header field."""
    joined = b"".join(values) if len(values) > 1 else values[0]
    try:
        text = joined.decode("utf-8")
    except UnicodeDecodeError:
        text = joined.decode("cp1252", "replace")
    raw = text.replace("\r", "").replace("\n", "").replace("\0", "").strip()
    return Header(name.decode("ascii", "replace"), decode_header(raw), raw)


def value_of(headers: tuple[Header, ...], name: str) -> str:
    """Return the decoded value of the first header of that name, in lower case, or an empty string."""
    return next((header.value for header in headers if header.name == name), "")


def _content_type(headers: tuple[Header, ...]) -> tuple[str, dict[str, str]]:
    """The content type in lower case and its parameters; RFC 2045 section 5.2 where it is missing or malformed."""
    raw = next((header.raw for header in headers if header.name == "content-type"), "")
    kind = raw.partition(";")[0].strip().lower()
    if kind in {"text", ""} or kind.count("/") != 1:
        kind = "text/plain"
    parameters: dict[str, str] = {}
    for match in _PARAMETER.finditer(raw):
        name, value = match[1].lower().rstrip("*"), match[2].strip()
        if value.startswith('"'):
            value = re.sub(r"\\(.)", r"\1", value[1:].removesuffix('"'))
        parameters.setdefault(name, value)
    return kind, parameters


# ------------------------------------------------------------------------------------------------------------- parts


def part(raw: bytes, headers: tuple[Header, ...], at: int, end: int, depth: int, walk: Walk) -> Texts:
    """Read one part, `raw[at:end]` being its body, and all parts inside it."""
    kind, parameters = _content_type(headers)
    disposition = value_of(headers, "content-disposition").partition(";")[0].strip().lower()
    if len(walk.parts) >= MAX_PARTS:
        walk.over("parts")
        return Texts()
    walk.parts.append(PartInfo(kind, tuple(parameters.items()), disposition, max(end - at, 0), depth))
    if kind.startswith("multipart/"):
        if depth >= MAX_DEPTH:
            walk.over("depth")
            return Texts()
        return _multipart(raw, kind, parameters.get("boundary", ""), at, end, depth, walk)
    encoding = value_of(headers, "content-transfer-encoding").strip().lower()
    if kind == "text/calendar" and not walk.calendar:
        walk.calendar = _text(raw[at : min(end, at + MAX_TEXT)], encoding, parameters, Walk())
    attached = disposition == "attachment" or (depth > 0 and disposition != "inline" and "name" in parameters)
    if kind not in {"text/plain", "text/html"} or attached:
        walk.attachments += kind not in {"text/calendar", "message/delivery-status", "text/rfc822-headers"} or attached
        return Texts()
    # A part is cut before it is decoded: base64 takes 4 bytes for 3, quoted-printable at most 3 for 1.
    if end - at > 3 * MAX_PART_TEXT + 200_000:
        walk.over("part")
        end = at + 3 * MAX_PART_TEXT
    text = _text(raw[at:end], encoding, parameters, walk)
    if kind == "text/html":
        return Texts(html=text)
    if parameters.get("format", "").lower() == "flowed":
        text = unflow(text, delete_space=parameters.get("delsp", "").lower() == "yes")
    return Texts(plain=text)


def _multipart(raw: bytes, kind: str, boundary: str, at: int, end: int, depth: int, walk: Walk) -> Texts:
    """Read the parts between the boundary lines (RFC 2046 section 5.1); an unterminated one ends with its parent."""
    found: list[Texts] = []
    for start, stop in _pieces(raw, boundary, at, end, walk):
        headers, body_at = headers_of(raw, start, stop, walk)
        found.append(part(raw, headers, body_at, stop, depth + 1, walk))
        if len(walk.parts) >= MAX_PARTS:
            walk.over("parts")
            break
    if not found and not boundary:
        return Texts(plain=_text(raw[at : min(end, at + MAX_PART_TEXT)], "", {}, walk))
    if kind == "multipart/alternative":
        plain = next((text.plain for text in reversed(found) if text.plain is not None), None)
        html = next((text.html for text in reversed(found) if text.html is not None), None)
        return Texts(plain, html)
    return _joined(found)


def _pieces(raw: bytes, boundary: str, at: int, end: int, walk: Walk) -> list[tuple[int, int]]:
    """Where the parts between the boundary lines begin and end, at most as many as the bound allows."""
    if not boundary:
        return []
    mark = b"\n--" + boundary.encode("utf-8", "replace")
    pieces: list[tuple[int, int]] = []
    start = -1
    where = max(at - 1, 0)
    for _ in range(MAX_PROBES):
        found = raw.find(mark, where, end)
        if found < 0:
            break
        behind = found + len(mark)
        stop = raw.find(b"\n", behind, min(end, behind + 1000))
        line = raw[behind : end if stop < 0 else stop]
        # The line end of one boundary line may begin the next one.
        where = behind
        if line.strip(b" \t\r") not in {b"", b"--"}:
            continue
        if start >= 0:
            pieces.append((start, max(found - (raw[found - 1 : found] == b"\r"), start)))
        if line.startswith(b"--"):
            return pieces
        start = end if stop < 0 else stop + 1
        if len(pieces) > MAX_PARTS:
            break
    else:
        walk.over("parts")
    if start >= 0:
        pieces.append((start, end))
    return pieces


def _joined(found: list[Texts]) -> Texts:
    """Put the texts of parts that stand one after the other together, so that no rendering loses words."""
    texts = [text for text in found if text.plain is not None or text.html is not None]
    if len(texts) == 1:
        return texts[0]
    if not texts:
        return Texts()
    plains = [text.plain for text in texts if text.plain is not None]
    plain = "\n".join(plains) if len(plains) == len(texts) else None
    if all(text.html is None for text in texts):
        return Texts(plain=plain)
    html = "".join(text.html if text.html is not None else _as_html(text.plain or "") for text in texts)
    return Texts(plain, html)


def _as_html(text: str) -> str:
    return '<pre style="white-space:pre-wrap">' + _html.escape(text) + "</pre>"


# -------------------------------------------------------------------------------------------------------------- text


def _text(data: bytes, encoding: str, parameters: dict[str, str], walk: Walk) -> str:
    """Decode the body of a text part: transfer encoding, charset, line ends; NUL is dropped."""
    if encoding == "base64":
        data = decode_base64(data)
    elif encoding == "quoted-printable":
        data = binascii.a2b_qp(data)
    if len(data) > MAX_PART_TEXT:
        walk.over("part")
        data = data[:MAX_PART_TEXT]
    text = decode_text(data, parameters.get("charset", ""))
    return text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n")
