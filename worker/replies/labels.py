"""The labels of the form in every language, and how a line that carries one is recognised."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from worker.model import Part
from worker.replies.text import box, bullet, fold


class Field(StrEnum):
    """The labels of the form. Their order is the form's."""

    NEXT = "next-check-in"
    HIGHLIGHTS = "highlights"
    PRIORITIES = "priorities"
    SUPPORT = "support"
    FEEDBACK = "feedback"
    FOLLOW_UP = "follow-up"
    ACTIONS = "action-items"
    PRIVATE = "private-notes"

    @property
    def part(self) -> Part:
        """The part of an agenda that words under this label belong to."""
        return _PARTS.get(self, Part.GENERAL)


_PARTS = {
    Field.HIGHLIGHTS: Part.HIGHLIGHTS,
    Field.PRIORITIES: Part.PRIORITIES,
    Field.SUPPORT: Part.SUPPORT,
    Field.FEEDBACK: Part.FEEDBACK,
    Field.FOLLOW_UP: Part.FOLLOW_UP,
}

# Of each language the first word is the form's own label. A "~" marks a word that needs its colon: it is too common
# to be a heading by itself or before a dash.
_WORDS: dict[Field, str] = {
    Field.NEXT: """
        Next check-in | Next checkin | Next check in | ~Check-in | ~Next | Next 1:1 | Next 1-1 | Next 1on1
        | Next one-on-one
        | Next one on one | Next meeting | Next session | ~Next time | Next date | ~Next one | Next catch-up
        | Next catch up
        | Next chat | Next sync | ~When next | ~Next meet-up | ~Meet again | ~Next appointment
        | Nächster Termin | Nächstes Gespräch | Nächstes Treffen | Nächstes 1:1 | ~Nächstes Mal | Nächster Check-in
        | Nächstes Check-in | Nächste Besprechung | Nächstes Meeting | ~Nächstes | ~Nächster | ~Termin
        | Prochain point | Prochain rendez-vous | Prochain rdv | Prochaine réunion | Prochain entretien | Prochain 1:1
        | Prochaine rencontre | ~La prochaine fois | ~Prochaine fois | ~Prochain | Prochain check-in | Prochain échange
        | Próxima reunión | Próximo 1:1 | Próxima cita | Próximo encuentro | Próxima charla | Próximo seguimiento
        | ~Próxima vez | ~Próxima | ~Próximo | Próximo check-in | Siguiente reunión | Próxima sesión
        | Próxima conversa | Próxima reunião | Próximo encontro | Próximo ponto | Próxima sessão
        | Prossimo incontro | Prossimo appuntamento | Prossima riunione | Prossimo 1:1 | ~Prossima volta | ~Prossimo
        | Prossimo check-in | Prossimo colloquio | Prossimo punto
        | Volgende afspraak | Volgend gesprek | Volgende check-in | Volgende 1:1 | ~Volgende keer | ~Volgende
        | Volgend overleg | Volgende meeting | Volgende bijeenkomst""",
    Field.HIGHLIGHTS: """
        Highlights | Highlight | Wins | ~Win | Successes | Updates | ~Update | Achievements | Accomplishments
        | Highlights & wins
        | Highlights and wins | Good news | Progress
        | Erfolge | ~Erfolg | Höhepunkte | Neuigkeiten | Das lief gut | Fortschritte
        | Réussites | Réussite | Succès | Points forts | Points positifs | Temps forts | Nouvelles
        | Logros | ~Logro | Éxitos | Aspectos destacados | Puntos destacados | Novedades | Avances
        | Destaques | Conquistas | Resultados | Sucessos | Novidades
        | Successi | Risultati | Traguardi | In evidenza | Punti salienti | Novità
        | Successen | Hoogtepunten | Resultaten | Nieuws""",
    Field.PRIORITIES: """
        Priorities | ~Priority | Alignment and priorities | Alignment & priorities | Alignment | ~Focus | ~Goals
        | ~Top priorities
        | Prioritäten | ~Priorität | Abstimmung und Prioritäten | ~Ziele | ~Fokus | Schwerpunkte
        | Priorités | ~Priorité | Alignement et priorités | ~Objectifs
        | Prioridades | ~Prioridad | Alineación y prioridades | ~Objetivos
        | ~Prioridade | Alinhamento e prioridades
        | Priorità | Allineamento e priorità | ~Obiettivi
        | Prioriteiten | ~Prioriteit | Afstemming en prioriteiten | ~Doelen""",
    Field.SUPPORT: """
        Support | Support needed | ~Help | Help needed | Blockers | ~Blocker | Obstacles | Needs | ~In the way
        | Roadblocks
        | Unterstützung | Hilfe | Hindernisse | ~Blocker | Bedarf | Unterstützungsbedarf | Blockaden
        | Soutien | ~Aide | Besoins | Obstacles | Blocages | Besoin d'aide | Besoin de soutien | Appui
        | Apoyo | ~Ayuda | Obstáculos | Necesidades | Bloqueos | Impedimentos
        | Apoio | ~Ajuda | Suporte | Bloqueios
        | Supporto | ~Aiuto | Sostegno | Ostacoli | Blocchi
        | Ondersteuning | ~Hulp | Obstakels | Steun | Blokkades""",
    Field.FEEDBACK: """
        Feedback | ~Feedback given | ~My feedback
        | Rückmeldung | Rückmeldungen | ~Lob
        | Retour | Retours | Commentaires | ~Feedback donné
        | Comentarios | Comentario | Retroalimentación | Valoración | Valoraciones
        | Comentários | Retorno
        | Riscontro | Riscontri | Commenti
        | Terugkoppeling | ~Opmerkingen""",
    Field.FOLLOW_UP: """
        Follow-up | Follow up | Followup | Follow-ups | Follow ups | Come back to | ~Parking lot | Open topics
        | Nachverfolgung | Wiedervorlage | Offene Themen | ~Nachfassen | Nachbereitung | ~Weiterverfolgen
        | Suivi | Suivis | À suivre | Points à suivre | Points en suspens
        | Seguimiento | Seguimientos | Temas pendientes | Pendientes
        | Acompanhamento | Seguimento | Pendências
        | Seguito | Follow-up aperti | Da seguire | Temi aperti
        | Opvolging | Vervolg | Openstaande punten""",
    Field.ACTIONS: """
        Action items | Action item | Actions | ~Action | ~To do | ~Todo | ~To-do | To-dos | Todos | To dos | ~Tasks
        | ~Task
        | ~Todo's | ~To-do's | ~To do's | Next steps | ~AIs | Commitments | Agreed actions | Action points
        | Aufgaben | ~Aufgabe | Maßnahmen | Massnahmen | Nächste Schritte | Vereinbarungen | ~Vereinbart | Aktionspunkte
        | Actions à mener | Tâches | ~Tâche | Prochaines étapes | Plan d'action | Points d'action | ~À faire
        | Tareas | ~Tarea | Acciones | ~Acción | Próximos pasos | Compromisos | Puntos de acción | ~Por hacer
        | Tarefas | ~Tarefa | Ações | Próximos passos | Compromissos | ~A fazer | Itens de ação
        | Azioni | ~Azione | Attività | Compiti | Prossimi passi | Impegni | ~Da fare
        | Acties | Actiepunten | ~Actie | Taken | ~Taak | Volgende stappen | Vervolgstappen | Afspraken | ~Te doen""",
    Field.PRIVATE: """
        Private notes | Private note | ~Private | ~Only me | ~Only for me | ~For me only | ~Confidential | ~Just for me
        | ~My notes | ~Note to self | ~Keep private | ~Keep this private
        | Private Notizen | Private Notiz | ~Privat | ~Nur für mich | ~Vertraulich
        | Notes privées | Note privée | ~Privé | ~Privée | ~Pour moi seul | ~Pour moi seule | ~Pour moi | ~Confidentiel
        | Notas privadas | Nota privada | ~Privado | ~Privada | ~Solo para mí | ~Sólo para mí | ~Confidencial
        | Notas particulares | ~Só para mim | ~Particular
        | Note private | Nota privata | ~Privato | ~Privata | ~Solo per me | ~Riservato
        | Privénotities | Privé notities | Privé-notities | ~Alleen voor mij | ~Vertrouwelijk
        | Persoonlijke notities""",
}

