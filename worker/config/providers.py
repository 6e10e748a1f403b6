"""What the providers that a configuration names need beside their own tables, as (dotted key, what to do)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from worker.config.problems import dotted, table, tables

_WITHOUT_PATH = ("google", "microsoft")
_NO_TENANTS = ("organizations", "common", "consumers", "")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def needed(raw: dict[str, Any], secrets: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield what is missing; `secrets` are the names of those that the environment gives."""
    yield from _google(raw)
    yield from _microsoft(raw, secrets)
    yield from _imap(raw, secrets)
    yield from _strange_paths(raw)
    yield from _aliases(raw)


def _accounts(raw: dict[str, Any], provider: str) -> tuple[bool, list[int]]:
    """Return whether the mailbox is with a provider, and the indexes of the managers whose calendars are."""
    managers = [i for i, one in tables(raw, "managers") if table(one, "calendar").get("provider") == provider]
    return table(raw, "mail").get("provider") == provider, managers


def _google(raw: dict[str, Any]) -> Iterator[tuple[str, str]]:
    mail, calendars = _accounts(raw, "google")
    google = table(raw, "google")
    signs_in = mail or (calendars and not google.get("service_account_file"))
    if signs_in and not google.get("client_file"):
        others = "" if mail else ", or service_account_file the key of a service account"
        yield "google.client_file", f"is missing: name the file of the OAuth client{others} (docs/google.md)"
    if google.get("directory") is True and not (mail or calendars):
        yield "google.directory", "looks up nobody: no mailbox and no calendar is with Google; write false"


def _microsoft(raw: dict[str, Any], secrets: frozenset[str]) -> Iterator[tuple[str, str]]:
    mail, calendars = _accounts(raw, "microsoft")
    microsoft = table(raw, "microsoft")
    if (mail or calendars) and not microsoft.get("client_id"):
        yield "microsoft.client_id", "is missing: write the id of the app registration (docs/microsoft.md)"
    by_itself = microsoft.get("certificate_file") or "FOLLOWTHROUGH_MICROSOFT_SECRET" in secrets
    if (mail or calendars) and by_itself and microsoft.get("tenant", "organizations") in _NO_TENANTS:
        text = "is missing: an app that signs in by itself belongs to one organisation; write its id or its domain"
        yield "microsoft.tenant", text
    if microsoft.get("certificate_file") and "FOLLOWTHROUGH_MICROSOFT_SECRET" in secrets:
        text = "is set, and so is microsoft.certificate_file: leave out one of them"
        yield "FOLLOWTHROUGH_MICROSOFT_SECRET", text
    signed_in_as = table(raw, "mail").get("signed_in_as")
    if signed_in_as and not mail:
        yield "mail.signed_in_as", "is for shared mailboxes of Microsoft's: remove it"
    if signed_in_as and mail and by_itself:
        yield "mail.signed_in_as", "is not needed where the app signs in by itself: remove it"
    if microsoft.get("directory") is True and not (mail or calendars):
        yield "microsoft.directory", "looks up nobody: no mailbox and no calendar is with Microsoft; write false"


def _imap(raw: dict[str, Any], secrets: frozenset[str]) -> Iterator[tuple[str, str]]:
    mail, _ = _accounts(raw, "imap")
    if not mail:
        return
    imap = table(raw, "imap")
    for kind in ("imap", "smtp"):
        if not imap.get(f"{kind}_host"):
            yield f"imap.{kind}_host", f"is missing: write the name of the server, such as {kind}.example.com"
        if imap.get(f"{kind}_security") == "none" and imap.get(f"{kind}_host") not in _LOOPBACK:
            yield f"imap.{kind}_security", 'lets anybody on the way read the password: write "tls" or "starttls"'
    if "FOLLOWTHROUGH_IMAP_PASSWORD" not in secrets:
        text = "is missing: set it, or FOLLOWTHROUGH_IMAP_PASSWORD_FILE to a file that holds it"
        yield "FOLLOWTHROUGH_IMAP_PASSWORD", text
    if not table(raw, "mail").get("authserv_id"):
        text = (
            "is missing: write the server that stands first in Authentication-Results of a mail you got (docs/imap.md)"
        )
        yield "mail.authserv_id", text


def _strange_paths(raw: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for index, manager in tables(raw, "managers"):
        calendar = table(manager, "calendar")
        if calendar.get("path") and calendar.get("provider") in _WITHOUT_PATH:
            key = dotted(("managers", index, "calendar", "path"))
            yield key, 'belongs to the provider "files": remove it, or write that provider'


def _aliases(raw: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """An address is one person's: what is somebody's own cannot be another one's alias, nor the worker's."""
    owners: dict[str, str] = {}
    people = [(name, i, one) for name in ("managers", "people") for i, one in tables(raw, name)]
    for _, _, one in people:
        if isinstance(one.get("email"), str):
            owners[one["email"].lower()] = one["email"].lower()
    for name, index, one in people:
        mine = str(one.get("email", "")).lower()
        for place, alias in enumerate(one.get("aliases", ()) if isinstance(one.get("aliases"), list) else ()):
            if not isinstance(alias, str):
                continue
            owner = owners.setdefault(alias.lower(), mine)
            if owner != mine:
                key = dotted((name, index, "aliases", place))
                yield key, f"{alias.lower()} is {owner}'s already: remove one of the two"
