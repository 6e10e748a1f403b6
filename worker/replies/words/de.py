"""German, with the words of Austria and Switzerland."""

BARE_DAY = False
DOTTED = True
SUNDAY_FIRST = False
EIGHT_DAYS = True
FORTNIGHT = ""

WORDS = {
    "weekday:0": "montag|mo",
    "weekday:1": "dienstag|di|dienstg|diesntag",
    "weekday:2": "mittwoch|mi|mittwoche|mitwoch",
    "weekday:3": "donnerstag|do|donerstag|donnertag",
    "weekday:4": "freitag|fr|fretiag",
    "weekday:5": "samstag|sonnabend|sa",
    "weekday:6": "sonntag|so",
    "month:1": "januar|jan|jänner|jän|jaenner",
    "month:2": "februar|feb|feber|feburar",
    "month:3": "märz|mär|mrz|maerz",
    "month:4": "april|apr",
    "month:5": "mai",
    "month:6": "juni|jun|juno",
    "month:7": "juli|jul",
    "month:8": "august|aug",
    "month:9": "september|sep|sept",
    "month:10": "oktober|okt",
    "month:11": "november|nov",
    "month:12": "dezember|dez|dezmeber",
    "verb": "do|di|mi|mo|fr|sa|jan|april|august",
    "verb:alone": "so",
    "number:1": "ein|eine|einer|einem|einen|eines|eins",
    "number:2": "zwei|zwo",
    "number:3": "drei",
    "number:4": "vier",
    "number:5": "fünf",
    "number:6": "sechs",
    "number:7": "sieben",
    "number:8": "acht",
    "number:9": "neun",
    "number:10": "zehn",
    "number:11": "elf",
    "number:12": "zwölf",
    "number:13": "dreizehn",
    "number:14": "vierzehn",
    "number:15": "fünfzehn",
    "number:16": "sechzehn",
    "number:17": "siebzehn",
    "number:18": "achtzehn",
    "number:19": "neunzehn",
    "number:20": "zwanzig",
    "number:21": "einundzwanzig",
    "number:25": "fünfundzwanzig",
    "number:28": "achtundzwanzig",
    "number:30": "dreißig",
    "number:45": "fünfundvierzig",
    "number:60": "sechzig",
    "number:90": "neunzig",
    "ordinal:1": "erster|ersten|erste|erstem",
    "ordinal:2": "zweiter|zweiten|zweite",
    "ordinal:3": "dritter|dritten|dritte",
    "ordinal:4": "vierter|vierten|vierte",
    "ordinal:5": "fünfter|fünften|fünfte",
    "ordinal:6": "sechster|sechsten|sechste",
    "ordinal:7": "siebter|siebten|siebte|siebenten",
    "ordinal:8": "achter|achten|achte",
    "ordinal:9": "neunter|neunten|neunte",
    "ordinal:10": "zehnter|zehnten|zehnte",
    "ordinal:11": "elfter|elften|elfte",
    "ordinal:12": "zwölfter|zwölften|zwölfte",
    "ordinal:13": "dreizehnter|dreizehnten|dreizehnte",
    "ordinal:14": "vierzehnter|vierzehnten|vierzehnte",
    "ordinal:15": "fünfzehnter|fünfzehnten|fünfzehnte",
    "ordinal:16": "sechzehnter|sechzehnten|sechzehnte",
    "ordinal:17": "siebzehnter|siebzehnten|siebzehnte",
    "ordinal:18": "achtzehnter|achtzehnten|achtzehnte",
    "ordinal:19": "neunzehnter|neunzehnten|neunzehnte",
    "ordinal:20": "zwanzigster|zwanzigsten|zwanzigste",
    "ordinal:21": "einundzwanzigster|einundzwanzigsten|einundzwanzigste",
    "ordinal:22": "zweiundzwanzigsten|zweiundzwanzigste",
    "ordinal:23": "dreiundzwanzigsten|dreiundzwanzigste",
    "ordinal:24": "vierundzwanzigsten|vierundzwanzigste",
    "ordinal:25": "fünfundzwanzigsten|fünfundzwanzigste",
    "ordinal:26": "sechsundzwanzigsten|sechsundzwanzigste",
    "ordinal:27": "siebenundzwanzigsten|siebenundzwanzigste",
    "ordinal:28": "achtundzwanzigsten|achtundzwanzigste",
    "ordinal:29": "neunundzwanzigsten|neunundzwanzigste",
    "ordinal:30": "dreißigsten|dreißigster|dreißigste",
    "ordinal:31": "einunddreißigsten|einunddreißigste",
    "unit:minute": "minute|minuten|min",
    "unit:hour": "stunde|stunden|std",
    "unit:day": "tag|tage|tagen|tg",
    "unit:week": "woche|wochen|wo|wch|w|kw|kalenderwoche|wochn",
    "unit:month": "monat|monate|monaten|monats|mt",
    "unit:quarter": "quartal|quartale|quartalen|quartals",
    "unit:year": "jahr|jahre|jahren|jahres",
    "unit:halfyear": "halben jahr|halbes jahr|halbjahr|halben jahres",
    "unit:threemonths": "vierteljahr|viertel jahr|vierteljahres",
    "unit:workday": "werktag|werktage|werktagen|arbeitstag|arbeitstage|arbeitstagen|werktags",
    "day:0": "heute",
    "day:1": "morgn|moregn|morgen|mrg",
    "day:2": "übermorgn|übermorgen",
    "day:-1": "gestern",
    "day:-2": "vorgestern",
    "next": "nächste|nächsten|nächster|nächstes|nächstem|nächst|nexte|naechst",
    "coming": "kommende|kommenden|kommender|kommendes|kommendem|diesen kommenden",
    "this": "diese|diesen|dieser|dieses|diesem|dies|laufende|laufenden|laufender|aktuellen",
    "after_next": "übernächste|übernächsten|übernächster|übernächstes|übernächstem",
    "last": "letzte|letzten|letzter|letztes|letztem|vergangene|vergangenen|vergangener|vorige|voriger|vorigen",
    "in": "in|binnen|innerhalb|innerhalb von|innert|über|in genau|genau in|in etwa in",
    "from": "ab|von|beginnend",
    "from_now": "ab heute|ab jetzt|von heute an|von jetzt an|von heute|ab sofort|von jetzt|ab dato",
    "on": "am|an|auf den|auf",
    "of": "von|vom|im|in",
    "article": "der|die|das|dem|den|des|unser|unsere|unseren|unserem",
    "by": "bis|bis zum|bis spätestens|spätestens|bis zu|fällig|fällig am|bis am|spätestens am|spätestens bis|für|"
    "für den|bis einschließlich|zum|bis zur",
    "at": "um|@|punkt|um punkt",
    "until": "bis",
    "after": "nach|ab|frühestens|nach dem|nach der|frühestens am|nach den|nachdem",
    "before": "vor|vor dem|vor der|noch vor",
    "since": "seit",
    "end": "ende|zum ende|gegen ende|bis ende|ende des|ende der|ende vom|am ende|am ende des|am ende der",
    "middle": "mitte|mitte der|mitte des",
    "start": "anfang|beginn|anfangs|am anfang|zu beginn|ab anfang",
    "end_of:month": "monatsende|ultimo|monatsschluss",
    "end_of:day": "feierabend|tagesende|ende des tages|eod|dienstschluss|büroschluss",
    "weekend": "wochenende|we|wochenendes",
    "vague": "spätestens|folgenden|folgende|folgender|folgewoche|bald|demnächst|irgendwann|gelegentlich|zeitnah|"
    "in kürze|"
    "einige|einigen|einiger|ein paar|einem paar|paar|mehrere|mehreren|mehrerer|wenige|wenigen|"
    "wenn ich zurück bin|wenn ich wieder da bin|wenn du zurück bist|wenn du wieder da bist|wenn sie zurück ist|"
    "wenn er zurück ist|wenn sie wieder da ist|wenn er wieder da ist|sobald|offen|unklar|noch offen|"
    "steht noch aus|nach bedarf|bei bedarf|nach absprache|nach vereinbarung|jederzeit|flexibel|egal|weiß nicht|"
    "weiß noch nicht|keine ahnung|mal sehen|mal schauen|schauen wir|im laufe|im lauf|laufe|weihnachten|ostern|"
    "neujahr|silvester|pfingsten|feiertage|feiertagen|sommer|herbst|winter|frühjahr|frühling|sommerferien|"
    "in den nächsten|innerhalb der nächsten|die nächsten|in den kommenden|dieser tage|jahreswechsel|"
    "zwischen den jahren|ein andermal|ein anderes mal|irgendein|irgendeinen|irgendwann mal|unbestimmt|tbd|tba|"
    "tbc|asap|so bald wie möglich|sobald wie möglich|baldmöglichst|schnellstmöglich|anderthalb|eineinhalb|"
    "zweieinhalb|erste woche im|zweite woche im|letzte woche im|erste woche|in der ersten woche|ersten woche|"
    "letzten woche im|erste hälfte|zweite hälfte|ersten hälfte|zweiten hälfte|jahresende|jahresanfang|"
    "quartalsende|monatsanfang|monatsmitte|wochenanfang|wochenbeginn|wochenmitte|mitte|in nächster zeit|"
    "nächster zeit|stunde oder so",
    "unsure": "vielleicht|eventuell|evtl|ggf|gegebenenfalls|wahrscheinlich|voraussichtlich|vermutlich|möglichst|"
    "wenn möglich|falls möglich|unter vorbehalt|am liebsten|könnte|könnten|vorläufig|wohl|falls|wenn|sofern|"
    "würde ich sagen|denke ich|glaube ich|schätze|idealerweise|tendenziell|möglicherweise|?",
    "approximate": "in gut|ungefähr|circa|ca|etwa|rund|zirka|gegen|so um|um die|oder so|mindestens|höchstens|maximal|"
    "knapp|in etwa|mehr als|weniger als|fast|bis zu",
    "negation": "nicht|kein|keine|keinen|keinem|keiner|außer|ohne|statt|anstatt|nie|niemals|ausfallen|fällt aus|"
    "entfällt|überspringen|absagen|weder|abgesagt|streichen|verhindert|auslassen|ausgenommen|bloß nicht|"
    "lieber nicht|geht nicht|passt nicht|pausieren|aussetzen|anders als",
    "none": "keiner|keine|keinen|kein|kein termin|keinen termin|nicht nötig|nicht notwendig|nicht erforderlich|"
    "entfällt|nein|kein bedarf|nichts|kein weiterer|kein weiterer termin|kein nächster|kein nächster termin|"
    "kein nächstes|brauchen wir nicht|braucht es nicht|nicht geplant|keine weiteren|keins|kein treffen|"
    "kein folgetermin|fällt aus|kein check in|keine notwendigkeit|n a|vorerst nicht|erstmal keiner|"
    "vorerst keiner|erst mal keiner",
    "rule": "jeden|jede|jedes|jeder|jedem|alle|wöchentlich|zweiwöchentlich|vierzehntägig|14 tägig|monatlich|"
    "täglich|montags|dienstags|mittwochs|donnerstags|freitags|samstags|sonntags|regelmäßig|quartalsweise|immer|"
    "jeweils|zweimal|dreimal|turnus|rhythmus|vierteljährlich|jährlich|halbjährlich|abwechselnd",
    "past": "vor kurzem|letzte woche|letzter woche|vergangene woche|letzten monat|bereits|kürzlich|neulich|"
    "damals|her|letztes mal|letzten mal|vorhin",
    "past_verb": "war|waren|hatte|hatten|besprochen|getroffen|gesprochen|traf|trafen|gab|ging|kam|wurde|wurden|"
    "erledigt|abgeschlossen|gewesen|gehabt|gemacht|saß|sprach|sprachen|geredet|gesehen|geliefert|gestartet|fertig",
    "or": "oder|bzw|beziehungsweise|entweder|ansonsten|sonst|alternativ|oder auch|respektive",
    "and": "und|sowie|u",
    "to": "bis|bis zum",
    "between": "zwischen",
    "during": "für|während|seit|lang|dauert|per|pro|um",
    "absence": "urlaub|ferien|abwesend|abwesenheit|krank|elternzeit|frei|unterwegs|dienstreise|weg|urlaubs|messe|"
    "mutterschutz|auszeit|verreist|ooo|sabbatical|homeoffice tag",
    "back": "zurück|wieder da|wieder zurück|rückkehr|zurückkommt|zurückkomme|wieder im büro",
    "cue": "weitermachen|weiterreden|fortsetzen|anknüpfen|treffen|treffen wir uns|treffen uns|sehen wir uns|"
    "sehen uns|sprechen wir|sprechen wir uns|sprechen|"
    "nächstes treffen|nächster termin|nächsten termin|nächstes gespräch|nächstes 1 1|nächster check in|wieder|"
    "termin|besprechung|meeting|jour fixe|check in|gespräch|austausch|telefonieren|call|lass uns|lasst uns|"
    "folgetermin|machen wir weiter|weiter|wiedersehen|vereinbaren|anruf|1 1|one on one|nächste runde|"
    "nächster austausch|nächstes mal|treffe|sync|review|erneut|nochmal|noch mal|mitarbeitergespräch|abstimmung|"
    "nächstes meeting|reden|reden wir",
    "zone_word": "zeit|zeitzone|ortszeit in",
    "topic": "wegen|bezüglich|bzgl|über|zum thema|thema|betreff|betreffs|damit|weil|da|zwecks|hinsichtlich|um|zu|zur",
    "with": "mit",
    "filler": "uns beiden|für uns beide|beiden|geeinigt|haben uns|verabredet|ausgemacht|guten morgen|guten tag|"
    "guten abend|vereinbart|festgelegt|selber tag|gleicher tag|selber wochentag|gleicher wochentag|ganztags|st|s t|"
    "c t|bitte|danke|gerne|"
    "gern|ok|okay|ja|passt|passt mir|passt mir gut|super|prima|perfekt|gut|wäre|wäre gut|wäre super|ist|ist gut|"
    "ist ok|wird|dann|wie besprochen|wie vereinbart|wie abgemacht|wie geplant|wie immer|wie gewohnt|wie üblich|"
    "wie wäre|wie wäre es|wie wär s|sagen wir|ich|wir|du|sie|uns|mir|mich|es|das|dies|mal|doch|nur|auch|genau|"
    "schon|noch|gleich|dann wieder|vorschlag|mein vorschlag|vorschlage|schlage|schlage vor|vor|neu|neuer|"
    "neuer termin|hallo|hi|moin|liebe grüße|grüße|vg|lg|mfg|erst|erst wieder|zeit|uhrzeit|datum|tag|der nächste|"
    "persönlich|vor ort|remote|online|per video|per telefon|telefonisch|zoom|teams|im büro|büro|kaffee|"
    "mittagessen|beim mittagessen|raum|können|können wir|kann|sollten|sollten wir|würde|würden|möchte|möchten|"
    "machen|machen wir|nehmen|nehmen wir|planen|planen wir|legen|setzen|einplanen|eintragen|festhalten|der|hier|"
    "ort|am besten|beste|fest|fix|kurz|kurzer|kurzes|länger|ab|los|geht s|geht|es geht|verschoben auf|"
    "verschieben auf|verschieben|verschiebe|so|bei|bei mir|von mir aus|meinetwegen|einverstanden|klar|alles klar|"
    "einen|ein|lieber|besser|deutscher zeit|ortszeit|früh|spät|pünktlich|abgemacht|vereinbart|als|nächsten|"
    "schönen|hätte|haben|habe|auf",
    "same_time": "gleiche zeit|gleiche uhrzeit|zur gleichen zeit|zur gleichen uhrzeit|selbe zeit|selbe uhrzeit|"
    "zur selben zeit|zur selben uhrzeit|um die gleiche zeit|um die gleiche uhrzeit|um dieselbe zeit|"
    "gleicher zeit|dieselbe zeit|dieselbe uhrzeit|um dieselbe uhrzeit|gleiche stunde|selbe stunde|"
    "die gleiche zeit|gleicher uhrzeit|gleiche zeit wie heute|gleiche uhrzeit wie heute|"
    "zur gleichen zeit wie heute|gleiche zeit wie immer|zur gewohnten zeit|zur üblichen zeit|um die selbe zeit|"
    "zur selben zeit wie heute|selbe zeit wie heute",
    "midnight": "mitternacht",
    "oclock": "uhr|h",
    "daypart:am": "morgen|früh|vormittag|vormittags|morgens|am vormittag|am morgen|in der früh|frühmorgens|"
    "am frühen vormittag|früher vormittag|später vormittag|am späten vormittag|am frühen morgen",
    "daypart:pm": "nachmittag|nachmittags|abend|abends|mittag|mittags|am nachmittag|am abend|zu mittag|am mittag|"
    "am späten nachmittag|am frühen nachmittag|später nachmittag|früher nachmittag|spätnachmittag|"
    "nach dem mittagessen|vor dem mittagessen",
    "daypart:night": "nachts|nacht|in der nacht",
    "half_to": "halb|halber",
    "quarter_past": "viertel nach",
    "quarter_to": "viertel vor",
    "quarter_of": "viertel",
    "three_quarters": "dreiviertel|drei viertel",
    "past_hour": "nach|minuten nach",
    "to_hour": "vor|minuten vor",
    "half": "halbe|halben",
    "and_half": "und eine halbe|und einer halben|einhalb",
    "week_number": "kw|kalenderwoche|woche|kw.",
    "quarter_name": "q",
    "week_of": "woche vom|woche ab|woche um den|woche des|woche nach dem|woche nach|woche vor",
    "later": "später|danach|darauf",
    "day_word": "tag",
    "day_mark": "am|den|zum|dem|auf den",
    "every": "jeden|jede|jedes|alle",
    "zone:?": "deine zeit|deiner zeit|eurer zeit|ihrer zeit",
    "zone:Europe/Berlin": "deutscher zeit|berliner zeit|deutsche zeit",
    "zone:Europe/London": "londoner zeit|britischer zeit|englischer zeit",
    "zone:America/New_York": "new yorker zeit",
    "zone:Europe/Paris": "pariser zeit",
    "zone:Europe/Vienna": "wiener zeit",
    "zone:Europe/Zurich": "schweizer zeit|zürcher zeit",
}

DAYPARTS = {"night": "nacht", "am": "morgen|früh|vormittag", "pm": "nachmittag|abend|mittag"}
