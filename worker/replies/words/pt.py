"""Portuguese, of Brazil and of Portugal."""

BARE_DAY = True
DOTTED = False
SUNDAY_FIRST = False
EIGHT_DAYS = True
FORTNIGHT = "either"

WORDS = {
    "weekday:0": "segunda feira|segunda|seg|2ª feira|segundafeira",
    "weekday:1": "terça feira|terça|ter|3ª feira|tercafeira",
    "weekday:2": "quarta feira|quarta|qua|4ª feira",
    "weekday:3": "quinta feira|quinta|qui|5ª feira",
    "weekday:4": "sexta feira|sexta|sex|6ª feira",
    "weekday:5": "sábado|sáb",
    "weekday:6": "domingo|dom",
    "month:1": "janeiro|jan",
    "month:2": "fevereiro|fev",
    "month:3": "março|mar",
    "month:4": "abril|abr",
    "month:5": "maio|mai",
    "month:6": "junho|jun",
    "month:7": "julho|jul",
    "month:8": "agosto|ago",
    "month:9": "setembro|set",
    "month:10": "outubro|out",
    "month:11": "novembro|nov",
    "month:12": "dezembro|dez",
    "verb:alone": "ter|qui",
    "verb": "segunda|quarta|quinta|sexta|sex|seg|qua|mar|out|set|dom|ago",
    "number:1": "numa|num|um|uma",
    "number:2": "dois|duas",
    "number:3": "três",
    "number:4": "quatro",
    "number:5": "cinco",
    "number:6": "seis",
    "number:7": "sete",
    "number:8": "oito",
    "number:9": "nove",
    "number:10": "dez",
    "number:11": "onze",
    "number:12": "doze",
    "number:13": "treze",
    "number:14": "catorze|quatorze",
    "number:15": "quinze",
    "number:16": "dezesseis|dezasseis",
    "number:17": "dezessete|dezassete",
    "number:18": "dezoito",
    "number:19": "dezenove|dezanove",
    "number:20": "vinte",
    "number:30": "trinta",
    "number:60": "sessenta",
    "number:90": "noventa",
    "ordinal:1": "primeiro|primeira",
    "ordinal:2": "segundo",
    "ordinal:3": "terceiro|terceira",
    "ordinal:4": "quarto",
    "unit:minute": "minuto|minutos|min",
    "unit:hour": "hora|horas|h",
    "unit:day": "dia|dias",
    "unit:week": "semana|semanas|sem|semaninha",
    "unit:fortnight": "quinzena",
    "unit:month": "mês|meses",
    "unit:quarter": "trimestre",
    "unit:halfyear": "semestre|meio ano",
    "unit:year": "ano|anos",
    "unit:workday": "dia útil|dias úteis",
    "day:0": "hoje|hj|hoje à tarde|hoje à noite",
    "day:1": "amanhã|amanha",
    "day:2": "depois de amanhã|depois d'amanhã",
    "day:-1": "ontem",
    "day:-2": "anteontem",
    "next": "próximo|próxima|próximos|próximas",
    "coming": "que vem|que entra|vindouro|esta próxima|este próximo",
    "this": "este|esta|neste|nesta|deste|desta|atual|corrente",
    "last": "último|última|passado|passada|anterior",
    "in": "em|daqui a|dentro de|daqui|daqui por|dali a|no prazo de|a",
    "from": "a partir de|a partir do|a partir da|desde|de|das|entre as",
    "from_now": "a partir de hoje|a partir de agora|a contar de hoje",
    "on": "em|no|na|à",
    "of": "de|do|da|no mês de|do mês de|em|d",
    "article": "o|a|os|as|um|uma",
    "by": "para|até|até o|até ao|até à|até a|pra|para o|para a|no máximo até|o mais tardar",
    "at": "às|à|@|as|pelas|lá pelas às",
    "until": "até",
    "after": "depois de|depois do|após|depois da|não antes de|depois|após o",
    "before": "antes de|antes do|antes|antes da",
    "since": "desde",
    "end": "fim|final|fim de|final de|fim do|final do|no fim de|no fim do|no final de|no final do|ao final de|"
    "no final da|fim da|final da|no fim da|fins de|finais de|até o fim de|até o final do|até o fim do|"
    "no fim deste|no final deste|até o final de|até ao fim do|em fins de|em finais de",
    "middle": "meados|em meados de|meados de|meio de|no meio de|metade de|meio do|no meio do|a meio de",
    "start": "início|começo|princípio|início de|começo de|no início de|no começo de|início do|começo do|"
    "no início do|no começo do|princípios de|no princípio de|início da|começo da|no início da|no começo da",
    "end_of:day": "fim do dia|final do dia|até o fim do dia",
    "weekend": "fim de semana|final de semana|fds|no fim de semana|no final de semana|ao fim de semana|no fds|"
    "até o fim de semana|fins de semana",
    "vague": "o mais tardar|em diante|seguinte|em breve|logo|logo mais|um dia desses|qualquer dia|quando|"
    "quando eu voltar|"
    "quando voltar|"
    "a definir|a combinar|a confirmar|a ver|em aberto|alguns|algumas|vários|várias|uns|umas|um par de|poucos|"
    "poucas|assim que possível|o quanto antes|qualquer|não sei|sem ideia|vamos ver|depende|flexível|natal|páscoa|"
    "carnaval|ano novo|festas|verão|inverno|outono|primavera|nos próximos|nas próximas|outro dia|tanto faz|tbd|"
    "tba|tbc|asap|mais tarde|algum dia|em algum momento|quando puder|quando quiser|fim de ano|final de ano|"
    "réveillon|primeira quinzena|segunda quinzena|primeira metade|segunda metade|primeira semana|última semana|"
    "assim que|um tempo",
    "unsure": "talvez|provavelmente|possivelmente|se possível|idealmente|acho|creio|penso|quem sabe|"
    "eventualmente|poderia|poderíamos|em princípio|a princípio|se|de preferência|?",
    "approximate": "aproximadamente|cerca de|mais ou menos|por volta|por volta das|por volta de|uns|umas|quase|"
    "no mínimo|no máximo|pelo menos|lá pelas|lá pelo|aprox|mais de|menos de|cerca",
    "negation": "não|nunca|jamais|nenhum|nenhuma|sem|exceto|menos|em vez de|cancela|cancelamos|cancelou|cancelar|"
    "cancelado|cancelada|pular|nem|tirando|fora o|salvo|saltar",
    "none": "nenhuma|nenhum|não|nada|não precisa|não é preciso|não é necessário|sem reunião|sem necessidade|"
    "não há|não se aplica|n a|sem próxima reunião|sem data|não precisamos|por enquanto não|desnecessário|"
    "não necessário",
    "rule": "cada|toda|todo|todas as|todos os|semanal|semanalmente|quinzenal|quinzenalmente|mensal|mensalmente|"
    "diário|trimestral|regularmente|uma vez por|duas vezes|por semana|por mês|às segundas|às terças|às quartas|"
    "às quintas|às sextas|segundas|terças|quartas|quintas|sextas",
    "past": "atrás|a semana passada|na semana passada|no mês passado|já|outro dia|há|recentemente|semana passada|"
    "mês passado",
    "past_verb": "tínhamos|dissemos|dito|foi|foram|era|estava|tivemos|falamos sobre|falado|vimos|fiz|fez|fizemos|"
    "terminou|terminamos|entregou|enviou|discutimos|conversamos sobre|houve|reuniu|encontrei",
    "or": "ou|ou então|senão|ou ainda",
    "and": "e",
    "to": "ao|a|até|à|às",
    "between": "entre",
    "during": "durante|por|há",
    "absence": "reunião com o cliente|reunião com os clientes|reunião de equipe|reunião da equipe|"
    "férias|licença|ausente|ausência|fora|viagem|viajando|doente|folga|de férias",
    "back": "volta|voltar|retorno|de volta|regresso",
    "cue": "vemo nos|vemos nos|nos vemos|nos encontramos|encontramo nos|vamos nos ver|reunião|próxima reunião|"
    "próximo encontro|"
    "próximo check in|check in|encontro|falamos|vamos falar|conversamos|vamos conversar|de novo|novamente|"
    "outra vez|marcamos|vamos marcar|marcar|agendar|agendamos|próxima conversa|conversa|call|meeting|1 1|"
    "one on one|papo|retomamos|próxima|próximo|ligação|chamada|reunimos|nos reunimos|acompanhamento|"
    "a gente se vê|a gente se fala|se fala",
    "zone_word": "hora de|horário de|hora do",
    "topic": "sobre|para|porque|acerca de|a respeito|pois|tema|assunto|quanto",
    "with": "com",
    "filler": "serve|serve me|dá me jeito|dá jeito|prefiro|combinado|pode ser|por favor|pf|obrigado|obrigada|valeu|"
    "ok|tá|certo|combinado|sim|perfeito|ótimo|bom|boa|beleza|"
    "seria|seria bom|é|será|então|como combinado|como sempre|como de costume|digamos|eu|nós|nos|te|me|se|isso|"
    "também|só|mesmo lugar|mesmo local|mesma sala|data|hora|horário|proposta|proponho|sugiro|sugestão|novo|nova|"
    "olá|oi|bom dia|abraço|abraços|abs|presencial|remoto|online|zoom|teams|por telefone|telefone|escritório|"
    "no escritório|café|almoço|sala|aqui|podemos|pode|pode ser|posso|fazemos|fazer|vamos|ver|dia|pra|que|fica|"
    "ficaria|meu|minha|em ponto|confirmado|funciona|funciona para mim|para mim|está bom|tá bom|a gente|nossa|"
    "nosso|por|do|da|o|de|mais",
    "same_time": "mesma hora|mesmo horário|à mesma hora|no mesmo horário|na mesma hora|o mesmo horário|"
    "a mesma hora|mesmo horário de hoje|à mesma hora de hoje|no mesmo horário de sempre|horário de sempre|"
    "à hora do costume|horário habitual",
    "noon": "meio dia|ao meio dia|meio dia em ponto",
    "midnight": "meia noite",
    "oclock": "h|hs|hrs|horas|hora",
    "am": "am|a m",
    "pm": "pm|p m",
    "daypart:am": "de manhã|da manhã|pela manhã|manhã|na parte da manhã|na manhã|cedo|à manhã|no período da manhã",
    "daypart:pm": "hoje à tarde|à tarde|da tarde|de tarde|tarde|na parte da tarde|pela tarde|no fim da tarde|"
    "fim da tarde|"
    "final da tarde|depois do almoço|na hora do almoço|no período da tarde|fim de tarde|início da tarde",
    "daypart:night": "hoje à noite|à noite|da noite|noite|de noite|da madrugada",
    "plus_half": "e meia|e trinta",
    "plus_quarter": "e um quarto|e quinze",
    "minus_quarter": "menos um quarto|menos quinze",
    "and_half": "e meia|e meio",
    "half": "meia|meio",
    "week_number": "semana|sem",
    "quarter_name": "q|t",
    "week_of": "semana do dia|semana de|na semana do dia|semana do",
    "later": "depois|mais tarde",
    "day_word": "dia",
    "day_mark": "dia|no dia|ao dia|o dia|para o dia|até o dia|a|em|até dia|pro dia",
    "every": "cada|toda|todo",
    "zone:Europe/Lisbon": "hora de lisboa|hora de portugal",
    "zone:BRT": "horário de brasília|hora de brasília|horário de são paulo",
}
