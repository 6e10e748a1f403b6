"""Spanish, of Spain and of Latin America."""

BARE_DAY = True
DOTTED = False
SUNDAY_FIRST = False
EIGHT_DAYS = True
FORTNIGHT = "certain"

WORDS = {
    "weekday:0": "lunes|lun|luns",
    "weekday:1": "martes|mar|mart",
    "weekday:2": "miércoles|mié|mier|miercoels|miercole|mx",
    "weekday:3": "jueves|jue|juev|juevs",
    "weekday:4": "viernes|vie|vier|viernez|virenes",
    "weekday:5": "sábado|sáb",
    "weekday:6": "domingo|dom",
    "month:1": "enero|ene",
    "month:2": "febrero|feb",
    "month:3": "marzo|mar|mzo",
    "month:4": "abril|abr",
    "month:5": "mayo|may",
    "month:6": "junio|jun",
    "month:7": "julio|jul",
    "month:8": "agosto|ago|agto",
    "month:9": "septiembre|setiembre|sept|sep|set",
    "month:10": "octubre|oct",
    "month:11": "noviembre|nov",
    "month:12": "diciembre|dic|dicimbre",
    "verb": "abril|mar|may|ago|dom|sep|set|julio|vier|ene",
    "number:1": "un|una|uno",
    "number:2": "dos",
    "number:3": "tres",
    "number:4": "cuatro",
    "number:5": "cinco",
    "number:6": "seis",
    "number:7": "siete",
    "number:8": "ocho",
    "number:9": "nueve",
    "number:10": "diez",
    "number:11": "once",
    "number:12": "doce",
    "number:13": "trece",
    "number:14": "catorce",
    "number:15": "quince",
    "number:16": "dieciséis",
    "number:17": "diecisiete",
    "number:18": "dieciocho",
    "number:19": "diecinueve",
    "number:20": "veinte",
    "number:21": "veintiuno|veintiún",
    "number:22": "veintidós",
    "number:23": "veintitrés",
    "number:24": "veinticuatro",
    "number:25": "veinticinco",
    "number:26": "veintiséis",
    "number:27": "veintisiete",
    "number:28": "veintiocho",
    "number:29": "veintinueve",
    "number:30": "treinta",
    "number:31": "treinta y uno",
    "number:45": "cuarenta y cinco",
    "number:60": "sesenta",
    "number:90": "noventa",
    "ordinal:1": "primero|primer|primera",
    "ordinal:2": "segundo|segunda",
    "ordinal:3": "tercero|tercer|tercera",
    "ordinal:4": "cuarto",
    "ordinal:5": "quinto",
    "unit:minute": "minuto|minutos|min",
    "unit:hour": "hora|horas|h",
    "unit:day": "día|días",
    "unit:week": "semana|semanas|sem|sems|semanita|semanitas",
    "unit:fortnight": "quincena",
    "unit:month": "mes|meses",
    "unit:quarter": "trimestre|trimestres",
    "unit:halfyear": "semestre|medio año",
    "unit:year": "año|años",
    "unit:workday": "día hábil|días hábiles|día laborable|días laborables|día laboral|días laborales",
    "day:0": "hoy|esta tarde|esta noche|hoy mismo",
    "day:1": "mañana",
    "day:2": "pasado mañana|pasado manana",
    "day:7": "de hoy en ocho|de hoy en ocho días",
    "day:8": "de mañana en ocho|de mañana en ocho días",
    "day:14": "de hoy en quince|de hoy en quince días",
    "day:56": "de hoy en ocho semanas",
    "day:105": "de hoy en quince semanas",
    "day:-1": "ayer",
    "day:-2": "anteayer|antier|antes de ayer",
    "next": "próximo|próxima|próximos|próximas|siguiente|siguientes|prox|próx",
    "coming": "q viene|que viene|entrante|este próximo|esta próxima|que entra|venidero|venidera",
    "this": "este|esta|actual|en curso|presente",
    "after_next": "que sigue a la próxima",
    "last": "último|última|pasado|pasada|anterior",
    "in": "en|dentro de|de aquí a|de acá a|en el plazo de|al cabo de|"
    "dentro de exactamente|en exactamente|justo en|justo dentro de",
    "from": "a partir de|a partir del|desde|desde el|de",
    "from_now": "de hoy en|de hoy|a partir de hoy|a partir de ahora|desde hoy|desde ahora|a contar desde hoy",
    "on": "el|en",
    "of": "de|del|de la|del mes de|en el mes de|d",
    "article": "el|la|los|las|un|una|nuestro|nuestra|lo",
    "by": "para|para el|para la|antes del fin|a más tardar|a más tardar el|como muy tarde|como muy tarde el|"
    "hacia el fin|por|como tarde|como tarde el|máximo el",
    "at": "a las|a la|@|sobre las a",
    "until": "hasta|hasta el|hasta la",
    "after": "después de|después del|tras|tras el|tras la|después|no antes del|no antes de|pasado el|luego de|"
    "luego del|tras las|después de la|después de las",
    "before": "antes de|antes del|antes|previo a|antes de la",
    "since": "desde|desde el",
    "end": "fin|fin de|final|finales|a final|a finales|al final|a fin|a fines|fines|a fin de|a finales de|"
    "a fines de|al final de|final de|finales de|fines de|al final del|final del|a final de|para fin de|"
    "para finales de|antes de que acabe|antes de que termine|antes de acabar|antes de terminar|"
    "antes de fin de|antes de finales de|a finales del|a fines del|fin del|para final de|"
    "al final de la|final de la",
    "middle": "mediados|a mediados|mitad|a mitad|a mediados de|mediados de|a mitad de|mitad de",
    "start": "principio|principios|a principio|a principios|inicio|inicios|a inicios|comienzo|comienzos|"
    "al principio|a comienzos|a primeros|primeros|a primeros de|primeros de|principios de|a principios de|"
    "a inicios de|inicios de|al inicio|a comienzos de|primera semana",
    "end_of:day": "fin del día|final del día|el final del día|al final del día|fin de la jornada|eod",
    "weekend": "final de semana|fin de semana|finde|el fin de semana|a fin de semana|a fines de semana|"
    "en fin de semana|el finde",
    "vague": "a más tardar|en adelante|pronto|en breve|próximamente|algún día|en algún momento|un día de estos|"
    "un día|cuando vuelva|"
    "cuando regrese|cuando|cuando vuelva de|cuando estés|por definir|por confirmar|por determinar|a definir|"
    "a convenir|por ver|pendiente|por concretar|a concretar|unos|unas|algunos|algunas|varios|varias|unos cuantos|"
    "unas cuantas|un par|par|un par de|par de|pocos|pocas|lo antes posible|cuanto antes|según necesidad|"
    "si hace falta|cuando quieras|cuando puedas|cualquier|cualquiera|no sé|no lo sé|ni idea|ya veremos|veremos|"
    "depende|flexible|navidad|navidades|semana santa|fiestas|las fiestas|reyes|año nuevo|fin de año|verano|"
    "invierno|otoño|primavera|en los próximos|en las próximas|los próximos|las próximas|durante los próximos|"
    "a lo largo|en el transcurso|transcurso|otro día|otra vez será|tbd|tba|tbc|asap|da igual|me da igual|"
    "primera quincena|segunda quincena|primera mitad|segunda mitad|más tarde|un rato|en un futuro|futuro|"
    "primera semana de|segunda semana de|última semana de|última semana|proximos días|una temporada|cuando sea|"
    "en cuanto",
    "unsure": "te confirmo|"
    "quizá|quizás|tal vez|a lo mejor|probablemente|posiblemente|seguramente|si es posible|si puede ser|"
    "idealmente|creo|pienso|supongo|podría|podríamos|igual|a ser posible|en principio|si|salvo|preferiblemente|"
    "provisionalmente|tentativamente|ojalá|de ser posible|?|¿",
    "approximate": "unos|aproximadamente|más o menos|aprox|sobre|hacia|alrededor|alrededor de|alrededor del|cerca|"
    "cerca de|como a|a eso de|como mínimo|como máximo|al menos|por lo menos|casi|más de|menos de|sobre las|"
    "hacia el|sobre el|o así|como en",
    "negation": "no|nunca|jamás|ningún|ninguna|ninguno|sin|excepto|salvo|menos|en vez de|en lugar de|cancela|"
    "se cancela|cancelamos|cancelar|cancelado|cancelada|saltar|saltamos|ni|tampoco|omitir|excluyendo|aparte de|"
    "evitar|evita|que no sea",
    "none": "ninguna|ninguno|no|nada|no hace falta|no es necesario|no es necesaria|sin reunión|no hay|"
    "no hay próxima|no hay reunión|no hay próxima reunión|no procede|no aplica|n a|ningún|no necesario|"
    "innecesaria|innecesario|sin próxima reunión|no necesitamos|no más|por ahora no|de momento no|sin fecha|"
    "no se requiere|no hará falta|por el momento no|de momento ninguna|por ahora ninguna",
    "rule": "cada|todos los|todas las|semanal|semanalmente|quincenal|quincenalmente|mensual|mensualmente|diario|"
    "trimestral|regularmente|una vez por|una vez a|dos veces|por semana|al mes|los lunes|los martes|"
    "los miércoles|los jueves|los viernes|los sábados|los domingos|bisemanal|diariamente|anual|todo|todos",
    "past": "hace|la semana pasada|el mes pasado|ya|el otro día|hace poco|recientemente|semana pasada|mes pasado|"
    "anterior|la última vez",
    "past_verb": "habíamos|dicho|fue|fueron|era|estuvo|estuvimos|tuvimos|hablamos de|hablado|hablé|vimos|"
    "quedó|hice|hizo|hicimos|terminó|terminamos|habló|reunimos ayer|entregó|envió|pasó|discutimos|comentamos|"
    "había|hubo|estaba|reunió|comentado|terminado|entregado",
    "or": "o|u|o bien|si no|sino|ya sea|alternativamente",
    "and": "y|e",
    "to": "al|a|hasta el|hasta|a la",
    "between": "entre|entre el",
    "during": "durante|por|desde hace",
    "absence": "reunión con el cliente|reunión con los clientes|reunión de equipo|reunión del equipo|"
    "vacaciones|permiso|baja|ausente|ausencia|fuera|de viaje|viaje|enfermo|enferma|libre|de baja|"
    "maternidad|paternidad|de vacaciones|excedencia",
    "back": "vuelta|vuelva|regreso|de vuelta|vuelve|vuelvo|regresa|regrese",
    "cue": "nos vemos|vernos|nos reunimos|reunirnos|reunámonos|quedamos|quedar|hablamos|hablemos|hablar|reunión|"
    "próxima reunión|próxima cita|cita|próximo check in|check in|siguiente reunión|seguimiento|volvemos|"
    "volvemos a vernos|volvemos a hablar|de nuevo|nuevamente|otra vez|veámonos|llamada|llamémonos|nos llamamos|"
    "próximo encuentro|encuentro|próxima|próximo|meeting|call|1 1|one on one|uno a uno|charlamos|charla|"
    "juntarnos|nos juntamos|juntémonos|próxima sesión|sesión|próxima vez|retomamos|retomar|revisamos|agendamos|"
    "agendar|agendemos|volver a vernos|volver a hablar|próximo 1 1|próximo punto|próxima 1 1|repasamos",
    "zone_word": "hora de|hora del",
    "topic": "para|sobre|acerca|acerca de|respecto|respecto a|porque|ya que|a fin|con el fin|por el tema|tema|"
    "sobre el|para ver|para revisar|para hablar|con objeto|pues",
    "with": "con",
    "filler": "prefiero|preferiría|porfa|porfavor|xfa|xfavor|todo bien|todo ok|todo en orden|hagámoslo|hagamoslo|"
    "nos viene bien|me viene bien|nos va bien|dijimos|acordamos|acordado|quedamos en|mismo día|el mismo día|"
    "por favor|gracias|ok|vale|de acuerdo|sí|perfecto|genial|bien|muy bien|"
    "me va bien|me viene bien|me parece bien|estaría|estaría bien|sería|sería bueno|es|será|está|entonces|pues|"
    "como acordamos|como hablamos|como quedamos|como siempre|como de costumbre|según lo acordado|"
    "según lo previsto|digamos|yo|tú|nosotros|nos|te|me|se|le|lo|eso|esto|también|solo|sólo|solamente|justo|"
    "mejor|mismo lugar|mismo sitio|misma sala|fecha|hora|hueco|propuesta|propongo|proponemos|nuevo|nueva|hola|"
    "buenas|buenos días|un saludo|saludos|abrazo|un abrazo|en persona|presencial|a distancia|remoto|por zoom|"
    "zoom|teams|por teams|por teléfono|teléfono|videollamada|por videollamada|oficina|en la oficina|café|comida|"
    "comer|sala|aquí|allí|hora local|podemos|puede|puedes|puedo|hacemos|hagamos|hacer|ponemos|pongamos|poner|"
    "fijamos|fijemos|fijar|dejamos|dejemos|vamos|vemos|día|los dos|más|que|queda|quedaría|a|al|mi|tu|su|agenda|"
    "en punto|confirmado|confirmo|apuntado|listo|claro|va|venga|dale|mover al|movemos al|pasar al|pasamos al|"
    "moverlo al|la|toca|ideal|así|y|h|hs|hrs|para|hablamos el",
    "same_time": "mismo día y hora|misma hora|a la misma hora|la misma hora|mismo horario|en el mismo horario|"
    "el mismo horario|a la hora de siempre|hora de siempre|hora habitual|a la hora habitual|"
    "a la misma hora que hoy|misma hora que hoy|mismo horario de siempre|a la misma hora de siempre",
    "midnight": "medianoche",
    "oclock": "h|hs|hrs|horas|hora|hora punto",
    "am": "a m|am",
    "pm": "p m|pm",
    "daypart:am": "por la mañana|de la mañana|en la mañana|mañana|a la mañana|la mañana|a primera hora|"
    "primera hora|a media mañana|media mañana|temprano|madrugada|en la mañanita|a última hora de la mañana|"
    "a primera hora de la mañana",
    "daypart:pm": "al mediodía|mediodía|a mediodía|del mediodía|medio día|al medio día|esta tarde|por la tarde|"
    "de la tarde|en la tarde|tarde|a la tarde|a última hora|última hora|"
    "a media tarde|media tarde|después de comer|a primera hora de la tarde|"
    "a última hora de la tarde|a la hora de comer",
    "daypart:night": "esta noche|por la noche|de la noche|noche|en la noche",
    "plus_half": "y media|y treinta",
    "plus_quarter": "y cuarto|y quince",
    "minus_quarter": "menos cuarto|menos quince",
    "and_half": "y media|y medio",
    "half": "media|medio",
    "week_number": "semana|sem|s|semana n|semana número",
    "quarter_name": "q|t",
    "week_of": "semana del|la semana del|semana que empieza el|semana que comienza el",
    "later": "después|más tarde|luego",
    "day_word": "día",
    "day_mark": "el|el día|día|al|para el|del|al día|para el día",
    "every": "cada|todos los|todas las",
    "zone:?": "tu hora|su hora|hora tuya|hora suya",
    "zone:Europe/Madrid": "hora de madrid|hora española|hora de españa|hora peninsular",
    "zone:Europe/London": "hora de londres",
    "zone:ET": "hora de nueva york|hora del este|hora de miami",
    "zone:America/Mexico_City": "hora de méxico|hora de ciudad de méxico|hora cdmx",
    "zone:America/Argentina/Buenos_Aires": "hora de argentina|hora de buenos aires",
    "zone:America/Bogota": "hora de colombia|hora de bogotá",
    "zone:Europe/Berlin": "hora de berlín|hora alemana|hora central europea",
    "noon": "las doce del mediodía",
}
