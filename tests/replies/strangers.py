"""Mail whose original nobody knows, from clients and in languages that no other corpus here has."""

# ruff: noqa: E501  # mails as they came, in the letters that they came in

from __future__ import annotations

from collections.abc import Iterator

TEXTS = (
    "Thursday works. I'd rather start at 9:30 though.",
    "Hi Kim,\n\nthree things:\n- the offer is out\n- legal wants page 4 changed\n- I am out on Monday\n\nJo",
    "ok",
    "Sure. From my side: yes. To be clear: only if Lee agrees.\n\nDate: whatever suits you.",
    "Danke! Ich habe es gelesen und schreibe am Montag mehr.\n\nGruß\nJo",
    "Bonjour Kim,\n\nc'est noté : on garde jeudi.\nLe devis (p. 3) est à revoir.\n\nBien à toi,\nJo",
    "Hola Kim:\n\nde acuerdo con todo menos el punto 2.\n\n1. presupuesto: sí\n2. plazo: no\n\nUn saludo,\nJo",
    "See the numbers:\n\n  Q1  120\n  Q2  135\n\nWhat do you think?",
    "Lee wrote to me yesterday that it is settled.\nWe should still check.",
    "Tak, det passer fint. Jeg ringer i morgen.",
    "Grazie, va bene così: https://example.com/doc?x=1&y=2",
    "Dat is goed. Ik stuur morgen de laatste versie.\n\nGroet, Jo",
)
_SENT = "Hello Jo,\n\ncould you read the draft before Thursday? The second chapter is new.\n\nKim Sato\nFinance"
_K = "Kim Sato"
_M = "kim@example.net"


def _marked(mark: str = "> ") -> str:
    return "\n".join(f"{mark}{line}".rstrip() for line in _SENT.split("\n"))


def _said(line: str, mark: str = "> ") -> str:
    """A body whose quotation is announced by this line."""
    return "{}\n\n" + line + "\n" + _marked(mark) + "\n"


def _bare(line: str) -> str:
    """A body whose quotation is announced by these lines and bears no mark."""
    return "{}\n\n" + line + "\n\n" + _SENT + "\n"


