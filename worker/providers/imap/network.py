"""What the network does to us, as errors that say what to do."""

from __future__ import annotations

import socket
import ssl

from worker.errors import AccountError, ConfigurationError, Problem, TryLaterError
from worker.providers.imap.settings import ImapSettings


def tls_context(settings: ImapSettings) -> ssl.SSLContext:
    """Return how both servers are checked: TLS 1.2 or newer, the certificate and its name. No setting turns it off."""
    try:
        context = ssl.create_default_context(cafile=settings.ca_file)
    except (OSError, ssl.SSLError) as error:
        text = f"{settings.ca_file} holds no certificates that can be read: correct it, or leave it out"
        raise ConfigurationError([Problem("", "http.ca_file", text)]) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def unreadable(account: str, server: str) -> TryLaterError:
    """Return what an answer means that is no answer of such a server. Nothing took effect."""
    return TryLaterError(account, f"{server} answers in a form that cannot be read: it is tried again by itself.")


def unreachable(account: str, kind: str, server: str, error: OSError) -> AccountError:
    """Return what a failed connection means; `kind` is imap or smtp, `server` is "host:port". Nothing took effect."""
    host = server.rpartition(":")[0]
    if isinstance(error, ssl.SSLCertVerificationError):
        text = (
            f"the certificate of {server} is not trusted ({error.verify_message}): correct `{kind}_host` in [imap],"
            " or name the organisation's own authority as `ca_file` in [http]."
        )
    elif isinstance(error, ssl.SSLError):
        text = f"no TLS with {server}: correct `{kind}_port` (imap 993, smtp 465) or `{kind}_security` in [imap]."
    elif isinstance(error, socket.gaierror):
        text = f"the name {host} is not known: correct `{kind}_host` in [imap], or repair this machine's DNS."
    elif isinstance(error, TimeoutError):
        text = f"{server} does not answer: it is tried again by itself; where it stays so, look at the firewall."
    else:
        reason = error.strerror or type(error).__name__
        text = f"{server} cannot be reached ({reason}): it is tried again by itself."
    return TryLaterError(account, text)
