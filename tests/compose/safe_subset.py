"""What a mail's HTML may use, and a lint for it.

Our own list, of 23 November 2026. Everything here is rendered, or harmlessly ignored, by Outlook for Windows (Word's
engine), Outlook.com, Gmail, Apple Mail, Thunderbird, Yahoo and Samsung. Sources: Microsoft's reference "Word 2007 HTML
and CSS Rendering Capabilities in Outlook 2007" (MSDN aa338200 and aa338201; later versions of Outlook for Windows have
the same engine), Google's "CSS Support" for Gmail, and the tables of caniemail.com for the others. Ignored by Word, and
so only ever an improvement: `border-radius`, `max-width`, `word-break`, `display:inline-block`. `padding` is for td
alone, because Word ignores it elsewhere. Gmail knows no attribute selector, so the style block has classes alone.
"""

from __future__ import annotations

from html.parser import HTMLParser

TAGS = {
    "html": {"lang", "dir"},
    "head": set(),
    "meta": {"charset", "name", "content"},
    "title": set(),
    "style": set(),
    "body": {"class", "style"},
    "div": {"class", "style", "lang", "dir", "role"},
    "h1": {"style"},
    "h2": {"style"},
    "h3": {"style"},
    "p": {"class", "style"},
    "b": {"class", "style"},
    "i": set(),
    "br": set(),
    "span": {"class", "style", "dir"},
    "a": {"class", "href", "style"},
    "table": {"role", "width", "cellpadding", "cellspacing", "border"},
    "tr": set(),
    "td": {"class", "style"},
}
EVERYWHERE = {
    "margin",
    "color",
    "background-color",
    "font-family",
    "font-size",
    "font-weight",
    "line-height",
    "text-indent",
    "text-decoration",
    "display",
    "width",
    "max-width",
    "border-top",
    "border-left",
    "border-width",
    "border-style",
    "border-color",
    "border-radius",
    "max-height",
    "overflow",
    "white-space",
    "word-break",
}
ON_CELLS = {"padding"}
_SCHEMES = ("mailto:", "https://", "http://")
_VOID = {"meta", "br"}


class Lint(HTMLParser):
    """Collects every breach of the subset in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.breaches: list[str] = []
        self.headings: list[int] = []
        self.links: list[str] = []
        self.styles: list[dict[str, str]] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Hold a tag and its attributes against the list."""
        if tag not in TAGS:
            self.breaches.append(f"<{tag}>")
            return
        given = {name: value or "" for name, value in attrs}
        self.breaches += [f"<{tag} {name}>" for name in given if name not in TAGS[tag]]
        if tag == "table" and given.get("role") != "presentation":
            self.breaches.append("<table> without its role")
        if tag in ("h1", "h2", "h3"):
            self.headings.append(int(tag[1]))
        if "href" in given:
            self.links.append(given["href"])
            if not given["href"].startswith(_SCHEMES):
                self.breaches.append(f"href {given['href'][:40]}")
        self._style(tag, given.get("style", ""))
        if tag not in _VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Check that tags close in order."""
        if not self._open or self._open.pop() != tag:
            self.breaches.append(f"</{tag}> closes another tag")

    def _style(self, tag: str, style: str) -> None:
        rules = dict(rule.split(":", 1) for rule in style.split(";") if rule.strip())
        self.styles.append(rules)
        allowed = EVERYWHERE | (ON_CELLS if tag == "td" else set())
        self.breaches += [f"<{tag} style={name}>" for name in rules if name not in allowed]
        if "background-color" in rules and "color" not in rules:
            self.breaches.append(f"<{tag}> has a background without a colour")
        size = rules.get("font-size", "16px")
        hidden = rules.get("display") == "none" or rules.get("line-height") == "8px"
        if not hidden and int(size.removesuffix("px")) < 14:
            self.breaches.append(f"<{tag}> has text of {size}")
        self.breaches += [
            f"{name}: {value}" for name, value in rules.items() if "url(" in value or "expression" in value
        ]


def lint(html: str) -> Lint:
    """Return the lint of a page, with its breaches, headings, links and styles."""
    found = Lint()
    found.feed(html)
    return found


def luminance(colour: str) -> float:
    """Return the relative luminance of `#rrggbb` (WCAG 2.2)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2), 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def inverted(colour: str) -> str:
    """Return a colour as a client shows it that turns every channel round."""
    return "#" + "".join(f"{255 - int(colour[place : place + 2], 16):02x}" for place in (1, 3, 5))
