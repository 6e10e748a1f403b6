"""The words of promises in each language, for commitments.py: subjects, modal verbs, and what is no act."""

from __future__ import annotations

import re

from worker.replies.text import fold, words_of

WE = words_of("""we wir nous on nosotros nosotras vamos nos noi wij""")
PRONOUNS = words_of("""i ich je yo eu io ik you du tu we wir nous on he she they er sie il elle el ella ellos""")

# A pronoun as subject; the apostrophe of "I'll" and "j'enverrai" belongs to what follows.
PRONOUN = re.compile(
    r"(i|we|you|ich|wir|du|je|j|nous|on|tu|vous|yo|nosotros|nosotras|usted|eu|io|noi|ik|wij|jij)(?=['\s])"
)

# "C'est moi qui appelle", "c'est Alex qui prépare": French names who does it this way.
CLEFT = re.compile(r"c'est ([^\s,]{2,30}) qui\s+")

# What may stand before the subject without changing what is said.
LEAD = re.compile(
    r"(?:(?:so|also|and|then|ok|okay|great|plus|finally|first|second|agreed|agreed that|we agreed that|we agreed"
    r"|as agreed|as discussed"
    r"|as a next step|next step|deal|in the meantime|meanwhile|until then|note to self|und|also gut|ausserdem|dann"
    r"|vereinbart|wie besprochen"
    r"|wie vereinbart|wir haben vereinbart, dass|et|ensuite|puis|aussi|en attendant|comme convenu|convenu|y|tambien"
    r"|ademas|luego|entonces"
    r"|como acordamos|acordado|mientras tanto|quedamos en que)\s*[,:]?\s+|[-–—>→]+\s+){1,3}"
)
CONDITION = re.compile(
    r"(?:if|when|whenever|unless|once|in case|assuming|wenn|falls|sobald|sofern|si|quand|lorsque|des que|cuando"
    r"|en caso|se|quando|als|indien"
    r"|i (?:think|hope|guess|wonder|doubt|assume|believe|feel|fear|worry)|maybe|perhaps|probably|hopefully|ideally"
    r"|vielleicht|hoffentlich"
    r"|wahrscheinlich|ich (?:glaube|hoffe|denke|furchte)|peut-etre|j'espere|je pense|je crois|quiza|quizas|tal vez"
    r"|espero|creo|pienso)\b"
)
NEGATION = re.compile(
    r"\bnot\b|n't\b|\bnever\b|\bno longer\b|\bcannot\b|\bnicht\b|\bkein\w*\b|\bnie\b|\bne\s+\w+\s+(?:pas|plus"
    r"|jamais)\b|\bn'\w+\s+(?:pas|plus|jamais)\b"
    r"|(?:^|\s)no (?:va|voy|vamos|debe|tiene|tengo|puede|puedo|quiere|quiero|envia|enviara|hara|podra|creo)\b"
    r"|\bnunca\b|\bnon\b|\bniet\b|\bgeen\b|\bnao\b"
)

