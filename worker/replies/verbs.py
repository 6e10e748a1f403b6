"""The words that act: one closed set of verbs, and for each the words of every language."""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from worker.replies.text import key


class Verb(StrEnum):
    """Every verb that a Command can have."""

    OK = "ok"
    SHARE = "share"
    SHARE_ALL = "share-all"
    UNDO = "undo"
    SKIP = "skip"
    DONE = "done"
    DROP = "drop"
    KEEP = "keep"
    BY = "by"
    PROGRESS = "progress"
    CHOOSE = "choose"
    DID_NOT_HAPPEN = "did-not-happen"
    MOVED = "moved"
    ALL_DONE = "all-done"
    STOP = "stop"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"
    HELP = "help"
    OPEN = "open"
    HISTORY = "history"
    AGENDA = "agenda"
    REVIEW = "review"
    REVIEW_DONE = "review-done"
    GOAL = "goal"
    FEEDBACK = "feedback"
    PRIVATE = "private"
    TOPIC = "topic"
    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    FORGOT = "forgot"
    NO_TIME = "no-time"
    NOT_NEEDED = "not-needed"
    YES = "yes"
    ME = "me"
    NO = "no"
    REMIND = "remind"


# Lines or sentences that act when they consist of these words alone. en | de | fr | es | pt | it | nl
_EXACT: dict[Verb, str] = {
    Verb.OK: """ok | okay | o.k. | okey | oki | okey dokey | as proposed | ok as proposed | 👍 | 👌 | wie vorgeschlagen
        | comme proposé | como propuesto | según lo propuesto | como se propone | como proposto | come proposto
        | zoals voorgesteld | d'accord | einverstanden | de acuerdo | vale | d'acordo | akkoord""",
    Verb.SHARE: """share | share it | share this | share that | share them | share the notes | share the recap
    | send the recap
        | send recap | teilen | teile es | freigeben | weitergeben | bitte freigeben | partager | partage | partagez
        | à partager | compartir | comparte | compártelo | compartirlo | compartilhar | partilhar | compartilhe
        | condividi | condividere | condividilo | delen | deel | deel het""",
    Verb.SHARE_ALL: """share all | share everything | share it all | share all of it | alles teilen | alle teilen
        | teile alles | alles freigeben | tout partager | partager tout | partage tout | compartir todo
        | compartirlo todo
        | comparte todo | compartilhar tudo | partilhar tudo | condividi tutto | condividere tutto | alles delen
        | deel alles""",
    Verb.UNDO: """undo | undo that | undo this | undo it | undo last | undo the last | take it back | take that back
        | rückgängig | rückgängig machen | widerrufen | zurücknehmen | annuler | annule | annulez | deshacer | deshaz
        | deshazlo | desfazer | desfaz | annulla | annullare | ongedaan maken | maak ongedaan""",
    Verb.SKIP: """skip | skip it | skip them | skip that | skip these | skip those | überspringen | auslassen
    | absagen | sauter | passer
        | saute | omitir | saltar | omítelo | pular | saltare | salta | overslaan | sla over""",
    Verb.DID_NOT_HAPPEN: """did not happen | didn't happen | didnt happen | did not take place | didn't take place
        | it did not take place | it didn't take place | it did not happen | it didn't happen | this did not happen
        | this didn't happen | that did not happen
        | the meeting did not happen | the meeting didn't happen | meeting did not happen | meeting didn't happen
        | the 1:1 did not happen | the 1:1 didn't happen | 1:1 did not happen | our 1:1 did not happen
        | our 1:1 didn't happen | we did not meet | we didn't meet | we didnt meet | never happened | it never happened
        | there was no meeting | ausgefallen | ist ausgefallen | fiel aus | das meeting fiel aus
        | der termin fiel aus | termin ausgefallen | das gespräch fiel aus | es ist ausgefallen
        | hat nicht stattgefunden
        | fand nicht statt | nicht stattgefunden | der termin hat nicht stattgefunden
        | das gespräch hat nicht stattgefunden
        | wir haben uns nicht getroffen | n'a pas eu lieu | pas eu lieu | ça n'a pas eu lieu | cela n'a pas eu lieu
        | la réunion n'a pas eu lieu | le point n'a pas eu lieu | l'entretien n'a pas eu lieu | il n'a pas eu lieu
        | elle n'a pas eu lieu | on ne s'est pas vus | nous ne nous sommes pas vus | no tuvo lugar | no se celebró
        | la reunión no tuvo lugar | la reunión no se celebró | no hubo reunión | no nos reunimos | no nos vimos
        | no ocurrió | no sucedió | no pasó | no se hizo | não aconteceu | não houve reunião | não teve lugar
        | a reunião não aconteceu | não nos reunimos | non ha avuto luogo | non si è tenuto | non si è tenuta
        | non è avvenuto | non c'è stato | l'incontro non ha avuto luogo | niet doorgegaan | ging niet door
        | is niet doorgegaan | het ging niet door | niet plaatsgevonden | vond niet plaats
        | heeft niet plaatsgevonden""",
    Verb.MOVED: """moved | it moved | it was moved | was moved | it's moved | we moved it | has been moved
    | it has been moved
        | the meeting moved | the meeting was moved | the 1:1 was moved | rescheduled | it was rescheduled
        | was rescheduled
        | we rescheduled | postponed | it was postponed | was postponed | verschoben | wurde verschoben
        | ist verschoben
        | verlegt | wurde verlegt | vertagt | wir haben verschoben | der termin wurde verschoben | déplacé | déplacée
        | reporté | reportée | décalé | décalée | a été déplacé | a été déplacée | a été reporté | a été reportée
        | aplazado | aplazada | movido | movida | reprogramado | reprogramada | pospuesto | pospuesta | se aplazó
        | se movió | se pospuso | fue aplazada | adiado | adiada | remarcado | remarcada | foi adiado | foi adiada
        | spostato | spostata | rinviato | rinviata | è stato spostato | è stata spostata | verplaatst | verzet
        | uitgesteld | is verplaatst | is verzet""",
    Verb.ALL_DONE: """all done | everything done | everything is done | all are done | all items done | done all
        | all of them done | alles erledigt | alle erledigt | alles fertig | alles ist erledigt | tout est fait
        | tout fait
        | tous faits | tout terminé | tout est terminé | todo hecho | todo listo | todos hechos | todo terminado
        | tudo feito | tudo concluído | tutto fatto | tutti fatti | tutto completato | alles gedaan | alles klaar
        | allemaal gedaan | alles afgerond""",
    Verb.HELP: "help | hilfe | aide | ayuda | ajuda | aiuto",
    Verb.HISTORY: "history | verlauf | historique | historial | histórico | cronologia | geschiedenis",
    Verb.OPEN: """open | open items | show open | offen | offene punkte | ouvert | points ouverts | abierto | abiertos
        | puntos abiertos | pendientes""",
    Verb.RESUME: "resume | fortsetzen | reprendre | reanudar | retomar | riprendere | hervatten",
    Verb.BETTER: """better | much better | a bit better | besser | viel besser | mieux | mejor | mucho mejor | melhor
    | meglio | beter""",
    Verb.SAME: """same | the same | about the same | unchanged | no change | gleich | unverändert | pareil
    | identique | idem
        | igual | sin cambios | uguale | invariato | hetzelfde | onveranderd""",
    Verb.WORSE: """worse | much worse | schlechter | schlimmer | pire | moins bien | peor | pior | peggio | slechter
    | erger""",
    Verb.FORGOT: """forgot | i forgot | forgotten | sorry forgot | vergessen | habe ich vergessen | hab ich vergessen
    | oublié
        | j'ai oublié | olvidé | lo olvidé | se me olvidó | me olvidé | esqueci | dimenticato | ho dimenticato
        | vergeten""",
    Verb.NO_TIME: """no time | no-time | had no time | i had no time | didn't have time | did not have time
    | no time yet
        | i didn't have time | keine zeit | hatte keine zeit | ich hatte keine zeit | pas le temps | pas eu le temps
        | je n'ai pas eu le temps | sin tiempo | no tuve tiempo | no hubo tiempo | sem tempo | não tive tempo
        | nessun tempo | non ho avuto tempo | geen tijd | had geen tijd""",
    Verb.NOT_NEEDED: """not needed | not-needed | no longer needed | not necessary | unnecessary | nicht nötig
    | nicht mehr nötig
        | unnötig | pas nécessaire | plus nécessaire | inutile | no es necesario | no hace falta | ya no hace falta
        | innecesario | não é necessário | desnecessário | non necessario | non serve | niet nodig
        | niet meer nodig""",
    Verb.REMIND: """remind me | remind me later | erinnere mich | rappelle-moi | rappelez-moi | recuérdame | lembre-me
        | ricordami | herinner me""",
    Verb.YES: "yes | yes please | yep | ja | ja bitte | oui | oui merci | sí | si | sim | jawohl",
    Verb.NO: "no | nope | nein | non | não | nee",
}

