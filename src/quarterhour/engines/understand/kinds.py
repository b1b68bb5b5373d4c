"""What does somebody want from a conversation? Said in many ways, in several languages.

Each cue is a pattern over folded text and adds to one kind; the kind with the highest sum wins. The weights
were set by hand on half of the town's needs, see docs/algorithms/understanding.md.
"""

import re
from functools import cache
from itertools import islice
from typing import Literal, NamedTuple, get_args

from quarterhour.engines.understand.sentences import ends, sentences
from quarterhour.engines.words import fold

__all__ = ["KINDS", "Kind", "Wish", "wish"]

Kind = Literal["decide", "unblock", "review", "practise", "explore", "connect"]
KINDS: tuple[Kind, ...] = get_args(Kind)

# What we assume before reading, likeliest first: most who come are stuck or have to choose.
BEFORE: dict[Kind, float] = {
    "unblock": 0.5,
    "decide": 0.5,
    "explore": 0.2,
    "review": 0.0,
    "practise": 0.0,
    "connect": 0.0,
}
DATED, OPTIONS, ASKED_AS_CHOICE, LISTED = 0.7, 1.2, 1.0, 0.5
# A cue said again adds half of its weight, up to three times.
AGAIN, COUNTED = 0.5, 3

# language -> kind -> lines of "weight pattern", matched on word boundaries; a line that begins with "|" goes on.
CUES: dict[str, dict[str, str]] = {
    "en": {
        "decide": r"""
1.6 should (i|we) (?!(?:ask|say|do|write|check|know|look|begin|start)\b)
1.4 (i|we) (have|need|must|had) (to|got to) (decide|answer|choose|sign)
1.4 (help|tell) me (to )?(think|decide|choose|to do it or)
1.4 which (one|of (them|these|the two|those)|offer|way|job|regret|road)
1.2 (sign|take|stay|go|leave|accept|keep|hire|buy|sell|quit|switch|move|wait)( it| on| now| up| in
| out)?,? or
1.2 or (none|not|both|neither|say no|stay|leave|go|wait|refuse|hold on|hold out|just)
1.2 say(ing)? yes or
1.0 (two|three|both|other) (job )?(offers|options|agencies|roads)
1.0 (offer|offers|offered) me
1.0 (deciding|decision|decide|choose between|torn between|whether to)
1.0 would you (walk|take|sign|accept|stay|go|do it)
0.8 (sign|answer|reply|decide) (it |them )?(by|before|until)
0.5 (my|his|her) (wife|husband|mother|father|mom|mum|dad|sister|brother|friend|parents|doctor|boss
|girlfriend|daughter) (and \w+ )?(says?|say|thinks?|said|wants?)
0.8 (people|someone|somebody) who (took|did|chose|went)
0.8 (the other|another) (half|says?|wants?|one says)
0.6 if i say (no|yes)
0.6 (offer|offers|offered)
0.5 (option|options|choice|regret)
0.5 on the other hand""",
        "practise": r"""
2.4 (practi[sc]e|practi[sc]ing|rehearse|rehearsal|role.?play|mock interview|drill me|sparring)
2.0 (run|go) through it
2.0 try (the|a|my|this|that|it|saying) ?(\w+ )?(on|conversation|sentence|talk|meeting|speech|interview
|pitch|call|with)
2.0 (play|be) (her|him|them|my boss|the boss|the customer|the client|the buyer|the interviewer)\b
2.0 (do|try|run) (it|one \w+|this) with (me|you|someone|somebody)
1.8 (train|drill|quiz|test|grill) (me|with me)
1.6 can (we|i|you) (try|practi[sc]e|rehearse|run)
1.4 (hear|listen to) (mine|me|my)
1.2 (say|saying) it (really )?(aloud|out loud)
1.2 what do i say
1.0 (audition|case interview|monologue|first meeting)
0.9 (i have to|i must|i'm to|need to|have to) (speak|talk|present|say|tell|pitch)
0.9 (interview|speech|audition|presentation|talk|exam|call|review talk) (is |in |on |tomorrow|next)
0.8 (i freeze|my voice|hands? shak|stammer|go blank|minutes? speech|words? fail)
0.8 (two minutes|first sentences?|the sentence|what words)
0.6 (rude|honest) with me""",
        "review": r"""
2.2 (tear|take|pick|pull) (\w+ ){0,4}apart
2.2 (review|critique|proofread|check|audit) (of )?(my|our|this|the|a|it)
2.0 (go|look|read|walk|talk) (through|over|at) (my|our|this|the|it|both|them|what|that
|\d+) ?(\w+ ){0,3}?(with me|list|numbers|contract|offer|quotes?|draft|papers?|deck|plan|words|text|cv|code
|design)
1.8 (read|look at|check|see|mark|comment on|correct) (it\b|this\b|them\b|\d+ |(one|two) pages?|(my|our|the
|both) (\w+ )?(cv|resume|portfolio|draft|deck|pitch|plan|code|design|contract|offer|numbers|text|letter
|abstract|statement|thesis|paper|papers|chapter|website|site|page|pages|list|quotes?|budget|slides|memos?
|application|profile|essay|article|figures|report|proposal|words)\b)
1.8 (feedback|second pair of eyes|fresh eyes|opinion|comments?) (on|about|for) (my|our|this|the)
1.6 line by line
1.6 (attached|enclosed|here is my|this is my|i wrote|my draft|my abstract|my statement|my portfolio|my cv
|my resume|my deck|my pitch|my memos?)
1.4 (have|take) a (quick )?look
1.6 (look|go) (at|through|over) (the|my|our|both) (\w+ )?(cv|resume|portfolio|draft|deck|pitch|plan|code
|design|contract|offer|numbers|text|letter|abstract|statement|thesis|paper|papers|chapter|website|site|page
|pages|list|quotes?|budget|slides|memos?|application|profile|essay|article|figures|report|proposal|words)\b
1.4 what (does|do|would) (a |an |the )?\w+ (see|think|notice)
1.2 what (i'm|am i|i am) not (seeing|asking)
0.8 (portfolio|abstract|cover letter|pitch deck|cv|resume|statement|draft)
0.6 (be rude|honestly|brutal|don't be kind|i can take it)""",
        "connect": r"""
2.2 (do you|does anyone|anybody|anyone|you) know (someone|somebody|anyone|anybody|any|of (someone|anyone)
|a person|people|who)
2.2 (introduce|introduction|put me in touch|connect me|point me to)
2.0 who (do|should|can|could) i (write|turn|talk|speak|go) to
2.0 (looking|searching) for (a |an |two |three |some |one )?(or \w+ )?(women|men|people|person|persons
|someone|somebody|contact|contacts|partner|speaker|treasurer|co-?founder|mentor)\b(?! who (took|did))
1.8 (need|want|find|meet|reach) (a |an |two |three |some |one |the )?(right )?(persons?|people|contacts?
|partners?|speakers?|introductions?) who
1.8 (begin|make|get|start) (the |a |in )?contact
1.6 (know|knows) (nobody|no one|noone)
1.2 (where|how) (do|can) i (find|meet) (a |an |the |some )?(people|someone|person|partner|contacts?
|co-?founder)
0.8 (contact|network|meet people)""",
        "explore": r"""
2.0 (what('s| is) it|how is it|how does it feel|what was it) (really )?like
2.0 (is it|is that|is this|would it be) (realistic|real|possible|worth|normal|true|too late)
1.8 will i (hate|like|miss|regret|manage)
1.8 (who has|someone who('s| has)|somebody who('s| has)|people who have|anyone who) (been|done|gone|lived
|tried) (through|it|this|that)
1.8 what do people (like me )?(find|do)
1.8 (i want|i'd like|i would like|i'd love|want|thinking) (to|of|about) (hear|know|understand|become
|becoming|learn|build|explore|get into|chang|mov|adopt)
1.6 how (do|does|did|can) (i|one|you|people|somebody|a person) (get|become|start|begin|come|break|move) (a
|an|into|to|in|with|as)
1.6 (where would you draw|what would you do first|what should i aim for|another path|what else is there
|now what)
1.4 (hear|listen to) (people|different|both|from|that)
1.4 does that get me
1.2 (explore|exploring|curious|interested in|wondering|idea of|dream)
1.0 (what happens|what do you do first|how many do we)
1.0 (first or|should i (pay|study|aim|do a))
0.8 (is there|are there) (a|any|other)
0.8 (one day|some day|someday|in a few years|someone said|i keep reading)
0.8 does (it|that|such \w+) exist""",
        "unblock": r"""
1.0 (what|where) (do|should|can|would|could) (i|we|you) (do|check|look|begin|start|even begin|stand|keep
|ask)( \w+)? ?(first|now|today|tonight|on monday|this week)?
1.0 how (do|does|can|should|could) (i|we|you|one|people) (?!(?:get|become|start|begin) (?:a|an|into|in) )
1.2 (stuck|blocked|broken|fails?|failing|failed|crash\w*|freez\w+|frozen|stopped working|goes wrong
|doesn't work|does not work)\b
0.5 (can't|cannot)
1.2 what (is|are) (the )?(safe|right|first|best) (order|steps?|thing|way)
1.2 (this morning|right now|urgent|emergency|asap|tonight|immediately|at once)
0.8 (who do i talk to|what do i (keep|write)|what can i (honestly|ask))
1.0 (nobody|no one) (answers?|knows|believes|tells|dares|came)
0.9 (problem|trouble|mess|chaos|complain|losing|loses|lost|refused|refuses)
0.8 (three weeks|two weeks|\d+ (days|weeks|hours)) (left|late|to answer)
0.8 (for no reason|every third|every second|again and again|keeps?|still) """,
    },
    "de": {
        "decide": r"""
1.6 (soll|sollte) ich
1.4 (entscheid\w+|entschluss|welche[srn]? von|entweder)
1.2 (annehmen|bleiben|gehen|kundigen|unterschreiben|zusagen|absagen|wechseln) oder
1.0 oder (nicht|lieber|doch|soll)
0.8 (angebot|angeboten|zusage)""",
        "practise": r"""
2.2 (uben|ube|durchspielen|proben|rollenspiel|trainieren|probelauf)
1.4 (spielen sie|spiel mal|mit mir durchgehen)
1.0 (vorstellungsgesprach|lampenfieber|rede halten)""",
        "review": r"""
2.0 (druberschauen|druber schauen|anschauen|durchsehen|durchlesen|gegenlesen|korrigieren|ruckmeldung
|feedback|beurteilen|prufen)
1.4 (mein(en|e)? (lebenslauf|entwurf|konzept|text|vertrag|portfolio|anschreiben))""",
        "connect": r"""
2.0 (kennt jemand|kennen sie|kennst du|wer kennt|kontakt zu|vorstellen bei|vermitteln|ansprechpartner)
1.6 (suche|suchen) (eine|einen|jemand\w*|leute|kontakt\w*)""",
        "explore": r"""
1.8 (wie ist es|wie fuhlt|lohnt (es )?sich|ist es realistisch|erfahrungen (mit|von)|wie wird man
|wie werde ich)
1.2 (interessiere mich|uberlege|vorstellen konnen|was erwartet)""",
        "unblock": r"""
1.6 (was (tue|mache|soll|kann) ich|wie (kann|soll|schaffe|bekomme|sage|gehe) ich|womit anfangen|wo anfangen
|was zuerst|als erstes)
1.2 (geht nicht|funktioniert nicht|klappt nicht|problem|stecke fest|hilfe|zu spat|dringend|verloren)""",
    },
    "fr": {
        "decide": r"""
1.6 (dois.je|devrais.je|est.ce que je (dois|devrais)|faut.il que je)
1.4 (decider|choisir|hesite\w*|decision)
1.2 (accepter|rester|partir|signer|refuser|quitter) ou
1.0 ou (pas|non|bien|plutot)
0.8 (proposition|on me propose|m'a propose|offre)""",
        "practise": r"""
2.2 (m'entrainer|entrainer|repeter|repetition|simuler|simulation d'entretien|jeu de role)
1.0 (oral|discours|trac)""",
        "review": r"""
2.2 (relire|relecture|corriger|massacrer|critiquer|donner (un|votre) avis|regarder mon|jeter un (oeil|œil)
|passer en revue)
1.4 mon (cv|dossier|texte|portfolio|projet)""",
        "connect": r"""
2.0 (connaissez.vous|quelqu'un connait|connait.on|mettre en (contact|relation)|presenter a)
1.6 (cherche|recherche) (une personne|quelqu'un|des gens|un contact)""",
        "explore": r"""
1.8 (comment (devenir|devient|se passe)|est.ce realiste|a quoi ressemble|ca vaut|retour d'experience
|qui a vecu)
1.2 (j'aimerais (savoir|comprendre|devenir)|envie de|curieu\w+)""",
        "unblock": r"""
1.6 (que (faire|dire|dois.je|puis.je)|comment (faire|puis|gerer|dire|parler)|par ou commencer|quoi faire)
1.4 (ce soir|tout de suite|urgent\w*|au secours|bloque\w*|probleme\w*)
1.0 (ne marche pas|n'arrive pas|en panne|perdu\w*)""",
    },
    "es": {
        "decide": r"""
1.6 (deberia|debo|tengo que) (aceptar|irme|quedarme|firmar|decidir|elegir|avisar|responder)
1.4 (decidir|elegir|no se si|decision|dudo)
1.2 (firmo|acepto|me quedo|me voy|negocio|renuncio)\b.{0,40}\bo\b
1.0 o (no|mejor|aprendo|me|espero|cambiar\w*)
0.8 (me ofrecen|oferta|me propone\w*|me han ofrecido|tambien podria)""",
        "practise": r"""
2.2 (practicar|ensayar|ensayo|simulacro|juego de roles|entrenar)
1.0 (discurso|entrevista (es|manana)|hablar en publico)""",
        "review": r"""
2.0 (revis\w+|corregir|mirar(lo|la|me)?|echar un vistazo|dar(me)? (una )?opinion|criticar|leer mi)
1.4 mi (curriculum|cv|texto|portafolio|plan|contrato)""",
        "connect": r"""
2.0 (conoce(n|s)? a alguien|alguien conoce|poner\w* en contacto|presentar\w* a)
1.6 (busco|buscamos) (a )?(una persona|alguien|gente|contacto\w*|soci\w+)""",
        "explore": r"""
1.8 (como es (ser|trabajar|vivir)|es realista|vale la pena|como se llega|alguien que haya|experiencia de)
1.2 (quisiera saber|me gustaria (saber|ser|aprender)|me interesa|curiosidad)""",
        "unblock": r"""
1.6 (que hago|como (hago|puedo|le digo|empiezo|consigo)|por donde empiezo|que debo hacer|que hacer)
1.2 (no funciona|atascad\w+|problema|urgente|ayuda|no puedo|no me (paga|contesta)\w*)""",
    },
    "pt": {
        "decide": r"""
1.6 (devo|deveria|vale mais) (aceitar|ficar|sair|assinar|escolher|ir)
1.4 (decidir|escolher|nao sei se|decisao|duvida entre)
1.2 (aceito|fico|saio|assino|vou)\b.{0,40}\bou\b
1.0 ou (nao|melhor|fico|espero)
0.8 (me oferecem|me ofereceram|proposta|oferta)""",
        "practise": r"""
2.2 (treinar|ensaiar|praticar|simular|simulacao|simulado)
1.6 (treina(r)? comigo|me dizer na cara)
1.0 (entrevista|discurso|apresentacao)""",
        "review": r"""
2.0 (revisar|rever|corrigir|dar uma olhada|opiniao sobre|criticar|ler meu)
1.4 (meu|minha) (curriculo|texto|portfolio|plano|contrato)""",
        "connect": r"""
2.0 (conhece(m)? alguem|alguem conhece|por em contato|me apresentar)
1.6 (procuro|busco) (uma pessoa|alguem|gente|contato\w*|soci\w+)""",
        "explore": r"""
1.8 (como e (ser|trabalhar|viver)|e realista|vale a pena|como se chega|alguem que ja)
1.2 (queria saber|gostaria de (saber|ser|aprender)|tenho curiosidade)""",
        "unblock": r"""
1.6 (o que (eu )?faco|como (faco|posso|digo|comeco|consigo)|por onde comeco|que fazer)
1.2 (nao funciona|travad\w+|problema|urgente|ajuda|nao consigo|nao me paga\w*|me da branco)""",
    },
    "it": {
        "decide": r"""
1.6 (dovrei|devo) (accettare|restare|andare|firmare|scegliere|lasciare)
1.4 (decidere|scegliere|non so se|decisione)
1.2 (accetto|resto|firmo|lascio|vado)\b.{0,40}\bo\b
1.0 o (no|meglio|resto|aspetto)
0.8 (mi offrono|mi hanno offerto|proposta|offerta)""",
        "practise": r"""
2.2 (provare|prova generale|esercitar\w+|simulare|simulazione|allenar\w+)
1.0 (discorso|colloquio|parlare in pubblico)""",
        "review": r"""
2.0 (rivedere|correggere|dare un'occhiata|guardare (il|la) mi[oa]|leggere (il|la) mi[oa]|parere su)
1.4 (mio|mia) (curriculum|cv|testo|portfolio|piano|contratto)""",
        "connect": r"""
2.0 (conoscete qualcuno|qualcuno conosce|mettere in contatto|presentarmi)
1.6 (cerco|cerchiamo) (una persona|qualcuno|gente|contatti|un socio)""",
        "explore": r"""
1.8 (com'e (essere|lavorare|vivere)|e realistico|vale la pena|come si diventa|qualcuno che abbia)
1.2 (vorrei (sapere|capire|diventare)|mi interessa|curios\w+)""",
        "unblock": r"""
1.6 (cosa faccio|che faccio|come (faccio|posso|dico|comincio)|da dove comincio|che fare|li tengo|faccio la)
1.2 (non funziona|bloccat\w+|problema|urgente|aiuto|non riesco|non (mi )?paga|silenzio)""",
    },
    "pl": {
        "decide": r"""
1.4 (czy (powinn\w+|mam|warto) |zdecydowa\w+|wybra\w+|decyzj\w+)
1.0 (czy moze|albo|czy nie)""",
        "practise": "2.2 (poćwicz\\w+|pocwicz\\w+|przećwicz\\w+|przecwicz\\w+|proba|odegra\\w+)",
        "review": "2.0 (przejrze\\w+|sprawdz\\w+|oceni\\w+|rzuci\\w+ okiem|przeczyta\\w+)",
        "connect": "2.0 (zna(cie|sz|ja)? kogos|ktos zna|szukam (osoby|kogos|kontaktu))",
        "explore": "1.6 (jak to jest|czy to realne|jak zosta\\w+|czy warto)",
        "unblock": "1.6 (co (mam |)robic|jak (mam|moge|sobie)|od czego zaczac|ile tak)",
    },
}
# Between two ways: "or" before a question mark, in languages we have few cues for.
OR = re.compile(
    r"\b(?:or|oder|ou|o|czy|albo|alebo|of|eller|tai|vagy|sau|ili|apo|ose|a do|veya|mi yoksa|yoksa|или|або|чи|au)\b"
    r"|أم |أو | या |それとも|还是|아니면| বা |یا ",
)


