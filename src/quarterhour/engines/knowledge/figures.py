"""Sums of money, exact days and single years: taken out, for few people share them."""

import re
from collections.abc import Iterator

from quarterhour.engines.knowledge.model import Found, rules

_SUM = r"\d{1,3}(?:[.,'’\s]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d+)?"
_MANY = r"(?:\s?(?:k|m|mn|mio|bn|thousand|million|billion|tausend|millionen|mille|mil|lakh|crore)\b)?"
_COIN = (
    "eur|euros?|usd|dollars?|bucks|quid|pounds?|gbp|pence|cents?|chf|francs?|franken|sek|nok|dkk|kr|kronor|pln|zł|zloty|"
    "czk|huf|ron|rub|rubles?|uah|try|lira|ils|shekels?|aed|dirhams?|sar|riyals?|egp|ngn|naira|kes|shillings?|zar|rand|"
    "ghs|cedis?|inr|rupees?|pkr|bdt|taka|lkr|jpy|yen|cny|rmb|yuan|krw|won|sgd|hkd|aud|cad|nzd|brl|reais|real|mxn|pesos?"
)
_SIGN = r"[$€£¥₦₹₩₽₺₴₫₱₪₡₲₵₸₼₾฿¢]"
_ABOUT = r"(?:(?:about|around|approx\.?|approximately|roughly|some|circa|ca\.|etwa|rund|environ|unos|cerca de|~)\s?)?"
_PER = (
    r"(?:\s?(?:/|per|a|an|pro|par|por|al|im)\s?(?:hours?|hrs?|h|days?|weeks?|wk|months?|mo|years?|yr|annum|stunde|"
    r"monat|jahr|mois|mes|año|ano)\b)?"
)
_MONTH = (
    "jan(?:uary|uar|vier|eiro)?|feb(?:ruary|ruar)?|févr(?:ier)?|fevereiro|mar(?:ch|s|ço|zo)?|märz|apr(?:il)?|avril|abril|"
    "may|mai|mayo|maio|june?|juni|juin|junio|junho|july?|juli|juillet|julio|julho|aug(?:ust)?|août|agosto|"
    "sept?(?:ember|embre|iembre|embro)?|setembro|oct(?:ober|obre|ubre)?|okt(?:ober)?|outubro|nov(?:ember|embre|iembre|embro)?|"
    "dec(?:ember)?|dez(?:ember|embro)?|déc(?:embre)?|dic(?:iembre)?|enero|febrero|janeiro"
)
_SPAN = r"(?:hour|h|hr|day|week|month|year|word|piece)\b"
_COUNTED = r"\s?(?:%|percent|people|users|words|lines|times|hours?|weeks?|days?|min)"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th|\.|er|º)?"
_YEAR = r"(?:19|20)\d\d"

_RULES = rules(
    (
        ("money", rf"{_ABOUT}(?<!\w)(?:{_SIGN}|(?:{_COIN})\b)\s?(?:{_SUM}){_MANY}{_PER}"),
        ("money", rf"{_ABOUT}(?<![\w.])(?:{_SUM}){_MANY}\s?(?:{_SIGN}|(?:{_COIN})\b){_PER}"),
        ("money", rf"{_ABOUT}(?<![\w.])(?:{_SUM})(?:k|m|mio|bn)\b{_PER}"),
        ("money", rf"{_ABOUT}(?<![\w.])\d+[.,]\d\d\s?(?:/|per|an?)\s?{_SPAN}"),
        ("money", rf"(?<=[\s(]){_ABOUT}(?:\d{{1,3}}(?:[.,'’]\d{{3}})+|\d{{3,7}})\s?(?:/|per|an?)\s?{_SPAN}"),
        ("day", rf"(?<![\w.]){_YEAR}[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])(?:T[\d:.Z+-]+)?(?!\w)"),
        ("day", rf"(?<![\w./-])(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|[12]\d|3[01])[-/.](?:{_YEAR}|\d\d)(?!\w)"),
        ("day", r"(?<![\w./-])(?:0?[1-9]|[12]\d|3[01])/(?:0?[1-9]|[12]\d|3[01])(?![\w/%])"),
        ("day", r"(?<![\w./-])(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?!\w)"),
        ("day", rf"(?<!\w)(?:the\s)?{_DAY}\s?(?:of\s|de\s|d['’])?(?:{_MONTH})\b\.?(?:,?\s(?:of\s|de\s)?{_YEAR}\b)?"),
        ("day", rf"\b(?:{_MONTH})\b\.?\s(?:the\s)?{_DAY}(?!\w)(?!{_COUNTED})(?:,?\s{_YEAR}\b)?"),
        ("day", r"\b(?:on|by|until|before|after|since|from) the (?:[12]?\d|3[01])(?:st|nd|rd|th)\b"),
        ("year", rf"(?<![\w.,$€£-]){_YEAR}(?:\s?[-–/]\s?(?:{_YEAR}|\d\d))?(?![\w%])(?!{_COUNTED})"),
        ("year", r"(?<!\w)['’]\d\d(?!\w)"),
        ("number", r"(?<![\w.,])\d{5}(?![\w%])"),
    )
)  # fmt: skip
_BEFORE_A_DAY = re.compile(r"(?:on|by|until|before|after|since|from) (?=the )", re.IGNORECASE)


def find_figures(text: str) -> Iterator[Found]:
    """Sums of money, exact days, years, and numbers long enough to be a postcode. Shares, counts and hours stay.

    >>> [text[f.start:f.end] for text in ["Ask for 10% more than £42,500 by 3 May"] for f in find_figures(text)]
    ['£42,500', '3 May']
    """
    for kind, pattern in _RULES:
        for match in pattern.finditer(text):
            before = _BEFORE_A_DAY.match(match.group()) if kind == "day" else None
            start = match.start() + (before.end() if before else 0)
            yield Found(start, match.start() + len(match.group().rstrip()), kind)
