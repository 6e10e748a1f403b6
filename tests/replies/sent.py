"""A follow-up as it is sent, made here so that the simulator of clients needs no templates; real ones fit in too."""

# ruff: noqa: E501  # sentences of a mail

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import cache

LABELS = {
    "en": ("Next check-in:", "Highlights:", "Priorities:", "Support:", "Feedback:", "Follow-up:", "Action items:", "Private notes:"),
    "de": ("Nächster Termin:", "Erfolge:", "Prioritäten:", "Unterstützung:", "Feedback:", "Nachverfolgung:", "Aufgaben:", "Private Notizen:"),
    "fr": ("Prochain point:", "Réussites:", "Priorités:", "Soutien:", "Feedback:", "Suivi:", "Actions:", "Notes privées:"),
    "es": ("Próxima reunión:", "Logros:", "Prioridades:", "Apoyo:", "Comentarios:", "Seguimiento:", "Tareas:", "Notas privadas:"),
}  # fmt: skip

_TEXTS = {
    "en": (
        "Hi Dana,",
        "Your 1:1 with Alex Moreno ended at 10:30 today. One line is enough: say when you meet next.",
        "Proposed: Thu 3 Dec 2026, 10:00 CET. Answer “ok”, or write another date.",
        "Open items:",
        ("1. Alex: Q3 plan for the sales team, due Fri 20 Nov", "2. Dana: talk to Sam about the budget — 3 weeks old"),
        ("As proposed, and share", "In 1 week", "In 2 weeks", "Did not happen"),
        "No reply: I keep the open items and ask once more. You get this mail because you have 1:1s; answer “stop” to end it.",
    ),
    "de": (
        "Hallo Dana,",
        "dein 1:1 mit Alex Moreno ist heute um 10:30 zu Ende gegangen. Eine Zeile genügt: schreib, wann ihr euch wieder trefft.",
        "Vorschlag: Do., 3. Dez. 2026, 10:00 MEZ. Antworte „ok“ oder nenne einen anderen Tag.",
        "Offene Punkte:",
        ("1. Alex: Q3-Plan für das Vertriebsteam, fällig Fr., 20. Nov.", "2. Dana: mit Sam über das Budget sprechen – 3 Wochen alt"),
        ("Wie vorgeschlagen, und teilen", "In 1 Woche", "In 2 Wochen", "Fand nicht statt"),
        "Ohne Antwort bleiben die offenen Punkte stehen, und ich frage noch einmal. Diese Mail kommt, weil du 1:1s hast.",
    ),
    "fr": (
        "Bonjour Dana,",
        "Votre 1:1 avec Alex Moreno s’est terminé à 10:30. Une ligne suffit : dites quand vous vous revoyez.",
        "Proposition : jeu. 3 déc. 2026, 10:00 CET. Répondez « ok » ou écrivez une autre date.",
        "Points ouverts :",
        ("1. Alex : plan du T3 pour l’équipe commerciale, pour le ven. 20 nov.", "2. Dana : parler à Sam du budget — 3 semaines"),
        ("Comme proposé, et partager", "Dans 1 semaine", "Dans 2 semaines", "N’a pas eu lieu"),
        "Sans réponse, je garde les points ouverts et redemande une fois. Ce courriel vous parvient car vous avez des 1:1.",
    ),
    "es": (
        "Hola Dana:",
        "Tu 1:1 con Alex Moreno terminó a las 10:30. Basta una línea: di cuándo os veis de nuevo.",
        "Propuesta: jue 3 dic 2026, 10:00 CET. Responde «ok» o escribe otra fecha.",
        "Puntos abiertos:",
        ("1. Alex: plan del T3 para el equipo de ventas, para el vie 20 nov", "2. Dana: hablar con Sam del presupuesto — 3 semanas"),
        ("Como se propone, y compartir", "En 1 semana", "En 2 semanas", "No tuvo lugar"),
        "Sin respuesta, conservo los puntos abiertos y pregunto una vez más. Recibes este correo porque tienes 1:1.",
    ),
}  # fmt: skip

TOKEN = "mzxw6ytboi2gk3tfebzx"
ADDRESS = f"one-on-ones+{TOKEN}@example.com"


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail as we sent it: its parts, the labels of its form, subject and the language that it is in."""

    text: str
    html: str
    labels: tuple[str, ...]
    subject: str = "1:1 Alex · 19 Nov"
    language: str = "en"


def follow_up(language: str = "en") -> Sent:
    """Make a follow-up: greeting, proposal, open items, the form, one-tap answers (in the HTML only), footer, Ref."""
    greeting, why, proposal, heading, items, taps, footer = _TEXTS[language]
    labels = LABELS[language]
    text = "\n".join(
        [greeting, "", why, "", proposal, "", heading, *items, "", *labels, "", "-- ", footer, f"Ref: {TOKEN}", ""]
    )
    paragraph = '<p style="margin:0 0 12px 0;font-family:Arial,sans-serif;font-size:15px;color:#1c1c1e">'
    body = [f"{paragraph}{html.escape(line, quote=False)}</p>" for line in (greeting, why, proposal, heading, *items)]
    links = [
        f'<a href="mailto:{ADDRESS}?subject=Re%3A%201%3A1&amp;body=Next%20check-in%3A%20{n}%0D%0Ashare" '
        f'style="color:#0b57d0">{html.escape(tap)}</a>'
        for n, tap in enumerate(taps)
    ]
    body.append(f"{paragraph}{' · '.join(links)}</p>")
    body += [f"{paragraph}{html.escape(label)}</p>" for label in labels]
    body.append(f'<p style="font-size:14px;color:#555">{html.escape(footer, quote=False)}<br>Ref: {TOKEN}</p>')
    page = (
        f'<!DOCTYPE html><html lang="{language}" dir="ltr"><head><meta charset="utf-8"><title>1:1</title>'
        "<style>@media (prefers-color-scheme:dark){p{color:#eee}}</style></head><body>"
        f'<div style="display:none;max-height:0;overflow:hidden">2 open, 1 due: {html.escape(labels[0])}</div>'
        '<table role="presentation" width="100%"><tr><td style="padding:24px"><div style="max-width:600px">'
        + "\n".join(body)
        + "</div></td></tr></table></body></html>"
    )
    return Sent(text, page, labels, language=language)


def inner(page: str) -> str:
    """The inside of the body of an HTML page, as clients quote it."""
    found = re.search(r"<body[^>]*>(.*)</body>", page, re.DOTALL)
    return found[1] if found else page


@cache
def real_follow_up(language: str = "en") -> Sent:
    """The follow-up as the project's own templates write it, with a proposal, open items and one-tap answers."""
    from tests.compose.samples import CASES, in_language
    from worker.compose import compose, environment

    letter = CASES["follow-up-proposed"]
    mail = compose(letter if language == "en" else in_language(letter, language), environment())
    lines = mail.text.split("\n")
    labels = tuple(line for line in lines if line.endswith(":"))[:8]
    return Sent(mail.text, mail.html, labels, subject=mail.subject, language=language)
