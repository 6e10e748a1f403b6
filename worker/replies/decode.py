"""From encoded bytes to text: encoded words, transfer encodings, charsets, flowed lines. Lenient, total, linear."""

from __future__ import annotations

import binascii
import codecs
import re

_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?([^?]*)\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)[ \t\r\n]+(?==\?[^?\s]{1,80}\?[bBqQ]\?)")
_NOT_BASE64 = bytes(sorted(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")))
# Codecs of Python that are no charsets of mail: some are quadratic, some raise.
_NO_CHARSETS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"})
_CHARSETS = {
    # What mail means by these names, not what the standards say: Windows' supersets.
    "iso8859-1": "cp1252",
    "ascii": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "iso8859-9": "cp1254",
}


def decode_header(value: str) -> str:
    """Decode the encoded words of RFC 2047 in a header value; what cannot be decoded stays as it is."""
    if "=?" not in value:
        return value
    return _ENCODED_WORD.sub(_encoded_word, _BETWEEN_WORDS.sub(r"\1", value))


def _encoded_word(match: re.Match[str]) -> str:
    charset, encoding, text = match[1].partition("*")[0], match[2].lower(), match[3]
    data = text.encode("utf-8", "replace")
    data = decode_base64(data) if encoding == "b" else binascii.a2b_qp(data.replace(b"_", b" "))
    return " ".join(decode_text(data, charset).splitlines())


def decode_base64(data: bytes) -> bytes:
    """Decode base64 leniently: what is not of its alphabet is passed over, a cut end gives what there is."""
    kept = data.translate(None, _NOT_BASE64)
    if len(kept) % 4 == 1:
        kept = kept[:-1]
    return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))


def decode_text(data: bytes, charset: str) -> str:
    """Decode bytes by the charset that was named; one that is unknown or wrong falls back to UTF-8, then Latin."""
    try:
        name = codecs.lookup(charset.strip().strip("\"'")).name if charset.isascii() and charset else "utf-8"
    except (LookupError, ValueError):
        name = "utf-8"
    name = _CHARSETS.get(name, name)
    if name not in _NO_CHARSETS:
        try:
            return data.decode(name).removeprefix("\ufeff")
        except (UnicodeError, LookupError, ValueError):
            pass
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        pass
    # More than a stray byte wrong under a multi-byte charset: it is that charset with damage, else Latin.
    if name.startswith(("utf", "gb", "cp9", "big5", "euc", "iso2022")):
        text = data.decode(name, "replace")
        if text.count("\ufffd") * 20 <= len(text):
            return text
    return data.decode("cp1252", "replace").replace("\ufffd", "") if data else ""


def unflow(text: str, *, delete_space: bool) -> str:
    """Join the soft line breaks of format=flowed (RFC 3676 section 4), keeping quote marks and signature lines."""
    lines: list[str] = []
    open_depth = -1
    pending: list[str] = []

    def flush() -> None:
        nonlocal open_depth
        if open_depth >= 0:
            lines.append((">" * open_depth + " " if open_depth else "") + "".join(pending))
        pending.clear()
        open_depth = -1

    for line in text.split("\n"):
        bare = line.lstrip(">")
        depth = len(line) - len(bare)
        content = bare.removeprefix(" ")
        if depth != open_depth or content == "-- ":
            flush()
        soft = content.endswith(" ") and content != "-- "
        open_depth = depth
        pending.append(content[:-1] if soft and delete_space else content)
        if not soft:
            flush()
    flush()
    return "\n".join(lines)