class Wish(NamedTuple):
    """The kind of help asked for, and how sure we are of it, from 0 to 1."""

    kind: Kind
    confidence: float


@cache
def _patterns(language: str) -> tuple[tuple[Kind, float, re.Pattern[str]], ...]:
    found: list[tuple[Kind, float, re.Pattern[str]]] = []
    for kind in KINDS:
        joined = CUES.get(language, {}).get(kind, "").strip().replace("\n|", "|")
        for line in joined.splitlines():
            weight, _, pattern = line.partition(" ")
            # A pattern that looks ahead or ends in a blank keeps its own end.
            found.append((kind, float(weight), re.compile(rf"\b(?:{pattern.rstrip()})")))
    return tuple(found)


def wish(text: str, *, language: str | None = "en", dated: bool = False) -> Wish:
    """The kind of help `text` asks for; "unblock" where nothing tells.

    language: of the text; English cues are read where we have none for it.
    dated: whether a day is named by which something has to be decided.
    """
    folded = fold(ends(text)).replace("’", "'")
    scores = dict(BEFORE)
    for kind, weight, pattern in _patterns(language if language in CUES else "en"):
        times = sum(1 for _ in islice(pattern.finditer(folded), COUNTED))
        if times:
            scores[kind] += weight * (1 + AGAIN * (times - 1))
    scores["decide"] += DATED * dated + _offers_options(text, folded)
    ranked = sorted(BEFORE, key=lambda kind: -scores[kind])  # of equals the one assumed first
    first, second = scores[ranked[0]], scores[ranked[1]]
    return Wish(ranked[0], round(max(0.2, min(0.95, 0.3 + (first - second) / 4)), 2))


def _offers_options(text: str, folded: str) -> float:
    """Several short questions in a row, or a question with "or" in it, lay out a choice."""
    asked = [one for one in sentences(ends(text)) if one.asks]
    short = [one for one in asked if len(one.text) < 45]  # noqa: PLR2004 - "Clean cut, slow steps?"
    with_or = any(OR.search(fold(one.text)) for one in asked)
    listed = len(re.findall(r"(?:^|[.;?!]\s)or\b", folded))
    return ASKED_AS_CHOICE * with_or + OPTIONS * (len(short) > 2) + LISTED * bool(listed)  # noqa: PLR2004
