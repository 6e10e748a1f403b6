"""Finds every sentence that the composer or a template asks a catalogue for."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
TEMPLATES = ROOT / "templates"
_CALL = re.compile(r"\bt\(\"((?:[^\"\\]|\\.)*)\"")
_FIELDS = re.compile(r"\{\w+\}")
_PATTERNS = frozenset({"EEE d MMM y", "d MMM y", "d MMM"})


def messages() -> dict[str, str]:
    """Return every message of code and templates with its plural, "" where it has none."""
    found: dict[str, str] = dict.fromkeys(_PATTERNS, "")
    # The same words as the plain spans, inflected: the context stands before them as gettext has it.
    found.update({f"lapse\x04{{n}} {unit}": f"{{n}} {unit}s" for unit in ("day", "week", "month")})
    for file in sorted((ROOT / "worker" / "compose").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                found.update(_of_call(node))
    for file in sorted(TEMPLATES.glob("*.j2")):
        for text in _CALL.findall(file.read_text(encoding="utf-8")):
            found.setdefault(text, "")
    # Fields alone are the same in every language.
    return {one: many for one, many in found.items() if _FIELDS.sub("", one).strip()}


def _of_call(call: ast.Call) -> dict[str, str]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    words = [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    if name == "t" and words:
        return {words[0]: ""}
    if name == "n" and len(words) == 2:
        return {words[0]: words[1]}
    defaults = [key.value for key in call.keywords if key.arg == "form" and isinstance(key.value, ast.Constant)]
    return {str(one.value): "" for one in defaults}