_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Label:
    """A label found at the start of a line: its field, as it was written, and where its value starts in the line.

    `weak` says that the word is common in prose too, so that its value must bear it out.
    """

    field: Field
    text: str
    value_at: int
    weak: bool = False


@cache
def _table() -> dict[str, tuple[Field, bool]]:
    """Folded label -> field, and whether it may stand without a colon."""
    table: dict[str, tuple[Field, bool]] = {}
    for field, words in _WORDS.items():
        for entry in words.split("|"):
            word = " ".join(entry.split())
            table.setdefault(fold(word.removeprefix("~")), (field, not word.startswith("~")))
    return table


@cache
def _inline() -> re.Pattern[str]:
    """The form's labels with their colon, behind other text of the same line."""
    words = sorted(
        {word.strip() for words in _WORDS.values() for word in words.replace("\n", " ").split("|") if "~" not in word},
        key=len,
        reverse=True,
    )
    found = "|".join(re.escape(" ".join(word.split())) for word in words)
    return re.compile(rf"(?:(?<=[.;,!?)])[ \t]*|[ \t]{{2,}}|[ \t]+(?=\*))\*{{0,2}}({found})[ \t]*:")


# Pictures before a label are a bullet of their own: "📅 Next check-in: 8 Dec".
_BEFORE = re.compile(
    r"[ \t]*(?:#{1,4}[ \t]+)?(?:[\u2190-\u2bff\U0001f000-\U0001faff\ufe0f\u200d]{1,6}[ \t]*)?[*_]{0,3}[ \t]*"
)
# "(private) asked about a raise"
_MARKED = re.compile(r"[(\[]([^)\]\n]{2,30})[)\]][ \t]*")
# "asked about a raise (private)"
_MARKED_AT_END = re.compile(r"[(\[]([^()\[\]\n]{2,30})[)\]][ \t.]*$")
_DASH = re.compile(r"[ \t]+[-–—=→]{1,2}>?(?:[ \t]+|$)")