# Only as the whole answer: words of everyday agreement, and those that end or begin everything.
_WHOLE: dict[Verb, str] = {
    Verb.OK: """works for me | that works | that works for me | works | sounds good | sounds good to me
    | sounds great | agreed | confirmed
        | fine | fine by me | fine with me | fine for me | all good | looks good | looks good to me | lgtm | perfect
        | good for me
        | passt | passt mir | passt so | passt für mich | in ordnung | geht klar | geht in ordnung | bestätigt
        | klingt gut
        | gerne | alles klar | perfekt | ça marche | ça me va | ça me convient | parfait | entendu | c'est bon
        | c'est noté | me parece bien | me va bien | está bien | perfecto | confirmado | conforme | me viene bien
        | está bem | perfeito | combinado | parece bom | va bene | perfetto | confermato | mi va bene | prima
        | is goed | klopt | dat werkt | k | kk | yup ok | yes ok | ja ok""",
    Verb.STOP: """stop | please stop | stop please | unsubscribe | stop it | stop mails | stop emails | stopp
    | bitte stoppen
        | abmelden | abbestellen | anhalten | aufhören | arrêter | arrêt | arrêtez | désabonner | se désabonner
        | me désabonner | parar | detener | alto | darse de baja | baja | cancelar suscripción | pare
        | cancelar inscrição
        | ferma | fermati | basta | disiscrivimi | stoppen | afmelden | uitschrijven""",
    Verb.START: """start | please start | start please | restart | start again | starten | wieder anfangen | los
    | démarrer | commencer
        | recommencer | empezar | comenzar | iniciar | reiniciar | começar | inizia | iniziare | ricomincia
        | beginnen""",
}

