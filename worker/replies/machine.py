"""Mail that no person wrote: auto-replies, bounces, calendar replies, receipts, list mail, and our own mail back.

Never answered, never an answer (RFC 3834 section 2, RFC 3464, RFC 8098, RFC 5546). Headers decide; a subject counts
only where it can be nothing else, because people answer under all kinds of subjects.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from worker.model import Outcome
from worker.replies.mime import Mail

_MAX_BOUNCE = 256_000

# What the mail systems of each language write at the start of the subject of an automatic answer, folded.
_AUTOMATIC = """abwesenheitsmeldung|abwesenheitsbenachrichtigung|автовідповідь|外出自动回复|부재중 자동 응답
|부재중 자동 회신|automatic reply|autoreply|auto-reply|auto reply|autoresponse|auto-response|automated reply
|automated response
|automatic response|auto response|vacation autoreply
|fraværsassistent|sjalfvirkt svar|resposta automatica|automatische antwort|abwesenheitsnotiz
|automatische abwesenheitsnotiz
|abwesenheitsnachricht
|automatische abwesenheitsnachricht|abwesenheitsassistent|autoantwort|reponse automatique|reponse automatisee
|message d'absence|notification d'absence|reponse d'absence|respuesta automatica|respuesta automatizada
|resposta automatica|risposta automatica|risposta automatizzata|automatisch antwoord|automatisch bericht
|automatisch afwezigheidsbericht|afwezigheidsbericht|autosvar|automatiskt svar|automatisk svar|automatisk svarmelding
|fraværsmelding|fraværsbesked|frånvaromeddelande|automaattinen vastaus|poissaoloviesti|odpowiedz automatyczna
|automatyczna odpowiedz
|autoodpowiedz|automaticka odpoved|automaticka odpoved'|automatikus valasz|raspuns automat|automatski odgovor
|samodejni odgovor
|otomatik yanıt|automaatvastus|automatine zinute|automatinis atsakymas|automatiska atbilde|balasan otomatis
|jawapan automatik
|trả lời tự động|αυτοματη απαντηση|αυτόματη απάντηση|автоматический ответ|автоответ|автоматична відповідь
|автоматичен отговор|аутоматски одговор|自動返信|自動応答|自動回覆|自动回复|自动答复|自動答覆|자동 회신|자동 응답
|자동 답장|자동회신
|رد تلقائي|الرد التلقائي|תשובה אוטומטית|מענה אוטומטי|ตอบกลับอัตโนมัติ|การตอบกลับอัตโนมัติ|स्वचालित उत्तर"""

# The same for absences: words that people use too, so they must be the whole subject or stand before a colon.
_ABSENT = """vacation notice|out of office notice|niet aanwezig|отсутствие на рабочем месте
|out of office|out of the office|out-of-office|ooo|ooto|i am out of office|i am out of the office
|i'm out of the office
|i'm currently out of the office|i am currently out of the office
|away from my mail|away from my desk|vacation reply
|vacation response|vacation auto-reply
|currently out of office|on vacation|on leave|on holiday|on parental leave|on maternity leave|annual leave
|away from office
|nicht im buro|abwesend|abwesenheit|ich bin abwesend|im urlaub|urlaub|ausser haus|absent|absence|absent du bureau
|absence du bureau|absente du bureau|en conge|en conges|en vacances|conge|fuera de la oficina|fuera de oficina|ausente
|ausente de la oficina|de vacaciones|ausencia|fora do escritorio|fora da empresa|ausencia do escritorio|de ferias
|fuori ufficio|fuori sede|assente|assenza|in ferie|assente dall'ufficio|afwezig|afwezigheid|niet op kantoor
|buiten kantoor
|met vakantie|franvaro|franvarande|pa semester|ikke pa kontoret|ikke til stede|fravær|fraværende|pa ferie|poissa
|poissa toimistolta|lomalla|nieobecnosc|nieobecny|poza biurem|urlop|mimo kancelar|nepritomnost|hazon kivul|szabadsagon
|absenta|in afara biroului|concediu|ofis dışında|ofis dışı|izinliyim|εκτος γραφειου|εκτός γραφείου|απουσία|вне офиса
|нет на месте
|в отпуске|отпуск|отсутствую|поза офісом|у відпустці|извън офиса|不在通知|不在|外出中|休暇中|外出|休假|不在办公室
|不在辦公室|외출 중|부재중
|부재 중|휴가 중|خارج المكتب|מחוץ למשרד|di luar kantor|vắng mặt|không có mặt ở văn phòng"""

# Of those, the ones that people write above mails of their own: they need the subject that they answer behind them.
_TOPICS_TOO = """vacation|ausencia temporaria
|on vacation|on leave|on holiday|on parental leave|on maternity leave|annual leave|im urlaub|urlaub
|absent|absence|en conge
|en conges|en vacances|conge|ausente|de vacaciones|ausencia|de ferias|assente|assenza|in ferie|met vakantie|poissa
|urlop|absenta
|concediu|απουσια|в отпуске|отпуск|не в офисе|不在|外出|休假|auto|away|fravaer|frånvaro|fravær"""

_BOUNCES = """undelivered mail returned to sender|delivery status notification|mail delivery failed
|mail delivery failure
|mail delivery system|delivery failure|delivery failed|undeliverable|undelivered|returned mail|failure notice
|message not delivered
|message undeliverable|could not be delivered|unzustellbar|unzustellbare nachricht|nicht zustellbar
|zustellung fehlgeschlagen
|non remis|non distribuable|echec de la remise|echec de remise|echec d'envoi|mensaje no entregado|no se puede entregar
|no se ha podido entregar|error de entrega|nao entregue|falha na entrega|nao foi possivel entregar|non recapitabile
|mancata consegna
|mancato recapito|onbestelbaar|niet bezorgd|kan inte levereras|kan ikke leveres|niedostarczone|nedorucitelne
|недоставленное
|配信不能|未传递|退信|無法傳遞|배달되지 않음"""

_RECEIPTS = """read|gelesen|lu|leido|lido|letto|gelezen|not read|nicht gelesen|non lu|read receipt
|return receipt (displayed)|lesebestatigung
|accuse de lecture|confirmacion de lectura|conferma di lettura"""

_DAEMONS = re.compile(
    r"(?:mailer[-_.]?daemon|mail[-_.]?daemon|postmaster|maildaemon|mdaemon|mail-?delivery(?:-?system|-?subsystem)?|"
    r"microsoftexchange[0-9a-f]{32}|bounces?)(?:[-+][^@]*)?@"
)
_NOBODY = re.compile(
    r"(?:[^@]*[-_.+])?(?:no|do[-_.]?not|donot|ne[-_.]?pas|nicht)[-_.]?(?:reply|repondre|antworten)[^@]*@"
)


def _table(words: str) -> tuple[str, ...]:
    return tuple(_plain(word.strip()) for word in words.replace("\n", "").split("|"))


def _plain(text: str) -> str:
    """Without letter case and accents, in any script."""
    marks = unicodedata.normalize("NFKD", text).casefold()
    return " ".join("".join(char for char in marks if not unicodedata.combining(char)).split())


_AUTOMATIC_WORDS = _table(_AUTOMATIC)
_ABSENT_WORDS = _table(_ABSENT)
_BOUNCE_WORDS = _table(_BOUNCES)
_RECEIPT_WORDS = _table(_RECEIPTS)
_TOPIC_WORDS = frozenset(_table(_TOPICS_TOO))
_ABSENT_WORDS += ("auto", "away", "vacation", "ausencia temporaria")


def machine(mail: Mail, own: Collection[str] = ()) -> Outcome | None:
    """Which machine wrote this mail; None where a person did.

    `own` are addresses of the worker: mail from them, sub-addresses included, is our own come back.
    """
    if _is_own(mail, own):
        return Outcome.OWN
    if _is_bounce(mail):
        return Outcome.BOUNCE
    if _is_calendar(mail):
        return Outcome.CALENDAR
    return Outcome.AUTO_REPLY if _is_automatic(mail) or _is_receipt(mail) else None


def failed_recipients(raw: bytes) -> tuple[str, ...]:
    """The addresses that a bounce says are permanently unreachable, in lower case; empty where it names none."""
    import email

    from flufl.bounce import scan_message

    try:
        found = scan_message(email.message_from_bytes(raw[:_MAX_BOUNCE]))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, AssertionError):
        return ()
    return tuple(sorted({item.decode("ascii", "replace").lower() for item in found}))


def _is_own(mail: Mail, own: Collection[str]) -> bool:
    """Our own mail: by our header, which answers never carry, or by an address of ours in From."""
    if mail.get("X-Followthrough-Kind"):
        return True
    wanted = {_without_tag(address.lower()) for address in own}
    return any(_without_tag(box.address) in wanted for box in mail.from_)


def _without_tag(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _report_type(mail: Mail) -> str:
    top = mail.parts[0] if mail.parts else None
    return top.parameter("report-type").lower() if top and top.content_type == "multipart/report" else ""


def _is_bounce(mail: Mail) -> bool:
    kind = _report_type(mail)
    if kind == "delivery-status" or "message/delivery-status" in mail.content_types[:6]:
        return True
    if mail.get("X-Failed-Recipients"):
        return True
    from_daemon = any(_DAEMONS.match(box.address) for box in mail.from_)
    subject = _plain(mail.subject[:200])
    told = any(subject.startswith(words) and _ends(subject, len(words)) for words in _BOUNCE_WORDS)
    return from_daemon or (told and (_null_path(mail) or (not mail.in_reply_to and not subject.startswith("re"))))


def _null_path(mail: Mail) -> bool:
    return any(value.strip() == "<>" for value in mail.get_all("Return-Path"))


def _is_calendar(mail: Mail) -> bool:
    """A calendar's own mail (RFC 5546): a text/calendar part with a method that is part of the message itself."""
    for part in mail.parts:
        if part.content_type == "text/calendar" and part.disposition != "attachment":
            method = part.parameter("method") or _method(mail.calendar)
            if method:
                return True
    return "calendar-notification" in mail.get("Sender").lower()


