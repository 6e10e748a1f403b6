"""How Microsoft words its refusals: what is taken out of them, and that nothing else is."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from worker.providers.microsoft.dialect import MICROSOFT, reason_of, sign_in_code
from worker.providers.microsoft.mailbox import addresses_of


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"error": {"code": "ErrorAccessDenied", "message": "canary@example.com"}}, "ErrorAccessDenied"),
        # The inner one is taken where it is one that we know, or where the outer one says nothing.
        (
            {"error": {"code": "UnknownError", "innerError": {"code": "ErrorMailboxStoreUnavailable"}}},
            "ErrorMailboxStoreUnavailable",
        ),
        ({"error": {"code": "ErrorItemNotFound", "innererror": {"code": "whatever"}}}, "ErrorItemNotFound"),
        ({"error": {"message": "x", "innerError": {"code": "syncStateNotFound"}}}, "syncStateNotFound"),
        ({"error": "invalid_grant", "error_description": "AADSTS50173: canary@example.com"}, "invalid_grant"),
        ({"error": {"code": 7}}, ""),
        ({"error": []}, ""),
        ({"error": None}, ""),
        ({}, ""),
        ([], ""),
        ("x", ""),
    ],
)
def test_the_code_of_a_refusal_and_nothing_else_is_taken(body: Any, reason: str) -> None:
    """Of an error only its code is taken: the texts beside it quote addresses."""
    assert reason_of(orjson.dumps(body)) == reason


def test_what_is_no_error_of_graphs_has_no_code() -> None:
    """A gateway's page, half an answer and an endless nesting have no code, and break nothing."""
    nested: dict[str, Any] = {}
    for _ in range(50):
        nested = {"innerError": nested}
    for body in (b"", b"<html>", b'{"error": {"code', b"\xff", orjson.dumps({"error": nested})):
        assert reason_of(body) == ""


@pytest.mark.parametrize(
    ("result", "number"),
    [
        ({"error_codes": [65001, 1]}, 65001),
        ({"error_codes": ["x"], "error_description": "AADSTS50076: Due to a change"}, 50076),
        ({"error_description": "AADSTS7000215: Invalid client secret"}, 7000215),
        ({"error_description": "nothing"}, 0),
        ({}, 0),
    ],
)
def test_the_number_of_a_refused_sign_in(result: dict[str, Any], number: int) -> None:
    """The AADSTS number is found in the list, or in the text where there is none."""
    assert sign_in_code(result) == number


def test_every_step_belongs_to_a_code_that_means_something() -> None:
    """No next step is written for a code that is not known, and each ends as a sentence."""
    assert set(MICROSOFT.steps) <= set(MICROSOFT.kinds)
    assert all(step.endswith(".") for step in MICROSOFT.steps.values())


def test_the_addresses_of_a_user() -> None:
    """Mail addresses alone are taken, the main one first, each once; other protocols stand beside them."""
    user = {
        "mail": "Dana@Example.com",
        "proxyAddresses": ["SIP:dana@example.com", "smtp:d.kim@example.com", "SMTP:Dana@example.com", "x500:/o=x"],
        "userPrincipalName": "dkim@corp.example.com",
    }
    assert addresses_of(user) == ("dana@example.com", "d.kim@example.com", "dkim@corp.example.com")
    assert addresses_of({"mail": None, "proxyAddresses": None}) == ()