AROUND = {
    "roundcube": _said(f"On 2027-01-12 09:14, {_K} wrote:"),
    "roundcube de": _said(f"Am 2027-01-12 09:14, schrieb {_K}:"),
    "roundcube fr": _said(f"Le 2027-01-12 09:14, {_K} a écrit :"),
    "roundcube pl": _said(f"W dniu 2027-01-12 09:14, {_K} napisał(a):"),
    "roundcube it": _said(f"Il 2027-01-12 09:14 {_K} ha scritto:"),
    "spark": _bare(f"On 12 Jan 2027 at 9:14 AM +0100, {_K} <{_M}>, wrote:"),
    "mailspring": _bare(f"On Jan 12 2027, at 9:14 am, {_K} <{_M}> wrote:"),
    "superhuman": _said(f"On Tue, Jan 12, 2027 at 9:14 AM, {_K} < {_M} > wrote:"),
    "evolution": _said(f"On Tue, 2027-01-12 at 09:14 +0000, {_K} wrote:"),
    "evolution de": _said(f"Am Dienstag, dem 12.01.2027 um 09:14 +0100 schrieb {_K}:"),
    "kmail de": _said(f"Am Dienstag, 12. Januar 2027, 09:14:03 CET schrieb {_K}:"),
    "kmail": _said(f"On Tuesday, 12 January 2027 09:14:03 CET {_K} wrote:"),
    "gnus": _said(f"{_K} <{_M}> writes:"),
    "claws": _said(f"On Tue, 12 Jan 2027 09:14:03 +0000\n{_K} <{_M}> wrote:"),
    "bat": _said("Tuesday, January 12, 2027, 9:14:03 AM, you wrote:"),
    "mutt initials": _said(f"* {_K} <{_M}> [2027-01-12 09:14]:"),
    "pine": _said(f"On Tue, 12 Jan 2027, {_K} wrote:"),
    "notes": _bare(f'{_K} ---12/01/2027 09:14:03---Hello Jo,\n\nFrom: "{_K}" <{_M}>\nTo: Jo Berg <jo@example.net>\nDate: 12/01/2027 09:14\nSubject: Draft'),
    "notes de": _bare(f"Von: {_K} <{_M}>\nAn: Jo Berg <jo@example.net>\nDatum: 12.01.2027 09:14\nBetreff: Entwurf\n________________________________"),
    "zimbra": _bare(f'----- Original Message -----\nFrom: "{_K}" <{_M}>\nTo: "Jo Berg" <jo@example.net>\nSent: Tuesday, January 12, 2027 9:14:03 AM\nSubject: Draft'),
    "zimbra fr": _bare(f'----- Mail original -----\nDe: "{_K}" <{_M}>\nÀ: "Jo Berg" <jo@example.net>\nEnvoyé: Mardi 12 Janvier 2027 09:14:03\nObjet: Projet'),
    "zimbra it": _bare(f'----- Messaggio originale -----\nDa: "{_K}" <{_M}>\nA: "Jo Berg" <jo@example.net>\nInviato: Martedì, 12 gennaio 2027 9:14:03\nOggetto: Bozza'),
    "gmx": _bare(f'Gesendet: Dienstag, 12. Januar 2027 um 09:14 Uhr\nVon: "{_K}" <{_M}>\nAn: "Jo Berg" <jo@example.net>\nBetreff: Entwurf'),
    "t-online": _said(f'-----Original-Nachricht-----\nBetreff: Entwurf\nDatum: 2027-01-12T09:14:03+0100\nVon: "{_K}" <{_M}>\nAn: jo@example.net\n', ""),
    "orange fr": _said(f'> Message du 12/01/27 09:14\n> De : "{_K}" <{_M}>\n> A : jo@example.net\n> Copie à :\n> Objet : Projet\n>'),
    "libero": _said(f"Il 12 gennaio 2027 alle 9.14 {_K} <{_M}> ha scritto:"),
    "uol": _said(f"Em 12 de janeiro de 2027 09:14, {_K} <{_M}> escreveu:"),
    "sapo": _said(f"Citando {_K} <{_M}>:"),
    "horde es": _said(f"{_K} <{_M}> escribió:"),
    "horde de": _said(f"Zitat von {_K} <{_M}>:"),
    "horde": _said(f"Quoting {_K} <{_M}>:"),
    "mail.ru": _bare(f"Вторник, 12 января 2027, 9:14 +03:00 от {_K} <{_M}>:"),
    "yandex": _said(f'12.01.2027, 09:14, "{_K}" <{_M}>:'),
    "ukr.net": _said(f'12 січня 2027, 09:14:03, від "{_K}" <{_M}>:'),
    "seznam": _bare(f"---------- Původní e-mail ----------\nOd: {_K} <{_M}>\nKomu: jo@example.net\nDatum: 12. 1. 2027 9:14:03\nPředmět: Návrh"),
    "wp.pl": _said(f"Dnia 12 stycznia 2027 09:14 {_K} <{_M}> napisał(a):"),
    "163": _bare(f'在 2027-01-12 09:14:03，"{_K}" <{_M}> 写道：'),
    "qq": _bare(f'------------------ 原始邮件 ------------------\n发件人: "{_K}" <{_M}>;\n发送时间: 2027年1月12日(星期二) 上午9:14\n收件人: "Jo Berg"<jo@example.net>;\n主题: 草稿'),
    "foxmail": _bare(f"发件人： {_K}\n发送时间： 2027-01-12 09:14\n收件人： jo@example.net\n主题： 草稿"),
    "naver": _bare(f'-----Original Message-----\nFrom: "{_K}"<{_M}>\nTo: <jo@example.net>;\nCc:\nSent: 2027-01-12 (화) 09:14:03 (GMT+09:00)\nSubject: Draft'),
    "daum": _bare(f"--------- 원본 메일 ---------\n보낸사람: {_K} <{_M}>\n받는사람: jo@example.net\n날짜: 2027년 1월 12일 화요일, 09시 14분 03초 +0900\n제목: Draft"),
    "outlook ko": _bare(f"보낸 사람: {_K} <{_M}>\n보낸 날짜: 2027년 1월 12일 화요일 오전 9:14\n받는 사람: Jo Berg <jo@example.net>\n제목: Draft"),
    "outlook nb": _bare(f"Fra: {_K} <{_M}>\nSendt: tirsdag 12. januar 2027 09:14\nTil: Jo Berg <jo@example.net>\nEmne: Utkast"),
    "outlook he": _bare(f"מאת: {_K} <{_M}>\nנשלח: יום שלישי 12 ינואר 2027 09:14\nאל: Jo Berg <jo@example.net>\nנושא: טיוטה"),
    "outlook ar": _bare(f"من: {_K} <{_M}>\nتم الإرسال: الثلاثاء، 12 يناير 2027 09:14 ص\nإلى: Jo Berg <jo@example.net>\nالموضوع: مسودة"),
    "outlook uk": _bare(f"Від: {_K} <{_M}>\nНадіслано: вівторок, 12 січня 2027 р. 09:14\nКому: Jo Berg <jo@example.net>\nТема: Чернетка"),
    "outlook sk": _bare(f"Od: {_K} <{_M}>\nOdoslané: utorok 12. januára 2027 9:14\nKomu: Jo Berg <jo@example.net>\nPredmet: Návrh"),
    "outlook sl": _bare(f"Od: {_K} <{_M}>\nPoslano: torek, 12. januar 2027 09:14\nZa: Jo Berg <jo@example.net>\nZadeva: Osnutek"),
    "outlook hr": _bare(f"Od: {_K} <{_M}>\nPoslano: utorak, 12. siječnja 2027. 09:14\nPrima: Jo Berg <jo@example.net>\nPredmet: Nacrt"),
    "outlook bg": _bare(f"От: {_K} <{_M}>\nИзпратено: вторник, 12 януари 2027 г. 09:14\nДо: Jo Berg <jo@example.net>\nТема: Чернова"),
    "outlook ca": _bare(f"De: {_K} <{_M}>\nEnviat el: dimarts, 12 de gener de 2027 9:14\nPer a: Jo Berg <jo@example.net>\nTema: Esborrany"),
    "outlook pt-BR": _bare(f"De: {_K} <{_M}>\nEnviada em: terça-feira, 12 de janeiro de 2027 09:14\nPara: Jo Berg <jo@example.net>\nAssunto: Rascunho"),
    "outlook es-MX": _bare(f"De: {_K} <{_M}>\nEnviado: martes, 12 de enero de 2027 09:14 a. m.\nPara: Jo Berg <jo@example.net>\nCC: Lee\nAsunto: Borrador"),
    "gmail ar": _said(f"في الثلاثاء، 12 يناير 2027 في 9:14 ص تمت كتابة ما يلي بواسطة {_K} <{_M}>:"),
    "gmail th": _said(f"ในวันที่ อ. 12 ม.ค. 2027 เวลา 09:14 {_K} <{_M}> เขียนว่า:"),
    "gmail lt": _said(f"2027-01-12, an, 09:14 {_K} <{_M}> rašė:"),
    "gmail lv": _said(f"otrd., 2027. g. 12. janv., plkst. 09:14 — lietotājs {_K} (<{_M}>) rakstīja:"),
    "gmail et": _said(f"Kontakt {_K} (<{_M}>) kirjutas kuupäeval T, 12. jaanuar 2027 kell 09:14:"),
    "gmail sl": _said(f"V V tor., 12. jan. 2027 ob 09:14 je oseba {_K} <{_M}> napisala:"),
    "gmail sr": _said(f"уто, 12. јан 2027. у 09:14 {_K} <{_M}> је написао/ла:"),
    "gmail is": _said(f"þri., 12. jan. 2027 kl. 09:14 skrifaði {_K} <{_M}>:"),
    "gmail zh-TW": _said(f"{_K} <{_M}> 於 2027年1月12日 週二 上午9:14寫道："),
    "gmail hi": _said(f"मंगल, 12 जन॰ 2027 को 9:14 am बजे को {_K} <{_M}> ने लिखा:"),
    "gmail eu": _said(f"{_K} erabiltzaileak hau idatzi du (2027 urt. 12, ar. (09:14)):"),
    "apple da": _said(f"> Den 12. jan. 2027 kl. 09.14 skrev {_K} <{_M}>:\n> "),
    "apple ja": _said(f"> 2027/01/12 9:14、{_K} <{_M}>のメール:\n> "),
    "apple pl": _said(f"> Wiadomość napisana przez {_K} <{_M}> w dniu 12 sty 2027, o godz. 09:14:\n> "),
    "apple tr": _said(f"> {_K} <{_M}> şunları yazdı (12 Oca 2027 09:14):\n> "),
    "apple fi": _said(f"> {_K} <{_M}> kirjoitti 12.1.2027 kello 9.14:\n> "),
    "apple hu": _said(f"> 2027. jan. 12. dátummal, 9:14 időpontban {_K} <{_M}> írta:\n> "),
    "apple forward de": _bare(f"Anfang der weitergeleiteten Nachricht:\n\nVon: {_K} <{_M}>\nBetreff: Entwurf\nDatum: 12. Januar 2027 um 09:14:03 MEZ\nAn: Jo Berg <jo@example.net>"),
    "apple forward fr": _bare(f"Début du message transféré :\n\nDe: {_K} <{_M}>\nDate: 12 janvier 2027 à 09:14:03 UTC+1\nÀ: Jo Berg <jo@example.net>\nObjet: Projet"),
    "apple forward es": _bare(f"Inicio del mensaje reenviado:\n\nDe: {_K} <{_M}>\nFecha: 12 de enero de 2027, 9:14:03 CET\nPara: Jo Berg <jo@example.net>\nAsunto: Borrador"),
    "gmail forward pt": _bare(f"---------- Mensagem encaminhada ---------\nDe: {_K} <{_M}>\nData: ter., 12 de jan. de 2027 às 09:14\nAssunto: Rascunho\nPara: Jo Berg <jo@example.net>"),
    "gmail forward pl": _bare(f"---------- Przekazana wiadomość ---------\nOd: {_K} <{_M}>\nDate: wt., 12 sty 2027 o 09:14\nSubject: Szkic\nTo: Jo Berg <jo@example.net>"),
    "nested forward": _bare(f"---------- Forwarded message ---------\nFrom: Lee <lee@example.net>\nDate: Wed, Jan 13, 2027 at 8:00 AM\nSubject: Fwd: Draft\nTo: Jo <jo@example.net>\n\nfyi\n\n---------- Forwarded message ---------\nFrom: {_K} <{_M}>\nDate: Tue, Jan 12, 2027 at 9:14 AM\nSubject: Draft\nTo: Lee <lee@example.net>"),
    "samsung": _bare(f"-------- Original message --------\nFrom: {_K} <{_M}>\nDate: 12/01/2027 09:14 (GMT+00:00)\nTo: Jo Berg <jo@example.net>\nSubject: Draft"),
    "samsung de": _bare(f"Von meinem Samsung Galaxy Smartphone gesendet.\n\n-------- Ursprüngliche Nachricht --------\nVon: {_K} <{_M}>\nDatum: 12.01.27 09:14 (GMT+01:00)\nAn: jo@example.net\nBetreff: Entwurf"),
    "huawei": _bare(f"Enviado desde mi smartphone HUAWEI\n\n-------- Mensaje original --------\nDe: {_K} <{_M}>\nFecha: mar., 12 ene. 2027 9:14\nPara: Jo Berg <jo@example.net>\nAsunto: Borrador"),
    "footer en": "{}\n\nSent from my Pixel 8 Pro\n",
    "footer gmail app": "{}\n\nSent from Gmail Mobile\n",
    "footer spark": "{}\n\nSent with Spark\n",
    "footer fr": "{}\n\nEnvoyé à partir de Outlook pour Android\n",
    "footer de": "{}\n\nVon meinem Mobiltelefon gesendet, Tippfehler bitte entschuldigen\n",
    "footer typos": "{}\n\nSent from my phone. Please excuse brevity and typos.\n",
    "footer es": "{}\n\nObtener Outlook para iOS<https://aka.ms/o0ukef>\n",
    "footer sv": "{}\n\nHämta Outlook för Android<https://aka.ms/x>\n",
    "footer avast": "{}\n\n--\nThis email has been checked for viruses by Avast antivirus software.\nwww.avast.com\n",
    "footer avg de": "{}\n\n---\nDiese E-Mail wurde von Avast Antivirus-Software auf Viren geprüft.\nhttps://www.avast.com/antivirus\n",
    "disclaimer fr": "{}\n\nCe message et ses pièces jointes peuvent contenir des informations confidentielles. Si vous l'avez reçu par erreur, merci de le détruire et d'en avertir l'expéditeur.\n",
    "disclaimer es": "{}\n\nAVISO LEGAL: Este mensaje y sus archivos adjuntos son confidenciales y van dirigidos exclusivamente a su destinatario. Si lo ha recibido por error, le rogamos que lo elimine.\n",
    "disclaimer it": "{}\n\nLe informazioni contenute in questo messaggio sono riservate e destinate esclusivamente al destinatario. Se avete ricevuto questo messaggio per errore siete pregati di cancellarlo.\n",
    "disclaimer nl": "{}\n\nDit bericht kan vertrouwelijke informatie bevatten. Als u dit bericht per abuis hebt ontvangen, wordt u verzocht het te vernietigen en de afzender te informeren.\n",
    "disclaimer print": "{}\n\nPlease consider the environment before printing this email.\n",
    "disclaimer gb": "{}\n\nExample Ltd is registered in England and Wales, number 01234567. Registered office: 1 High Street, London.\n",
    "googlegroups": '{}\n\n-- \nYou received this message because you are subscribed to the Google Groups "team" group.\nTo unsubscribe from this group and stop receiving emails from it, send an email to team+unsubscribe@example.com.\n',
    "mailman de": "{}\n_______________________________________________\nTeam Mailingliste\nTeam@lists.example.net\nhttps://lists.example.net/mailman/listinfo/team\n",
    "sympa": "{}\n\n---\nPour se désabonner de cette liste, écrivez à sympa@lists.example.net\n",
    "yahoo groups": "{}\n\n__._,_.___\nPosted by: Jo Berg <jo@example.net>\nReply via web post\n__,_._,___\n",
    "banner": "CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless you recognize the sender.\n\n{}\n\n" + f"On 12 Jan 2027, at 09:14, {_K} <{_M}> wrote:\n" + _marked() + "\n",
}  # fmt: skip


def cases() -> Iterator[tuple[str, str, str]]:
    """Yield the surroundings, the whole body, and what the person wrote: three texts for each surrounding."""
    for number, (name, around) in enumerate(AROUND.items()):
        for step in (0, 5, 9):
            text = TEXTS[(number + step) % len(TEXTS)]
            yield name, around.replace("{}", text), text