def _method(calendar: str) -> str:
    found = re.search(r"^METHOD[^:\n]{0,80}:[ \t]*([A-Za-z]+)", calendar[:4000], re.MULTILINE)
    return found[1].upper() if found else ""


def _is_receipt(mail: Mail) -> bool:
    if _report_type(mail) or "message/disposition-notification" in mail.content_types[:6]:
        return True
    head, colon, _ = _plain(mail.subject[:200]).partition(":")
    return (
        bool(colon) and head.strip() in _RECEIPT_WORDS and bool(mail.get("X-MS-Exchange-Receipt") or _null_path(mail))
    )


def _is_automatic(mail: Mail) -> bool:
    submitted = mail.get("Auto-Submitted").partition(";")[0].strip().lower()
    if submitted and submitted != "no":
        return True
    if any(mail.get(name) for name in _ROBOT_HEADERS):
        return True
    if mail.get("Precedence").strip().lower() in {"bulk", "junk", "list", "auto_reply", "auto-reply"}:
        return True
    if (
        "autoresponder" in mail.get("X-POST-MessageClass").lower()
        or mail.get("X-Auto-Response-Suppress").lower() == "oof"
    ):
        return True
    if _null_path(mail) or any(_NOBODY.match(box.address) for box in mail.from_):
        return True
    return _automatic_subject(mail.subject)


