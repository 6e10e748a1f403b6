"""Dutch, with the words of Flanders."""

BARE_DAY = False
DOTTED = False
SUNDAY_FIRST = False
EIGHT_DAYS = True
FORTNIGHT = ""

WORDS = {
    "weekday:0": "maandag|ma|maa|mandag",
    "weekday:1": "dinsdag|di|din|dinsdg",
    "weekday:2": "woensdag|wo|woe|woensdg",
    "weekday:3": "donderdag|do|don|donderdg",
    "weekday:4": "vrijdag|vr|vrij|vrijdg",
    "weekday:5": "zaterdag|za|zat",
    "weekday:6": "zondag|zo|zon",
    "month:1": "januari|jan",
    "month:2": "februari|feb|febr",
    "month:3": "maart|mrt",
    "month:4": "april|apr",
    "month:5": "mei",
    "month:6": "juni|jun",
    "month:7": "juli|jul",
    "month:8": "augustus|aug",
    "month:9": "september|sep|sept",
    "month:10": "oktober|okt",
    "month:11": "november|nov",
    "month:12": "december|dec",
    "verb": "do|ma|di|wo|vr|za|jan|zat|zon|din|vrij|april",
    "verb:alone": "zo",
    "number:1": "een|één",
    "number:2": "twee",
    "number:3": "drie",
    "number:4": "vier",
    "number:5": "vijf",
    "number:6": "zes",
    "number:7": "zeven",
    "number:8": "acht",
    "number:9": "negen",
    "number:10": "tien",
    "number:11": "elf",
    "number:12": "twaalf",
    "number:13": "dertien",
    "number:14": "veertien",
    "number:15": "vijftien",
    "number:16": "zestien",
    "number:17": "zeventien",
    "number:18": "achttien",
    "number:19": "negentien",
    "number:20": "twintig",
    "number:30": "dertig",
    "number:60": "zestig",
    "number:90": "negentig",
    "ordinal:1": "eerste",
    "ordinal:2": "tweede",
    "ordinal:3": "derde",
    "ordinal:4": "vierde",
    "ordinal:5": "vijfde",
    "ordinal:6": "zesde",
    "ordinal:7": "zevende",
    "ordinal:8": "achtste",
    "ordinal:9": "negende",
    "ordinal:10": "tiende",
    "ordinal:11": "elfde",
    "ordinal:12": "twaalfde",
    "ordinal:15": "vijftiende",
    "ordinal:20": "twintigste",
    "unit:minute": "minuut|minuten|min",
    "unit:hour": "uur|uren",
    "unit:day": "dag|dagen|dgn|dagje",
    "unit:week": "week|weken|wk|wkn|weekje|weekjes",
    "unit:month": "maand|maanden|mnd|maandje",
    "unit:quarter": "kwartaal|kwartalen",
    "unit:halfyear": "half jaar|halfjaar",
    "unit:year": "jaar|jaren",
    "unit:workday": "werkdag|werkdagen",
    "day:0": "vandaag|vanavond|vanmiddag|vanochtend|vanmorgen",
    "day:1": "morgen|mrgn|morgenochtend|morgenmiddag|morgenavond|morgennamiddag|morgenvoormiddag|morgenvroeg",
    "day:2": "overmorgen",
    "day:-1": "gisteren",
    "day:-2": "eergisteren",
    "next": "volgende|volgend|eerstvolgende|vlgd",
    "coming": "komende|aanstaande|aankomende|as|a s|eerstkomende|komend|deze komende",
    "this": "deze|dit|huidige|lopende",
    "after_next": "over volgende",
    "last": "laatste|vorige|afgelopen|vorig|voorbije",
    "in": "tot over|over|binnen|in|na precies",
    "from": "vanaf|van|met ingang van",
    "from_now": "vanaf nu|vanaf vandaag|van nu af",
    "on": "op|aan",
    "of": "van|in|van de|in de maand|in de|van het",
    "article": "de|het|den|'t|t|een",
    "by": "uiterlijk|tegen|uiterlijk op|ten laatste|tot uiterlijk|deadline",
    "at": "om|@|klokslag",
    "until": "tot|tot en met|t m",
    "after": "na|niet voor|vanaf|na de|op zijn vroegst",
    "before": "voor|vóór|voorafgaand aan",
    "since": "sinds|sedert",
    "end": "eind|einde|eind van|einde van|aan het einde van|aan het eind van|het einde van|het eind van|"
    "voor het einde van|voor het eind van|tegen eind|op het einde van|tegen het einde van",
    "middle": "midden|medio|half|halverwege|midden van|in het midden van",
    "start": "begin|begin van|aan het begin van|het begin van|in het begin van",
    "end_of:month": "maandeinde|ultimo",
    "end_of:day": "einde van de dag|eind van de dag|einde dag|eod|het einde van de dag|eind van de middag",
    "weekend": "weekend|weekeinde",
    "vague": "uiterlijk|daaropvolgende|binnenkort|spoedig|ooit|eens|een keer|op een dag|wanneer|als ik terug ben|zodra|"
    "nader te bepalen|ntb|nog te bepalen|te bepalen|n t b|nog onbekend|onbekend|enkele|enige|een paar|paar|"
    "meerdere|verschillende|zo snel mogelijk|zsm|z s m|indien nodig|wanneer je wilt|weet niet|weet ik niet|"
    "geen idee|we zien wel|flexibel|kerst|kerstmis|pasen|nieuwjaar|feestdagen|zomer|winter|herfst|lente|voorjaar|"
    "najaar|de komende weken|in de komende|de komende dagen|in de loop|loop van|een andere keer|tbd|tba|tbc|asap|"
    "maakt niet uit|anderhalve|anderhalf|eerste helft|tweede helft|eerste week|laatste week|jaareinde|"
    "binnen de komende|in de volgende weken|op termijn|te zijner tijd|tzt",
    "unsure": "misschien|wellicht|waarschijnlijk|mogelijk|indien mogelijk|als het kan|bij voorkeur|liefst|"
    "denk ik|volgens mij|eventueel|zou|als|onder voorbehoud|vermoedelijk|in principe|tenzij|?",
    "approximate": "ongeveer|circa|ca|rond|rond de|omstreeks|zo n|zowat|minstens|minimaal|maximaal|bijna|"
    "meer dan|minder dan|ongeveer op|of zo|tegen",
    "negation": "niet|geen|nooit|behalve|zonder|in plaats van|annuleren|geschrapt|geannuleerd|overslaan|noch|"
    "afzeggen|afgezegd|liever niet|vervalt|skippen|sla over|uitgezonderd",
    "none": "geen|niet nodig|geen afspraak|geen vergadering|nee|niets|niks|geen behoefte|niet noodzakelijk|"
    "vervalt|n v t|nvt|geen volgende|geen vervolg|geen nieuwe afspraak|geen volgende afspraak|voorlopig niet|"
    "voorlopig geen|n a|hoeft niet|geen datum|geen overleg",
    "rule": "elke|iedere|ieder|elk|wekelijks|tweewekelijks|maandelijks|dagelijks|per week|per maand|om de|"
    "om de twee|kwartaal|regelmatig|eens per|twee keer per|op maandagen|maandagen|dinsdagen|woensdagen|"
    "donderdagen|vrijdagen|alle|telkens|om de week|om de andere week|jaarlijks",
    "past": "geleden|vorige week|afgelopen week|vorige maand|al|laatst|onlangs|eerder|verleden week|laatste keer",
    "past_verb": "was|waren|had|hadden|gesproken|besproken|gezien|ontmoet|gedaan|klaar|afgerond|geleverd|"
    "verstuurd|ging|kwam|gehad|geweest|zat|zaten|spraken",
    "or": "of|ofwel|hetzij|anders",
    "and": "en|plus",
    "to": "tot|tot en met|t m",
    "between": "tussen",
    "during": "gedurende|voor|tijdens|al|per",
    "absence": "vakantie|verlof|afwezig|afwezigheid|ziek|vrij|weg|op reis|zwangerschapsverlof|ouderschapsverlof",
    "back": "terug|terugkeer|weer terug",
    "cue": "zien we elkaar|elkaar weer|afspreken|spreken we|spreken we af|weer|afspraak|volgende afspraak|"
    "overleg|volgend overleg|vergadering|volgende vergadering|volgende check in|check in|gesprek|volgend gesprek|"
    "praten|bellen|opnieuw|plannen|inplannen|call|meeting|1 1|one on one|bijpraten|bila|volgende bila|treffen|"
    "vervolg|vervolgafspraak|volgende meeting|laten we|spreken elkaar|we zien elkaar|zie je|tot dan|elkaar|"
    "volgende keer",
    "zone_word": "tijd|tijdzone",
    "topic": "over|omdat|betreffende|inzake|zodat|want|onderwerp|mbt|m b t|om te|wegens",
    "with": "met",
    "filler": "liever|voorkeur|graag|alsjeblieft|alstublieft|aub|svp|bedankt|dank|dankjewel|dank je|ok|oke|oké|ja|"
    "prima|perfect|"
    "goed|is goed|mooi|fijn|top|zou|zou goed zijn|is|wordt|dan|zoals afgesproken|zoals besproken|zoals altijd|"
    "zoals gewoonlijk|laten we zeggen|zeg|ik|wij|we|je|jij|ons|mij|me|het|dat|dit|ook|maar|alleen|zelfde plek|"
    "zelfde plaats|zelfde locatie|datum|tijd|tijdstip|voorstel|mijn voorstel|ik stel voor|stel|voor|nieuw|nieuwe|"
    "hallo|hoi|hi|groet|groeten|gr|mvg|fysiek|op kantoor|kantoor|online|zoom|teams|telefonisch|koffie|lunch|zaal|"
    "hier|kunnen|kunnen we|kan|doen|doen we|zullen|zullen we|wil|dag|mijn|stipt|bevestigd|past|past mij|komt uit|"
    "lijkt me goed|uit|af|door|verplaatsen naar|naar|verzetten naar|precies|de|u|eens",
    "same_time": "zelfde tijd|dezelfde tijd|op hetzelfde tijdstip|hetzelfde tijdstip|zelfde tijdstip|"
    "om dezelfde tijd|op dezelfde tijd|zelfde uur|hetzelfde uur|zelfde tijd als vandaag|"
    "dezelfde tijd als vandaag|gebruikelijke tijd|op de gebruikelijke tijd|rond dezelfde tijd",
    "midnight": "middernacht",
    "oclock": "uur|u|h",
    "am": "am",
    "pm": "pm",
    "daypart:am": "ochtend|morgen|'s ochtends|'s morgens|s ochtends|s morgens|in de ochtend|voormiddag|"
    "in de voormiddag|vroeg|morgenvroeg|ochtends|vanochtend|vanmorgen|in de vroege ochtend",
    "daypart:pm": "middag|'s middags|s middags|in de middag|namiddag|in de namiddag|avond|'s avonds|s avonds|"
    "in de avond|middags|avonds|einde middag|eind middag|vanavond|vanmiddag|na de lunch|rond de middag",
    "daypart:night": "nacht|'s nachts|s nachts",
    "half_to": "half",
    "quarter_past": "kwart over|kwart na",
    "quarter_to": "kwart voor",
    "past_hour": "over",
    "to_hour": "voor",
    "and_half": "en een half|en een halve",
    "half": "halve",
    "week_number": "week|wk|weeknummer|kw",
    "quarter_name": "q|k",
    "week_of": "week van|de week van|in de week van|week vanaf",
    "later": "later|daarna|nadien",
    "day_word": "dag",
    "day_mark": "op de|de|op|den|per",
    "every": "elke|iedere",
    "zone:Europe/Amsterdam": "nederlandse tijd|amsterdamse tijd|belgische tijd",
    "zone:Europe/London": "engelse tijd|britse tijd|londense tijd",
    "zone:ET": "new yorkse tijd",
}

DAYPARTS = {"night": "nacht", "am": "ochtend|morgen|voormiddag", "pm": "middag|namiddag|avond"}
