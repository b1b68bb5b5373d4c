"""The words of six languages, each as the kind of thing it says about a date.

A kind is one letter, so that a sentence becomes a short string and a rule a short pattern over it:

    r  a day counted from today      d  weekday            h  month          n  number
    O  ordinal ("14th")              Q  ordinal in words   c  year           D  date in digits
    M  figures that may be a date ("3/5"), or only behind "by" (m: "5.11")
    y w o q Y H  day, week, month, quarter, year, hour     e  weekend        F  feast
    s  quarter by number    X  half
    p  part of a day    C  clock time        N  next   T  this   L  last     V  "next week" in one word
    E S I  end, start, middle        W Z  end of week, end of month in one word
    u  the end of a day    J  a number of hours ("48h")             U  at the latest
    B  before   R  German "vor": before a date, ago with a span   b  by, until   A  after
    i  in, within   j  on, at   f  from (now)   l  from today   G  ago   K  since   x  every     k  a, an
    a  the, of   g  an article a day number may follow ("el 14")   z  small words   .  any other word
    ; ends a thought; other punctuation stands for itself.
Words are written without accents and capitals; `_` joins the words of a phrase.
"""

ENGLISH = """
r0 today tonight 2day right_after_this_call right_after_the_call straight_after_the_call
u eod cob end_of_play close_of_play close_of_business end_of_day end_of_the_day
r0 right_away straight_away right_now straight_after_this right_after_this after_this_call
r0 right_after_the_session after_this_session right_after_our_call later_today
r1 tomorrow tmrw tmw tmr tomo tmrow tomorow tommorow tommorrow tomorrw 2morrow 2moro
r2 day_after_tomorrow the_day_after_tomorrow
r-1 yesterday last_night
d0 monday mon
d1 tuesday tues tue
d2 wednesday weds wed midweek
d3 thursday thurs thur thu
d4 friday fri
d5 saturday sat
d6 sunday sun
h1 january jan
h2 february feb
h3 march mar
h4 april apr
h5 may
h6 june jun
h7 july jul
h8 august aug
h9 september sept sep
h10 october oct
h11 november nov
h12 december dec
n1 one
n2 two couple a_couple a_couple_of couple_of
n3 three
n4 four
n5 five
n6 six
n7 seven
n8 eight
n9 nine
n10 ten
n12 twelve
n14 fourteen
n15 fifteen
n20 twenty
n30 thirty
Q1 first
Q2 second
Q3 third
Q4 fourth
Q5 fifth
Q6 sixth
y1 day days
w7 week weeks wk wks w/c
w14 fortnight fortnights
o month months
q quarter
s1 q1
s2 q2
s3 q3
s4 q4
X half
Y year years yr yrs
H1 hour hours hr hrs
H0 minute minutes min mins
e weekend wkend week_end
C after_work before_work after_school before_school after_class after_hours after_dinner before_dinner
C after_lunch before_lunch after_breakfast before_breakfast after_shift before_shift after_training
p morning afternoon evening night noon lunch lunchtime midday midnight am pm eve
N next nxt
T this coming upcoming
L last past previous
E end late
S0 start beginning
S2 early
I mid middle
W eow
Z eom month_end months_end month's_end
B before b4 ahead_of prior_to
b by until till til untill due no_later_than not_later_than deadline
U at_the_latest latest
A after following
i in within during over inside
j on at for around about
f from from_now starting
l from_today as_of_today starting_today
G ago back
K since
x every each
k a an any some
a the of
z and or at too so is he she with to if then we they i you it but also when as his her please and_then
F12.25 christmas xmas christmas_day
F12.24 christmas_eve
F12.31 new_year's_eve new_years_eve nye
F1.1 new_year new_year's new_year's_day
F10.31 halloween
F0.0 easter
"""

