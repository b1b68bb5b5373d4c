"""Small patterns that tell tasks from habits, facts, events and speeches. All look at folded text."""

import re

QUOTES = ('"', "“", "«", "„")
TO_ME = re.compile(r"^\W*(?:send|show|tell|give|mail|email|text|bring|write|share|forward|pass|get|call|ping)s? me\b")
WONDERS = re.compile(r"(?:asks?|tells?) (?:if|whether|what|why|how|when|who|about|her|him|them that)\b")
NO_TASK = re.compile(
    r"\W*(?:do not|no|not|never|don't|dont|nothing|without|kein|keine|nicht|pas|ne|ni|nunca|nao|non)\b"
)
HABIT = re.compile(
    r"\b(?:every|usually|always|often|sometimes|mostly|normally|generally|daily|weekly|monthly|nights|weekends|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days|so far|"
    r"(?<!within )(?<!in )(?<!for )(?:per|a|an) (?:day|week|month|year|hour|night)|for \d+ years)\b|%"
)
STARTS = re.compile(
    r"(?:starts?|begins?|joins?|leaves?|returns?|is back|comes back|lands|opens|closes|ends|finishes)\b"
)
OCCASION = re.compile(
    r"\W*(?:the |his |her |my |our |next |first )?(?:[\w'-]+ )?(?:exams?|interviews?|deadlines?|results?|holidays?|"
    r"meetings?|calls?|appointments?|course|visa|offer|answer|school|term|session|flights?|trip|birthday|party|"
    r"wedding|hearing|trial|launch|fair|boss|manager|hr|bank|union|landlord|mon|tues?|wed|thurs?|fri|sat|sun|today|"
    r"it|they|he|she|who|what|when|where|why|how)\b"
)
STATES = re.compile(
    r"\b(?:is|are|was|were|has|had|have|will|would|can|could|should|may|might|must|does|did|don't|isn't|you|they|"
    r"it's|there's|closes|opens|starts|begins|ends|means|costs|takes|needs)\b"
)
IS = re.compile(r"\b(?:is|are|was|were|ist|war|est|sont|etait|es|son|era|sao)\b")
THING_IS = re.compile(r"[\w'-]+(?: [\w'-]+)? ?(?:(?:is|are|was|were|will|ist|sind|est|sont|es|son|sera)\b|:|=)")
LETS = re.compile(r"\W*(?:let's|lets|let us)\b(?! (?:say|see|hope|assume)\b)(?: both)?\s{0,3}")
TAKEN_UP = re.compile(
    r"(?:->|→|=>|[-–—:(,.;])\s?(?:yes|yep|agreed|ok|okay|please|deal|accepted|taken|great|oui|si|ja|sim)\b"
)
YOU_GET = re.compile(r"\W*(?:'ll |will )?(?:have|get|receive|hear from)\b")
DEADLINE = re.compile(
    r"\W*(?:so|by|before|b4|deadline|until|till|that's|that is|i\.e|latest|closes|due|must|has to|needs|everything|"
    r"all)\b"
)
AFTERWARDS = re.compile(
    r"\b(?P<lead>within )?(?:(?P<one>the|a|an|one)|(?P<count>\d{1,2}|two|three|four|five|six|"
    r"ten)) (?P<unit>days?|weeks?|wks?|months?)"
    r" (?:after(?:wards)?|later)\b(?! (?:the|his|her|their|my|our|a|next|we|he|she|they|it)\b)"
    r"|\b(?:the )?(?:next|following) (?P<next>day|morning|evening)\b"
    r"|\b(?:the )?(?:(?P<weekday>mon|tue|wed|thu|fri|sat|sun)[a-z]*|(?P<week>week)|weekend) (?:after|"
    r"following)(?: that| it)?(?=[,.;)]|$)"
    r"|\bthe following (?:(?P<weekday2>mon|tue|wed|thu|fri|sat|sun)[a-z]*|(?P<week2>week)|weekend)\b"
)
