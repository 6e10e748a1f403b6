"""One mail by SMTP submission (RFC 6409), in the steps between which the sender keeps account."""

from __future__ import annotations

import base64
import re
import smtplib
import ssl
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from types import TracebackType
from typing import Self

from worker.errors import AccountError, ForbiddenError, RefusedError, SignInError, TryLaterError, UncertainError
from worker.providers.imap.network import tls_context, unreachable, unreadable
from worker.providers.imap.settings import PASSWORD, ImapSettings, Security

_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_LINE_END = re.compile(rb"\r\n|\r|\n")
_MOST_TEXT = 200


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who sends a mail and to whom it goes."""

    sender: str
    recipients: tuple[str, ...]

    @classmethod
    def of(cls, sender: str, raw: bytes) -> Envelope:
        """Return the envelope that a mail's own headers ask for."""
        headers = BytesHeaderParser().parsebytes(raw.partition(b"\r\n\r\n")[0])
        found = getaddresses([str(value) for name in ("To", "Cc") for value in headers.get_all(name, [])])
        return cls(sender, tuple(dict.fromkeys(address for _, address in found if "@" in address)))


class Submission:
    """A connection to the submission server, signed in, for one mail; use it in a `with`.

    `offer` and what comes before it have no effect. `hand_over` has one unless it raises TryLaterError or RefusedError;
    UncertainError means that nobody knows.
    """

    def __init__(self, account: str, settings: ImapSettings) -> None:
        self._account = account
        self._settings = settings
        self._server = f"{settings.smtp_host}:{settings.smtp_port}"
        self._smtp = self._connected()
        try:
            self._sign_in()
        except BaseException:
            self._smtp.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._smtp.quit()
        except (OSError, smtplib.SMTPException):
            self._smtp.close()

    @property
    def largest(self) -> int:
        """The most bytes that the server takes in one mail (RFC 1870), 0 where it does not say."""
        word = self._smtp.esmtp_features.get("size", "")
        return int(word) if word.isdigit() else 0

    def offer(self, envelope: Envelope, raw: bytes) -> None:
        """Name sender and recipients. Raises ForbiddenError where this sign-in may not send as that address."""
        if not envelope.recipients:
            raise RefusedError(self._account, "the mail names no recipient: it is not sent.")
        options = [f"SIZE={len(raw)}"] if self._smtp.has_extn("size") else []
        if not raw.isascii() and self._smtp.has_extn("8bitmime"):
            options.append("BODY=8BITMIME")
        if not all(address.isascii() for address in (envelope.sender, *envelope.recipients)):
            if not self._smtp.has_extn("smtputf8"):
                raise RefusedError(
                    self._account, f"{self._server} takes no addresses beyond ASCII: use another address."
                )
            options.append("SMTPUTF8")
        self._expect("MAIL", *self._asked(self._smtp.mail, envelope.sender, options))
        for address in envelope.recipients:
            self._expect("RCPT", *self._asked(self._smtp.rcpt, address))

    def hand_over(self, raw: bytes) -> None:
        """Give the mail's bytes, and return once the server has taken them."""
        code, text = self._asked(self._smtp.docmd, "DATA")
        if code != 354:
            raise self._refusal("DATA", code, text)
        try:
            self._smtp.send(_on_the_wire(raw))
            code, text = self._smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            said = f"{self._server} did not answer to the end of the mail: it is looked for, and not sent again."
            raise UncertainError(self._account, said) from error
        self._expect("DATA", code, text)

    # ---------------------------------------------------------------------------------------------------- connecting

    def _connected(self) -> smtplib.SMTP:
        host, port, timeout = self._settings.smtp_host, self._settings.smtp_port, self._settings.timeout
        name = self._account.rpartition("@")[2]
        name = name if name.isascii() and name else "localhost"
        context = tls_context(self._settings)
        try:
            if self._settings.smtp is Security.TLS:
                return smtplib.SMTP_SSL(host, port, name, timeout=timeout, context=context)
            smtp = smtplib.SMTP(host, port, name, timeout=timeout)
        except (OSError, ValueError) as error:
            raise self._fault(error) from error
        try:
            if self._settings.smtp is Security.STARTTLS:
                self._protect(smtp, context)
        except BaseException:
            smtp.close()
            raise
        return smtp

    def _protect(self, smtp: smtplib.SMTP, context: ssl.SSLContext) -> None:
        try:
            self._expect("STARTTLS", *smtp.starttls(context=context))
        except smtplib.SMTPNotSupportedError as error:
            text = f"{self._server} offers no STARTTLS, and nothing is sent in the clear: set `smtp_port` to 465."
            raise TryLaterError(self._account, text) from error
        except (OSError, ValueError) as error:
            raise self._fault(error) from error

    def _sign_in(self) -> None:
        user, password = self._settings.user, self._settings.password
        try:
            self._smtp.ehlo_or_helo_if_needed()
            if (user + password).isascii():
                self._smtp.login(user, password)
                return
            # smtplib encodes ASCII only; PLAIN is UTF-8 (RFC 4616).
            words = base64.b64encode(f"\0{user}\0{password}".encode()).decode("ascii")
            code, text = self._smtp.docmd("AUTH", f"PLAIN {words}")
            if code != 235:
                raise self._refusal("AUTH", code, text)
        except smtplib.SMTPNotSupportedError as error:
            hint = f"{self._server} offers no sign-in on this port: set `smtp_port` in [imap] to 465 or 587."
            raise SignInError(self._account, hint) from error
        except smtplib.SMTPAuthenticationError as error:
            raise self._refusal("AUTH", error.smtp_code, error.smtp_error) from error
        except (OSError, ValueError) as error:
            raise self._fault(error) from error

    # -------------------------------------------------------------------------------------------------------- answers

    def _asked(self, command: object, *words: object) -> tuple[int, bytes]:
        """Give a command that has no effect by itself."""
        try:
            return command(*words)  # type: ignore[operator,no-any-return]  # smtplib's methods
        except (OSError, ValueError) as error:
            raise self._fault(error) from error

    def _fault(self, error: Exception) -> AccountError:
        if isinstance(error, smtplib.SMTPResponseException):
            return self._refusal("the connection", error.smtp_code, error.smtp_error)
        # Every exception of smtplib is an OSError, and a certificate's is both.
        if not isinstance(error, OSError):
            return unreadable(self._account, self._server)
        if not isinstance(error, smtplib.SMTPException):
            return unreachable(self._account, "smtp", self._server, error)
        return TryLaterError(self._account, f"{self._server} closed the connection: it is tried again by itself.")

    def _expect(self, command: str, code: int, text: bytes | str) -> None:
        if not 200 <= code < 300:
            raise self._refusal(command, code, text)

    def _refusal(self, command: str, code: int, text: bytes | str) -> AccountError:
        """Return what a reply means (RFC 5321 4.2, RFC 3463): 4xx passes, 5xx stays."""
        said = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
        said = f"{code} {' '.join(''.join(c if c.isprintable() else ' ' for c in said).split())[:_MOST_TEXT]}".strip()
        enhanced = _ENHANCED.search(said)
        congested = enhanced is not None and enhanced.groups()[1:] == ("4", "5")
        if command == "AUTH" and code not in {421, 432, 454}:
            hint = f"correct `user` in [imap] and {PASSWORD}, or the file that {PASSWORD}_FILE names"
            return SignInError(self._account, f"{self._server} refuses the sign-in ({said}): {hint}.")
        # Some providers end a day's allowance with 550 5.4.5, which is over by the next day.
        if not 500 <= code < 600 or congested or command not in {"MAIL", "RCPT", "DATA"}:
            return TryLaterError(self._account, f"{self._server} does not take it now ({said}): tried again by itself.")
        if code == 552:
            return RefusedError(
                self._account, f"the mail is too large, or the mailbox is full ({said}): it is not sent."
            )
        if command != "MAIL":
            return RefusedError(
                self._account,
                f"{self._server} refuses the mail ({said}): correct the recipient or ask its administrator.",
            )
        return ForbiddenError(
            self._account, f"{self._server} refuses ({said}): let {self._settings.user} send as {self._account}."
        )


def _on_the_wire(raw: bytes) -> bytes:
    """Return the bytes with every line ended by CRLF alone, dots doubled, and the end (RFC 5321 4.5.2).

    A bare line feed would let some servers see an end of the mail, and commands after it, where there is none.
    """
    lines = _LINE_END.split(raw.removesuffix(b"\r\n"))
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines) + b"\r\n.\r\n"
