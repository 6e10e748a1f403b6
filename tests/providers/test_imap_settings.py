"""The settings of a mailbox by IMAP: what cannot work is refused before anything is sent."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from worker.errors import ConfigurationError
from worker.providers.imap import ImapMail, ImapSettings

PASSWORD = "opensesame"

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"imap_security": "none"}, "imap.imap_security"),
    ({"smtp_security": "none"}, "imap.smtp_security"),
    ({"smtp_security": "ssl"}, "imap.smtp_security"),
    ({"imap_host": ""}, "imap.imap_host"),
    ({"imap_host": "imaps://mail.example.com"}, "imap.imap_host"),
    ({"smtp_port": 0}, "imap.smtp_port"),
    ({"user": ""}, "imap.user"),
    ({"user": "dana\r\nx"}, "imap.user"),
    ({"password": ""}, "imap.password"),
    ({"password": f"{PASSWORD}\n"}, "imap.password"),
    ({"drafts": "a\nb"}, "imap.drafts"),
]


@pytest.mark.parametrize(("wrong", "key"), WRONG, ids=[f"{key} {next(iter(wrong.values()))!r}" for wrong, key in WRONG])
def test_settings_that_cannot_work_are_refused(wrong: dict[str, Any], key: str) -> None:
    """What cannot work or would send the password in the clear is refused with its key, never with the password."""
    right: dict[str, Any] = {
        "imap_host": "mail.example.com",
        "smtp_host": "mail.example.com",
        "user": "dana",
        "password": PASSWORD,
    }
    ImapSettings(**right)
    with pytest.raises(ConfigurationError) as caught:
        ImapSettings(**{**right, **wrong})
    assert [problem.key for problem in caught.value.problems] == [key]
    assert PASSWORD not in str(caught.value)


def test_certificates_that_cannot_be_read(tmp_path: Path) -> None:
    """A file of authorities that is missing or holds none says which key names it."""
    (tmp_path / "none.pem").write_text("nothing")
    for name in ("none.pem", "missing.pem"):
        settings = ImapSettings("mail.invalid", "mail.invalid", "dana", PASSWORD, ca_file=tmp_path / name)
        with pytest.raises(ConfigurationError, match=r"http\.ca_file"):
            ImapMail(address="dana@example.com", settings=settings, clock=lambda: datetime.now(UTC)).fetch("")


@pytest.mark.parametrize(
    ("port", "word", "expected"),
    [(993, "", "tls"), (143, "", "starttls"), (10993, "", "tls"), (143, "tls", "tls"), (993, "starttls", "starttls")],
)
def test_the_port_decides_where_nothing_is_said(port: int, word: str, expected: str) -> None:
    """The usual ports have their usual protection; a word of the configuration comes first."""
    settings = ImapSettings(
        "mail.example.com", "mail.example.com", "dana", PASSWORD, imap_port=port, imap_security=word
    )
    assert settings.imap == expected


def test_no_password_is_shown() -> None:
    """The password stands in no text that the settings make of themselves."""
    assert PASSWORD not in repr(ImapSettings("mail.example.com", "mail.example.com", "dana", PASSWORD))