# Behind a subject: what makes the next verb a promise. The words in WEAK_MODAL do so only with a date.
MODAL = re.compile(
    r"\s*(?:'ll|will|shall|is going to|are going to|am going to|'m going to|'re going to|to|agreed to|agree to"
    r"|promised to|promise to|commits to"
    r"|commit to|committed to|offered to|volunteered to|owes|owe|needs to|need to|has to|have to|must|should|is to"
    r"|are to|plans to|plan to|can"
    r"|is responsible for|takes care of|take care of|is taking care of"
    r"|werde|wird|werden|wirst|muss|mussen|soll|sollen|sollte|will|mochte|kann"
    r"|ubernimmt|ubernehme|ubernehmen|kummert sich um|kummere mich um|hat zugesagt,?|habe zugesagt,?"
    r"|va a|vas a|vais|va|allons|vas|allez|dois|doit|devons|devra|devrai|devrait|s'engage a|m'engage a"
    r"|s'occupe d(?:e|u|es)"
    r"|m'occupe d(?:e|u|es)|s'occupera d(?:e|u|es)|m'occuperai d(?:e|u|es)"
    r"|se charge d(?:e|u|es)|me charge d(?:e|u|es)|a promis de|ai promis de|a accepte de"
    r"|voy a|vamos a|debe|debo|debemos|tiene que|tengo que|tenemos que"
    r"|se encarga del?|me encargo del?|se compromete a"
    r"|me comprometo a"
    r"|se encargara del?|me encargare del?|ha prometido|prometio"
    r"|vou|vai|deve|devo|tem de|tem que|tenho de|tenho que|devo|dovra|zal|zullen|moet|gaat|ga"
    r")(?:\s+(?:also|then|now|personally|auch|dann|noch|aussi|ensuite|donc|tambien|luego|ook))?\s+(?=\S)"
)
WEAK_MODAL = re.compile(
    r"^\s*(?:to|needs? to|has to|have to|must|should|can|plans? to|is to|are to|muss|mussen|soll|sollen|sollte"
    r"|mochte|kann|dois|doit|devons"
    r"|devrait|va|vai|debe|debo|debemos|tiene que|tenemos que|deve|devo|moet|gaat|ga)\s+$"
)
DROPPED = re.compile(
    r"(?:voy a|vamos a|tengo que|tenemos que|me encargo del?|me comprometo a|me encargare del?|nos encargamos del?|vou"
    r"|tenho de)\s+(?=\S)"
)

# First words that make a clause no act: states, feelings, leaving, and what people say of the future in passing.
NOT_ACTS = words_of(
    """be been being have see need know like love miss feel seem become stay remain leave retire quit resign want
    wish hope think believe guess expect understand let keep get never probably maybe perhaps hopefully always
    likely definitely most wait turn end continue happen appear look struggle suffer enjoy hate prefer depend
    matter mean thank appreciate admit confess sein haben bleiben werden wissen sehen verlassen gehen kundigen
    denken glauben hoffen fuhlen vermissen warten brauchen vielleicht wahrscheinlich bestimmt wohl gern gerne
    etre avoir rester partir quitter savoir voir penser croire esperer sentir aimer demissionner attendre ser
    estar haber tener quedar quedarse ir irse salir saber ver pensar creer esperar sentir querer renunciar dejar
    seguir ficar sair essere avere restare rimanere zijn hebben blijven so very too really just good great nice
    well thanks thank sorry yes no ok"""
)
# Verbs that promise nothing by themselves, but do with a deadline.
VAGUE = words_of(
    """try start help work go come take make do give find meet spend focus bring ask reflect ponder worry relax
    versuchen anfangen helfen arbeiten kommen machen essayer aider travailler venir faire commencer intentar
    tratar ayudar trabajar venir hacer empezar tentar"""
)
VAGUE = VAGUE - words_of("""ask make do give find bring take faire hacer machen help meet""")

# "j'enverrai", "je parlerai", "hablaré", "enviaremos": read in the text itself, where the accent still stands.
FUTURE = re.compile(
    r"(?:(?:je\s+|j['’]|nous\s+|yo\s+|nosotros\s+)?(?P<verb>[^\W\d_]{2,20}(?:rai|[eiduv]rons|ré|remos)))(?=\s)"
)
FUTURE_VERB = re.compile(r"[^\W\d_]{2,20}(?:ra|rá|rai|ré|ras|rás|ront|rán|[eiduv]rons|remos)(?=\s)")