_ROBOT_HEADERS = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Autoresponder",
    "X-Auto-Reply",
    "X-Auto-Reply-From",
    "X-Mail-Autoreply",
    "X-Autogenerated",
    "X-Autorespond-From",
    "X-FC-MachineGenerated",
    "X-Cron-Env",
    "List-Id",
    "List-Unsubscribe",
    "List-Post",
    "List-Help",
)


def _automatic_subject(subject: str) -> bool:
    """Whether the subject starts as an automatic answer's does; "Re: ..." before it is a person's."""
    words = _EXTERNAL.sub("", _plain(subject[:200])).strip(" []*\"'!.")
    for phrase in _AUTOMATIC_WORDS:
        if words.startswith(phrase) and _ends(words, len(phrase)):
            return True
    if _RETURNING.fullmatch(words):
        return True
    return any(
        words.startswith(phrase) and _alone(words, len(phrase), weak=phrase in _TOPIC_WORDS) for phrase in _ABSENT_WORDS
    )


# Notes: "Dana Kim is out of the office (returning 12/01/2027)", in the language of whoever is away.
_RETURNING = re.compile(
    r"(?:auto: ?)?[^:()]{2,60} (?:is|ist|est|esta|e|is) (?:out of the office|ausser haus|absent\w*|fuera de la oficina"
    r"|fuori sede|afwezig)[^()]{0,20}\([^()]{0,40}\d[^()]{0,40}\)"
)

# A gateway's mark before the subject of mail that came from outside.
_EXTERNAL = re.compile(r"^(?:\[ext(?:ern(?:al)?)?\]|ext(?:ern(?:al)?)?:)\s*")


def _ends(words: str, at: int) -> bool:
    """Behind the phrase: nothing, or a mark that parts it from the subject that it answers."""
    rest = words[at:].lstrip(" *")
    return (
        not rest
        or rest[0] in "]:-|(：\"'，,/"
        or rest.startswith(
            (
                "re:",
                "aw:",
                "auf ihre",
                "auf deine",
                "to your",
                "d'absence",
                "from ",
                "von ",
                "de ",
                "fur ",
                "to ",
                "a:",
                "(",
                "returned",
                "delayed",
            )
        )
    )


def _alone(words: str, at: int, *, weak: bool) -> bool:
    """Behind words that people use too: nothing, a colon, an answer's prefix, or "autoreply"."""
    rest = words[at:].lstrip(" ]*")
    if weak:
        return bool(re.match(r"[:|-]?\s*(?:re|aw|sv|vs|antw|rif|odp|r|1:1)\b\s*:?|\(?auto-?reply", rest))
    return (
        not rest
        or rest[0] in ":：|"
        or rest.startswith(("re:", "aw:", "autoreply", "auto-reply", "(auto", "- re:", "- auto"))
    )
