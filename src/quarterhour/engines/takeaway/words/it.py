"""Italian."""

FACTS = """
e ha hanno sono era aveva vuole puo potrebbe sa crede pensa dice consiglia preferisce teme dubita fu guadagna
conosce sente spera vorrebbe s'e l'ha = di che in
"""
PAST = "fu fece disse ebbe era aveva"
PAST_ENDINGS = r"\w+(?:ava|eva|iva)$"
MODALS = "puo potrebbe dovrebbe vorrebbe"
PASSING = "anche ancora poi prima gli le lo la li si mi ti ci oggi domani solo"
NEVER = "non mai nessuno niente nulla"
WE = "noi entrambi insieme"
FIRST = "io mi"
SECOND = "tu lei ti"
HE = "lui"
SHE = "lei"
JOINS = "e & + con ed"
COMMON = "per come questo questa piu quando tutto settimana giorni prima dopo anche fare della dello delle degli"
PROMISE = r"""
deve
si impegna a
promette di
va a
"""
MAYBE = r"""
forse
magari
un giorno
potrebbe
ci pensa
non ha deciso
chissa
"""
CONDITION = r"""
se
nel caso
a meno che
dipende
purche
"""
ASKING = r"(?:chiede|chiedere|verifica|vede|vedere|sa|sapere)(?: \w+){0,3} se"
OFFER = r"""
se (?:vuoi|vuole|serve)
quando vuoi
disponibile
si offre
"""
CANCEL = r"""
annullato
annullata
lascia stare
lascia perdere
non serve
non piu
"""
THEN = r"entro allora|per allora|prima di allora|lo stesso giorno"
BEFORE = r"prima di|prima del|prima della|prima dell"
INSTEAD = r"""
invece
piuttosto
spostato a
no,
"""
AGREED = r"""
ok
si
va bene
certo
d'accordo
grazie
perfetto
"""
REQUEST = r"""
puoi
potresti
puo
per favore
"""
OTHERS = r"""
(?:il|la|i|le|lo|suo|sua|mio|mia) (?:[a-z'-]+ ){1,3}(?:deve|devono|inviera|confermera)
"""
SHOULD = r"""
mai
sempre
prima
non
bisogna
meglio
solo
evitare
"""
TO_DO = """
azioni
compiti
prossimi passi
da fare
impegni
accordi
chi fa cosa
"""
NOT_TO_DO = """
idee
fatto
piu avanti
forse
"""
NEUTRAL = """
contesto
consigli
note
domande
"""
DEEDS = """
invia manda chiama scrive chiede prepara fa rivede cerca contatta legge annota prende condivide mostra conta
prenota confronta calcola parla visita risponde redige corregge stampa firma trova sceglie finisce passa
consulta controlla
"""
ORDERS = """
inviare mandare chiamare scrivere chiedere preparare fare rivedere cercare contattare leggere annotare
condividere mostrare contare prenotare confrontare calcolare parlare visitare rispondere redigere correggere
consultare
"""
