"""What could not be done of a mail, and what to write instead: one sentence for each reason."""

from __future__ import annotations

from collections.abc import Callable

from worker.compose.scene import Scene
from worker.model import ReplyProblem

_SENTENCES: dict[str, Callable[[Scene, str], str]] = {
    "no-such-number": lambda s, said: s.words.t(
        "“{said}”: no such number there. Answer a mail that shows the number.", said=said
    ),
    "nothing-to-undo": lambda s, _: s.words.t("There is nothing of yours to take back."),
    "recap-is-out": lambda s, _: s.words.t("{name} has the notes already; that mail stays.", name=s.other_name),
    "sharing-is-off": lambda s, _: s.words.t("Nothing was sent: sharing is turned off where this is set up."),
    "stays-cancelled": lambda s, _: s.words.t(
        "What was cancelled in the calendar stays so: write a date to meet again."
    ),
    "nothing-to-skip": lambda s, _: s.words.t("There is nothing in between that I may cancel."),
    "which-feedback": lambda s, said: s.words.t(
        "“{said}”: I cannot tell which feedback. Answer its check-in, or write its number first.", said=said
    ),
    "pause-needs-a-date": lambda s, _: s.words.t("A pause needs a day, as in `pause until 10 January`."),
    "stood-in-an-agenda": lambda s, said: s.words.t(
        "“{said}” stood in an agenda that {name} has already.", said=said, name=s.other_name
    ),
    "due-date": lambda s, said: s.words.t("“{said}”: I cannot tell the day, so none is set.", said=said),
}


def sentence(scene: Scene, problem: ReplyProblem) -> str:
    """Return what the receipt says of a problem; "" for one whose words speak for themselves."""
    said = _SENTENCES.get(problem.reason)
    return said(scene, scene.brief(problem.text).text if problem.text.strip() else "") if said else ""
