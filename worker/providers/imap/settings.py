"""What the IMAP provider needs to know: two servers, one sign-in, and where its folders are called otherwise."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from worker.errors import ConfigurationError, Problem

PASSWORD = "FOLLOWTHROUGH_IMAP_PASSWORD"  # noqa: S105  # the name of a variable
_STARTTLS_PORTS = frozenset({25, 143, 587, 2525})


class Security(StrEnum):
    """How a connection is protected: TLS from the first byte, TLS after STARTTLS, or nothing (loopback only)."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ImapSettings:
    """The settings of the one mailbox that is reached by IMAP (RFC 3501) and SMTP submission (RFC 6409).

    Without `imap_security` and `smtp_security` the port decides: 143, 25, 587 and 2525 mean STARTTLS, which then must
    be offered, and any other port TLS from the first byte (RFC 8314). `none` is refused but for a server on loopback.
    `ca_file` holds the certificate authorities to trust instead of the system's. `junk`, `sent` and `drafts` are found
    by the server's own word (RFC 6154), else by their usual names; name them where neither helps. `timeout` is in
    seconds and holds for each answer that is waited for. Raises ConfigurationError with every problem at once.
    """

    imap_host: str
    smtp_host: str
    user: str
    password: str = field(repr=False)
    imap_port: int = 993
    smtp_port: int = 465
    imap_security: str = ""
    smtp_security: str = ""
    ca_file: Path | None = None
    inbox: str = "INBOX"
    junk: str = ""
    sent: str = ""
    drafts: str = ""
    timeout: float = 30.0

    def __post_init__(self) -> None:
        problems = [
            *_server_problems("imap", self.imap_host, self.imap_port, self.imap_security),
            *_server_problems("smtp", self.smtp_host, self.smtp_port, self.smtp_security),
        ]
        if not self.user or not _is_one_line(self.user):
            problems.append(("user", "set it to the name with which you sign in, often the whole address"))
        names = [name for name in ("inbox", "junk", "sent", "drafts") if not _is_one_line(getattr(self, name))]
        problems.extend((name, "a folder's name is one line: correct it") for name in names)
        if not self.password or not _is_one_line(self.password):
            problems.append(("password", f"set {PASSWORD}, or {PASSWORD}_FILE to a file that holds it, in one line"))
        if problems:
            raise ConfigurationError([Problem("", f"imap.{key}", text) for key, text in problems])

    @property
    def imap(self) -> Security:
        """How the connection to the IMAP server is protected."""
        return _security(self.imap_security, self.imap_port)

    @property
    def smtp(self) -> Security:
        """How the connection to the SMTP server is protected."""
        return _security(self.smtp_security, self.smtp_port)


def _security(word: str, port: int) -> Security:
    return Security(word or (Security.STARTTLS if port in _STARTTLS_PORTS else Security.TLS))


def _server_problems(kind: str, host: str, port: int, security: str) -> list[tuple[str, str]]:
    problems = []
    if not host or not _is_one_line(host) or "/" in host:
        problems.append(
            (f"{kind}_host", f"set it to the name of the {kind.upper()} server, such as {kind}.example.com")
        )
    if not 0 < port < 65536:
        problems.append((f"{kind}_port", "set it to a number from 1 to 65535"))
    if security not in {"", *Security}:
        problems.append((f"{kind}_security", f"set it to one of {', '.join(Security)}, or leave it out"))
    elif security == Security.NONE and not _is_loopback(host):
        text = f"without TLS anybody on the way can read the password: set it to {Security.TLS} or {Security.STARTTLS}"
        problems.append((f"{kind}_security", text))
    return problems


def _is_one_line(text: str) -> bool:
    return text.isprintable()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
