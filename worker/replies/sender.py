"""Who sent a mail, and whether the receiving server vouches for it (RFC 8601, RFC 7489).

A From header proves nothing. What counts is what the server that received the mail wrote on top of it: the topmost
`Authentication-Results`, and only where that is the server that was configured. Whatever stands further down came with
the mail, and may be forged.
"""

from __future__ import annotations

from dataclasses import dataclass

from worker.replies.mime import Mail

_HEADER = "authentication-results"
_MAX_HEADERS = 12
_MAX_VALUE = 8_000
# Exchange's own header names no server; the parser needs one.
_EXCHANGE_ID = "exchange.invalid"


@dataclass(frozen=True, slots=True)
class Result:
    """One method's verdict: method and result in lower case, and the properties as (type, name) -> value."""

    method: str
    result: str
    properties: tuple[tuple[tuple[str, str], str], ...] = ()

    def get(self, kind: str, name: str) -> str:
        """The value of a property such as header.from, in lower case."""
        return next((value for key, value in self.properties if key == (kind, name)), "")


def authentic(mail: Mail, address: str, authserv_id: str, exchange: bool = False) -> bool:  # noqa: FBT001, FBT002 - the name is the contract's
    """Whether the receiving server vouches that this mail is from `address`.

    True needs one From header with one clean mailbox, which is `address`, and in the topmost block of
    Authentication-Results, written by `authserv_id`: DMARC pass, or, where DMARC did not fail, a DKIM or SPF pass that
    is aligned with the domain of From. `exchange` is for mail that was fetched by Graph from Exchange Online: its
    header names no server, the topmost one counts, and so does `X-MS-Exchange-Organization-AuthAs: Internal`. An empty
    `authserv_id` without `exchange` vouches for nobody.
    """
    if not mail.sender or mail.sender != address.lower():
        return False
    if exchange and _internal(mail):
        return True
    if not authserv_id and not exchange:
        return False
    found = results(mail, authserv_id, exchange=exchange)
    return found is not None and _vouches(found, mail.sender.rpartition("@")[2])


def results(mail: Mail, authserv_id: str, *, exchange: bool = False) -> tuple[Result, ...] | None:
    """What the pinned server found, topmost first; None where it wrote nothing, or nothing that can be read.

    Only the topmost block counts: the first Authentication-Results of the mail and those directly below it, and of
    these only the ones that name the pinned server, up to the first that does not.
    """
    block = _topmost_block(mail)
    if exchange and not authserv_id:
        block = block[:1]
    found: list[Result] = []
    for at, value in enumerate(block):
        parsed = _parse(value, authserv_id, named=bool(authserv_id) or not exchange)
        if parsed is None:
            return tuple(found) if at else None
        found.extend(parsed)
    return tuple(found) if block else None


def servers(mail: Mail) -> tuple[str, ...]:
    """The authserv-ids of the topmost block, topmost first: what a person may want to configure."""
    found = (value.partition(";")[0].split() for value in _topmost_block(mail))
    return tuple(dict.fromkeys(words[0].lower() for words in found if words and "=" not in words[0]))


def _topmost_block(mail: Mail) -> list[str]:
    block: list[str] = []
    for header in mail.headers:
        if header.name == _HEADER and len(block) < _MAX_HEADERS:
            block.append(header.raw)
        elif block:
            break
    return block


def _parse(value: str, authserv_id: str, *, named: bool) -> list[Result] | None:
    """Read one header value; None where it is another server's or cannot be read."""
    from authres import AuthenticationResultsHeader
    from authres.core import AuthResError

    # A server writes a few hundred characters; a header cut short would say something else.
    if len(value) > _MAX_VALUE:
        return None
    text = value.strip().rstrip("; \t")
    try:
        header = AuthenticationResultsHeader.parse_value(text if named else f"{_EXCHANGE_ID}; {text}")
    except (AuthResError, RecursionError, ValueError, TypeError, AttributeError, IndexError):
        return None
    wanted = authserv_id.lower() if named else _EXCHANGE_ID
    if str(header.authserv_id or "").lower() != wanted:
        return None
    return [
        Result(
            str(item.method).lower(),
            str(item.result).lower(),
            tuple(
                ((str(each.type).lower(), str(each.name).lower()), str(each.value).lower()) for each in item.properties
            ),
        )
        for item in header.results
        if item.method
    ]


def _vouches(found: tuple[Result, ...], domain: str) -> bool:
    """DMARC decides where it was evaluated; else an aligned DKIM or SPF pass does."""
    verdicts = [item for item in found if item.method == "dmarc" and item.result in {"pass", "fail"}]
    if verdicts:
        # One block with two verdicts is a server's doing that nobody can explain: the bad one counts.
        return all(item.result == "pass" and aligned(item.get("header", "from") or domain, domain) for item in verdicts)
    for item in found:
        if item.result != "pass":
            continue
        if item.method == "dkim":
            signer = item.get("header", "d") or item.get("header", "i").rpartition("@")[2]
        elif item.method == "spf":
            signer = item.get("smtp", "mailfrom").rpartition("@")[2]
        else:
            continue
        if aligned(signer, domain):
            return True
    return False


def aligned(signer: str, domain: str) -> bool:
    """Whether two domains are of one organisation in the relaxed sense of RFC 7489 3.1, as far as names can tell.

    One is the other, or lies below it. A single label ("com") is nobody's domain.
    """
    signer, domain = signer.strip(". ").lower(), domain.strip(". ").lower()
    if not signer or not domain or "." not in signer or "." not in domain:
        return False
    return signer == domain or domain.endswith("." + signer) or signer.endswith("." + domain)


def _internal(mail: Mail) -> bool:
    """Whether Exchange says that the sender is one of the organisation's own, signed in."""
    values = [value.strip().lower() for value in mail.get_all("X-MS-Exchange-Organization-AuthAs")]
    return values == ["internal"]