GERMAN = """
r0 heute heute_morgen heute_fruh heute_abend
r1 morgen morgen_fruh
r2 ubermorgen uebermorgen
r-1 gestern
d0 montag mo montagmorgen montagfrueh montagvormittag montagmittag montagnachmittag montagabend montagnacht
d1 dienstag di dienstagmorgen dienstagfrueh dienstagvormittag dienstagmittag dienstagnachmittag dienstagabend
d1 dienstagnacht
d2 mittwoch mi mittwochmorgen mittwochfrueh mittwochvormittag mittwochmittag mittwochnachmittag mittwochabend
d2 mittwochnacht
d3 donnerstag do donnerstagmorgen donnerstagfrueh donnerstagvormittag donnerstagmittag donnerstagnachmittag
d3 donnerstagabend donnerstagnacht
d4 freitag fr freitagmorgen freitagfrueh freitagvormittag freitagmittag freitagnachmittag freitagabend freitagnacht
d5 samstag sonnabend sa samstagmorgen samstagfrueh samstagvormittag samstagmittag samstagnachmittag
d5 samstagabend samstagnacht
d6 sonntag so sonntagmorgen sonntagfrueh sonntagvormittag sonntagmittag sonntagnachmittag sonntagabend sonntagnacht
h1 januar jan janner
h2 februar feb
h3 marz maerz mrz
h4 april apr
h5 mai
h6 juni
h7 juli
h8 august aug
h9 september sept sep
h10 oktober okt
h11 november nov
h12 dezember dez
n1 eins
n2 zwei
n3 drei
n4 vier
n5 funf fuenf
n6 sechs
n7 sieben
n8 acht
n10 zehn
n14 vierzehn
y1 tag tage tagen
w7 woche wochen
o monat monate monaten monats
q quartal
Y jahr jahre jahren jahres
H1 stunde stunden
e wochenende we
p abend nachmittag mittag vormittag nacht fruh am_morgen
N nachste nachsten nachster nachstes kommende
V kommenden_woche kommende_woche
T diese diesen dieser dieses diesem kommenden kommender
L letzte letzten letzter letztes vergangene vergangenen
E ende
S anfang
I mitte
Z monatsende
W im_laufe_der_woche
R vor
b bis spatestens zum bis_zum bis_zur
A nach
i in im innerhalb binnen
j am an um fur gegen uber ubers
K seit
x jeden jede jedes jeweils
k ein einen einem einer eine
a der die das den dem des zur
F12.25 weihnachten
F12.31 silvester
F1.1 neujahr
F0.0 ostern
"""

FRENCH = """
r0 aujourd'hui ce_soir ce_matin cet_apres_midi
r1 demain
r2 apres_demain
r-1 hier
d0 lundi
d1 mardi
d2 mercredi
d3 jeudi
d4 vendredi
d5 samedi
d6 dimanche
h1 janvier janv
h2 fevrier fev
h3 mars
h4 avril avr
h5 mai
h6 juin
h7 juillet juil
h8 aout
h9 septembre sept
h10 octobre oct
h11 novembre nov
h12 decembre dec
n2 deux
n3 trois
n4 quatre
n5 cinq
n6 six
n8 huit
n10 dix
n15 quinze
y1 jour jours
w7 semaine semaines
o mois
q trimestre
Y an ans annee
H1 heure heures
e weekend week_end
p soir matin midi apres_midi
N prochain prochaine qui_vient
T ce cet cette
L dernier derniere passe passee
E fin
S debut
I mi milieu
B avant
b d'ici jusqu'a jusqu'au pour
U au_plus_tard
A apres
i dans en courant sous
j a au vers
g le
a la les l de du des
G il_y_a
K depuis
x chaque tous_les
k un une
F12.25 noel
F0.0 paques
"""

