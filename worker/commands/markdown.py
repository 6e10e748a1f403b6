"""A person's history as a Markdown page, for people and for other programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Shown = Mapping[str, Any]
_BOXES = {"open": "[ ]", "done": "[x]", "dropped": "[-]"}


def page(shown: Shown) -> str:
    """Return the history (as `history --json` prints it) as Markdown; a person's line breaks stay inside their item."""
    manager, person = shown["manager"], shown["person"]
    lines = [f"# {_named(person)} with {_named(manager)}", "", f"Kind: {shown['kind']}", ""]
    lines += [f"Next check-in: {shown['next_check_in'] or 'not set'}", ""]
    lines += _part("Meetings", (f"{one['start']}: {one['status']}" for one in shown["meetings"]))
    lines += _part(
        "Promises",
        (f"{_BOXES[one['state']]} {one['owner']}: {one['text']}{_by(one['due'])}" for one in shown["action_items"]),
    )
    lines += _part("Goals", (_goal(one) for one in shown["goals"]))
    lines += _part("Topics", (f"{_BOXES[one['state']]} {one['author']}: {one['text']}" for one in shown["topics"]))
    lines += _part(
        "Feedback",
        (
            f"{one['at'][:10]}: {one['text']} (follow-up {one['follow_up_on']}, {one['answer'] or one['state']})"
            for one in shown["feedback"]
        ),
    )
    lines += _part("Notes", (_note(one) for one in shown["notes"]))
    return "\n".join(lines).rstrip() + "\n"


def _part(title: str, rows: Iterable[str]) -> list[str]:
    found = ["- " + "\n  ".join(row.splitlines() or [""]) for row in rows]
    return [f"## {title}", "", *found, ""] if found else []


def _named(person: Shown) -> str:
    return f"{person['name']} <{person['email']}>" if person["name"] else str(person["email"])


def _by(due: str | None) -> str:
    return f" (by {due})" if due else ""


def _goal(one: Shown) -> str:
    steps = "".join(f"\n{step['at'][:10]}: {step['text']}" for step in one["progress"])
    return f"{_BOXES[one['state']]} {one['text']}{_by(one['due'])}{steps}"


def _note(one: Shown) -> str:
    seen = "private" if one["private"] else "shared" if one["shared"] else "not shared"
    return f"{one['at'][:10]}, {one['author']}, {one['part']}, {seen}: {one['text']}"
