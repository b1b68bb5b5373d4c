"""French."""

FACTS = """
a est sont ont etait etaient avait avaient sait veut peut pourrait pense croit aime prefere dit conseille
recommande craint hesite doute espere gagne connait souhaite voudrait s'est n'a n'est l'a = de en qui que aura
serait
"""
PAST = "etait avait fut eut fit alla"
PAST_ENDINGS = r"\w+(?:ait|aient)$"
MODALS = "peut pourrait devrait pourra faudrait"
PASSING = "aussi encore puis ensuite d'abord lui leur le la les se y nous vous me te seulement demain aujourd'hui"
NEVER = "ne pas jamais aucun aucune rien personne n'a n'est n'appelle n'envoie"
WE = "nous on ensemble"
FIRST = "je j'ai j'envoie j'appelle moi"
SECOND = "tu vous toi"
HE = "il lui"
SHE = "elle"
JOINS = "et & + plus avec"
COMMON = "avec dans pour plus leur cette mois jour jours semaine apres avant aussi encore elle nous vous faire fait"
PROMISE = r"""
va
vais
doit
dois
s'engage a
promet de
"""
MAYBE = r"""
peut-etre
un jour
eventuellement
pourrait
pourraient
faudrait
il faudra voir
n'a rien decide
pas decide
hesite
reflechit
y pense
on verra
"""
CONDITION = r"""
si
s'ils?
au cas ou
a condition
selon
sauf si
"""
ASKING = r"(?:demande|demander|verifie|verifier|voit|voir|sait|savoir)(?: \w+){0,3} (?:si|s'ils?)"
OFFER = r"""
si (?:tu|vous) (?:veux|voulez)
n'hesite pas
disponible
a disposition
propose de
quand (?:tu|vous) (?:veux|voulez)
"""
CANCEL = r"""
annule
annulee
laisse tomber
on oublie
finalement non
pas la peine
plus besoin
plus necessaire
abandonne
on laisse
"""
THEN = r"d'ici la|avant ca|avant cela|le meme jour"
BEFORE = r"avant"
INSTEAD = r"""
plutot
a la place
finalement
reporte a
reporte au
non,
"""
AGREED = r"""
ok
oui
d'accord
volontiers
parfait
merci
ca marche
entendu
"""
REQUEST = r"""
peux-tu
tu peux
pouvez-vous
vous pouvez
s'il te plait
s'il vous plait
"""
OTHERS = r"""
(?:le|la|les|sa|son|ses|leur|notre|mon|ma) (?:[a-z'-]+ ){1,3}(?:va|vont|doit|enverra|confirmera)
"""
SHOULD = r"""
jamais
toujours
il faut
d'abord
avant tout
ne
pas
seulement
mieux vaut
eviter
voir
"""
TO_DO = """
a faire
actions
prochaines etapes
suite
suites
la suite
decisions
engagements
qui fait quoi
"""
NOT_TO_DO = """
idees
fait
plus tard
peut-etre
abandonne
"""
NEUTRAL = """
contexte
conseils
notes
questions
"""
DEEDS = """
envoie appelle ecrit demande prepare fait regarde relit verifie cherche contacte lit note prend partage montre
compte reserve inscrit compare calcule liste va voit parle rencontre visite repond redige corrige transmet
imprime signe donne rassemble trouve choisit commence termine finit
"""
ORDERS = """
envoyer appeler ecrire demander preparer faire relire verifier chercher contacter lire noter prendre partager
montrer compter reserver comparer calculer lister parler rencontrer visiter repondre rediger corriger
transmettre
"""
