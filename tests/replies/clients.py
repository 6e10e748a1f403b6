"""A simulator of mail clients: it answers a mail of ours as people do, the way each client would send it.

A person edits what the client shows them: free words on top, answers on a label's line or below it, words under the
quotation. Each client then writes HTML and plain text in its own manner: prefixes, rewrapping, attribution, header
block, flattened paragraphs, expanded links, no-break spaces, footers, transfer encodings.
"""

# ruff: noqa: E501  # what clients write is not wrapped to fit

from __future__ import annotations

import base64
import html
import quopri
import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

from tests.replies.sent import ADDRESS, Sent, inner

PERSON = "Dana Kim"
PERSON_ADDRESS = "dana@example.com"
WORKER = "Followthrough"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person types and where: `top` above, `labels` by label (on its line or below it), `bottom` below."""

    top: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    on_line: bool = True
    bottom: str = ""
    signature: str = ""


@dataclass(frozen=True, slots=True)
class Client:
    """A mail client: how it writes a reply as HTML (None: it does not) and as plain text."""

    name: str
    html: Callable[[Sent, Answer], str] | None
    plain: Callable[[Sent, Answer], str]
    encoding: str = "quoted-printable"
    flowed: bool = False
    charset: str = "utf-8"


# ------------------------------------------------------------------------------------------- words of each language

_WROTE = {
    "gmail": {
        "en": "On Thu, Nov 19, 2026 at 10:41 AM {n} <{a}> wrote:",
        "de": "Am Do., 19. Nov. 2026 um 10:41 Uhr schrieb {n} <{a}>:",
        "fr": "Le jeu. 19 nov. 2026 à 10:41, {n} <{a}> a écrit :",
        "es": "El jue, 19 nov 2026 a las 10:41, {n} (<{a}>) escribió:",
    },
    "apple": {
        "en": "On 19. Nov 2026, at 10:41, {n} <{a}> wrote:",
        "de": "Am 19.11.2026 um 10:41 schrieb {n} <{a}>:",
        "fr": "Le 19 nov. 2026 à 10:41, {n} <{a}> a écrit :",
        "es": "El 19 nov 2026, a las 10:41, {n} <{a}> escribió:",
    },
    "thunderbird": {
        "en": "On 11/19/26 10:41, {n} wrote:",
        "de": "Am 19.11.26 um 10:41 schrieb {n}:",
        "fr": "Le 19/11/2026 à 10:41, {n} a écrit :",
        "es": "El 19/11/26 a las 10:41, {n} escribió:",
    },
    "yahoo": {
        "en": "On Thursday, November 19, 2026 at 10:41:05 AM GMT+1, {n} <{a}> wrote:",
        "de": "Am Donnerstag, 19. November 2026 um 10:41:05 MEZ hat {n} <{a}> Folgendes geschrieben:",
        "fr": "Le jeudi 19 novembre 2026 à 10:41:05 UTC+1, {n} <{a}> a écrit :",
        "es": "El jueves, 19 de noviembre de 2026, 10:41:05 CET, {n} <{a}> escribió:",
    },
    "proton": {
        "en": "On Thursday, November 19th, 2026 at 10:41, {n} <{a}> wrote:",
        "de": "{n} <{a}> schrieb am Donnerstag, 19. November 2026 um 10:41:",
        "fr": "Le jeudi 19 novembre 2026 à 10:41, {n} <{a}> a écrit :",
        "es": "El jueves, 19 de noviembre de 2026 a las 10:41, {n} <{a}> escribió:",
    },
    "fastmail": {
        "en": "On Thu, Nov 19, 2026, at 10:41, {n} wrote:",
        "de": "Am Do, 19. Nov 2026, um 10:41, schrieb {n}:",
        "fr": "Le jeu. 19 nov. 2026, à 10:41, {n} a écrit :",
        "es": "El jue, 19 nov 2026, a las 10:41, {n} escribió:",
    },
    "k9": {
        "en": "On November 19, 2026 10:41:05 AM GMT+01:00, {n} <{a}> wrote:",
        "de": "Am 19. November 2026 10:41:05 MEZ schrieb {n} <{a}>:",
        "fr": "Le 19 novembre 2026 10:41:05 GMT+01:00, {n} <{a}> a écrit :",
        "es": "El 19 de noviembre de 2026 10:41:05 CET, {n} <{a}> escribió:",
    },
}  # fmt: skip

_HEADERS = {
    "en": ("From", "Sent", "To", "Subject", "Thursday, November 19, 2026 10:41 AM"),
    "de": ("Von", "Gesendet", "An", "Betreff", "Donnerstag, 19. November 2026 10:41"),
    "fr": ("De", "Envoyé", "À", "Objet", "jeudi 19 novembre 2026 10:41"),
    "es": ("De", "Enviado", "Para", "Asunto", "jueves, 19 de noviembre de 2026 10:41"),
}

_FOOTERS = {
    "ios": {"en": "Sent from my iPhone", "de": "Von meinem iPhone gesendet", "fr": "Envoyé de mon iPhone", "es": "Enviado desde mi iPhone"},
    "outlook": {"en": "Get Outlook for iOS", "de": "Outlook für iOS beziehen", "fr": "Obtenir Outlook pour iOS", "es": "Obtener Outlook para iOS"},
    "samsung": {"en": "Sent from my Galaxy", "de": "Von meinem Galaxy gesendet", "fr": "Envoyé de mon Galaxy", "es": "Enviado desde mi Galaxy"},
    "k9": {"en": "Sent from my Android device with K-9 Mail. Please excuse my brevity.", "de": "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.", "fr": "Envoyé de mon appareil Android avec Courriel K-9 Mail.", "es": "Enviado desde mi dispositivo Android con K-9 Mail."},
    "yahoo": {"en": "Sent from Yahoo Mail on Android", "de": "Gesendet von Yahoo Mail auf Android", "fr": "Envoyé à partir de Yahoo Mail sur Android", "es": "Enviado desde Yahoo Mail con Android"},
    "proton": {"en": "Sent with Proton Mail secure email.", "de": "Gesendet mit Proton Mail sichere E-Mail.", "fr": "Envoyé avec la messagerie sécurisée Proton Mail.", "es": "Enviado con el correo electrónico seguro de Proton Mail."},
}  # fmt: skip


def _wrote(client: str, sent: Sent) -> str:
    return _WROTE[client][sent.language].format(n=WORKER, a=ADDRESS)


def _footer(client: str, sent: Sent) -> str:
    return _FOOTERS[client][sent.language]


# ---------------------------------------------------------------------------------------------- the person's editing


def edited_text(sent: Sent, answer: Answer) -> list[tuple[str, bool]]:
    """The lines of the text part with the answers in it: each line, and whether the person typed it anew."""
    lines: list[tuple[str, bool]] = []
    for line in sent.text.rstrip("\n").split("\n"):
        value = answer.labels.get(line, "")
        if value and answer.on_line:
            first, *rest = value.split("\n")
            lines.append((f"{line} {first}", False))
            lines += [(more, True) for more in rest]
        else:
            lines.append((line, False))
            lines += [(more, True) for more in value.split("\n") if value]
    return lines


def edited_html(sent: Sent, answer: Answer, block: str = "<div>{}</div>") -> str:
    """The inside of the HTML part with the answers typed into it, each new line in the client's own block."""
    page = inner(sent.html)
    for label, value in answer.labels.items():
        shown = html.escape(label, quote=True)
        first, *rest = value.split("\n")
        blocks = "".join(
            block.format(html.escape(line, quote=False)) for line in (rest if answer.on_line else [first, *rest])
        )
        typed = f" {html.escape(first, quote=False)}" if answer.on_line else ""
        found = re.findall(rf"<p[^>]*>{re.escape(shown)}</p>", page)
        assert len(found) == 1, f"{label} stands {len(found)} times in the HTML"
        page = page.replace(found[0], f"{found[0].removesuffix('</p>')}{typed}</p>{blocks}")
    return page