# Before or behind a number of the mail that is answered: "done 2, 3", "2 is done", "2: erledigt".
_HANDLES: dict[Verb, str] = {
    Verb.DONE: """done | finished | completed | complete | closed | close | resolved | is done | are done
    | is finished | was done
        | both done | ✓ | ✔ | ✅ | ☑ | check | ticked | finish
        | erledigt | fertig | abgeschlossen | geschafft | ist erledigt | sind erledigt | gemacht | ist fertig
        | abgehakt
        | fait | faite | faits | faites | terminé | terminée | terminés | fini | finie | réglé | clos | est fait
        | sont faits
        | hecho | hecha | hechos | hechas | listo | lista | listos | terminado | terminada | completado | completada
        | cerrado | está hecho | feito | feita | feitos | concluído | concluída | terminado | pronto
        | fatto | fatta | fatti | completato | completata | finito | concluso | gedaan | klaar | afgerond
        | is gedaan""",
    Verb.DROP: """drop | dropped | delete | deleted | remove | removed | cancel | cancelled | canceled | obsolete
    | forget | scrap | drop it | drop this
        | strike | can be dropped | not relevant | no longer relevant | streichen | gestrichen | löschen | gelöscht
        | verwerfen | verworfen | entfällt | entfallen | hinfällig | fallen lassen | kann weg | weg | abandonner
        | abandonné | abandonnée | supprimer | supprimé | retirer | retiré | laisser tomber | enlever | eliminar
        | eliminado | eliminada | descartar | descartado | descartada | quitar | borrar | borrado | cancelar
        | cancelado
        | abandonar | remover | excluir | elimina | eliminare | eliminato | scarta | scartare | togliere | annullare
        | lascia perdere | schrappen | geschrapt | vervalt | verwijderen | laten vallen""",
    Verb.KEEP: """keep | kept | keep open | open | still open | carry | carry over | not done | not yet
    | not done yet | pending | stays | keep it | keep this
        | still pending | behalten | offen | noch offen | bleibt | bleibt offen | weiter | nicht erledigt | noch nicht
        | beibehalten | garder | gardé | conserver | ouvert | ouverte | pas fait | pas encore | toujours ouvert | reste
        | mantener | conservar | pendiente | abierto | abierta | seguir | sigue | sigue abierto | todavía no | aún no
        | manter | pendente | aberto | ainda não | tenere | mantenere | aperto | non ancora | da tenere
        | houden | behouden | nog open | blijft | nog niet""",
}

_POLITE = """please | pls | plz | bitte | s'il te plaît | s'il vous plaît | svp | stp | por favor | per favore
| porfa | porfavor | alsjeblieft | aub | thanks
    | thank you | thx | ty | tks | many thanks | thanks a lot | thanks so much | thank you so much
    | thank you very much
    | thanks again | cheers | thanks all | ta | danke | danke dir | danke dir sehr | vielen dank | danke schön
    | dankeschön | danke sehr
    | besten dank | herzlichen dank | merci | merci beaucoup | merci bien | merci à toi | mille mercis | gracias
    | muchas gracias
    | mil gracias | obrigado | obrigada | muito obrigado | muito obrigada | grazie | grazie mille | molte grazie
    | bedankt | dank je | dank je wel | dankjewel | dank u | hartelijk dank | thanks for this | thank you for this
    | much appreciated | appreciated | appreciate it | i appreciate it | very helpful | that was helpful
    | thanks for the reminder | thanks for the summary | danke für die zusammenfassung | thanks for the recap | 🙏"""

