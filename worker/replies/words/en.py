"""English."""

BARE_DAY = False
DOTTED = False
SUNDAY_FIRST = True
EIGHT_DAYS = False
FORTNIGHT = ""

WORDS = {
    "weekday:0": "moday|monay|monday|mon|mo|mondy|mnday",
    "weekday:1": "tuesday|tue|tues|tu|teusday|tuesdy|tusday",
    "weekday:2": "wednesday|wed|weds|wensday|wednsday|wendsday|wednesdy|wedensday",
    "weekday:3": "thursday|thu|thur|thurs|th|thrusday|thurday|thursdy|thirsday",
    "weekday:4": "friday|fri|fr|firday|fridy|frday",
    "weekday:5": "saturday|sat|saterday|satruday",
    "weekday:6": "sunday|sun|sundy",
    "month:1": "january|jan|janurary|janury",
    "month:2": "february|feb|febuary|febr|feburary",
    "month:3": "march|mar",
    "month:4": "april|apr",
    "month:5": "may",
    "month:6": "june|jun",
    "month:7": "july|jul",
    "month:8": "august|aug",
    "month:9": "september|sep|sept|setpember",
    "month:10": "october|oct",
    "month:11": "november|nov",
    "month:12": "december|dec|decemeber",
    "verb:past": "sat",
    "verb": "april|june|august|may|march|sun|mon|mar|wed|th|fr|tu|mo|second|dec|jan",
    "number:1": "one|a|an",
    "number:2": "two",
    "number:3": "three",
    "number:4": "four",
    "number:5": "five",
    "number:6": "six",
    "number:7": "seven",
    "number:8": "eight",
    "number:9": "nine",
    "number:10": "ten",
    "number:11": "eleven",
    "number:12": "twelve",
    "number:13": "thirteen",
    "number:14": "fourteen",
    "number:15": "fifteen",
    "number:16": "sixteen",
    "number:17": "seventeen",
    "number:18": "eighteen",
    "number:19": "nineteen",
    "number:20": "twenty",
    "number:21": "twenty one",
    "number:25": "twenty five",
    "number:28": "twenty eight",
    "number:30": "thirty",
    "number:45": "forty five",
    "number:60": "sixty",
    "number:90": "ninety",
    "ordinal:1": "first",
    "ordinal:2": "second",
    "ordinal:3": "third",
    "ordinal:4": "fourth",
    "ordinal:5": "fifth",
    "ordinal:6": "sixth",
    "ordinal:7": "seventh",
    "ordinal:8": "eighth",
    "ordinal:9": "ninth",
    "ordinal:10": "tenth",
    "ordinal:11": "eleventh",
    "ordinal:12": "twelfth",
    "ordinal:13": "thirteenth",
    "ordinal:14": "fourteenth",
    "ordinal:15": "fifteenth",
    "ordinal:16": "sixteenth",
    "ordinal:17": "seventeenth",
    "ordinal:18": "eighteenth",
    "ordinal:19": "nineteenth",
    "ordinal:20": "twentieth",
    "ordinal:21": "twenty first",
    "ordinal:22": "twenty second",
    "ordinal:23": "twenty third",
    "ordinal:24": "twenty fourth",
    "ordinal:25": "twenty fifth",
    "ordinal:26": "twenty sixth",
    "ordinal:27": "twenty seventh",
    "ordinal:28": "twenty eighth",
    "ordinal:29": "twenty ninth",
    "ordinal:30": "thirtieth",
    "ordinal:31": "thirty first",
    "unit:minute": "minute|minutes|min|mins",
    "unit:hour": "hour|hours|hr|hrs",
    "unit:day": "day|days|d",
    "unit:week": "week|weeks|wk|wks|w|weeks time|week s time|weeks s time|wks time|calendar weeks",
    "unit:fortnight": "fortnight|fortnights|fortnight s time",
    "unit:month": "month|months|mth|mths|month s time|months time|calendar month|calendar months",
    "unit:quarter": "quarter|quarters",
    "unit:year": "year|years|yr|yrs|year s time",
    "unit:halfyear": "half a year|half year",
    "unit:workday": "business day|business days|working day|working days|workday|workdays|work days",
    "day:0": "today|tonight|this morning|this afternoon|this evening",
    "day:1": "tomo|tomoz|tmro|tomorrow|tmrw|tmr|tomorow|tommorow|tommorrow|tomorrw|2moro|tmw",
    "day:2": "day after tomorrow|the day after tomorrow|overmorrow|day after tmrw",
    "day:-1": "yesterday",
    "next": "next|nxt",
    "coming": "coming|upcoming|this coming",
    "this": "this|current",
    "after_next": "after next",
    "last": "last|past|previous",
    "in": "in|within|in about a",
    "from": "from|starting",
    "from_now": "from now|hence|out|from here|from this date|ahead|from this meeting|from our meeting",
    "on": "on",
    "of": "of|in the month of",
    "article": "the|our",
    "by": "by|for|due|due by|due on|no later than|not later than",
    "at": "at|around at|@",
    "until": "until|till|til|untill",
    "after": "after|past|beyond|as of|as from",
    "before": "before|prior to|ahead of",
    "since": "since",
    "end": "end|end of|the end of",
    "middle": "mid|middle|middle of|the middle of|halfway through",
    "start": "late|early|start of|beginning|beginning of|the beginning of|the start of|beg of|earlier",
    "end_of:month": "eom|month end|monthend|end of month",
    "end_of:week": "eow|week end of|end of week",
    "end_of:day": "eod|cob|end of day|end of the day|close of business|end of play|cop",
    "weekend": "weekend|week end|the weekend",
    "vague": "as discussed on|as we discussed on|as agreed on|as we agreed on|"
    "later today|later tonight|following|the following|soon|soonish|sometime|some time|at some point|"
    "some point|whenever|"
    "when i am back|when i m back|when we are back|when she is back|when he is back|when she s back|"
    "when he s back|when they are back|when back|when you are back|when you re back|once i am back|once i m back|"
    "once she is back|once he is back|tbd|tbc|tba|to be decided|to be determined|to be confirmed|to be agreed|"
    "asap|a few|few|some|several|a couple|couple|a couple of|couple of|may be|any day|any time|anytime|any|"
    "in due course|as needed|as required|in the future|one day|another time|in a while|a while|ad hoc|on demand|"
    "not sure|unsure|don t know|dunno|no idea|depends|flexible|up to you|you choose|your call|let s see|"
    "we ll see|will see|in the next|within the next|over the next|during the next|in the coming|over the coming|"
    "in the course of|course of|when ready|when possible|at the earliest|at the latest|earliest|latest|once done|"
    "later this|earlier this|first half|second half|first week of|second week of|third week of|last week of|"
    "first week in|second week in|last week in|week of november|eoy|eoq|year end|quarter end|christmas|xmas|"
    "easter|new year|thanksgiving|holidays|the holidays|summer|winter|autumn|fall|spring|more or less|a day|"
    "one of these days|half term|within a|within|season",
    "unsure": "maybe|perhaps|probably|possibly|tentatively|tentative|ideally|i think|i guess|might|could|"
    "presumably|preferably|likely|hopefully|if possible|provisionally|pencil in|pencilled in|if|unless|?",
    "approximate": "about|around|roughly|approximately|approx|circa|ca|or so|ish|give or take|nearly|almost|"
    "at least|at most|up to|more than|less than|over|under|c",
    "negation": "not|no|never|skip|skipping|except|but not|other than|rather than|instead of|isn t|won t|don t|"
    "can t|cannot|cant|doesn t|avoid|cancel|cancelled|canceled|without|neither|nor|not on|didn t|wont|dont|"
    "doesnt|isnt|drop|apart from|unavailable|excluding|excl|anything but|any day but",
    "none": "none|no need|n a|na|nothing|no meeting|no check in|no next check in|not needed|no follow up|no next|"
    "no more|not necessary|nil|no next meeting|no further|no date|none needed|not required|no thanks|nope",
    "rule": "every|each|weekly|biweekly|bi weekly|fortnightly|monthly|daily|quarterly|every other|alternate|"
    "mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays|every second|bimonthly|bi monthly|yearly|"
    "twice|regularly|recurring|annually|once a|times a|a week from each",
    "past": "weeks back|week back|days back|months back|ago|already|last week|last month|last year|earlier today|"
    "the other day|back then|the day before yesterday",
    "past_verb": "i said|he said|she said|they said|who said|met|was|were|had|did|happened|talked|spoke|sat|went|"
    "discussed|finished|saw|held|took|came|gave|"
    "got|moved|missed|sent|wrote|told|shipped|launched|closed|completed|been|started|ended|caught",
    "or": "or|either|and or|versus|vs|otherwise|alternatively|else|failing that",
    "and": "and|plus",
    "to": "to|through|thru|up until",
    "between": "between|from between|anywhere between|btw|somewhere between|betw",
    "during": "during|for|over|throughout|spent|took|lasting|last|past",
    "absence": "vacation|vacations|holiday|leave|pto|away|out|off|ooo|out of office|sick|travelling|traveling|"
    "customer meeting|client meeting|board meeting|team meeting|staff meeting|meeting with the customer|"
    "meeting with the client|meeting with the board|all hands meeting|"
    "on leave|busy|conference|gone|parental|maternity|paternity",
    "back": "back|returns|return|returning|back from|is back",
    "cue": "next time|reconvene|let s reconvene|revisit|circle back|sit down|get together|meet|let s meet|"
    "lets meet|talk|let s talk|catch up|catch-up|check in|checkin|next check in|next checkin|next check|"
    "next meeting|next 1 1|next one on one|next one|next 1on1|next session|next touchpoint|see you|"
    "see each other|speak|sync|reconnect|again|meet again|let s|lets|we meet|we ll meet|schedule|scheduled|book|booked|"
    "set|1 1|"
    "one on one|one to one|meeting|follow up|followup|touch base|call|review|chat|regroup|next follow up|resume|"
    "next catch up|see",
    "zone_word": "time|timezone|tz|time zone",
    "topic": "for|about|regarding|re|to discuss|to review|to talk|concerning|to look|to go|to check|because|"
    "so that|so|as|to see|to cover|to plan|to prepare|where|on the topic|since|topic|agenda",
    "with": "with",
    "filler": "agreed|agreed on|we agreed|we agreed on|we said|we settled on|for both of us|for the both of us|"
    "both of us|for us both|for us|for the two of us|put us down|put me down|pencil us in|pencil me in|a|moved to|"
    "move to|rescheduled to|postponed to|pushed to|brought forward to|please|pls|thanks|"
    "thank you|thx|ok|okay|yes|yep|sure|great|perfect|good|fine|works|works for me|for me|is good|is fine|is|"
    "would be|be|will be|it|it s|that|that s|then|as discussed|as agreed|as planned|as usual|usual|as always|"
    "how about|what about|shall we say|say|shall we|we|we ll|we should|should|would|i|i d|i ll|will|can|do|us|"
    "you|me|all|both|just|only|also|exactly|sharp|promptly|date|time|place|same place|same slot|slot|"
    "the next one|suggest|propose|proposed|proposal|new|another|a new|hi|hello|hey|best|cheers|regards|again on|"
    "day of|first thing|in person|remote|remotely|online|via|zoom|teams|google meet|phone|video|office|"
    "at the office|lunch|coffee|over coffee|over lunch|room|local|local time|my time|same day|same weekday|here|"
    "there|when we meet|when|the|an|am|let me|make|keep|plan|agree|confirmed|confirm|sounds good|looks good|"
    "ideal|quick|brief|short|long|to meet|to talk again|to speak|to catch up|need to|want to|like to|d like to|"
    "prefer|go for|go with|aim for|target|latest by|early|late|around lunch|my|your|"
    "s|ll|re|d|t|m|have|right|so|up|o|now|our next|from|take|put|make it|move|and then|works best|works well|"
    "best for me|from my side|fixed|on my calendar",
    "same_time": "same time|the same time|same hour|at the same time|same time as today|same time as usual|"
    "usual time|the usual time|at the usual time|at our usual time|our usual time|"
    "same time of day|same time as always|same time same place|same time and place|same time as last time",
    "noon": "noon|midday|mid day|12 noon|12 midday|noontime|high noon",
    "midnight": "midnight",
    "oclock": "o clock|oclock|hrs|hours|h",
    "am": "am|a m|in the morning",
    "pm": "pm|p m|in the afternoon|in the evening|p",
    "daypart:am": "morning|mornings|am|a m|before lunch|before noon|forenoon|in the morning|mid morning|"
    "midmorning|late morning|early morning",
    "daypart:pm": "afternoon|pm|evening|after lunch|arvo|lunchtime|lunch time|in the afternoon|late afternoon|"
    "early afternoon|mid afternoon|early evening|in the evening",
    "daypart:night": "night|at night|tonight",
    "half_past": "half past|half after",
    "half_bare": "half",
    "quarter_past": "quarter past|a quarter past|quarter after|a quarter after",
    "quarter_to": "quarter to|a quarter to|quarter before|quarter of",
    "past_hour": "past|minutes past",
    "to_hour": "to|minutes to",
    "and_half": "and a half|and half",
    "week_number": "week|wk|cw|kw|week no|week number|calendar week|iso week",
    "quarter_name": "q",
    "week_of": "week of|week of the|the week of|w c|week commencing|week beginning|wc|week starting|wk of|"
    "week from theweek of|week from the",
    "later": "later|after that|afterwards",
    "week_more": "week|wk",
    "day_word": "day",
    "every": "every|each",
    "zone:?": "your time|their time|her time|his time",
    "zone:Europe/London": "london time|uk time|british time",
    "zone:Europe/Berlin": "berlin time|german time|frankfurt time|munich time",
    "zone:Europe/Paris": "paris time|french time",
    "zone:Europe/Madrid": "madrid time|spanish time|barcelona time",
    "zone:Europe/Dublin": "dublin time|irish time",
    "zone:Europe/Amsterdam": "amsterdam time|dutch time",
    "zone:Europe/Zurich": "zurich time|swiss time",
    "zone:ET": "new york time|ny time|eastern time|eastern|nyc time|boston time",
    "zone:CT": "chicago time|central time",
    "zone:PT": "pacific time|pacific|california time|sf time|seattle time|san francisco time",
    "zone:MT": "mountain time|denver time",
    "zone:IST": "ist time",
    "zone:Asia/Kolkata": "india time|indian time|bangalore time",
    "zone:Asia/Singapore": "singapore time",
    "zone:Asia/Tokyo": "tokyo time|japan time",
    "zone:Australia/Sydney": "sydney time",
}
