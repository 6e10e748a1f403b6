"""From the HTML of a mail to lines, with the depth of quotation and what clients mark as attribution or signature.

lxml parses what `html.parser` hangs on, and the walk is iterative: linear whatever the nesting.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from html import unescape as _unescape

from worker.replies.body import Body, Role, clean

MAX_LINES_TEXT = 256_000

_BLOCKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dir",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "legend",
        "li",
        "main",
        "menu",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
    }
)
_SPACED = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "pre"})
_SKIPPED = frozenset(
    {
        "head",
        "style",
        "script",
        "title",
        "noscript",
        "template",
        "object",
        "svg",
        "math",
        "select",
        "textarea",
        "iframe",
    }
)
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_NO_BORDER = re.compile(r"border(?:-left)?\s*:\s*(?:none|0)", re.IGNORECASE)
_ATTRIBUTIONS = {"gmail_attr", "moz-cite-prefix", "moz-email-headers-table", "gmail_quote_attribution"}
_ATTRIBUTION_IDS = {"divrplyfwdmsg", "divrplyfwdmsg-x", "x_divrplyfwdmsg", "reply-intro"}
_SIGNATURES = {
    "gmail_signature",
    "moz-signature",
    "protonmail_signature_block",
    "yahoo_signature",
    "gmail_signature_prefix",
}
_SIGNATURE_IDS = {"signature", "ms-outlook-mobile-signature", "applemailsignature", "x_signature"}
_QUOTES = {"yahoo_quoted", "protonmail_quote", "gmail_extra_quote", "moz-forward-container"}
# libxml2 compares every attribute of a tag with every other one.
_LONG_TAG = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9:]{0,30})\b[^<>]{2000,}>?")
_ANY_TAG = re.compile(r"<[^<>]*>?")
_BREAKING = re.compile(r"<(?:br|p|div|tr|li|h[1-6]|blockquote|table|ul|ol|hr|pre)\b[^<>]*>", re.IGNORECASE)
MAX_TAGS = 25_000
_SPACE = re.compile(r"[ \t\r\n\f]+")


@dataclass(slots=True)
class _Writer:
    """Collects lines as a browser would break them."""

    body: Body = field(default_factory=Body)
    now: list[str] = field(default_factory=list)
    blank: bool = False
    size: int = 0
    depth: int = 0
    role: Role = Role.TEXT

    def text(self, text: str, *, pre: bool) -> None:
        text = text[: max(MAX_LINES_TEXT - self.size, 0)]
        self.size += len(text)
        if pre:
            first, *rest = text.split("\n")
            self.now.append(first)
            for line in rest:
                self.end(force=True)
                self.now.append(line)
            return
        text = _SPACE.sub(" ", text)
        if text and text != " ":
            self.now.append(text)
        elif text and self.now:
            self.now.append(" ")

    def end(self, *, force: bool = False) -> None:
        """End the line; an empty one counts only where the markup breaks outright."""
        line = clean("".join(self.now)).replace("\n", " ")
        self.now.clear()
        line = _SPACE.sub(" ", line).strip() if "  " in line else line.strip()
        if line:
            if self.blank and self.body.lines and self.body.lines[-1]:
                self.body.add("", self.depth, self.role)
            self.body.add(line, self.depth, self.role)
            self.blank = False
        elif force and self.body.lines[-3:] != ["", "", ""]:
            self.body.add("", self.depth, self.role)


def html_body(html: str) -> Body:
    """The lines of an HTML text; a body of one line of rubbish gives that line. Never raises."""
    from lxml import etree  # slow to import, and only mail in HTML needs it

    html = _LONG_TAG.sub(r"<\1>", html)
    if html.count("<") > MAX_TAGS:
        return _stripped(html)
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = etree.fromstring(html.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None:
        return Body()
    writer = _Writer()
    skip = 0
    pre = 0
    lists: list[int] = []
    saved: list[tuple[int, Role]] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if skip or tag in _SKIPPED or _hidden(element):
                skip += 1
                continue
            saved.append((writer.depth, writer.role))
            _open(writer, element, tag, lists)
            pre += tag == "pre"
            if element.text:
                writer.text(element.text, pre=bool(pre))
            continue
        if skip:
            skip -= 1
            if skip:
                continue
        else:
            pre -= tag == "pre"
            _shut(writer, tag, lists)
            writer.depth, writer.role = saved.pop()
            if tag == "div" and element.get("id") == "appendonsend":
                # Outlook: whatever follows is the mail that is answered; the header block below it says so again.
                writer.body.add("", writer.depth, Role.ATTRIBUTION)
        if element.tail and not skip:
            writer.text(element.tail, pre=bool(pre))
    writer.end()
    return writer.body


def _stripped(html: str) -> Body:
    """The lines of an HTML text with more tags than any client writes: tags taken out, no structure read."""
    text = _unescape(_ANY_TAG.sub(" ", _BREAKING.sub("\n", html)))[:MAX_LINES_TEXT]
    body = Body()
    for line in clean(text).split("\n"):
        body.add(_SPACE.sub(" ", line).strip())
    return body


def _hidden(element: object) -> bool:
    style = element.get("style")  # type: ignore[attr-defined]  # an element of lxml
    return bool(style) and "none" in style and _HIDDEN.search(style[:2000]) is not None


def _open(writer: _Writer, element: object, tag: str, lists: list[int]) -> None:
    """Begin an element: line breaks, bullets, quotation depth and role."""
    get = element.get  # type: ignore[attr-defined]  # an element of lxml
    if tag == "br":
        writer.end(force=True)
    elif tag == "img":
        alt = get("alt") or ""
        # Clients send emoji as pictures; any other picture says nothing that was typed.
        if alt and len(alt) <= 8 and not alt.isascii():
            writer.text(alt, pre=False)
    elif tag in {"td", "th"}:
        writer.now.append(" ")
    else:
        if tag in _BLOCKS:
            writer.end()
            writer.blank = writer.blank or tag in _SPACED
        _mark(writer, tag, get)
        _begin_line(writer, tag, lists)


def _mark(writer: _Writer, tag: str, get: Callable[[str], str | None]) -> None:
    """Note what the element says about the lines in it: quotation, attribution, signature."""
    classes = set((get("class") or "")[:500].lower().split())
    ident = (get("id") or "")[:100].lower()
    indent = tag == "blockquote" and not _NO_BORDER.search((get("style") or "")[:2000])
    if indent or classes & _QUOTES:
        writer.depth += 1
    if classes & _ATTRIBUTIONS or ident in _ATTRIBUTION_IDS:
        writer.role = Role.ATTRIBUTION
    elif classes & _SIGNATURES or ident in _SIGNATURE_IDS:
        writer.role = Role.SIGNATURE


def _begin_line(writer: _Writer, tag: str, lists: list[int]) -> None:
    """Write what a browser shows before the text of an element: a rule, a bullet, a number."""
    if tag == "hr":
        writer.body.add("________________________________", writer.depth, writer.role)
    elif tag in {"ol", "ul"}:
        lists.append(0 if tag == "ol" else -1)
    elif tag == "li" and lists:
        if lists[-1] >= 0:
            lists[-1] += 1
            writer.now.append(f"{lists[-1]}. ")
        else:
            writer.now.append("- ")


def _shut(writer: _Writer, tag: str, lists: list[int]) -> None:
    """End an element."""
    if tag in _BLOCKS:
        writer.end()
        writer.blank = writer.blank or tag in _SPACED
    if tag in {"ol", "ul"} and lists:
        lists.pop()


@lru_cache(maxsize=32)
def html_lines(html: str) -> tuple[str, ...]:
    """The lines of an HTML text of ours, kept because every reply of a conversation is read against it."""
    return tuple(html_body(html).lines)
