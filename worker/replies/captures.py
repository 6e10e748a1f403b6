"""Mail that is no answer: commands and captures, one a line ("Alex: good demo today, follow up in 2 weeks")."""

from __future__ import annotations

import re

from worker.model import Ask, Command, WrittenNote
from worker.replies import verbs
from worker.replies.commands import is_polite, is_thanks, line_acts
from worker.replies.context import Context, Moment
from worker.replies.dated_acts import dated
from worker.replies.due import deadline, until, without
from worker.replies.feedback import dated as follow_up
from worker.replies.labels import without_private_mark
from worker.replies.mime import Mail
from worker.replies.reading import Reading
from worker.replies.text import bullet, fold, joined_lines, key, words_of
from worker.replies.verbs import Verb
from worker.replies.written import Written

# Verbs before "NAME:" or "NAME", by their words in every language, folded.
_HEADS: dict[str, Verb] = {
    word: verb
    for verb, words in {
        Verb.FEEDBACK: "feedback|fb|feedback for|feedback to|ruckmeldung|feedback fur|retour|retour pour"
        "|comentario|comentarios|feedback para|riscontro|terugkoppeling|praise|kudos|lob|elogio|elogi",
        Verb.PRIVATE: "private|private note|privat|prive|note privee|privado|nota privada|privato|note to self",
        Verb.GOAL: "goal|goal for|ziel|ziel fur|objectif|objectif pour|objetivo|objetivo para|obiettivo|doel",
        Verb.TOPIC: "topic|topic for|thema|thema fur|sujet|sujet pour|tema|tema para|argomento|onderwerp",
        Verb.REVIEW: "review|performance review|beurteilung|beurteilungsgesprach|mitarbeitergesprach|jahresgesprach"
        "|entretien annuel|evaluation|evaluacion|valutazione|beoordeling",
        Verb.AGENDA: "agenda|agenda for|agenda fur|agenda pour|ordre du jour|agenda para|tagesordnung",
        Verb.HISTORY: "history|history of|history with|verlauf|historique|historial|storico|geschiedenis",
        Verb.PAUSE: "pause|pausiere|pausieren|suspendre|pausar|pausa|pauzeer",
        Verb.RESUME: "resume|fortsetzen|weiter|reprendre|reanudar|riprendi|hervat",
        Verb.END: "end|ende|beenden|terminer|finir|terminar|finalizar|termina|beeindig",
        Verb.OPEN: "open",
        Verb.YES: "yes|ja|oui|si|sim",
        Verb.ME: "me|only me|just me|nur ich|ich|moi|moi seul|yo|solo yo|eu|io|ik",
        Verb.NO: "no|nein|non|nao|nee",
    }.items()
    for word in words.split("|")
}
_WITH_NAME_ALONE = frozenset({Verb.AGENDA, Verb.HISTORY, Verb.RESUME, Verb.END, Verb.OPEN})
# What may be said without a name: the caller asks who is meant.
_WORDED = frozenset({Verb.FEEDBACK, Verb.PRIVATE, Verb.TOPIC, Verb.GOAL})
_CHOICES = frozenset({Verb.YES, Verb.ME, Verb.NO})
_KINDS = {
    word: kind
    for kind, words in {
        "skip-level": "skip-level|skip level|skiplevel|skip|indirekt|indirect|indirecte|indirecto|indirecta|indiretto",
        "peer": "peer|kollege|kollegin|collegue|companero|companera|colega|collega",
        "direct": "direct|directo|direkt|diretto",
    }.items()
    for word in words.split("|")
}
_DONE = re.compile(
    r"\b(?:done|completed|finished|held|erledigt|gefuhrt|abgeschlossen|fertig|fait|faite|terminee?|hecha|hecho"
    r"|realizada|terminada|fatta|gedaan)\b"
)
_FEEDBACK_WORD = re.compile(r"\b(?:feedback|ruckmeldung|retour|comentario|retroalimentacion|riscontro)\b")
_EVERY = re.compile(
    r"[\s,;(]*\b(?:every|each|alle|jede[nrs]?|toutes? les|tous les|chaque|cada|ogni|elke|iedere)\s+((?:\d{1,2}"
    r"|\w{2,12})?\s*\w{3,12})\)?\s*$"
)
_NO_NAMES = words_of(
    """note notes todo idea reminder question questions ps fyi re fw fwd wg tr rv subject betreff objet asunto
    update next thanks hi hello hey dear info today tomorrow yesterday from to cc date sent von gesendet an de a
    para envoye enviado the this that it we i he she they and or but if when what why how merke notiz idee frage
    heute morgen question rappel idee aujourd'hui demain nota pregunta hoy manana highlights priorities support
    follow-up"""
)
# What may stand between a verb and a name: "review of Ana", "Pause mit Ana".
_BEFORE_NAMES = words_of("with of for to about mit von fur an bei avec de pour con para a del con per di voor met van")
_MAX_LINES = 200
_MAX_TEXT = 256_000