# Polite words that may stand behind or before an acting word without changing it, and never act by themselves.
_TAILS = (
    _POLITE
    + """ | great | perfect | good | fine | see you then | see you | see you there | talk then | speak then
    | talk soon | see you soon
    | sounds good | works for me | that works | that works for me | looks good | for me | with me | by me | all good
    | super
    | good for me | fine for me | fine by me | fine with me | from my side | hi | hello | hey | sure | cool | yes
    | ja | oui | sí
    | prima | passt | gerne | bis dann | bis bald | für mich | passt für mich | passt mir | von mir aus | parfait
    | à bientôt
    | pour moi | ça marche | ça me va | c'est bon | perfecto | nos vemos | hasta luego | hasta entonces | hasta pronto
    | para mí | por mí | genial | me parece bien | perfeito | até lá | até breve | perfetto | a presto | va bene
    | per me
    | tot dan | voor mij | tot ziens | top | best | best regards | regards | kind regards | 👍 | 🙂 | 😊 | :) | ;)"""
)

_GREETINGS = """hi | hello | hey | dear | good morning | good afternoon | good evening | morning | hallo
| guten morgen | guten tag
    | guten abend | liebe | lieber | moin | servus | grüezi | bonjour | salut | bonsoir | cher | chère | coucou | hola
    | buenos días | buenas tardes | buenas noches | buenas | estimado | estimada | querido | querida | olá | oi
    | bom dia
    | boa tarde | caro | cara | ciao | buongiorno | buonasera | salve | beste | goedemorgen | goedemiddag | dag
    | hoi"""

_CLOSINGS = """best | best regards | regards | kind regards | warm regards | warmly | cheers | sincerely | yours
| yours sincerely | take care
    | all the best | have a great day | have a good one | have a nice day | have a great weekend | have a good weekend
    | have a nice weekend | br | rgds | talk soon | see you | see you soon | see you then | best wishes | many thanks
    | thanks
    | viele grüße | liebe grüße | beste grüße | mit freundlichen grüßen | freundliche grüße | herzliche grüße | grüße
    | gruß
    | viele grüsse | lg | vg | mfg | bg | schöne grüße | schönen tag | schönes wochenende | bis dann | bis bald
    | cordialement | bien cordialement | bien à toi | bien à vous | à bientôt | amicalement | bonne journée
    | bon week-end
    | bises | saludos | un saludo | saludos cordiales | un abrazo | abrazos | atentamente | cordialmente | buen día
    | que tengas un buen día | buen fin de semana | hasta pronto | hasta luego | atenciosamente | abraços | um abraço
    | cumprimentos | cordiali saluti | saluti | distinti saluti | a presto | un saluto | buona giornata | groet
    | groeten
    | met vriendelijke groet | met vriendelijke groeten | vriendelijke groeten | tot ziens | tot dan | mvg"""

_EVERYTHING = """all | everyone | everybody | alle | allen | tous | toutes | tout le monde | todos | todas | tutti
| allemaal | iedereen"""


def _words(table: str) -> list[str]:
    return [" ".join(word.split()) for word in table.split("|")]


def _verbs(table: dict[Verb, str]) -> dict[str, Verb]:
    found: dict[str, Verb] = {}
    for verb, words in table.items():
        for word in _words(words):
            found.setdefault(key(word) or word, verb)
    return found


def _set(table: str) -> frozenset[str]:
    return frozenset(key(word) or word for word in _words(table))


@cache
def exact() -> dict[str, Verb]:
    """Words that act as a line or sentence of their own."""
    return _verbs(_EXACT)


@cache
def whole() -> dict[str, Verb]:
    """Words that act only as the whole answer."""
    return _verbs(_WHOLE)


@cache
def alone() -> dict[str, Verb]:
    """Words that act as the whole answer: those that act anywhere, and those that act only there."""
    return {**whole(), **exact()}


@cache
def courtesy() -> frozenset[str]:
    """All words of courtesy: thanks, greetings and closings."""
    return polite() | greetings() | closings()


@cache
def handles() -> dict[str, Verb]:
    """Words that act on numbered items."""
    return _verbs(_HANDLES)


@cache
def polite() -> frozenset[str]:
    """Words of thanks and please: a mail of nothing else adds nothing."""
    return _set(_POLITE)


@cache
def tails() -> frozenset[str]:
    """Words that may accompany an acting word."""
    return _set(_TAILS)


@cache
def greetings() -> frozenset[str]:
    """How a mail begins, before a name."""
    return _set(_GREETINGS)


@cache
def closings() -> frozenset[str]:
    """How a mail ends, before a name."""
    return _set(_CLOSINGS)


@cache
def everything() -> frozenset[str]:
    """Words for all people at once."""
    return _set(_EVERYTHING)