SPANISH = """
r0 hoy esta_manana esta_noche
r1 manana manana_por_la_manana
r2 pasado_manana
r-1 ayer
d0 lunes
d1 martes
d2 miercoles
d3 jueves
d4 viernes
d5 sabado
d6 domingo
h1 enero
h2 febrero
h3 marzo
h4 abril
h5 mayo
h6 junio
h7 julio
h8 agosto
h9 septiembre setiembre
h10 octubre
h11 noviembre
h12 diciembre
n2 dos
n3 tres
n4 cuatro
n5 cinco
n6 seis
n7 siete
n8 ocho
n10 diez
n15 quince
y1 dia dias
w7 semana semanas
o mes meses
q trimestre
Y ano anos
H1 hora horas
e fin_de_semana finde
p tarde noche mediodia la_manana por_la_manana
N proximo proxima que_viene siguiente
T este esta
L pasado pasada ultimo
E fin final finales
S principios inicios comienzos
I mediados
B antes
b hasta para
U a_mas_tardar
A despues tras
i en dentro dentro_de
j a al por sobre
g el del
a la los las de
G hace
K desde
x cada todos_los
k un una
F12.25 navidad
F12.24 nochebuena
F12.31 nochevieja
"""

PORTUGUESE = """
r0 hoje
r1 amanha
r2 depois_de_amanha
r-1 ontem
d0 segunda segunda_feira
d1 terca terca_feira
d2 quarta quarta_feira
d3 quinta quinta_feira
d4 sexta sexta_feira
d5 sabado
d6 domingo
h1 janeiro
h2 fevereiro
h3 marco
h4 abril
h5 maio
h6 junho
h7 julho
h8 agosto
h9 setembro
h10 outubro
h11 novembro
h12 dezembro
n2 dois duas
n3 tres
n4 quatro
n5 cinco
n6 seis
n7 sete
n8 oito
n10 dez
n15 quinze
y1 dias
w7 semana semanas
o mes meses
q trimestre
Y ano anos
H1 hora horas
e fim_de_semana final_de_semana fds
p manha tarde noite meio_dia
N proximo proxima que_vem
T este esta neste nesta
L passado passada ultimo
E fim final
S inicio comeco
I meados
B antes
b ate para
A depois apos
i em daqui daqui_a dentro
j na no ao pela
g dia
a o os as da do das dos de
G ha
K desde
x cada toda todo
k um uma
F12.25 natal
F0.0 pascoa
"""

ITALIAN = """
r0 oggi stasera stamattina questa_sera
r1 domani
r2 dopodomani
r-1 ieri
d0 lunedi
d1 martedi
d2 mercoledi
d3 giovedi
d4 venerdi
d5 sabato
d6 domenica
h1 gennaio
h2 febbraio
h3 marzo
h4 aprile
h5 maggio
h6 giugno
h7 luglio
h8 agosto
h9 settembre
h10 ottobre
h11 novembre
h12 dicembre
n2 due
n3 tre
n4 quattro
n5 cinque
n6 sei
n7 sette
n8 otto
n10 dieci
n15 quindici
y1 giorno giorni
w7 settimana settimane
o mese mesi
q trimestre
Y anno anni
H1 ora ore
e weekend week_end fine_settimana
p mattina pomeriggio sera mezzogiorno notte
N prossimo prossima che_viene
T questo questa
L scorso scorsa passato
E fine
S inizio
I meta
B prima_di prima_del prima_della prima_dell'
b entro fino_a fino_al
A dopo
i tra fra in
j a al alla nel verso per
g il
a la lo le gli di del della dello dell
G fa
K da
x ogni
k un una
F12.25 natale
F0.0 pasqua
"""

LANGUAGES = {
    "en": ENGLISH,
    "de": GERMAN,
    "fr": FRENCH,
    "es": SPANISH,
    "pt": PORTUGUESE,
    "it": ITALIAN,
}

# Short forms that are also ordinary words: a date only with a capital or after a word that leads to one.
SHARED = {
    "en": {"sat", "sun", "wed", "mon", "may", "march", "mar"},
    "de": {"mo", "di", "mi", "do", "fr", "sa", "so", "we"},
    "pt": {"segunda", "terca", "quarta", "quinta", "sexta"},
}