def read(mail: Mail, wrote: Written, found: Reading) -> None:
    """Read every line of the sender; of a forwarded mail what was quoted is a private note."""
    lines = [line for line in joined_lines(wrote.text.split("\n")) if line.strip()][:_MAX_LINES]
    useful = [line for line in lines if not is_polite(line, found.context)]
    found.thanks = any(is_thanks(line, found.context) for line in lines)
    found.whole = len(useful) == 1
    for line in useful:
        _line(line, found)
    forwarded = _forwarded(mail, lines)
    if forwarded:
        found.notes.append(WrittenNote(forwarded, private=True))
        found.step(forwarded, "private note", "the forwarded mail")


def of_line(line: str, context: Context) -> tuple[Command, ...]:
    """Return the commands and captures in one line that a person wrote, as if it were their whole mail."""
    found = Reading(context, whole=True)
    if not is_polite(line, context):
        _line(line, found)
    return tuple(found.commands)


_FORWARD = re.compile(
    r"^\W{0,12}(?:(?:begin )?forwarded message|weitergeleitete nachricht|anfang der weitergeleiteten"
    r"|message (?:transfere|transmis)|debut du message|mensaje reenviado"
    r"|inicio del mensaje|mensagem encaminhada|messaggio inoltrato|inizio messaggio|doorgestuurd bericht"
    r"|begin doorgestuurd|original message|ursprungliche nachricht"
    r"|message d'origine|mensaje original)\b",
    re.MULTILINE,
)
_FORWARD_SUBJECT = re.compile(r"\s*(?:fwd?|wg|tr|rv|enc|i|doorst)\s*:", re.IGNORECASE)
# Samsung and Outlook set the same line, "Original message", above a quotation and above a forwarded mail.
_REPLY_SUBJECT = re.compile(r"\s*(?:re|aw|ref|sv|vs|odp|antw|r)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)


def _forwarded(mail: Mail, lines: list[str]) -> str:
    """The text that was forwarded: what stands below the sender's own lines, where the mail is a forward."""
    if _REPLY_SUBJECT.match(mail.subject):
        return ""
    text = mail.plain or ""
    if not text.strip() and mail.html:
        from worker.replies.markup import html_body

        text = "\n".join(html_body(mail.html).lines)
    match = _FORWARD.search(fold(text[:_MAX_TEXT]))
    if not match and not _FORWARD_SUBJECT.match(mail.subject):
        return ""
    if match:
        return text[match.start() :].strip()
    last = text.find(lines[-1].strip()[:60]) if lines else -1
    return text[last + len(lines[-1]) if last >= 0 else 0 :].strip()


def _line(line: str, found: Reading) -> None:
    text = line[bullet(line) :].strip() if not re.match(r"\s*\(?\d", line) else line.strip()
    commands = _named(text, found.context) or _alone(text, found)
    if commands:
        found.commands.extend(command for command in commands if command not in found.commands)
        found.step(line, "command " + ", ".join(command.verb for command in commands), "a line of its own")
        return
    acts = line_acts(text, found.context, whole=found.whole)
    if acts:
        found.act(acts, line, "a line of its own")
        return
    # With one person only, words without a name can be about nobody else; who that is, the caller decides.
    found.leftover.append(text)
    found.step(line, "left over", "no command, and no name before a colon")


def _alone(text: str, found: Reading) -> tuple[Command, ...]:
    """A command word by itself; `stop`, `start`, `yes` and `no` only as the whole mail."""
    word = key(text)
    for table in (verbs.whole(), verbs.exact()):
        verb = table.get(word)
        if verb in {Verb.STOP, Verb.START, Verb.YES, Verb.NO, Verb.OK} and not found.whole:
            return ()
        if verb:
            return (Command(verb),)
    return ()


def _named(text: str, context: Context) -> tuple[Command, ...]:
    """A command with a name, or "NAME: text"."""
    choices = _choices(text, context)
    if choices:
        return choices
    head, colon, value = _parted(text, context)
    if not colon:
        return _without_colon(text, context) or _told_of(text, context)
    verb, name = _verb_and_name(head, context)
    review = _review(verb, head, value, context)
    if review:
        return (review,)
    if verb is None and name:
        return (_capture(name, value, context),)
    if verb and not name:
        # "feedback: Alex did well": the name may open the words.
        name, value = _leading_name(value, context)
    if verb is None or (not name and verb not in _WORDED):
        return ()
    if verb is Verb.GOAL:
        return (_goal(name, value, context),)
    if verb in _WORDED:
        return (_worded(verb, name, value, context),)
    return _without_colon(f"{head} {value}", context)


def _parted(text: str, context: Context) -> tuple[str, str, str]:
    """Head, colon and value; a time ("10:30") parts nothing."""
    for match in re.finditer(r"[:：]", text[:80]):
        at = match.start()
        if not (text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()):
            return text[:at].strip(), ":", text[at + 1 :].strip()
    head, dash, value = text.partition(" - ") if " - " in text[:60] else text.partition(" – ")
    return (head.strip(), ":", value.strip()) if dash and context.named(head) else (text, "", "")


def _verb_and_name(head: str, context: Context) -> tuple[Verb | None, str]:
    """The verb and the name before a colon, in either order."""
    words = head.split()
    if len(words) > 6:
        return None, ""
    for size in range(min(3, len(words)), 0, -1):
        verb = _HEADS.get(fold(" ".join(words[:size])))
        rest = " ".join(_bare(words[size:], context))
        if verb and (not rest or _is_name(rest, context)):
            return verb, rest
        verb = _HEADS.get(fold(" ".join(words[-size:])))
        rest = " ".join(words[:-size])
        if verb and rest and _is_name(rest, context):
            return verb, rest
    return None, head if _is_name(head, context) else ""


def _bare(words: list[str], context: Context) -> list[str]:
    """Return a name's words without what joins them to the verb; a known "de Luca" keeps its own."""
    joined = len(words) > 1 and fold(words[0]) in _BEFORE_NAMES
    return words[1:] if joined and not context.named(" ".join(words)) else words


def _is_name(words: str, context: Context) -> bool:
    """Whether the words name a person we know, or look like a name that we may not know."""
    text = words.strip(" ,@")
    if context.named(text) or (text and "@" in text and " " not in text):
        return True
    parts = text.split()
    return (
        1 <= len(parts) <= 3
        and fold(parts[0]) not in _NO_NAMES
        and all(part[:1].isupper() and part.replace("-", "").replace("'", "").isalpha() for part in parts)
    )


def _leading_name(value: str, context: Context) -> tuple[str, str]:
    words = value.split()
    for size in (3, 2, 1):
        name = " ".join(words[:size]).rstrip(",:")
        if len(words) > size and context.named(name):
            return name, " ".join(words[size:]).lstrip(" ,:-–")
    return "", value


def _capture(name: str, value: str, context: Context) -> Command:
    """As in "NAME: text": feedback where it says so or names a follow-up date, else a topic."""
    if follow_up(value, context) is not None or _FEEDBACK_WORD.search(fold(value)):
        return _worded(Verb.FEEDBACK, name, value, context)
    return _worded(Verb.TOPIC, name, value, context)


def _worded(verb: Verb, name: str, value: str, context: Context) -> Command:
    own = without_private_mark(value) if verb is Verb.TOPIC else None
    if own is not None:
        return Command(Verb.PRIVATE, names=_names(name), text=own)
    found = follow_up(value, context) if verb is Verb.FEEDBACK else None
    if found is None:
        return Command(verb, names=_names(name), text=value)
    rest = without(value, found.start, found.end) if found.due.day else value
    return Command(verb, names=_names(name), when=found.due.value, text=rest or value)


def _names(name: str) -> tuple[str, ...]:
    return (name,) if name else ()


def _goal(name: str, value: str, context: Context) -> Command:
    """As in "goal NAME: text by DATE, every 4 weeks": the rhythm stays in the text, behind a semicolon."""
    every = _EVERY.search(fold(value))
    words = value[: every.start()].rstrip(" ,;(") if every else value
    due = deadline(words, context)
    text = without(words, due.start, due.end) if due and due.day else words
    rhythm = value[every.start() :].strip(" ,;()") if every else ""
    return Command(
        Verb.GOAL, names=_names(name), when=due.value if due else None, text=f"{text}; {rhythm}" if rhythm else text
    )


def _review(verb: Verb | None, head: str, value: str, context: Context) -> Command | None:
    """As in "review NAME done: text", "review done NAME: text"."""
    folded = fold(head)
    starts = folded.split()
    size = next((size for size in (3, 2, 1) if _HEADS.get(" ".join(starts[:size])) is Verb.REVIEW), 0)
    match = _DONE.search(folded)
    if not size or verb not in {None, Verb.REVIEW} or not match:
        return None
    rest = " ".join(_bare(f"{head[: match.start()]} {head[match.end() :]}".split()[size:], context))
    return Command(Verb.REVIEW_DONE, names=(rest,), text=value) if _is_name(rest, context) else None


def _without_colon(text: str, context: Context) -> tuple[Command, ...]:
    """As in "history Ana", "pause Ana until 10 January", "review Ana 6 months", "review Ana done"."""
    words = text.strip(" .!").split()
    about = _worded_without_colon(words, context)
    if about is not None or not 1 < len(words) <= 14:
        return (about,) if about is not None else ()
    for size in range(min(3, len(words) - 1), 0, -1):
        verb = _HEADS.get(fold(" ".join(words[:size])))
        rest = _bare(words[size:], context)
        if verb is Verb.PAUSE:
            return _pause(rest, context)
        if verb is Verb.REVIEW:
            return _review_pack(rest, context)
        if verb in _WITH_NAME_ALONE and _is_name(" ".join(rest), context) and not _known_in(rest, context):
            return (Command(verb, names=(" ".join(rest),)),)
    return ()


def _told_of(text: str, context: Context) -> tuple[Command, ...]:
    """As in "Ana did well today, follow up in 2 weeks": a known name opens the words, and a follow-up date is named."""
    name, _ = _leading_name(text, context)
    if not name or follow_up(text, context) is None:
        return ()
    return (_worded(Verb.FEEDBACK, name, text, context),)


def _known_in(words: list[str], context: Context) -> bool:
    """Whether more words stand behind a known name: "Agenda Ana Karriere" asks for something else than her agenda."""
    return not context.named(" ".join(words)) and any(
        context.named(" ".join(words[:size])) for size in range(1, len(words))
    )


def _worded_without_colon(words: list[str], context: Context) -> Command | None:
    """As in "feedback Ana clear demo", "goal Ana ship v2 by March": a verb and a known name, then the words."""
    for size in range(min(3, len(words) - 2), 0, -1):
        verb = _HEADS.get(fold(" ".join(words[:size])))
        if verb not in _WORDED:
            continue
        name, value = _leading_name(" ".join(_bare(words[size:], context)), context)
        if name:
            return _goal(name, value, context) if verb is Verb.GOAL else _worded(verb, name, value, context)
    return None


def _pause(rest: list[str], context: Context) -> tuple[Command, ...]:
    for size in range(min(3, len(rest)), -1, -1):
        name, phrase = " ".join(rest[:size]), " ".join(rest[size:])
        if size and not (context.named(name) or (size == 1 and _is_name(name, context))):
            continue
        if not phrase:
            return (Command(Verb.PAUSE, names=(name,) if name else ()),)
        when: Moment = dated(phrase, context) or until(phrase, context)
        if when is not None and not (isinstance(when, Ask) and not size and not when.candidates):
            return (Command(Verb.PAUSE, names=(name,) if name else (), when=when, text=phrase),)
    return ()


def _review_pack(rest: list[str], context: Context) -> tuple[Command, ...]:
    for size in range(min(3, len(rest)), 0, -1):
        name, behind = " ".join(rest[:size]), " ".join(rest[size:])
        if not (context.named(name) or (size == 1 and _is_name(name, context))):
            continue
        if behind and _DONE.fullmatch(fold(behind)):
            return (Command(Verb.REVIEW_DONE, names=(name,)),)
        return (Command(Verb.REVIEW, names=(name,), text=behind),)
    return ()


# --------------------------------------------------------------------------------------------- answers to a welcome


def _choices(text: str, context: Context) -> tuple[Command, ...]:
    """As in "yes Ana, Tom", "yes Sam skip-level", "me 2", "no Tom", "yes all"; several on a line."""
    found: list[Command] = []
    for piece in re.split(r"[;\n]|[.,]\s+(?=(?:yes|no|me|ja|nein|ich|oui|non|moi|si|yo)\b)", text, flags=re.IGNORECASE):
        words = piece.strip(" .!").replace(":", " ").split()
        if len(words) < 2 or len(words) > 40:
            return ()
        size = 2 if _HEADS.get(fold(" ".join(words[:2]))) in _CHOICES else 1
        verb = _HEADS.get(fold(" ".join(words[:size])))
        if verb not in _CHOICES:
            return ()
        chosen = _chosen(verb, " ".join(words[size:]), context)
        if not chosen:
            return ()
        found.extend(chosen)
    return tuple(found)


def _chosen(verb: Verb, names: str, context: Context) -> list[Command]:
    """The names or numbers behind a choice; those with the same kind in one command."""
    by_kind: dict[str, tuple[list[str], list[int]]] = {}
    for each in re.split(r"\s*(?:,|&|\+|\band\b|\bund\b|\bet\b|\by\b)\s*", names):
        words = [word for word in each.split() if fold(word) not in {"as", "als", "comme", "como", "a", "is", "for"}]
        kind = ""
        for size in (2, 1):
            tail = fold(" ".join(words[-size:])).strip("()")
            if len(words) > size and tail in _KINDS:
                kind, words = _KINDS[tail], words[:-size]
                break
        name = " ".join(words).strip(" ,.()")
        if not name:
            continue
        chosen = by_kind.setdefault(kind, ([], []))
        if fold(name) in verbs.everything():
            chosen[0].append("all")
        elif all(word.strip("#").isdigit() for word in words) and len(name) < 40:
            chosen[1].extend(int(word.strip("#")) for word in words)
        elif not context.named(name) and len(words) > 1 and any(context.named(word) for word in words):
            chosen[0].extend(words)
        elif _is_name(name, context):
            chosen[0].append(name)
        else:
            return []
    return [
        Command(verb, tuple(number for number in numbers if number < 1000), tuple(who), text=kind)
        for kind, (who, numbers) in by_kind.items()
    ]