def divs(text: str, block: str = "<div>{}</div>", empty: str = "<div><br></div>") -> str:
    """Typed lines as a client's editor keeps them."""
    return "".join(block.format(html.escape(line, quote=False)) if line else empty for line in text.split("\n"))


# ------------------------------------------------------------------------------------- from HTML to plain, as clients


class _Text(HTMLParser):
    """A plain rendering of HTML such as clients make: paragraphs, breaks, quotation depth, link targets."""

    def __init__(self, *, links: str, blank: bool) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[tuple[int, str]] = []
        self.now = ""
        self.depth = 0
        self.skip = 0
        self.links, self.blank = links, blank
        self.hrefs: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if self.skip or tag in {"style", "title", "head"} or "display:none" in (given.get("style") or ""):
            self.skip += tag not in {"br", "hr", "meta", "img"}
            return
        if tag in {"p", "div", "blockquote", "table", "tr"}:
            self.flush()
        if tag == "blockquote":
            self.depth += 1
        if tag == "br":
            self.flush(force=True)
        if tag == "hr":
            self.lines.append((self.depth, "_" * 32))
        if tag == "a":
            self.hrefs.append(given.get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        if self.skip:
            self.skip -= tag not in {"br", "hr", "meta", "img"}
            return
        if tag == "a" and self.hrefs:
            href = self.hrefs.pop()
            if self.links and href:
                self.now += self.links.format(href)
        if tag in {"p", "div", "blockquote", "table", "tr"}:
            had = bool(self.now.strip())
            self.flush()
            if tag == "p" and had and self.blank:
                self.lines.append((self.depth, ""))
        if tag == "blockquote":
            self.depth -= 1

    def handle_data(self, data: str) -> None:
        if not self.skip:
            self.now += re.sub(r"[ \t\r\n]+", " ", data)

    def flush(self, *, force: bool = False) -> None:
        if self.now.strip() or force:
            self.lines.append((self.depth, self.now.strip(" ")))
        self.now = ""


def rendered(page: str, *, links: str = " <{}>", blank: bool = True, prefix: str = "> ", wrap: int = 0) -> str:
    """Render HTML as the plain text that stands beside it."""
    parser = _Text(links=links, blank=blank)
    parser.feed(page)
    parser.flush()
    lines: list[str] = []
    for depth, line in parser.lines:
        pieces = textwrap.wrap(line, wrap, break_long_words=False, break_on_hyphens=False) if wrap and line else [line]
        lines += [(prefix * depth + piece).rstrip() if depth else piece for piece in pieces or [""]]
    return "\n".join(lines)


# ----------------------------------------------------------------------------------------------------------- clients


def _quoted_plain(
    sent: Sent, answer: Answer, attribution: str, *, prefix: str = "> ", wrap: int = 0, typed: bool = False
) -> str:
    """A reply in plain text: the words on top, the attribution, the quotation line by line, the words below."""
    out: list[str] = [answer.top, ""] if answer.top else []
    out += [*answer.signature.split("\n"), ""] if answer.signature else []
    out.append(attribution)
    for line, new in edited_text(sent, answer):
        mark = "" if new and not typed else prefix
        pieces = textwrap.wrap(line, wrap - len(mark), break_long_words=False) if wrap and line else [line]
        out += [(mark + piece).rstrip() for piece in pieces or [""]]
    if answer.bottom:
        out += ["", answer.bottom]
    return "\n".join(out) + "\n"


def _gmail_html(sent: Sent, answer: Answer) -> str:
    sign = (
        f'<br clear="all"><div><br></div><span class="gmail_signature_prefix">-- </span><br><div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature">{divs(answer.signature)}</div>'
        if answer.signature
        else ""
    )
    below = f'<div dir="ltr">{divs(answer.bottom)}</div>' if answer.bottom else ""
    quote = edited_html(sent, answer).replace("<p ", '<p class="m_-8123" ')
    return (
        f'<div dir="ltr">{divs(answer.top)}</div>{sign}<br><div class="gmail_quote gmail_quote_container"><div dir="ltr" '
        f'class="gmail_attr">{html.escape(_wrote("gmail", sent))}<br></div><blockquote class="gmail_quote" '
        'style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">'
        f"<u></u>{quote}</blockquote></div>{below}"
    )  # fmt: skip


def _gmail_plain(sent: Sent, answer: Answer) -> str:
    return rendered(_gmail_html(sent, answer), wrap=76).replace(f" <{ADDRESS}>", f" <\n{ADDRESS}>")


def _gmail_mobile_html(sent: Sent, answer: Answer) -> str:
    if answer.labels or answer.bottom:
        return _gmail_html(sent, answer)
    quote = inner(sent.html)
    return (
        f'<div dir="auto">{divs(answer.top, chr(60) + "div dir=" + chr(34) + "auto" + chr(34) + ">{}</div>")}</div><br>'
        f'<div class="gmail_quote"><div dir="ltr" class="gmail_attr">{html.escape(_wrote("gmail", sent))}<br></div>'
        f'<blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px #ccc solid;padding-left:1ex">{quote}</blockquote></div>'
    )


def _gmail_mobile_plain(sent: Sent, answer: Answer) -> str:
    return rendered(_gmail_mobile_html(sent, answer), wrap=72)


def _headers_html(sent: Sent, *, style: str) -> str:
    sender, when, to, subject, moment = _HEADERS[sent.language]
    rows = [
        (sender, f"{WORKER} &lt;{ADDRESS}&gt;"),
        (when, moment),
        (to, f"{PERSON} &lt;{PERSON_ADDRESS}&gt;"),
        (subject, sent.subject),
    ]
    body = "<br>".join(f"<b>{name}:</b> {value}" for name, value in rows)
    return style.format(body)


def _outlook_html(sent: Sent, answer: Answer) -> str:
    """Outlook for Windows: Word's HTML, a border above the header block, no mark on the quotation."""
    normal = '<p class="MsoNormal">{}<o:p></o:p></p>'
    empty = '<p class="MsoNormal"><o:p>&nbsp;</o:p></p>'
    head = _headers_html(
        sent,
        style='<div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"><p class="MsoNormal">{}<o:p></o:p></p></div></div>',
    )
    quote = edited_html(sent, answer, normal).replace("  ", " &nbsp;")
    below = divs(answer.bottom, normal, empty) if answer.bottom else ""
    sign = empty + divs(answer.signature, normal, empty) if answer.signature else ""
    return (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- p.MsoNormal {margin:0in} --></style></head>'
        f'<body lang="EN-US"><div class="WordSection1">{divs(answer.top, normal, empty)}{sign}{empty}{head}{empty}{quote}{below}</div></body></html>'
    )


def _outlook_plain(sent: Sent, answer: Answer) -> str:
    """Word's plain text: every paragraph followed by a blank line, targets behind links, no-break spaces."""
    return rendered(_outlook_html(sent, answer), links="<{}>", prefix="").replace(" · ", "\u00a0· ")


def _outlook_web_html(sent: Sent, answer: Answer) -> str:
    block = '<div class="elementToProof" style="font-family: Aptos, sans-serif; font-size: 12pt;">{}</div>'
    head = _headers_html(
        sent,
        style='<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif">{}</font><div>&nbsp;</div></div>',
    )
    quote = edited_html(sent, answer, block).replace("<p ", '<p class="x_para" ')
    below = divs(answer.bottom, block) if answer.bottom else ""
    sign = f'<div id="Signature">{divs(answer.signature, block)}</div>' if answer.signature else ""
    return (
        f'<html><body dir="ltr">{divs(answer.top, block)}{sign}<div id="appendonsend"></div>'
        f'<hr style="display:inline-block;width:98%" tabindex="-1">{head}<div>{quote}</div>{below}</body></html>'
    )


def _outlook_web_plain(sent: Sent, answer: Answer) -> str:
    return rendered(_outlook_web_html(sent, answer), links="<{}>", prefix="", blank=False)


def _outlook_ios_html(sent: Sent, answer: Answer) -> str:
    foot = f'<div id="ms-outlook-mobile-signature"><div><br></div><a href="https://aka.ms/o0ukef">{_footer("outlook", sent)}</a></div>'
    head = _headers_html(sent, style='<div id="divRplyFwdMsg" dir="ltr">{}<br><div>&nbsp;</div></div>')
    quote = edited_html(sent, answer, '<div dir="ltr">{}</div>')
    return (
        f'<html><body><div dir="ltr">{divs(answer.top)}</div>{foot}<div id="mail-editor-reference-message-container" class="ms-outlook-mobile-reference-message">'
        f'<hr style="display:inline-block;width:98%">{head}{quote}</div>{divs(answer.bottom) if answer.bottom else ""}</body></html>'
    )


def _outlook_ios_plain(sent: Sent, answer: Answer) -> str:
    return rendered(_outlook_ios_html(sent, answer), links="<{}>", prefix="", blank=True)


def _outlook_mac_html(sent: Sent, answer: Answer) -> str:
    normal = '<p class="MsoNormal"><span style="font-size:11.0pt">{}<o:p></o:p></span></p>'
    head = _headers_html(
        sent,
        style='<div id="mail-editor-reference-message-container"><div><div style="border:none;border-top:solid #B5C4DF 1.0pt;padding:3.0pt 0in 0in 0in"><p class="MsoNormal">{}<o:p></o:p></p></div>',
    )
    below = divs(answer.bottom, normal) if answer.bottom else ""
    quote = edited_html(sent, answer, normal)
    return f'<html><body><div class="WordSection1">{divs(answer.top, normal)}<p class="MsoNormal">&nbsp;</p>{head}{quote}</div></div>{below}</div></body></html>'


def _outlook_mac_plain(sent: Sent, answer: Answer) -> str:
    return rendered(_outlook_mac_html(sent, answer), links="<{}>", prefix="", blank=True)


def _apple_html(sent: Sent, answer: Answer, extra: str = "") -> str:
    quote = edited_html(sent, answer, "<div>{}</div>")
    below = divs(answer.bottom) if answer.bottom else ""
    return (
        '<html><head></head><body style="overflow-wrap: break-word; -webkit-nbsp-mode: space; line-break: after-white-space;">'
        f'{divs(answer.top)}{extra}<div><br><blockquote type="cite"><div>{html.escape(_wrote("apple", sent))}</div><br '
        f'class="Apple-interchange-newline"><div>{quote}</div></blockquote></div><br>{below}</body></html>'
    )


def _apple_plain(sent: Sent, answer: Answer) -> str:
    text = rendered(_apple_html(sent, answer), links=" <{}>", blank=True)
    # Apple Mail writes its attribution outside the marks.
    return text.replace("> " + _wrote("apple", sent), "\n> " + _wrote("apple", sent))


def _ios_html(sent: Sent, answer: Answer) -> str:
    extra = f'<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">{_footer("ios", sent)}</div>'
    return _apple_html(sent, answer, extra)


def _ios_plain(sent: Sent, answer: Answer) -> str:
    return rendered(_ios_html(sent, answer), links="", blank=True).replace("'", "’")


def _thunderbird_html(sent: Sent, answer: Answer) -> str:
    quote = edited_html(sent, answer, "<p>{}</p>")
    sign = (
        f'<pre class="moz-signature" cols="72">-- \n{html.escape(answer.signature)}</pre>' if answer.signature else ""
    )
    below = divs(answer.bottom, "<p>{}</p>") if answer.bottom else ""
    return (
        f'<html><body>{divs(answer.top, "<p>{}</p>", "<p><br></p>")}<div class="moz-cite-prefix">{html.escape(_wrote("thunderbird", sent))}<br></div>'
        f'<blockquote type="cite" cite="mid:1@example.com">{quote}</blockquote>{below}{sign}</body></html>'
    )


def _thunderbird_plain(sent: Sent, answer: Answer) -> str:
    return _quoted_plain(sent, replace(answer, signature=""), _wrote("thunderbird", sent), wrap=72) + (
        f"\n-- \n{answer.signature}\n" if answer.signature else ""
    )


def _yahoo_html(sent: Sent, answer: Answer) -> str:
    quote = edited_html(sent, answer)
    below = divs(answer.bottom) if answer.bottom else ""
    return (
        f'<html><body><div class="ydp1yahoo-style-wrap">{divs(answer.top)}<br></div><div id="ydp1yahoo_quoted_1" class="yahoo_quoted">'
        f'<div style="font-family:Helvetica">{html.escape(_wrote("yahoo", sent))}</div><div><br></div><div>{quote}</div></div>{below}</body></html>'
    )


def _yahoo_plain(sent: Sent, answer: Answer) -> str:
    """Yahoo indents the quotation and adds no mark."""
    lines = rendered(_yahoo_html(sent, answer), links="", blank=True).split("\n")
    start = lines.index(_wrote("yahoo", sent))
    return "\n".join(lines[:start] + ["    " + line if line else "" for line in lines[start:]])


def _proton_html(sent: Sent, answer: Answer) -> str:
    foot = f'<div class="protonmail_signature_block"><div class="protonmail_signature_block-proton">{_footer("proton", sent)}</div></div>'
    quote = edited_html(sent, answer)
    below = divs(answer.bottom) if answer.bottom else ""
    return (
        f'<div style="font-family: Arial; font-size: 14px;">{divs(answer.top)}</div>{foot}<div class="protonmail_quote">'
        f'{html.escape(_wrote("proton", sent))}<br><br><blockquote class="protonmail_quote" type="cite">{quote}</blockquote><br></div>{below}'
    )


def _proton_plain(sent: Sent, answer: Answer) -> str:
    return rendered(_proton_html(sent, answer), links=" <{}>", blank=True)


def _samsung_html(sent: Sent, answer: Answer) -> str:
    foot = f'<div id="composer_signature"><div style="font-size:85%;color:#575757" dir="auto">{_footer("samsung", sent)}</div></div>'
    head = "-------- Original message --------"
    sender, when, to, subject, moment = _HEADERS[sent.language]
    quote = edited_html(sent, answer, '<div dir="auto">{}</div>')
    below = divs(answer.bottom) if answer.bottom else ""
    return (
        f'<html><body><div dir="auto">{divs(answer.top)}</div><div><br></div>{foot}<div><br></div><div style="font-size:100%;color:#000000">'
        f"<div>{head}</div><div>{sender}: {WORKER} &lt;{ADDRESS}&gt; </div><div>{when}: {moment} </div><div>{to}: {PERSON_ADDRESS} </div>"
        f"<div>{subject}: {sent.subject} </div><div><br></div></div>{quote}{below}</body></html>"
    )


def _samsung_plain(sent: Sent, answer: Answer) -> str:
    """Samsung's text runs the header block into one line and loses blank lines."""
    text = rendered(_samsung_html(sent, answer), links="", blank=False)
    return re.sub(r"\n\n+", "\n", text)


def _k9_plain(sent: Sent, answer: Answer) -> str:
    foot = f"-- \n{_footer('k9', sent)}"
    return _quoted_plain(
        sent, replace(answer, signature=foot if not answer.bottom else ""), _wrote("k9", sent), prefix=">", typed=False
    )


def _fastmail_html(sent: Sent, answer: Answer) -> str:
    quote = edited_html(sent, answer)
    below = divs(answer.bottom) if answer.bottom else ""
    return (
        f"<!DOCTYPE html><html><head><title></title></head><body>{divs(answer.top)}<div><br></div><div>{html.escape(_wrote('fastmail', sent))}</div>"
        f'<blockquote type="cite" id="qt" style="">{quote}</blockquote><div><br></div>{below}</body></html>'
    )


def _fastmail_plain(sent: Sent, answer: Answer) -> str:
    return rendered(_fastmail_html(sent, answer), links=" <{}>", blank=True, wrap=72)


def _thunderbird_text(sent: Sent, answer: Answer) -> str:
    """Thunderbird in plain text, answers typed with a mark as people do who edit the quotation itself."""
    return _quoted_plain(sent, answer, _wrote("thunderbird", sent), wrap=72, typed=True)


CLIENTS: tuple[Client, ...] = (
    Client("gmail-web", _gmail_html, _gmail_plain),
    Client("gmail-mobile", _gmail_mobile_html, _gmail_mobile_plain, "base64"),
    Client("outlook-desktop", _outlook_html, _outlook_plain, "quoted-printable", charset="windows-1252"),
    Client("outlook-web", _outlook_web_html, _outlook_web_plain),
    Client("outlook-ios", _outlook_ios_html, _outlook_ios_plain, "base64"),
    Client("outlook-mac", _outlook_mac_html, _outlook_mac_plain),
    Client("apple-mail", _apple_html, _apple_plain),
    Client("ios-mail", _ios_html, _ios_plain, "base64"),
    Client("thunderbird-html", _thunderbird_html, _thunderbird_plain, "8bit", flowed=True),
    Client("thunderbird-text", None, _thunderbird_text, "8bit"),
    Client("yahoo", _yahoo_html, _yahoo_plain),
    Client("proton", _proton_html, _proton_plain, "base64"),
    Client("samsung", _samsung_html, _samsung_plain, "base64"),
    Client("k9", None, _k9_plain, "8bit"),
    Client("fastmail", _fastmail_html, _fastmail_plain),
)

SHAPES = ("plain", "html", "both")


def _encode(text: str, client: Client) -> tuple[str, bytes]:
    data = text.encode(client.charset, "xmlcharrefreplace" if text.lstrip().startswith("<") else "replace")
    if client.encoding == "base64":
        return "base64", base64.encodebytes(data)
    if client.encoding == "quoted-printable":
        return "quoted-printable", quopri.encodestring(data)
    return "8bit", data


def _part(kind: str, text: str, client: Client) -> bytes:
    if kind == "plain" and client.flowed:
        text = _flow(text)
    encoding, data = _encode(text, client)
    more = "; format=flowed" if kind == "plain" and client.flowed else ""
    head = f"Content-Type: text/{kind}; charset={client.charset}{more}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n"
    return head.encode() + data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _flow(text: str) -> str:
    """Break long lines softly, as format=flowed has it (RFC 3676)."""
    lines: list[str] = []
    for line in text.split("\n"):
        if line.startswith(">") or line == "-- " or len(line) <= 72:
            lines.append(line if line == "-- " else line.rstrip())
            continue
        pieces = textwrap.wrap(line, 71, break_long_words=False)
        lines += [piece + " " for piece in pieces[:-1]] + pieces[-1:]
    return "\n".join(lines)


def reply(client: Client, sent: Sent, answer: Answer, shape: str = "both") -> bytes:
    """The bytes of the reply: `shape` is plain, html or both, as far as the client can."""
    head = (
        f"From: {PERSON} <{PERSON_ADDRESS}>\r\nTo: {WORKER} <{ADDRESS}>\r\nSubject: Re: =?utf-8?q?1=3A1_Alex_=C2=B7_19_Nov?=\r\n"
        "Date: Thu, 19 Nov 2026 10:55:00 +0100\r\nMessage-ID: <reply-1@example.com>\r\nIn-Reply-To: <sent-1@example.com>\r\n"
        "References: <root@example.com> <sent-1@example.com>\r\nMIME-Version: 1.0\r\n"
    ).encode()
    plain = _part("plain", client.plain(sent, answer), client)
    if client.html is None or shape == "plain":
        return head + plain
    rich = _part("html", client.html(sent, answer), client)
    if shape == "html":
        return head + rich
    line = b"--=_boundary_1"
    return (
        head + b'Content-Type: multipart/alternative; boundary="=_boundary_1"\r\n\r\n'
        + line + b"\r\n" + plain + b"\r\n" + line + b"\r\n" + rich + b"\r\n" + line + b"--\r\n"
    )  # fmt: skip