def label(line: str) -> Label | None:
    """The label at the start of this line: in any language, numbered, bulleted or bold, with a colon or alone."""
    start = max(bullet(line), box(line)[0])
    start = _BEFORE.match(line, start).end()  # type: ignore[union-attr]  # the pattern matches the empty string
    head = line[start : start + _LONGEST + 1]
    for at in range(len(head) - 1, 0, -1):
        if head[at] in ":：":
            found = _known(head[:at])
            if found:
                return Label(found[0], _clean(head[:at]), _value(line, start + at + 1), weak=not found[1])
    dash = _DASH.search(head)
    if dash:
        found = _known(head[: dash.start()])
        # A word for private things may be weak here: what is kept for its author by mistake does no harm.
        if found and (found[1] or found[0] is Field.PRIVATE):
            return Label(found[0], _clean(head[: dash.start()]), start + dash.end())
    marked = _MARKED.match(line, start)
    if marked:
        found = _known(marked[1])
        if found and found[0] is Field.PRIVATE:
            return Label(found[0], _clean(marked[1]), marked.end())
    if len(line) - start <= _LONGEST:
        found = _known(line[start:])
        if found and found[1] and line[start : start + 1].isupper():
            return Label(found[0], _clean(line[start:]), len(line))
    return None


def without_private_mark(line: str) -> str | None:
    """The words of a line that ends in "(private)", in any language; None where it does not."""
    found = _MARKED_AT_END.search(line)
    if found is None or not line[: found.start()].strip() or not _is_private(found[1]):
        return None
    return line[: found.start()].rstrip()


def _known(text: str) -> tuple[Field, bool] | None:
    """Look the words before a colon up, without bold marks and without a hint in brackets."""
    words = _clean(text)
    bracket = words.find("(")
    hint = ""
    if bracket > 0 and words.endswith(")"):
        words, hint = words[:bracket].rstrip(), words[bracket + 1 : -1]
    found = _table().get(_folded(words))
    # "Support (private): …" is the person's own, whatever it is about.
    return (Field.PRIVATE, True) if found and _is_private(hint) else found


def _is_private(text: str) -> bool:
    known = _table().get(_folded(_clean(text)))
    return known is not None and known[0] is Field.PRIVATE


def _folded(text: str) -> str:
    return " ".join(fold(text).split())


def _clean(text: str) -> str:
    return text.strip(" \t*_\u00a0\u202f\u200b")


def _value(line: str, at: int) -> int:
    """Where the value starts: behind the colon, closing bold marks and spaces."""
    while at < len(line) and line[at] in " \t\u00a0*_":
        at += 1
    return at


def split(line: str) -> list[str]:
    """Cut a line that carries several labels ("Next check-in: ok. Highlights: demo") into one line for each."""
    first = label(line)
    if not first:
        return [line]
    found: list[str] = []
    start = 0
    for match in _inline().finditer(line, first.value_at):
        found.append(line[start : match.start()].strip())
        start = match.start()
    found.append(line[start:].strip() if found else line)
    return [piece for piece in found if piece]