_STATES = words_of(
    """is are am was were has had have want wants hope hopes think thinks feel feels seem seems need needs like
    likes love loves know knows expect expects wish wishes leave leaves quit quits resign resigns retire retires
    turn turns become becomes say says said told asked went did made gave took got came met felt left kept sent
    wrote brought thought knew saw and or but who which that in on at of the with from for by to a an not also
    might may could would did does do been being stays stay remain remains worry worries fear fears struggles
    struggle suffers complained complains works work lives live and, mentioned believes believe ist sind war
    waren hat hatte haben mochte will glaubt glaube denkt denke hofft hoffe fuhlt fuhle kundigt verlasst geht
    bleibt bleibe arbeitet arbeite weiss sagt sagte meinte meint braucht brauche und oder aber der die das mit
    von im in am war wurde kann est sont etait a ai avait avoir veut veux pense espere croit sent quitte part
    reste travaille dit disait aime et ou mais qui que es son era fue ha he tiene tengo tenia quiere quiero
    piensa espera cree siente deja se sale queda trabaja dijo dice y o pero que necesita necesito besoin esta
    estoy estaba e sono era ha vuole heeft is was wil en of maar die dat"""
)


# Verbs of things that get done, by their stems: with these a day will do that is no deadline ("sends it next week").
_DELIVERS = re.compile(
    r"(?:send|shar|prepar|writ|draft|finish|complet|submit|deliver|review|updat|book|schedul|call|set|creat|check"
    r"|fix|publish|order|contact"
    r"|organis|organiz|talk|speak|ask|collect|present|finalis|finaliz|hand|document|clarif|arrang|compil|summar"
    r"|introduc"
    r"|schick|schreib|erstell|bereit|pruf|liefer|ruf|sprech|sprich|rede|meld|buch|aktualisier|klar|frag|sammel|teil|stell"
    r"|prasentier|uberarbeit"
    r"|envoi|envoy|redig|termin|livr|partag|appell|reserv|verifi|parl|clarifi|mets?$|revoi|presente"
    r"|envi|mand|redact|entreg|compart|llam|actualiz|revis|habl|aclar|pregunt|confirm)"
)
_ACTS_HERE = {"fr": frozenset({"met"})}


# What stands between subject and verb in Romance languages: "Alex me manda el informe".
_CLITICS = words_of("""me te le les nos os se lo la los las lui leur vous nous mi ti gli ci vi""")

ELIDED = re.compile(r"^[mtl]['’]")

_PRESENT_TE = words_of("""bereite arbeite leite biete vorbereite""")


def delivers(act: str, language: str = "en") -> bool:
    """Whether the first verb of an act speaks of getting something done, and not of what was done."""
    verb = next((word for word in act.lower().split()[:4] if fold(word) not in _CLITICS), "").strip(".,;:!'’")
    verb = ELIDED.sub("", verb)
    past = verb.endswith(("ó", "ed")) or verb in {"set", "sprach", "schrieb", "rief", "envoya"}
    past = past or (language == "de" and verb.endswith("te") and verb not in _PRESENT_TE)
    return not past and _DELIVERS.match(fold(verb)) is not None


def is_past_or_state(verb: str, language: str = "en") -> bool:
    """Whether a folded first verb states how things are or were, rather than an act to come."""
    if verb in _ACTS_HERE.get(language, ()):
        return False
    return verb in _STATES or verb in NOT_ACTS or (verb.endswith("ed") and len(verb) > 4)


# Where a new clause with a subject of its own may begin.
# White space is looked at from its start only: a run of thousands must not be tried at each of its places.
JOINT = re.compile(r"(?:[,;]\s+|(?<![\s,;])\s+)(?:and|und|et|y|e|en|then|while|dann|puis|luego|plus)\s+|[;,]\s+")
JOINT_END = re.compile(r"\b(?:and|und|et|y|e|en|then|while|dann|puis|luego|plus)$", re.IGNORECASE)

# German puts the verb of a promise at its end: "Ich werde nächste Woche im Urlaub sein".
STATE_AT_END = re.compile(r"\b(?:sein|haben|bleiben|werden|fehlen|kundigen|gehen|verlassen|aufhoren|brauchen|wissen)$")
