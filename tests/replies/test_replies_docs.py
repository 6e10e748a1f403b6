"""docs/replies.md names every field, verb and reason that the code has."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from worker.model import AskReason, Reply
from worker.replies import __all__ as exported
from worker.replies.verbs import Verb

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "replies.md").read_text(encoding="utf-8")


def test_every_field_of_a_reply_is_documented() -> None:
    """A reader of the docs finds every field of Reply, with its kind of value."""
    missing = [field.name for field in fields(Reply) if f"| `{field.name}` |" not in TEXT]
    assert not missing


def test_every_verb_and_reason_is_documented() -> None:
    """The closed sets stand in the documentation."""
    assert not [verb for verb in Verb if f"`{verb}`" not in TEXT]
    assert not [reason for reason in AskReason if f"`{reason}`" not in TEXT]


def test_every_entry_point_is_documented() -> None:
    """What the package exports is described."""
    assert not [name for name in exported if name not in TEXT and name != "Original"]
