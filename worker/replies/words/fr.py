"""French, with the words of Belgium, Switzerland and Canada."""

BARE_DAY = True
DOTTED = False
SUNDAY_FIRST = False
EIGHT_DAYS = True
FORTNIGHT = "certain"

WORDS = {
    "weekday:0": "lundi|lun",
    "weekday:1": "mardi|mar",
    "weekday:2": "mercrdi|mecrdi|mercredi|mer|mercerdi|mecredi|mercedi",
    "weekday:3": "jeudi|jeu|jeud",
    "weekday:4": "vendredi|ven|vend|vendedi|vendrdi",
    "weekday:5": "samedi|sam",
    "weekday:6": "dimanche|dim",
    "month:1": "janvier|janv|jan",
    "month:2": "février|févr|fév|fevr",
    "month:3": "mars",
    "month:4": "avril|avr",
    "month:5": "mai",
    "month:6": "juin",
    "month:7": "juillet|juil",
    "month:8": "août|aout",
    "month:9": "septembre|sept|sep",
    "month:10": "octobre|oct",
    "month:11": "novembre|nov",
    "month:12": "décembre|déc",
    "verb": "avril|sam|mar|mer|sept|jan|ven",
    "number:1": "un|une",
    "number:2": "deux",
    "number:3": "trois",
    "number:4": "quatre",
    "number:5": "cinq",
    "number:6": "six",
    "number:7": "sept",
    "number:8": "huit",
    "number:9": "neuf",
    "number:10": "dix",
    "number:11": "onze",
    "number:12": "douze",
    "number:13": "treize",
    "number:14": "quatorze",
    "number:15": "quinze",
    "number:16": "seize",
    "number:17": "dix sept",
    "number:18": "dix huit",
    "number:19": "dix neuf",
    "number:20": "vingt",
    "number:21": "vingt et un|vingt et une",
    "number:22": "vingt deux",
    "number:23": "vingt trois",
    "number:24": "vingt quatre",
    "number:25": "vingt cinq",
    "number:26": "vingt six",
    "number:27": "vingt sept",
    "number:28": "vingt huit",
    "number:29": "vingt neuf",
    "number:30": "trente",
    "number:31": "trente et un",
    "number:45": "quarante cinq",
    "number:60": "soixante",
    "number:90": "quatre vingt dix",
    "ordinal:1": "premier|première",
    "ordinal:2": "deuxième|second|seconde",
    "ordinal:3": "troisième",
    "ordinal:4": "quatrième",
    "ordinal:5": "cinquième",
    "unit:minute": "minute|minutes|min|mn",
    "unit:hour": "heure|heures",
    "unit:day": "jour|jours|j",
    "unit:week": "semaine|semaines|sem|semainne",
    "unit:fortnight": "quinzaine|quinzaine de jours",
    "unit:month": "mois",
    "unit:quarter": "trimestre|trimestres",
    "unit:halfyear": "semestre",
    "unit:year": "an|ans|année|années",
    "unit:workday": "jour ouvré|jours ouvrés|jour ouvrable|jours ouvrables",
    "day:0": "aujourd'hui|ajd|auj|ce matin|cet après midi|ce soir|cet aprem|aujourdhui",
    "day:1": "demin|deamin|demain|dem1",
    "day:2": "après demain|le surlendemain|apres demain|aprèsdemain",
    "day:-1": "hier",
    "day:-2": "avant hier",
    "next": "prochain|prochaine|prochains|prochaines|proch",
    "coming": "qui vient|à venir|ce prochain|cette prochaine|qui arrive",
    "this": "ce|cette|cet|courant|en cours",
    "last": "dernier|dernière|passé|passée|précédent|précédente",
    "idiom:7": "en huit|en 8",
    "idiom:14": "en quinze|en 15",
    "in": "ds|dans|d'ici|sous|en|d'ici à|d'ici environ|au bout de|dans exactement",
    "from": "à partir de|à partir du|dès|depuis le|à compter du|à compter de|de",
    "from_now": "à partir d'aujourd'hui|à compter d'aujourd'hui|à partir de maintenant|à compter de maintenant|"
    "à partir de ce jour|à compter de ce jour",
    "on": "le|en",
    "of": "de|du|des|d|au mois de|du mois de|de la|de l|en",
    "article": "le|la|les|l|notre|nos|un|une",
    "by": "pour|pour le|avant le fin|d'ici|d'ici le|d'ici au|d'ici à|au plus tard|au plus tard le|pour la|d'ici la",
    "at": "à|vers les|@|aux",
    "until": "jusqu'à|jusqu'au|jusque|jusqu'en",
    "after": "après|après le|pas avant|passé|au delà du|après la|après les",
    "before": "avant|avant le|avant la|avant les",
    "since": "depuis|depuis le",
    "end": "fin|la fin|à la fin|en fin|fin de|fin du|à la fin de|à la fin du|à la fin de la|en fin de|"
    "d'ici la fin|la fin du|la fin de|d'ici fin|d'ici la fin de|d'ici la fin du|pour la fin de|pour la fin du|"
    "avant la fin de|avant la fin du|avant fin",
    "middle": "mi|milieu|au milieu|au milieu de|en milieu|en milieu de|courant|milieu de|à la mi|"
    "dans le courant de|dans le courant du",
    "start": "début|en début|au début|en début de|au début de|début de|début du|au début du|tout début|dès début",
    "end_of:day": "fin de journée|en fin de journée|la fin de journée|fin de la journée|eod",
    "weekend": "week end|weekend|we",
    "vague": "au plus tard|suivant|suivante|d'après|bientôt|prochainement|un de ces jours|un jour|plus tard dans|quand|"
    "quand je serai de retour|quand je reviens|dès que|lorsque|à définir|à déterminer|à confirmer|à voir|à fixer|"
    "à préciser|à convenir|quelques|plusieurs|certains|dès que possible|asap|au besoin|si besoin|selon besoin|"
    "quand tu veux|quand vous voulez|n'importe quand|n'importe quel|n'importe|je ne sais pas|je sais pas|"
    "aucune idée|on verra|à voir plus tard|noël|pâques|rentrée|la rentrée|vacances scolaires|fêtes|les fêtes|"
    "après les fêtes|nouvel an|été|hiver|automne|printemps|dans les prochains|dans les prochaines|ces prochains|"
    "ces prochaines|d'ici quelques|au cours|dans le courant|une autre fois|incessamment|sous peu|tbd|tba|tbc|"
    "flexible|peu importe|comme tu veux|comme vous voulez|première semaine|deuxième semaine|dernière semaine de|"
    "dernière semaine du|première quinzaine|fin d'année|fin de l'année|deuxième quinzaine|seconde quinzaine|"
    "première moitié|seconde moitié|deuxième moitié|huitaine|une huitaine|dizaine|une dizaine|couple de|"
    "au plus tôt|le plus tôt possible|rapidement|un moment|prochains jours|jours à venir|semaines à venir",
    "unsure": "je te confirme|"
    "peut être|probablement|sans doute|éventuellement|si possible|idéalement|je pense|je crois|"
    "sûrement|plutôt vers|à priori|a priori|en principe|normalement|potentiellement|sauf|si|sous réserve|"
    "pourrait|possible|de préférence|vraisemblablement|?",
    "approximate": "environ|à peu près|vers|approximativement|autour|aux alentours|aux environs|plus ou moins|"
    "au moins|au maximum|maximum|minimum|plus de|moins de|presque|grosso modo|env|autour du|aux alentours du|"
    "vers le",
    "negation": "pas|ne|n|non|jamais|aucun|aucune|sans|sauf|excepté|hormis|plutôt que|au lieu de|au lieu du|"
    "annuler|annulé|annulée|sauter|ni|pas le|à part|indisponible|ne pas|supprimer|évitez|éviter|on saute",
    "none": "aucun|aucune|pas de prochain|pas de réunion|pas de rendez vous|pas de rdv|pas besoin|pas nécessaire|"
    "non|rien|néant|pas de prochain point|pas de point|inutile|pas utile|plus de point|pas de suite|sans objet|"
    "n a|pas la peine|aucun besoin|pas de nouveau point|pas de prochaine réunion|pas prévu|pas de date|"
    "pas pour l'instant|pas pour le moment|pas de prochain rdv|pas de prochain rendez vous",
    "rule": "sur deux|chaque|tous les|toutes les|hebdomadaire|mensuel|mensuelle|bimensuel|bihebdomadaire|"
    "quotidien|trimestriel|régulièrement|une fois par|deux fois par|un sur deux|une sur deux|par semaine|"
    "par mois|les lundis|les mardis|les mercredis|les jeudis|les vendredis|lundis|mardis|mercredis|jeudis|"
    "vendredis|toute|tous|annuel",
    "past": "il y a|la semaine dernière|la semaine passée|le mois dernier|déjà|l'autre jour|récemment|"
    "semaine dernière|semaine passée|mois dernier|il y avait|la dernière fois|auparavant",
    "past_verb": "était|avons|avait|vu|parlé|discuté|rencontré|fait|eu|été|terminé|fini|livré|envoyé|s'est|"
    "étions|avions|vus|parlâmes|a eu|évoqué|abordé|lancé",
    "or": "ou|ou bien|soit|sinon|ou alors|voire|ou encore",
    "and": "et|ainsi que",
    "to": "au|à",
    "between": "entre|entre le",
    "during": "pendant|durant|pour|depuis",
    "absence": "réunion client|réunion avec le client|réunion d'équipe|réunion de l'équipe|"
    "vacances|congé|congés|absent|absente|absence|rtt|malade|arrêt|déplacement|en congé|en congés|"
    "en vacances|parti|partie|maternité|paternité|pas là|télétravail",
    "back": "retour|de retour|reviens|revient|rentre",
    "cue": "on se cale|se cale|cale|caler|calons|on se fait un point|on fait un point|la prochaine fois|"
    "prochaine fois|revoyons nous|revoir|on se revoit|on se voit|nous nous voyons|"
    "nous nous revoyons|rendez vous|rdv|réunion|point|prochain point|prochaine réunion|prochain rdv|"
    "prochain rendez vous|prochain entretien|prochain échange|on se reparle|reparlons|reparlons en|on en reparle|"
    "reparle|on s'appelle|appelons nous|entretien|échange|retrouvons nous|on se retrouve|rencontre|"
    "rencontrons nous|voyons nous|voir|revoit|on refait|refaire|prochain|call|meeting|suivi|1 1|one on one|"
    "tête à tête|check in|à nouveau|de nouveau|appel|se voit|se parle|on se parle|parlons|prochaine rencontre|"
    "prochain meeting|prochain check in|prochain one on one|prochaine session",
    "zone_word": "heure de|heure d|heure locale de",
    "topic": "pour|au sujet|au sujet de|sur|à propos|à propos de|concernant|afin|afin de|pour parler|pour faire|"
    "car|parce que|puisque|histoire de|concerne|sujet|quant",
    "with": "avec",
    "filler": "dac|d acc|je préfère|je préférerais|préfère|je choisis|même jour|le même jour|s'il te plaît|"
    "s'il vous plaît|svp|stp|merci|ok|d'accord|oui|parfait|super|"
    "très bien|bien|ça marche|ça me va|me va|me convient|convient|serait|serait bien|serait parfait|est|sera|"
    "ce sera|c'est|donc|alors|comme convenu|comme prévu|comme d'habitude|comme d'hab|comme discuté|comme toujours|"
    "disons|"
    "allez|"
    "on dit|je|j|nous|on|tu|vous|moi|te|me|se|ça|cela|il|elle|aussi|seulement|juste|plutôt|encore|même lieu|"
    "même endroit|même salle|date|heure|créneau|proposition|je propose|propose|proposons|nouveau|nouvelle|"
    "bonjour|salut|bonne journée|cordialement|bises|bien à toi|bien à vous|à bientôt|en personne|en présentiel|"
    "à distance|en visio|visio|par téléphone|téléphone|zoom|teams|au bureau|bureau|café|déjeuner|"
    "autour d'un café|salle|ici|là|heure locale|peux|peut|pouvons|pouvez|peux tu|peut on|faisons|faire|fixons|"
    "prenons|mettons|planifions|prévoyons|prévoir|caler|calons|on cale|va|allons|on fait|on met|on prend|jour|"
    "rien d'autre|y|le|la|au|aux|a|as|plus|tout|bon|voilà|l|s|d|c|m|qu|que|qui|mon|ma|ton|votre|idéal|confirmé|"
    "confirme|je confirme|validé|noté|déplacer au|déplacé au|reporté au|reporter au|repousser au|reporté|"
    "décalé au|h|pile|précises|tapantes|matinée|à|en|de",
    "same_time": "même heure|à la même heure|la même heure|même horaire|au même horaire|mêmes horaires|"
    "même créneau|à la même heure qu'aujourd'hui|même heure qu'aujourd'hui|à l'heure habituelle|heure habituelle|"
    "aux mêmes horaires|horaire habituel|même moment|à même heure",
    "noon": "midi|12h midi",
    "midnight": "minuit",
    "oclock": "h|heure|heures|hrs|hr",
    "daypart:am": "matin|matinée|le matin|au matin|du matin|dans la matinée|en matinée|en début de matinée|"
    "début de matinée|en fin de matinée|fin de matinée|tôt le matin",
    "daypart:pm": "ce soir|après midi|aprem|soir|soirée|l'après midi|de l'après midi|du soir|le soir|dans l'après midi|"
    "début d'après midi|en début d'après midi|fin d'après midi|en fin d'après midi|dans la soirée|en soirée|a m|"
    "am|apm|l'aprem|cet aprem|à l'heure du déjeuner|après le déjeuner|après déjeuner|début de soirée",
    "daypart:night": "nuit|la nuit|de la nuit|du matin tôt",
    "plus_half": "et demie|et demi|trente",
    "plus_quarter": "et quart|quinze",
    "minus_quarter": "moins le quart|moins quart|moins un quart",
    "and_half": "et demi|et demie",
    "half": "demi|demie",
    "week_number": "semaine|sem|s|semaine n|semaine no",
    "quarter_name": "t|q",
    "week_of": "semaine du|la semaine du|semaine de|semaine du lundi|sem du",
    "later": "plus tard|après|ensuite",
    "day_word": "jour|journée",
    "day_mark": "le|au|du|pour le|jour",
    "every": "chaque|tous les|toutes les",
    "zone:?": "ton heure|votre heure|heure de chez toi|heure de chez vous",
    "zone:Europe/Paris": "heure de paris|heure française|heure de bruxelles",
    "zone:Europe/London": "heure de londres|heure anglaise",
    "zone:ET": "heure de new york|heure de montréal|heure de l'est",
    "zone:Europe/Berlin": "heure de berlin|heure allemande",
    "zone:Europe/Madrid": "heure de madrid",
}
