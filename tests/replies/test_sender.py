"""Who sent a mail: only the topmost Authentication-Results of the server that was configured vouches for anybody."""

from __future__ import annotations

import pytest

from worker.replies import mime
from worker.replies.sender import aligned, authentic, servers

DANA = "dana@example.com"
PINNED = "mx.example.net"


def mail(*headers: str, sender: str = "Dana Kim <dana@example.com>") -> mime.Mail:
    """A mail with these headers on top, as a receiving server writes them."""
    lines = [*headers, f"From: {sender}", "To: one-on-ones@example.net", "Subject: Re: 1:1", "", "ok", ""]
    return mime.read("\r\n".join(lines).encode())


def results(text: str, server: str = PINNED) -> str:
    """An Authentication-Results header."""
    return f"Authentication-Results: {server}; {text}"


@pytest.mark.parametrize(
    "text",
    [
        "dmarc=pass header.from=example.com",
        "dmarc=pass (p=reject dis=none) header.from=example.com",
        "spf=fail smtp.mailfrom=other.org; dkim=none; dmarc=pass header.from=example.com",
        "dkim=pass header.d=example.com",
        "dkim=pass header.i=@example.com header.s=k1 header.b=abc",
        "dkim=pass header.d=mail.example.com",
        "spf=pass smtp.mailfrom=bounce@example.com",
        "spf=pass smtp.mailfrom=example.com",
        "dkim=fail header.d=example.com; dkim=pass header.d=example.com",
        'dkim=pass reason="good; really" header.d=example.com',
        "dmarc=none header.from=example.com; dkim=pass header.d=example.com",
    ],
)
def test_the_server_vouches(text: str) -> None:
    """DMARC pass, or an aligned DKIM or SPF pass where DMARC did not fail, is believed."""
    assert authentic(mail(results(text)), DANA, PINNED, exchange=False)


@pytest.mark.parametrize(
    "text",
    [
        "none",
        "dmarc=fail header.from=example.com",
        "dmarc=fail header.from=example.com; dkim=pass header.d=example.com",
        "dkim=pass header.d=evil.org",
        "spf=pass smtp.mailfrom=evil.org",
        "spf=pass smtp.helo=example.com",
        "dkim=pass header.d=com",
        "dkim=pass header.d=notexample.com",
        "dmarc=pass header.from=evil.org",
        "dkim=fail (dmarc=pass header.from=example.com) header.d=example.com",
        'dkim=fail reason="dmarc=pass header.from=example.com" header.d=example.com',
        "dmarc=pass header.from=example.com; dmarc=fail header.from=example.com",
        "x-dmarc=pass header.from=example.com",
        "dmarc=temperror header.from=example.com",
        "dmarc pass",
        "(" * 3000,
        "dkim=pass header.d=example.com" + "; dkim=pass" * 3000,
        "",
    ],
)
def test_the_server_does_not_vouch(text: str) -> None:
    """A fail, another's domain, words in comments and quotes, and a header that cannot be read vouch for nobody."""
    assert not authentic(mail(results(text)), DANA, PINNED, exchange=False)


PASS = "dmarc=pass header.from=example.com"


@pytest.mark.parametrize(
    "headers",
    [
        # another server's words on top, the sender's own forgery below
        [results("dmarc=fail", "mx.other.org"), results(PASS)],
        [results(PASS, "mx.other.org")],
        [results(PASS, PINNED + ".evil.org")],
        [results("dmarc=fail header.from=example.com"), "Received: from evil by mx", results(PASS)],
        [results("none"), "Received: from evil by mx", results(PASS)],
        [results("dmarc=fail header.from=example.com"), results(PASS)],
        ["Received: from evil by mx", "X-Authentication-Results: mx.example.net; " + PASS],
        ["ARC-Authentication-Results: i=1; mx.example.net; " + PASS],
        [f"Authentication-Results: {PASS}"],
        [f"Authentication-Results: (mx.example.net) evil; {PASS}"],
        [],
    ],
)
def test_forged_results_below_or_beside(headers: list[str]) -> None:
    """What came with the mail, or from another server, does not count, wherever it stands."""
    assert not authentic(mail(*headers), DANA, PINNED, exchange=False)


def test_the_block_of_the_pinned_server_is_read_whole() -> None:
    """Servers that write one header for each method are understood."""
    block = [results("spf=pass smtp.mailfrom=evil.org"), results("dkim=pass header.d=example.com")]
    assert authentic(mail("Received: by mx", *block, "Received: from a"), DANA, PINNED, exchange=False)
    assert authentic(mail(results(PASS, PINNED.upper())), DANA, PINNED, exchange=False)


@pytest.mark.parametrize(
    "sender",
    [
        "dana@example.com <evil@evil.org>",
        '"dana@example.com" <evil@evil.org>',
        "Dana <dana@example.com>, Evil <evil@evil.org>",
        "Dana <dana@example.com> <evil@evil.org>",
        "<dana@example.com> evil@evil.org",
        "dana@example.com, evil@evil.org",
        "Dana <dana@example.com>\r\nFrom: evil@evil.org",
        "Dana <dana@example.com.evil.org>",
        "Dana <dana@exämple.com>",
        "=?utf-8?q?dana=40example=2Ecom?= <evil@evil.org>",
        "",
    ],
)
def test_tricks_with_from(sender: str) -> None:
    """A second mailbox, a second From, a name that looks like an address: none of them is Dana."""
    assert not authentic(mail(results(PASS), sender=sender), DANA, PINNED, exchange=False)


def test_no_pinned_server_vouches_for_nobody() -> None:
    """Without a configured server nothing in the mail is believed."""
    assert not authentic(mail(results(PASS)), DANA, "", exchange=False)


def test_exchange_online() -> None:
    """In mail fetched from Exchange Online the topmost header counts although it names no server; elsewhere not."""
    top = (
        "Authentication-Results: spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=example.com; dkim=pass (signature was"
        " verified) header.d=example.com;dmarc=pass action=none header.from=example.com;compauth=pass reason=100"
    )
    assert authentic(mail(top), DANA, "", exchange=True)
    assert not authentic(mail(top), DANA, PINNED, exchange=False)
    bad = "Authentication-Results: spf=fail smtp.mailfrom=evil.org; dmarc=fail action=oreject header.from=example.com"
    assert not authentic(mail(bad, top), DANA, "", exchange=True)
    internal = "X-MS-Exchange-Organization-AuthAs: Internal"
    assert authentic(mail(internal), DANA, "", exchange=True)
    assert not authentic(mail(internal), DANA, PINNED, exchange=False)
    assert not authentic(mail(internal, "X-MS-Exchange-Organization-AuthAs: Anonymous"), DANA, "", exchange=True)


def test_what_to_configure() -> None:
    """The servers of the topmost block are named, so that a person can pin one."""
    assert servers(mail("Received: x", results("none"), results("none", "mx.other.org"))) == (PINNED, "mx.other.org")
    assert servers(mail()) == ()


def test_alignment_is_by_organisation() -> None:
    """A domain is aligned with itself and with what lies below it, never by its last letters or its last label."""
    assert aligned("example.com", "example.com")
    assert aligned("example.com", "eu.example.com")
    assert not aligned("com", "example.com")
    assert not aligned("ample.com", "example.com")
    assert not aligned("", "example.com")
