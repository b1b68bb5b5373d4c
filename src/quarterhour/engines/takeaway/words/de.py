"""German."""

FACTS = """
ist sind war waren bin bist hat haben habe hatte hatten will wollen mochte kann konnen konnte weiss findet meint
denkt glaubt fuhlt mag kennt sagt empfiehlt rat hofft wunscht braucht wurde wurden uberlegt zweifelt verdient
wohnt = als der die das wie seit bei von mit
"""
PAST = """
schon bereits ging kam sprach schrieb rief fand gab nahm liess blieb stand lag fuhr sah verlor bekam begann las
traf trug hielt fiel gemacht geschickt gesagt
"""
PAST_ENDINGS = r"(?!heute$|bitte$|leute$)\w{2,}te$"
MODALS = "kann konnte konnten sollte sollten wurde durfte mochte mag darf soll"
PASSING = "auch noch dann jetzt erst nur heute morgen zuerst danach gleich selbst bitte sich ihm ihr ihnen mir dir uns"
NEVER = "nicht nie kein keine keinen keinem niemand nichts niemandem"
WE = "wir beide zusammen gemeinsam"
FIRST = "ich mir mich"
SECOND = "du dir sie ihnen"
HE = "er ihm sein seine"
SHE = "ihr ihre"
JOINS = "und & + plus mit"
COMMON = (
    "eine einen einem einer noch nach dann oder aber auch wenn woche wochen tage monat bitte heute morgen diese dieser"
)
PROMISE = r"""
wird(?! es)
werde
werden
muss
verspricht
will versuchen
hat zugesagt
hat versprochen
"""
MAYBE = r"""
vielleicht
eventuell
evtl
irgendwann
moglicherweise
konnte
konnten
ware
wurde gern
mal sehen
denkt (?:daruber )?nach
uberlegt(?: noch)?
unsicher
nicht entschieden
noch offen
"""
CONDITION = r"""
falls
wenn
sofern
je nachdem
im fall
"""
ASKING = r"fragt ob"
OFFER = r"""
bei bedarf
gern jederzeit
jederzeit
ist erreichbar
bietet an
meld dich
"""
CANCEL = r"""
gestrichen
doch nicht
vergiss (?:es|das)
nicht mehr(?: notig)?
hat sich erledigt
entfallt
fallt weg
lassen wir
nicht notig
abgesagt
"""
THEN = r"bis dahin|vorher|am (?:selben|gleichen) tag"
BEFORE = r"vor"
INSTEAD = r"""
stattdessen
lieber
verschoben auf
nein,
"""
AGREED = r"""
ok
okay
ja
gerne
gern
abgemacht
einverstanden
mach ich
passt
super
danke
"""
REQUEST = r"""
kannst du
konntest du
konnen sie
konnten sie
bitte
"""
OTHERS = r"""
(?:der|die|das|sein|seine|ihr|ihre|mein|meine|unser|unsere) (?:[a-z-]+ ){1,3}(?:wird|werden|will|schickt|meldet)
"""
SHOULD = r"""
nie
nicht
immer
sollte
sollten
erst
zuerst
nur
besser
lieber
kein
keine
"""
TO_DO = """
aufgaben
nachste schritte
vereinbart
vereinbarungen
was jetzt
wer macht was
zu tun
offene punkte
massnahmen
"""
NOT_TO_DO = """
erledigt
ideen
spater
vielleicht
verworfen
"""
NEUTRAL = """
hintergrund
kontext
tipps
ratschlage
notizen
fragen
"""
DEEDS = """
schickt sendet ruft schreibt fragt macht liest pruft bereitet bucht meldet holt bringt stellt sammelt notiert
sucht vergleicht rechnet zahlt erstellt teilt gibt spricht trifft besucht probiert ubt korrigiert kommentiert
uberarbeitet unterschreibt druckt telefoniert klart vereinbart bestellt tragt
"""
ORDERS = """
schicken senden anrufen schreiben fragen machen lesen prufen vorbereiten buchen melden holen bringen stellen
sammeln notieren suchen vergleichen rechnen zahlen erstellen teilen geben sprechen treffen besuchen uben
korrigieren klaren
"""
