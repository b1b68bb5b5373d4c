"""Where somebody can be reached: mail, web, telephone, handles, streets, and the numbers of accounts."""

from collections.abc import Iterator

from quarterhour.engines.knowledge.model import Found, rules

_AT, _DOT = (
    r"(?:@|\s?[\[({<]\s?at\s?[\])}>]\s?|\sat\s)",
    r"(?:\.|\s?[\[({<]\s?(?:dot|punkt|point)\s?[\])}>]\s?|\sdot\s)",
)
_ENDS = (
    "com|org|net|edu|gov|mil|int|info|biz|io|ai|app|dev|co|me|tv|xyz|site|online|shop|blog|cloud|tech|example|test|"
    "local|eu|de|at|ch|fr|es|pt|it|nl|be|lu|uk|ie|se|no|dk|fi|is|pl|cz|sk|hu|ro|bg|gr|tr|ru|ua|us|ca|mx|br|ar|cl|pe|"
    "au|nz|jp|cn|kr|in|pk|bd|lk|sg|my|ph|vn|th|id|ae|sa|il|eg|ma|ng|ke|gh|za|et|rw|tz|ug"
)
_WORDS_OF_FIGURES = (
    "zero|oh|one|two|three|four|five|six|seven|eight|nine|double|null|eins|zwei|drei|vier|fünf|sechs|sieben|acht|neun"
)
_A_DAY = r"(?:(?:19|20)\d\d[-/.]\d\d?[-/.]\d\d?|\d\d?[-/.]\d\d?[-/.](?:19|20)\d\d)(?!\d)"  # figures.py knows them
_STREET = (
    "street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|square|sq|court|ct|close|crescent|terrace|way|row|"
    "quay|parade|highway|place|pl"
)
_STREETS_GLUED = (
    r"[^\W\d_]{2,30}(?:stra(?:ss|ß)e|str\.|weg|platz|gasse|allee|ufer|damm|laan|straat|gatan|vägen|gade|vej)"
)
_STREETS_BEFORE = (
    r"(?:rue|avenue|boulevard|place|calle|avenida|av\.|rua|travessa|praça|plaza|via|viale|piazza|ulica|ul\.)"
)
_OF, _NAMED = r"(?:\s(?:d[eu]|des|d[ao]s?|la|le|les))*", r"[^\W\d_][\w'’.-]*(?:\s(?-i:[A-ZÀ-Þ])[\w'’.-]*){0,3}"
_UP_TO_FIVE = r"(?:[^\W\d_][\w'’.]*[\s,]{1,2}){1,5}"

_RULES = rules(
    (
        ("link", r"\b(?:(?:mailto|tel|sip|skype):|[a-z][a-z0-9+.-]{1,12}:/{1,3})[^\s<>\"]{2,400}"),
        ("link", r"\b(?:hxxps?|www)[.:\s]{1,3}[^\s<>\"]{2,400}"),
        ("mail", rf"(?<![\w.+%-])[\w.+%'-]{{1,64}}{_AT}[\w-]{{1,63}}(?:{_DOT}[\w-]{{1,63}}){{1,5}}"),
        ("mail", r"[^\s@<>()\[\]]{1,64}@[^\s@<>()\[\],;]{1,100}"),
        ("link", rf"(?<![\w.@-])(?:[\w-]{{1,63}}{_DOT}){{1,6}}(?:{_ENDS})\b(?:[:/?#][^\s<>\"]{{0,400}})?(?!\.?\w)"),
        ("number", r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b|\b(?=\w*\d)[0-9a-f]{10,}\b"),
        ("link", r"\b\d{1,3}(?:\.\d{1,3}){3}\b(?::\d+)?(?:/\S*)?|\b(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}\b"),
        ("handle", r"(?<![\w@/])@[\w.\-]{1,60}|(?<!\w)(?:/?[ur]/|#)[\w\-]{2,60}|\b[\w.]{2,32}#\d{4}\b"),
        ("number", r"\b[a-z]{2}\d{2}(?:[ ]?[a-z0-9]{4}){2,7}(?:[ ]?[a-z0-9]{1,3})?\b"),
        ("street", rf"\b\d{{1,5}}[a-z]?,?\s(?:[^\W\d_][\w'’.]*\s){{1,4}}(?:{_STREET})\b\.?(?:\s\d{{1,5}})?"),
        ("street", rf"\b(?:{_STREETS_GLUED})\s?\d{{1,4}}\s?[a-z]?\b"),
        ("street", rf"\b(?:\d{{1,4}}[a-z]?,?\s)?{_STREETS_BEFORE}\s{_UP_TO_FIVE}\d{{1,4}}[a-z]?\b"),
        ("street", rf"\b\d{{1,4}}(?:\sbis|\ster|[a-z])?,?\s{_STREETS_BEFORE}{_OF}\s{_NAMED}"),
        ("street", r"\bp\.?\s?o\.?\s?box\s\d+\b|\b[a-z]{1,2}\d[a-z0-9]?\s\d[a-z]{2}\b|\b[a-z]\d[a-z]\s\d[a-z]\d\b"),
        ("number", rf"(?<![\w.])(?!{_A_DAY})[(+]?\d(?:[\s().\-/–]{{0,3}}\d){{6,18}}(?![\w%])"),
        ("number", rf"\b(?:{_WORDS_OF_FIGURES})(?:[\s,-]+(?:{_WORDS_OF_FIGURES})){{4,}}\b"),
        ("number", r"(?<![\w])(?:[a-z]{1,6}[-_/]?)?\d{6,}(?!\w)|\b[a-z]{2,10}-\d{3,}\b|(?<!\w)#\d{2,}\b"),
    )
)  # fmt: skip


def find_addresses(text: str) -> Iterator[Found]:
    """Every place, number or name by which somebody could be reached or looked up."""
    for kind, pattern in _RULES:
        for match in pattern.finditer(text):
            end = match.start() + len(match.group().rstrip(".,;:!?)]}'\"”’"))
            if end > match.start():
                yield Found(match.start(), end, kind)
