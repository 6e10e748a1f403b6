"""Italian."""

BARE_DAY = True
DOTTED = False
SUNDAY_FIRST = False
EIGHT_DAYS = True
FORTNIGHT = "certain"

WORDS = {
    "weekday:0": "lunedì|lun|lunedi'",
    "weekday:1": "martedì|mar|martedi'",
    "weekday:2": "mercoledì|mer|merc|mercoledi'",
    "weekday:3": "giovedì|gio|giov|giovedi'",
    "weekday:4": "venerdì|ven|venerdi'",
    "weekday:5": "sabato|sab",
    "weekday:6": "domenica|dom",
    "month:1": "gennaio|gen|genn",
    "month:2": "febbraio|feb|febbr",
    "month:3": "marzo|mar",
    "month:4": "aprile|apr",
    "month:5": "maggio|mag|magg",
    "month:6": "giugno|giu",
    "month:7": "luglio|lug",
    "month:8": "agosto|ago",
    "month:9": "settembre|set|sett",
    "month:10": "ottobre|ott",
    "month:11": "novembre|nov",
    "month:12": "dicembre|dic",
    "verb": "mar|mer|set|sett|ago|dom|ven|gio|sab|mag",
    "number:1": "un|una|uno",
    "number:2": "due",
    "number:3": "tre",
    "number:4": "quattro",
    "number:5": "cinque",
    "number:6": "sei",
    "number:7": "sette",
    "number:8": "otto",
    "number:9": "nove",
    "number:10": "dieci",
    "number:11": "undici",
    "number:12": "dodici",
    "number:13": "tredici",
    "number:14": "quattordici",
    "number:15": "quindici",
    "number:16": "sedici",
    "number:17": "diciassette",
    "number:18": "diciotto",
    "number:19": "diciannove",
    "number:20": "venti",
    "number:21": "ventuno",
    "number:22": "ventidue",
    "number:23": "ventitré",
    "number:24": "ventiquattro",
    "number:25": "venticinque",
    "number:28": "ventotto",
    "number:30": "trenta",
    "number:60": "sessanta",
    "number:90": "novanta",
    "ordinal:1": "primo|prima",
    "ordinal:2": "secondo|seconda",
    "ordinal:3": "terzo|terza",
    "ordinal:4": "quarto",
    "unit:minute": "minuto|minuti|min",
    "unit:hour": "ora|ore",
    "unit:day": "giorno|giorni|gg",
    "unit:week": "settimana|settimane|sett",
    "unit:month": "mese|mesi",
    "unit:quarter": "trimestre|trimestri",
    "unit:halfyear": "semestre|mezzo anno",
    "unit:year": "anno|anni",
    "unit:workday": "giorno lavorativo|giorni lavorativi|gg lavorativi",
    "day:0": "oggi|stasera|stamattina|oggi pomeriggio",
    "day:1": "domani|domattina|domani mattina",
    "day:2": "dopodomani|dopo domani",
    "day:-1": "ieri",
    "day:-2": "l'altro ieri|altroieri",
    "next": "prossimo|prossima|prossimi|prossime|pross",
    "coming": "che viene|entrante|in arrivo|questo prossimo",
    "this": "questo|questa|corrente|in corso",
    "last": "ultimo|ultima|scorso|scorsa|passato|passata",
    "idiom:7": "a otto",
    "in": "tra|fra|in|entro|nel giro di|da qui a|di qui a",
    "from": "da|dal|a partire da|a partire dal|dalle|a partire dalle",
    "from_now": "da oggi|da adesso|da ora|a partire da oggi",
    "on": "il|in|nel|per|nella|l",
    "of": "di|del|della|dell|nel mese di|d|a",
    "article": "il|la|lo|i|le|gli|l|un|una",
    "by": "entro|entro il|entro la|entro le|per|per il|per la|al più tardi|non oltre|non oltre il|entro e non oltre il",
    "at": "alle|all|alle ore|ore|@|verso le alle|h",
    "until": "fino a|fino al|sino al|fino alle",
    "after": "dopo|dopo il|dopo la|non prima del|non prima di|dopo le",
    "before": "prima|prima di|prima del|prima della",
    "since": "dal",
    "end": "fine|alla fine|a fine|fine di|alla fine di|alla fine del|fine del|per fine|entro fine|"
    "alla fine della|fine della|entro la fine di|entro la fine del|verso fine|entro la fine della|"
    "per la fine del|per la fine di",
    "middle": "metà|a metà|verso metà|metà di|metà del|a metà di|alla metà di",
    "start": "inizio|a inizio|all'inizio|all'inizio di|inizi|agli inizi di|primi di|i primi di|ai primi di|"
    "inizio di|all'inizio del|principio|inizio del|all'inizio della|i primi",
    "end_of:day": "fine giornata|a fine giornata|fine della giornata",
    "weekend": "fine settimana|weekend|week end|a fine settimana|nel fine settimana|per fine settimana|"
    "entro fine settimana|il fine settimana",
    "vague": "al più tardi|in poi|seguente|successivo|successiva|presto|prossimamente|un giorno|prima o poi|quando|"
    "quando torno|"
    "quando rientro|appena|da definire|da confermare|da decidere|da concordare|da stabilire|alcuni|alcune|"
    "qualche|un paio|paio|un paio di|parecchi|diversi|diverse|pochi|poche|appena possibile|il prima possibile|"
    "quanto prima|qualsiasi|qualunque|non so|non lo so|vediamo|si vedrà|dipende|flessibile|natale|pasqua|"
    "ferragosto|capodanno|feste|estate|inverno|autunno|primavera|nei prossimi|nelle prossime|entro i prossimi|"
    "un'altra volta|tbd|tba|tbc|asap|più avanti|più tardi|in settimana|prima settimana|ultima settimana|"
    "prima metà|seconda metà|nel corso|corso|fine anno|al bisogno",
    "unsure": "forse|probabilmente|possibilmente|se possibile|magari|idealmente|penso|credo|direi forse|"
    "eventualmente|potrebbe|potremmo|in linea di massima|se|salvo|preferibilmente|?",
    "approximate": "circa|verso|verso le|verso il|più o meno|approssimativamente|intorno|intorno al|intorno alle|"
    "almeno|al massimo|quasi|attorno al|grosso modo|più di|meno di|o giù di lì",
    "negation": "non|no|mai|nessun|nessuna|nessuno|senza|tranne|eccetto|invece di|annulla|annulliamo|cancellato|"
    "cancellata|cancelliamo|salta|annullare|annullato|annullata|saltare|saltiamo|né|escluso|salvo|meno",
    "none": "nessuna|nessuno|nessun|no|niente|nulla|non serve|non necessario|non necessaria|non c'è bisogno|"
    "nessuna riunione|nessun bisogno|n a|non occorre|non previsto|nessun incontro|nessun prossimo incontro|"
    "per ora no|per ora niente|senza data|non ce n'è bisogno",
    "rule": "ogni|tutti i|tutte le|settimanale|settimanalmente|quindicinale|mensile|mensilmente|quotidiano|"
    "trimestrale|regolarmente|una volta a|una volta al|due volte|a settimana|al mese|bisettimanale|ciascun",
    "past": "fa|la settimana scorsa|la scorsa settimana|il mese scorso|già|l'altro giorno|recentemente|"
    "settimana scorsa|scorsa settimana|scorso mese|poco fa",
    "past_verb": "era|erano|stato|stata|abbiamo|avevamo|parlato|discusso|visto|incontrato|fatto|finito|"
    "consegnato|inviato|ha|fu|avuto|concluso",
    "or": "o|oppure|ovvero|altrimenti|od",
    "and": "e|ed",
    "to": "al|alle|a",
    "between": "tra il|fra il|tra le|fra le",
    "during": "durante|per|da",
    "absence": "riunione col cliente|riunione con il cliente|riunione di team|riunione del team|"
    "ferie|permesso|assente|assenza|vacanza|vacanze|malattia|trasferta|fuori|fuori ufficio|maternità",
    "back": "ritorno|rientro|torno|torna|tornata|tornato|di ritorno",
    "cue": "ci vediamo|vediamoci|ci incontriamo|incontriamoci|riunione|prossima riunione|prossimo incontro|"
    "incontro|prossimo check in|check in|ci sentiamo|sentiamoci|parliamo|parliamone|di nuovo|nuovamente|ancora|"
    "appuntamento|fissiamo|prossimo appuntamento|colloquio|prossimo colloquio|call|meeting|1 1|one on one|"
    "riparliamone|ci riaggiorniamo|aggiorniamoci|riaggiorniamoci|rivediamoci|ci rivediamo|prossimo|prossima|"
    "chiamata|allineamento|allineiamoci|prossima volta|ci risentiamo|programmiamo|prossimo punto|punto",
    "zone_word": "ora di|ora del|ora locale di",
    "topic": "per|su|riguardo|sul|sulla|perché|circa il|a proposito|tema|siccome|affinché",
    "with": "con",
    "filler": "meglio|preferisco|preferirei|per favore|grazie|ok|va bene|d'accordo|sì|perfetto|ottimo|bene|benissimo|"
    "sarebbe|è|sarà|allora|"
    "quindi|come concordato|come d'accordo|come al solito|come sempre|come da accordi|diciamo|io|noi|ci|ti|mi|si|"
    "vi|questo|anche|solo|stesso posto|stesso luogo|stessa sala|data|ora|orario|proposta|propongo|proporrei|"
    "nuovo|nuova|ciao|buongiorno|salve|saluti|un saluto|cordiali saluti|di persona|in presenza|da remoto|online|"
    "zoom|teams|telefono|al telefono|ufficio|in ufficio|caffè|pranzo|sala|qui|possiamo|può|puoi|posso|facciamo|"
    "fare|mettiamo|vediamo|giorno|che|mio|mia|in punto|confermato|confermo|andrebbe|va|vanno|preferirei|ne|"
    "nostro|nostra|sposta al|spostiamo al|sentiamo|poi|il|la|le|a",
    "same_time": "stessa ora|alla stessa ora|la stessa ora|stesso orario|allo stesso orario|lo stesso orario|"
    "stessa ora di oggi|alla stessa ora di oggi|solita ora|alla solita ora|solito orario|al solito orario|"
    "stessa ora di sempre",
    "noon": "mezzogiorno|a mezzogiorno",
    "midnight": "mezzanotte",
    "oclock": "h|ore",
    "am": "am|a m",
    "pm": "pm|p m",
    "daypart:am": "stamattina|mattina|mattino|di mattina|del mattino|al mattino|in mattinata|mattinata|la mattina|"
    "della mattina|nella mattinata|di prima mattina|a metà mattina|a metà mattinata|domattina|domani mattina",
    "daypart:pm": "stasera|oggi pomeriggio|pomeriggio|di pomeriggio|del pomeriggio|nel pomeriggio|sera|di sera|"
    "della sera|la sera|serata|"
    "in serata|al pomeriggio|il pomeriggio|nel tardo pomeriggio|tardo pomeriggio|primo pomeriggio|"
    "nel primo pomeriggio|dopo pranzo|a pranzo|ora di pranzo",
    "daypart:night": "notte|di notte|della notte",
    "plus_half": "e mezza|e mezzo|e trenta",
    "plus_quarter": "e un quarto|e quindici",
    "minus_quarter": "meno un quarto|meno quindici",
    "and_half": "e mezza|e mezzo",
    "half": "mezza|mezzo",
    "week_number": "settimana|sett",
    "quarter_name": "q|t",
    "week_of": "settimana del|la settimana del|nella settimana del",
    "later": "dopo|più tardi",
    "day_word": "giorno",
    "day_mark": "il|il giorno|giorno|al|per il|entro il|del|l|per il giorno|dal",
    "every": "ogni|tutti i|tutte le",
    "zone:Europe/Rome": "ora di roma|ora italiana",
    "zone:Europe/London": "ora di londra",
    "zone:ET": "ora di new york",
}
