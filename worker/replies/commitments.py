"""Who owes what by when: one line under the label, or a sentence of prose that plainly says so.

Under the label every line is a commitment, and only owner and date are looked for. In free prose a sentence counts
only where one of the two people is its subject, at its start, and it either promises ("I'll talk to Sam") or states
an act with a deadline ("Alex sends the Q3 plan by Friday"). Everything else stays a note.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from worker.model import WrittenItem
from worker.replies import promise_words as words
from worker.replies.context import Context
from worker.replies.due import Due, deadline, dues, without
from worker.replies.text import box, bullet, fold

_MARK = re.compile(
    r"(?:to-?do|to do|action(?: item)?|ai|task|next step|aufgabe|tache|a faire|tarea|accion|por hacer|taak|compito"
    r"|tarefa)"
    r"\s*(?:[:\-–—]\s*|(?=@))|todo\s+",
    re.IGNORECASE,
)
_LONGEST_PRONOUN = 20
_NAME_END = re.compile(r"\s*(?::|->|→|–|—|\s-\s|-\s)\s*")
_AT = re.compile(r"@([\w.'-]+(?:@[\w.-]+)?(?: [A-ZÀ-Þ][\w'-]+)?)[:,]?\s*")
_TAIL_OWNER = re.compile(
    r"\s*(?:[-–—]\s+|\(\s*|\[\s*|,?\s*@|,?\s*(?:owner|responsible|verantwortlich"
    r"|responsable)\s*:\s*)([\w .'@-]{2,60}?)[)\]]?\s*\.?$"
)


@dataclass(frozen=True, slots=True)
class _Owned:
    """An owner found in a line, and the words that remain."""

    owner: str
    rest: str


def listed(line: str, context: Context) -> WrittenItem | None:
    """The commitment of a line under the label; None where the line has no words."""
    size, ticked = box(line)
    text = line[size or bullet(line) :].strip().strip("*_").strip()
    mark = _MARK.match(text)
    if mark:
        text = text[mark.end() :]
    done, text = _finished(text, ticked=ticked)
    if not any(char.isalnum() for char in text):
        return None
    owned = _leading_owner(text, context, loose=True)
    due = deadline(owned.rest if owned else text, context) or _second(owned.rest if owned else text, context)
    rest = _cut(owned.rest if owned else text, due)
    if not owned:
        owned = _leading_owner(rest, context, loose=True) or _trailing_owner(rest, context)
        rest = owned.rest if owned else rest
    return _item(owned.owner if owned else context.me, rest or text, due, done=done)


def _second(text: str, context: Context) -> Due | None:
    """German puts the day right behind the verb: "spreche nächste Woche mit Sam"."""
    if context.language != "de":
        return None
    found = dues(text, context)
    behind_verb = len(found) == 1 and len(text[: found[0].start].split()) == 1 and text[:1].islower()
    return found[0] if behind_verb and found[0].day else None


def prose(sentence: str, context: Context) -> WrittenItem | None:
    """The commitment that a line or sentence of free prose plainly makes; None where it makes none."""
    size, ticked = box(sentence)
    text = sentence[size or bullet(sentence) :].strip()
    mark = _MARK.match(text)
    if (size and "[" in sentence[:size]) or (mark and len(text) > mark.end()):
        return listed(sentence, context)
    if not text or text.endswith("?") or len(text) > 400 or words.CONDITION.match(fold(text)):
        return None
    lead = words.LEAD.match(fold(text))
    body = text[lead.end() :] if lead else text
    return _marked_name(body, context, ticked=ticked) or _promised(body, context) or _stated(body, context)


def spliced(sentence: str, context: Context) -> list[tuple[str, str]]:
    """Every way to cut a sentence before a clause in which one of the two promises: "next Thursday, Alex sends it".

    The first piece is what stands before the cut; whoever calls must know that it stands by itself.
    """
    if words.CONDITION.match(fold(sentence)) or sentence.rstrip().endswith("?"):
        return []
    found: list[tuple[str, str]] = []
    for match in words.JOINT.finditer(fold(sentence)):
        rest = sentence[match.end() :]
        if _subject(rest, context) is not None and prose(rest, context):
            found.append((sentence[: match.start()].rstrip(" ,;"), rest))
    return found[:6]


def tangled(sentence: str, context: Context) -> bool:
    """Whether a promise stands behind a clause with a subject of its own: whose deadline is whose cannot be told."""
    return any(_subject(head, context) is not None for head, _ in spliced(sentence, context))


def clauses(sentence: str, context: Context) -> list[str]:
    """Cut "Alex sends the plan by Friday and I'll review it" where a new subject takes over; else the sentence."""
    folded = fold(sentence)
    cuts = [
        match.end()
        for match in words.JOINT.finditer(folded)
        if _subject(sentence[match.end() :], context) is not None and prose(sentence[: match.start()], context)
    ]
    if not cuts:
        return [sentence]
    pieces: list[str] = []
    start = 0
    for cut in cuts[:6]:
        piece = sentence[start:cut].rstrip()
        joint = words.JOINT_END.search(piece[-_LONGEST_PRONOUN:])
        pieces.append((piece[: -len(joint[0])] if joint else piece).strip(" ,;"))
        start = cut
    pieces.append(sentence[start:].strip())
    return [piece for piece in pieces if piece]


# -------------------------------------------------------------------------------------------------------------- owners


def _leading_owner(text: str, context: Context, *, loose: bool) -> _Owned | None:
    """An owner at the start: "@Dana …", "Dana: …", "[Dana] …", "Dana to …", and, under the label, "Dana …"."""
    at = _AT.match(text)
    if at:
        for size in (at[1], at[1].split()[0]):
            owner = context.named(size.strip(".,:"))
            if owner:
                start = 1 + len(size)
                return _Owned(owner, text[start:].lstrip(" :,-–—"))
    inner = re.match(r"[\[(]([^\])]{2,60})[\])]\s*[:\-–—]?\s*", text)
    if inner and context.somebody(inner[1]):
        return _Owned(context.somebody(inner[1]), text[inner.end() :])
    end = _NAME_END.search(text[:80])
    if end:
        owner = _joint(text[: end.start()], context)
        if owner:
            return _Owned(owner, text[end.end() :].strip())
    found = _subject(text, context) if loose else None
    if not found:
        return None
    rest = text[found[1] :].lstrip(" ,")
    return _Owned(found[0], _without_modal(rest)) if rest else None


def _trailing_owner(text: str, context: Context) -> _Owned | None:
    """An owner at the end: "budget (Dana)", "budget - Dana", "budget @Dana"."""
    match = _TAIL_OWNER.search(text[-80:])
    if not match:
        return None
    owner = context.somebody(match[1])
    cut = max(len(text) - 80, 0) + match.start()
    return _Owned(owner, text[:cut].strip()) if owner and text[:cut].strip() else None


def _joint(name: str, context: Context) -> str:
    """The owner that words before a colon name; of "Alex and me" the writer."""
    owner = context.somebody(name)
    if owner:
        return owner
    both = re.split(r"\s*(?:&|\+|/|,|\band\b|\bund\b|\bet\b|\by\b|\be\b|\ben\b)\s*", name)
    found = [context.somebody(each) for each in both if each]
    return context.me if len(found) > 1 and all(found) else ""


def _subject(text: str, context: Context) -> tuple[str, int] | None:
    """The person whom the first words of a sentence name, and where the words behind them start."""
    cleft = words.CLEFT.match(fold(text[:60]))
    if cleft:
        owner = context.somebody(cleft[1])
        return (owner, cleft.end()) if owner else None
    match = words.PRONOUN.match(fold(text[:_LONGEST_PRONOUN]))
    if match:
        owner = context.somebody(match[1]) or (context.me if match[1] in words.WE else "")
        if owner:
            return owner, match.end()
    pieces = re.match(r"([^\s,:;!?]+)(?:\s+([^\s,:;!?]+))?(?:\s+([^\s,:;!?]+))?", text[:120])
    if not pieces:
        return None
    for last in (3, 2, 1):
        if pieces[last] is None:
            continue
        name = text[: pieces.end(last)]
        owner = "" if fold(name).endswith("'s") else context.named(name)
        if owner:
            end = pieces.end(last)
            both = re.match(r"\s+(?:and|und|et|y|e|en|&)\s+([^\s,:;!?]+)", text[end : end + 60])
            if both and context.somebody(both[1]):
                return context.me, end + both.end()
            return owner, end
    return None


# --------------------------------------------------------------------------------------------------------------- prose


def _marked_name(text: str, context: Context, *, ticked: bool) -> WrittenItem | None:
    """As in "@Dana budget 12 Dec", "Dana: budget by Friday", "Alex, send it by Friday": a name, and a deadline."""
    owned = _leading_owner(text, context, loose=False)
    if not owned:
        vocative = re.match(r"([^\s,]{2,40}),\s+", text)
        owner = context.named(vocative[1]) if vocative else ""
        if not vocative or not owner:
            return None
        first = fold(text[vocative.end() :]).split()[:1]
        if not first or first[0] in words.NOT_ACTS or first[0] in words.PRONOUNS:
            return None
        owned = _Owned(owner, text[vocative.end() :])
    due = deadline(owned.rest, context)
    if due is None or words.NEGATION.search(fold(owned.rest)):
        return None
    rest = _cut(owned.rest, due)
    if not any(char.isalpha() for char in rest) or _about_follow_up(rest):
        return None
    done, rest = _finished(rest, ticked=ticked)
    return _item(owned.owner, _without_modal(rest), due, done=done)


def _about_follow_up(rest: str) -> bool:
    """As in "Alex: good demo today, follow up in 2 weeks" is feedback with its date, not a promise."""
    return bool(
        re.search(r"\b(?:follow(?:ing)?[- ]?up|check back|nachfassen|nachhaken|relancer|seguimiento)\s*$", fold(rest))
    )


def _promised(text: str, context: Context) -> WrittenItem | None:
    """As in "I'll talk to Sam", "Alex will send the plan", "Alex to send it by Friday", "Ich werde …", "Voy a …"."""
    folded = fold(text)
    if words.NEGATION.search(folded[:120]):
        return None
    found = _subject(text, context)
    start = found[1] if found else 0
    owner = found[0] if found else ""
    modal = words.MODAL.match(folded, start)
    if found is None:
        # Spanish and Portuguese leave the pronoun out: "Voy a hablar con Sam", "Hablaré con Sam".
        modal = words.DROPPED.match(folded)
        owner = context.me if modal else ""
    if modal is None or not owner:
        return None
    rest = text[modal.end() :].strip()
    verb = fold(rest).split(maxsplit=1)[0].strip(".,;:!") if rest else ""
    due = deadline(rest, context)
    # German "will" is "wants to".
    needs_date = bool(words.WEAK_MODAL.search(modal[0])) or (context.language == "de" and modal[0].strip() == "will")
    if words.STATE_AT_END.search(fold(rest).rstrip(" .!")):
        return None
    if not verb or (due is None and (needs_date or verb in words.VAGUE)) or verb in words.NOT_ACTS:
        return None
    if needs_date and due and not due.strong and not (due.day and words.delivers(rest, context.language)):
        return None
    if due is not None and not due.strong and verb in words.VAGUE:
        return None
    cut = _cut(rest, due)
    return _item(owner, cut, due) if len(cut.split()) >= 2 or (due and cut) else None


def _stated(text: str, context: Context) -> WrittenItem | None:
    """As in "Alex sends the Q3 plan by Friday", "Bis Freitag schickt Alex den Plan": an act with a deadline."""
    folded = fold(text)
    if words.NEGATION.search(folded):
        return None
    due = deadline(text, context) or _inside(text, context)
    if due is None:
        return None
    rest = _cut(text, due)
    found = _subject(rest, context)
    if found:
        owner, start = found
        act = rest[start:].strip()
        act = _without_modal(act) if act[:1] in "'’" or _first_word(act) == "will" else act
        verb = words.ELIDED.sub("", _first_word(act))
    elif due.start <= 3:
        # A deadline at the start puts the verb before its subject: "Bis Freitag schickt Alex den Plan".
        first = rest.split(maxsplit=1)
        inverted = _subject(first[1], context) if len(first) == 2 else None
        if not inverted:
            return None
        owner, verb = inverted[0], fold(first[0])
        act = f"{first[0]} {first[1][inverted[1] :].strip()}"
        if words.MODAL.fullmatch(" " + verb):
            act = first[1][inverted[1] :].strip()
    else:
        return _first_person_future(text, due, context)
    state = words.is_past_or_state(verb, context.language) or not verb.isalpha()
    inside = context.language == "de" and not due.trailing and found is not None
    delivered = due.day is not None and (due.trailing or inside) and words.delivers(act, context.language)
    dated = due.strong or delivered
    if state or not dated or len(act.split()) < 2:
        return _first_person_future(text, due, context)
    return _item(owner, act, due)


def _inside(text: str, context: Context) -> Due | None:
    """German puts the day inside the sentence: "Ich schicke Alex morgen die Zahlen"; the only one there counts."""
    if context.language != "de" or _subject(text, context) is None or fold(text[:4]) == "wir ":
        return None
    found = dues(text, context)
    return found[0] if len(found) == 1 and found[0].day else None


def _first_person_future(text: str, due: Due | None, context: Context) -> WrittenItem | None:
    """As in "Hablaré con Sam el viernes", "Je parlerai à Sam vendredi": a future tense, and a date."""
    if due is None:
        return None
    rest = _cut(text, due)
    match = words.FUTURE.match(rest.lower())
    owner = ""
    if match:
        owner = context.me
        act = rest[match.start("verb") :]
    else:
        found = _subject(rest, context)
        act = rest[found[1] :].strip() if found else ""
        owner = found[0] if found and words.FUTURE_VERB.match(act.lower()) else ""
    verb = _first_word(act) if owner else ""
    return _item(owner, act, due) if owner and verb not in words.NOT_ACTS and len(act.split()) >= 2 else None


# --------------------------------------------------------------------------------------------------------------- parts


def _first_word(text: str) -> str:
    pieces = fold(text).split(maxsplit=1)
    return pieces[0].strip(".,;:!'") if pieces else ""


def _without_modal(text: str) -> str:
    """As in "will send the plan" and "to send the plan" are "send the plan"."""
    match = words.MODAL.match(" " + fold(text))
    return text[match.end() - 1 :].strip() if match and text[match.end() - 1 :].strip() else text


_DONE = re.compile(
    r"\s*(?:[-–—:(]\s*)?(?:done|erledigt|fait|hecho|feito|fatto|gedaan|✓|✔|✅)\s*[)!.]?\s*$", re.IGNORECASE
)


def _finished(text: str, *, ticked: bool) -> tuple[bool, str]:
    """Whether the line says that it is done already, and the line without that word."""
    match = _DONE.search(text)
    if match and match.start() > 0 and re.match(r"\s*[-–—:(✓✔✅]", match[0]):
        return True, text[: match.start()]
    return ticked, text


def _cut(text: str, due: Due | None) -> str:
    """The text without its date; a date that is not settled stays in it, word for word."""
    if due is None or due.day is None:
        return text.strip()
    return without(text, due.start, due.end)


def _item(owner: str, text: str, due: Due | None, *, done: bool = False) -> WrittenItem:
    clean = text.strip().rstrip(".;,").lstrip("'’").strip()
    return WrittenItem(owner, clean or text, due.day if due else None, done, due.ask if due else None)
