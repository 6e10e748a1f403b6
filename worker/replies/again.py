"""The sentence of free prose that names the next meeting: "next in two weeks", "lass uns am 3. wieder treffen".

A sentence counts where, up to words of courtesy, it holds nothing but a phrase that speaks of meeting again and a
date, or where such a clause ends it. One that asks, denies or speaks of others does not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from worker.model import Ask, AskReason
from worker.replies import verbs
from worker.replies.context import Context, Moment
from worker.replies.due import Due, dues
from worker.replies.text import fold, key, words_of

_MAX = 300


@dataclass(frozen=True, slots=True)
class Again:
    """A next meeting that a sentence names.

    `value` is what its date means, None where there shall be no next meeting. `alone` says that the sentence holds
    nothing else, so that it need not stay among the notes.
    """

    value: Moment
    phrase: str
    alone: bool


_NOUN = (
    r"(?:check[- ]?in|1[:-]1|1on1|one[- ]on[- ]one|meeting|session|catch[- ]?up|sync|chat|call|date|one|time"
    r"|conversation|talk|appointment|slot)"
)
_MEET = (
    r"(?:meet|talk|speak|catch up|check in|check-in|chat|sync|sync up|sit down|connect|get together|see each other"
    r"|do this|do it|reconvene"
    r"|touch base|continue|pick this up|pick it up|regroup|have our next one|have the next one)"
)
_AGAIN = r"(?:\s+(?:again|next|up|back|up again|you|properly|there|together|in person|then))*"
_ENGLISH = (
    rf"(?:the |our |my )?next(?: {_NOUN})?(?:(?: is| will be| would be| should be| could be| shall be| to be"
    rf"|'s)(?: set| planned| scheduled)?"
    rf"| we(?:'ll| will)? {_MEET}{_AGAIN}| let's {_MEET}{_AGAIN}| again)?"
    rf"|(?:(?:let's|lets|let us|we'll|we will|we shall|we should|we could|we can|we|we agreed to|we plan to"
    rf"|we are going to|we're going to|we want to"
    rf"|i'd like to|i would like to|i want to|i'd love to|i'll|i will|happy to|would like to|want to|please|plan to"
    rf"|agreed to)\s+(?:both\s+)?)?"
    rf"(?:{_MEET}\s+(?:again|next|up again|back)(?:\s+(?:with (?:him|her|them)))?)"
    rf"|(?:let's|lets|let us|we'll|we will|we shall|we should|we agreed to|we agreed|we are going to"
    rf"|we're going to)\s+(?:say|{_MEET}{_AGAIN}|aim for|go for|make it|take|do|try|shoot for|stick with|stick to"
    rf"|plan for|book)"
    rf"|(?:(?:shall|should|can|could|may) )?we(?: both)? {_MEET}{_AGAIN}"
    r"|(?:please |can you |could you |can we |could we |let's |i'd |we |i'm )*(?:move|shift|push|reschedule|change"
    r"|postpone|bring|set|put|moving|shifting|pushing|rescheduling|postponing)"
    rf" (?:it|this|that|(?:the|our|my) (?:next )?{_NOUN})(?: (?:back|forward|out))?(?: to)?|(?:please |let's "
    rf"|rather |better )*make it|(?:how|what) about"
    r"|(?:can|could|shall|should|may) we (?:rather |instead |maybe )*(?:do|say|make it|take|go for|try|have it)"
    r"|i(?:'d| would) (?:rather|prefer)|rather|better|no|instead"
    rf"|(?:i(?:'d| would)? (?:suggest|propose)|suggest|proposal|i suggest that"
    rf"|looking forward to)(?: (?:that )?we)?(?: {_MEET}{_AGAIN}| (?:our|the) next {_NOUN})?"
    rf"|we(?:'re| are| will be|'ll be) (?:meeting|talking|speaking)(?: again| next)?|we(?:'ll| will"
    rf"| should)? next {_MEET}|we(?:'ve| have)? (?:agreed|settled|decided)|does|would"
    rf"|(?:see|talk to|speak to|meet|catch) (?:you|him|her|them)(?:\s+(?:again|next|then|back))*|see you|talk again"
    rf"|speak again|talk next|meeting again"
    rf"|(?:let's |please |i'll |we |we'll |can you |you can )?(?:book|schedule|plan|set|set up|put in|pencil in|have"
    rf"|do|hold) (?:the |our |a |another )?"
    rf"(?:next )?{_NOUN}(?: for us)?|follow[- ]?up {_NOUN}|another {_NOUN}|new {_NOUN}"
)
_GERMAN = (
    r"(?:(?:das |der |die |unser |unsere |mein )?nachste[rsn]?(?: (?:mal|termin|treffen|gesprach|1:1|meeting"
    r"|check-in|besprechung|runde|austausch))?"
    r"(?: (?:ist|ware|sei|findet|sollte|soll|wird|konnte|dann|machen wir|treffen wir uns|sehen wir uns"
    r"|sprechen wir uns|wieder|dann|am besten|gern|gerne))*)"
    r"|(?:lass|lasst|lassen sie) uns(?: (?:uns|mal|doch|gerne|dann|bitte|wieder))*"
    r"|wir (?:treffen|sehen|sprechen|horen) uns(?: (?:dann|wieder|das nachste mal|erneut))*|wir (?:sprechen|reden"
    r"|machen) |(?:treffen|sehen|sprechen|horen|wollen|konnen|sollen|sollten|wollten|konnten) wir uns(?: (?:wieder"
    r"|dann|erneut|gleich))*"
    r"|wir (?:machen|setzen|vereinbaren) (?:den|das) nachsten? (?:termin|gesprach|treffen|1:1)"
    r"|(?:wieder|erneut|naechster termin|folgetermin|neuer termin)(?: (?:am|ist))?|bis (?:dann|bald)|ich wurde sagen"
    r"|ich schlage|ich wurde|vorschlag|wir haben uns (?:auf|fur)|passt(?: dir| es dir| es)?|geht|sagen wir|treffen"
    r"|(?:bitte )?(?:verschiebe?n?|verleg(?:e|en)?) (?:es|das|ihn|den termin|das gesprach|wir(?: es"
    r"| das)?)(?: bitte)?"
    r"|(?:lieber|besser|eher)(?: (?:erst|wieder))?|(?:machen|nehmen) wir(?: (?:es|das|doch|lieber|besser|den))*"
    r"|wie ware(?: es| (?:es )?mit)?|nein"
)
_FRENCH = (
    r"(?:(?:le |la |notre )?prochaine?(?: (?:fois|point|rendez-vous|rdv|reunion|entretien|1:1|rencontre|echange"
    r"|check-in|seance))?"
    r"(?: (?:est|sera|serait|aura lieu|on se voit|on se revoit|a|c'est|fixe|fixee|prevu|prevue))*)"
    r"|(?:on|nous) (?:se |nous )?(?:revoit|revoyons|voit|voyons|reverra|reverrons|verra|retrouve|retrouvons|reparle"
    r"|reparlons|parle|rencontre|fait le point|refait un point|en reparle|en reparlons|(?:peut|pourrait|va|doit"
    r"|devrait|pouvons|pourrions|devrions) (?:se |nous |en )?(?:revoir|voir|retrouver|reparler|parler))"
    r"(?: (?:a nouveau|de nouveau|encore|alors|donc))*|(?:revoyons|voyons|retrouvons|reparlons"
    r"|rencontrons)[- ](?:nous|en)(?: (?:a nouveau|de nouveau))?"
    r"|rendez-vous|rdv|a la prochaine|disons|refaisons un point|on fait le prochain point|(?:je (?:propose|suggere)"
    r"|proposition)(?: (?:de (?:se|nous) (?:voir|revoir|retrouver)|qu'on se (?:voie|revoie|retrouve|voit|revoit)))?"
    r"|qu'on se (?:voie|revoie|retrouve)|(?:plutot|de preference)|(?:decale[rz]?|deplace[rz]?|reporte[rz]?)(?:-le"
    r"| le point| la reunion| le rendez-vous)?|pourquoi pas|non"
)
_SPANISH = (
    r"(?:(?:la |el |nuestra |nuestro )?(?:proxim[oa]|siguiente)(?: (?:vez|reunion|1:1|cita|encuentro|charla"
    r"|seguimiento|check-in|sesion|conversacion))?"
    r"(?: (?:es|sera|seria|nos vemos|que sea|quedamos|hablamos))*)"
    r"|(?:podemos|podriamos|vamos a|deberiamos) (?:vernos|reunirnos|hablar|encontrarnos)(?: de nuevo| otra vez)?"
    r"|nos (?:vemos|reunimos|veremos|reuniremos|encontramos|juntamos)(?: (?:de nuevo|otra vez|nuevamente|otra"
    r"|entonces))*"
    r"|(?:volvemos|volveremos|volvamos) a (?:vernos|hablar|reunirnos|encontrarnos)|(?:veamonos|reunamonos|hablemos"
    r"|quedemos)(?: (?:de nuevo|otra vez))?"
    r"|quedamos(?: (?:de nuevo|otra vez))?|hablamos(?: (?:de nuevo|otra vez))?|(?:propongo|sugiero)(?: (?:vernos"
    r"|reunirnos|que nos veamos|que nos reunamos|hablar|quedar))?(?: (?:de nuevo|otra vez))?|retomamos|seguimos"
    r"|digamos|hasta|mejor|(?:muevelo|pasalo|cambialo|aplazalo)|(?:mover|pasar|cambiar) (?:la reunion|la cita"
    r"|el 1:1)|que tal|que te parece|por que no"
)
_OTHERS = (
    r"(?:(?:a |o |il |la |de |het |onze )?(?:proxim[ao]|prossim[oa]|volgende?)(?: (?:vez|reuniao|conversa|encontro"
    r"|1:1|volta|incontro|riunione|colloquio"
    r"|appuntamento|keer|afspraak|gesprek|overleg|check-in))?(?: (?:e|sera|is|nos vemos|ci vediamo|zien we elkaar))*)"
    r"|(?:nos vemos|falamos|vemo-nos)(?: de novo)?|ci (?:vediamo|rivediamo|sentiamo)(?: di nuovo)?|(?:we zien"
    r"|we spreken) elkaar(?: weer)?|tot"
)
_PREPOSITION = (
    r"(?:[\s,:]*(?:on|at|in|for|the|by|around|about|say|maybe|until|till|back|again|then|am|um|den|dem|zum|im|ab|fur"
    r"|wieder|auf|gegen|erst|schon|am besten|spatestens|only|seulement|solo|le|la|au|a|dans|pour|vers|el|al|"
    r"para|en|los|de nuevo|otra vez|em|no|na|il|fra|tra|op|om|over|weer|-|:))*[\s,:]*"
)
_START = (
    r"(?:^[\s¿¡]*|[,;:.(]\s*|\s-+\s+|\b(?:and|so|then|but|und|also|dann|aber|daher|deshalb|et|donc|mais|alors|y"
    r"|entonces|pero|asi que|por eso|e|en|dus)\s+)"
    r"(?:(?:ok|okay|so|and|then|great|good|perfect|fine|thanks|alright|right|super|gut|also|dann|bon|donc|et|alors"
    r"|bueno|entonces|pues|y|und|but|let's say)[\s,!]+){0,3}"
)
_CUE = re.compile(rf"{_START}(?P<cue>{_ENGLISH}|{_GERMAN}|{_FRENCH}|{_SPANISH}|{_OTHERS}){_PREPOSITION}$")
_NEEDLESS = re.compile(
    r"(?:^|[,;:.]\s*)(?:(?:there is |there's |i see |we have |es gibt |il n'y a )?(?:no need|not needed"
    r"|not necessary|nothing|no meeting|no 1:1|no check-in|kein bedarf"
    r"|nicht notig|kein termin(?: notig)?|kein treffen|pas besoin|pas la peine|inutile|pas de (?:reunion|point)"
    r"|no hace falta|no es necesario|sin reunion"
    r"|non serve|niet nodig|nao e preciso))(?: (?:to meet|to talk|for (?:a|another|the next) \w+|de se voir"
    r"|de se revoir|reunirse|vernos|uns zu treffen))?(?: again)?"
    r"\s*(?:until|till|before|bis|vor|avant|jusqu'(?:a|au|en)|hasta|antes del?|fino a|prima di|tot|ate)?(?: the| zum"
    r"| le| la| el| den)?\s*$"
)
_TRAILING = words_of(
    """for the our next one meeting check-in 1:1 session chat weiter vor besprechen work suit best better fits then
    again please ok okay thanks as usual same place time usual if works for you me us is that it good with both
    at the in on here office wieder treffen sehen sprechen uns zusammensetzen reden telefonieren dann bitte wie
    immer gleicher ort passt und wir mal machen zur gleichen zeit stattfinden statt sein einen termin den
    nachsten zusammen svp merci comme d'habitude a la meme heure nouveau de pour nous revoir se como siempre la
    misma hora por favor gracias de nuevo otra vez para reunirnos vernos entonces igual todos sempre come solito
    nehmen festhalten einplanen ansetzen eintragen weitermachen mit dir together person zoom teams meet phone call
    online video onsite too also though remote by my your our per over via"""
)


_NOUNS = (
    r"(?:next |more |other |further )?(?:meetings?|check-?ins?|1:1s?|sessions?|follow-?ups?|appointments?"
    r"|catch-?ups?|one-on-ones?)"
)
_NO_NEXT = re.compile(
    rf"(?:(?:we|i) (?:don't|do not|won't|will not) (?:need|have|want|plan)(?: to have)? (?:an?|another|any)(?: new"
    rf"| further)? ?{_NOUNS}(?: for now| yet| at the moment)?"
    rf"|(?:there (?:is|will be) |there's )?no {_NOUNS}(?: (?:is|are))?(?: (?:needed|required|necessary|planned"
    rf"|scheduled|for now|yet|this year))+"
    rf"|(?:there is |there's )?no need (?:for (?:an?|another|any)(?: new| further)? ?{_NOUNS}"
    rf"|to meet(?: again)?)(?: for now| yet)?|no next {_NOUNS}"
    r"|(?:wir brauchen |es gibt |vorerst |aktuell )*kein(?:en|e)? (?:(?:weitere[rsn]?|nachste[rsn]?"
    r"|neue[rsn]?) )?(?:treffen|termin|gesprach|meeting|1:1|besprechung)(?: (?:notig|geplant|erforderlich|vorerst"
    r"|mehr))*"
    r"|(?:il n'y a )?pas (?:besoin )?(?:de |d')(?:un |une )?(?:prochaine? |autre |nouvelle? |nouveau )?(?:point"
    r"|reunion|rendez-vous|rdv|entretien|1:1)(?: (?:necessaire|prevue?|pour l'instant|pour le moment))*"
    r"|no (?:hace falta|necesitamos|es necesari[oa]|habra|hay)(?: una?)?(?: otr[oa]| proxim[oa])? (?:reunion|cita"
    r"|encuentro|1:1)(?: (?:por ahora|de momento))*)"
)


def again(sentence: str, context: Context) -> Again | None:
    """The next meeting that this sentence names; None where it names none, or not plainly."""
    if len(sentence) > _MAX or len(sentence) < 3:
        return None
    folded = fold(sentence)
    for due in dues(sentence, context):
        before = folded[: due.start].rstrip(" (")
        if before.endswith("check") and folded.startswith("in ", due.start):
            # "Next check in Dec 10": that "in" belongs to the verb.
            before += " in"
        cue = _CUE.search(before + " " if before else "")
        if cue and _BOUND.match(folded, due.start):
            # "We'll do it by Friday" is a deadline; "let's meet by Friday" leaves the day open.
            if _DOING.search(cue["cue"]) or not _closes(folded[due.end :], context):
                continue
            return Again(
                Ask(AskReason.VAGUE, (due.value,) if isinstance(due.value, date) else (), due.phrase),
                due.phrase,
                alone=False,
            )
        if cue and _closes(folded[due.end :], context):
            if folded.rstrip().endswith("?"):
                return Again(_unsure(due), due.phrase, alone=False)
            alone = not before[: cue.start()].strip(" ,;:-") and _ends(folded[due.end :], context)
            return Again(due.value, due.phrase.strip(" .!"), alone=alone)
        if _NEEDLESS.search(before) and _closes(folded[due.end :], context):
            return Again(_unsure(due), due.phrase, alone=_ends(folded[due.end :], context))
    return None


_BOUND = re.compile(r"(?:by|before|until|till|no later than|not later than)\b")
_DOING = re.compile(r"(?:^|\s)(?:do|do it|do this|make it|try|take|book)\s*$")


def bare(line: str, context: Context, *, whole: bool = False) -> Again | None:
    """A line that is nothing but a date, with courtesy around it: "Thursday 3 Dec, 10:00 please"."""
    text = line.strip()
    if len(text) > 120 or text.endswith("?") or len(text.split()) > 14:
        return None
    folded = fold(text)
    found = dues(text, context)
    if not found:
        span = context.value(text) if whole else None
        return Again(span, text, alone=True) if isinstance(span, date) else None
    due = found[0]
    rest = folded[: due.start].split() + folded[due.end :].split()
    words = [key(word) for word in rest if key(word)]
    if _beside(words, context):
        if len(found) > 1:
            return Again(context.when(text), text, alone=True)
        return Again(due.value, due.phrase, alone=True)
    entire = context.when(text) if len(found) == 1 and _USUAL.search(folded) else None
    if isinstance(entire, datetime) and isinstance(due.value, date) and entire.date() == due.day:
        # "Next Thursday works, same time": the time stands apart from the day.
        return Again(entire, text, alone=True)
    return None


def _beside(words: list[str], context: Context) -> bool:
    """Whether words beside a date are courtesy, names, or say nothing by themselves."""
    at = 0
    while at < len(words):
        if words[at] in _BESIDE or context.named(words[at]):
            at += 1
            continue
        sizes = range(min(4, len(words) - at), 0, -1)
        size = next((size for size in sizes if " ".join(words[at : at + size]) in verbs.tails()), 0)
        if not size:
            return False
        at += size
    return True


_USUAL = re.compile(
    r"\b(?:same (?:time|hour|slot)|usual time"
    r"|(?:gleiche|selbe|gewohnte|ubliche)[nr]? (?:uhr)?zeit|meme (?:heure|horaire)"
    r"|misma hora|mismo horario|hora de siempre"
    r"|mesma hora|mesmo horario|stessa ora|zelfde tijd)\b"
)


_BESIDE = words_of(
    """ok okay yes let's say it's is it to for we us then please maybe at in on the by again instead rather better
    works fine me dann wieder bitte lieber passt ja am um im zum a au le la dans pour oui plutot el al en para
    si mejor vamos con"""
)

_NOTHING = re.compile(
    r"\b(?:next|another|meeting|meet|check-in|1:1|session|appointment|nachste\w*|weitere\w*|treffen|termin|gesprach"
    r"|prochaine?|autre|reunion|point|entretien"
    r"|rendez-vous|rdv|proxim[oa]|siguiente|otra|cita|encuentro|prossim[oa]|incontro|volgende|afspraak|gesprek)\b"
)


def nothing(sentence: str, context: Context, *, whole: bool) -> bool:
    """Whether the sentence says that there is no next meeting; one of its words must speak of meeting, or it is all."""
    text = sentence.strip()
    if not text or len(text) > 100 or text.endswith("?"):
        return False
    folded = fold(text).strip(" .!")
    return bool(_NO_NEXT.fullmatch(folded)) or (
        (whole or bool(_NOTHING.search(folded))) and context.none(text.strip(" .!"))
    )


def _closes(after: str, context: Context) -> bool:
    """Whether behind the date nothing follows but courtesy, or a new clause."""
    clause = re.split(r"[,;.!?(]|\s-+\s", after, maxsplit=1)[0]
    words = [key(word) for word in clause.split() if key(word)]
    return len(words) <= 8 and all(word in _TRAILING or word in verbs.tails() or context.named(word) for word in words)


def _ends(after: str, context: Context) -> bool:
    """Whether behind the date the sentence ends: what else it says stays a note, word for word."""
    return all(_closes(clause, context) for clause in re.split(r"[,;.!?()]|\s-+\s", after))


def _unsure(due: Due) -> Ask:
    """A date that was asked about or only bounded: it must be settled, with that date as the choice."""
    if isinstance(due.value, Ask):
        return due.value
    return Ask(AskReason.VAGUE, (due.value,) if due.value is not None else (), due.phrase)
