"""In which language is it written? By script first, then by the small words every sentence needs."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from quarterhour.engines.words import fold, tokens

__all__ = ["language_of"]

# First and last character of a block, and the languages written in it; the first is assumed.
SCRIPTS: tuple[tuple[int, int, tuple[str, ...]], ...] = (
    (0x0370, 0x03FF, ("el",)),
    (0x0400, 0x052F, ("ru", "uk", "bg", "sr", "kk", "mk", "be")),
    (0x0530, 0x058F, ("hy",)),
    (0x0590, 0x05FF, ("he",)),
    (0x0600, 0x077F, ("ar", "fa", "ur", "ps")),
    (0x0900, 0x097F, ("hi", "mr", "ne")),
    (0x0980, 0x09FF, ("bn",)),
    (0x0A00, 0x0A7F, ("pa",)),
    (0x0A80, 0x0AFF, ("gu",)),
    (0x0B80, 0x0BFF, ("ta",)),
    (0x0C00, 0x0C7F, ("te",)),
    (0x0C80, 0x0CFF, ("kn",)),
    (0x0D00, 0x0D7F, ("ml",)),
    (0x0D80, 0x0DFF, ("si",)),
    (0x0E00, 0x0E7F, ("th",)),
    (0x0E80, 0x0EFF, ("lo",)),
    (0x1000, 0x109F, ("my",)),
    (0x10A0, 0x10FF, ("ka",)),
    (0x1100, 0x11FF, ("ko",)),
    (0x1200, 0x139F, ("am",)),
    (0x1780, 0x17FF, ("km",)),
    (0x3040, 0x30FF, ("ja",)),
    (0x4E00, 0x9FFF, ("zh",)),
    (0xAC00, 0xD7AF, ("ko",)),
)
# Letters that only some languages of a script use.
LETTERS = {
    "uk": "іїєґ", "ru": "ыэъ", "sr": "ђћџљњј", "kk": "әғқңөұүһ", "bg": "", "mk": "ѓќѕ", "be": "ў",
    "fa": "پچژگ", "ur": "ٹڈےں", "ps": "ټډړښځڅۍ",
    "de": "äöüß", "fr": "çœèêàùîôûëï", "es": "ñ¿¡", "pt": "ãõçâê", "it": "òìùè", "pl": "łąęśćżźń",
    "sv": "åäö", "da": "æøå", "no": "æøå", "fi": "äö", "et": "õäöü", "lv": "āēīūšžķļņģč",
    "lt": "ėįųąęūšžč", "cs": "řěůýžšč", "sk": "ľĺŕôäťďňýžšč", "hu": "őűáéíóöü", "ro": "ăâîșțşţ",
    "hr": "đćčšž", "sl": "čšž", "sq": "ë", "tr": "ıİğşçöü", "az": "əıİğşçöü", "is": "þðæö",
    "vi": "ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ", "ca": "ŀçàèò", "cy": "ŵŷ", "ga": "áéíóú",
}  # fmt: skip
SMALL_WORDS = {
    "en": "the a an and or but if is are was were be been have has had do does did i you he she it we they my "
    "your his her our their me him them this that these those to of in on at for from with by about as not no "
    "so what which who how when where why can could would should will than then there out up get just one "
    "help need job work boss manager team company year years week weeks month day days people want "
    "know offer pay next first second after before again now never new old good bad left still yet "
    "any some every each leave stop try more most two three nine please someone hands don t ve "
    "ll re "
    "monday tuesday wednesday thursday friday saturday sunday today tomorrow must",
    "de": "der die das den dem des ein eine einen einem einer und oder aber wenn ist sind war ich du er sie es "
    "wir ihr mein meine meinen mir mich dich sich nicht kein keine zu von in im an am auf für mit bei nach aus "
    "über um als wie was wer wann wo warum auch noch schon nur dass ob habe hat haben wird werden kann soll zum "
    "brauche hilfe arbeit chef firma jahr jahre woche monat möchte will weiß bitte jemand jetzt "
    "immer mehr neue "
    "muss musst montag dienstag mittwoch donnerstag freitag samstag sonntag heute morgen antworten bis",
    "fr": "le la les un une des du de et ou mais si est sont était je tu il elle nous vous ils elles on mon ma "
    "mes son sa ses notre votre ne pas que qui quoi dont où quand comment pourquoi à au aux en dans sur pour "
    "par avec sans ce cette ces se plus ai as avez ont j c d l n qu s m y depuis faire faut fait peut leur "
    "besoin aide aider travail patron entreprise an ans année semaine mois veux voudrais sais "
    "quelqu'un maintenant toujours nouveau moi toi "
    "dois doit avant lundi mardi mercredi jeudi vendredi samedi dimanche répondre comme",
    "es": "el la los las un una unos unas de del y o pero si es son era yo tú él ella nosotros ellos mi mis tu "
    "su sus me te se nos no que quién cómo cuándo dónde qué por para con sin en al a lo le les más muy ya está "
    "estoy tengo hay he ha han puedo como porque cuando este esta esto desde hace ni o soy fue hacer también "
    "necesito ayuda trabajo jefe empresa año años semana mes quiero quisiera sé alguien ahora "
    "siempre nuevo subo hago precios "
    "lunes martes miércoles jueves viernes sábado domingo hoy mañana antes después",
    "pt": "o a os as um uma uns umas de do da dos das e ou mas se é são era eu você ele ela nós eles meu minha "
    "meus minhas seu sua não que quem como quando onde porque por para com sem em no na nos nas ao à mais muito "
    "já está estou tenho há foi ser ter isso este esta pra pelo pela também até dá fazer lhe me "
    "preciso ajuda trabalho chefe empresa ano anos semana mês quero queria sei alguém agora sempre "
    "novo "
    "segunda terça quarta quinta sexta sábado domingo hoje amanhã antes depois",
    "it": "il lo la i gli le un uno una di del della dei delle e o ma se è sono era io tu lui lei noi voi loro "
    "mio mia miei mie suo sua non che chi come quando dove perché per con senza in nel nella al alla da dal a "
    "più molto già ho hai ha hanno mi ti si ci questo questa anche poi cosa fare devo li adesso prima "
    "bisogno aiuto lavoro capo azienda anno anni settimana mese voglio vorrei so qualcuno ora sempre "
    "nuovo "
    "lunedì martedì mercoledì giovedì venerdì sabato domenica oggi domani entro dopo",
    "nl": "de het een en of maar als is zijn was ik jij je hij zij ze wij we jullie mijn jouw zijn haar onze "
    "niet geen te van in op aan voor met bij naar uit over om dat die dit deze wat wie hoe wanneer waar waarom "
    "ook nog al maar heb heeft hebben wordt kan moet zou er me "
    "hulp nodig werk baas bedrijf jaar week maand wil weet iemand nu altijd nieuw "
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag vandaag morgen",
    "sv": "och eller men om är var jag du han hon vi ni de min mitt mina din ditt inte ingen att av i på till "
    "för med från som vad vem hur när var varför också har hade kan ska skulle den det en ett mig sig mycket "
    "behöver hjälp jobb arbete chef företag år vecka månad vill vet någon nu alltid ny",
    "da": "og eller men hvis er var jeg du han hun vi i de min mit mine din ikke ingen at af på til for med fra "
    "som hvad hvem hvordan hvornår hvor hvorfor også har havde kan skal skulle den det en et mig sig meget blev "
    "behøver brug hjælp job arbejde chef firma år uge måned vil ved nogen nu altid ny hej",
    "no": "og eller men hvis er var jeg du han hun vi dere de min mitt mine din ikke ingen å av på til for med "
    "fra som hva hvem hvordan når hvor hvorfor også har hadde kan skal skulle den det en et meg seg mye ble "
    "trenger hjelp jobb arbeid sjef firma år uke måned vil vet noen nå alltid ny hei",
    "fi": "ja tai mutta jos on ovat oli minä sinä hän me te he minun sinun hänen ei en et emme että kun kuin "
    "mitä mikä kuka miten milloin missä miksi myös olen olet nyt vain niin se tämä tuo joka voi pitää minulla "
    "tarvitsen apua työ pomo yritys vuosi viikko kuukausi haluan tiedän joku aina uusi täytyy",
    "et": "ja või aga kui on olid oli mina sina tema meie teie nemad minu sinu tema ei et mis kes kuidas millal "
    "kus miks ka olen oled nüüd ainult see too mida kas siis veel ma ta me pole peab",
    "lv": "un vai bet ja ir bija es tu viņš viņa mēs jūs mans mana nav ka kas kā kad kur kāpēc arī no uz ar par "
    "pie šis šī tas tā man vēl tikai jau esmu",
    "lt": "ir ar bet jei yra buvo aš tu jis ji mes jūs mano tavo nėra kad kas kaip kada kur kodėl taip pat iš į "
    "su apie prie šis ši tas ta man dar tik jau esu",
    "pl": "i lub albo ale jeśli jest są był była ja ty on ona my wy oni mój moja moje nie że co kto jak kiedy "
    "gdzie dlaczego też już do z ze na w we o od po za dla przez się mi mnie mam ma czy to ten ta tak bo a jego "
    "potrzebuję pomocy praca pracy szef firma rok lat tydzień miesiąc chcę wiem ktoś teraz zawsze "
    "nowy proszę "
    "muszę poniedziałek wtorek środę środa czwartek piątek piątku sobota niedziela dziś jutro przed",
    "cs": "a nebo ale jestli je jsou byl byla já ty on ona my vy oni můj moje ne že co kdo jak kdy kde proč také "
    "už do z ze na v ve o od po za pro přes se si mi mě mám má to ten ta tak protože jsem bych "
    "potřebuji pomoc práce šéf firma rok let týden měsíc chci vím někdo teď vždy nový prosím",
    "sk": "a alebo ale ak je sú bol bola ja ty on ona my vy oni môj moja moje nie že čo kto ako kedy kde prečo "
    "tiež už do z zo na v vo o od po za pre cez sa si mi ma mám má to ten tá tak pretože som by chcem "
    "potrebujem pomoc práca šéf firma rok rokov týždeň mesiac viem niekto teraz vždy nový prosím mal",
    "hu": "a az és vagy de ha van volt én te ő mi ti ők nem hogy mit ki hogyan mikor hol miért is már egy ez az "
    "meg csak még kell lehet nekem vagyok "
    "segítség munka főnök cég év évek hét hónap akarok tudom valaki most mindig új",
    "ro": "și sau dar dacă este sunt era eu tu el ea noi voi ei meu mea nu că ce cine cum când unde de la în pe "
    "cu din pentru prin un o al ai am are au mai foarte să se mi îmi acest această fi "
    "ajutor muncă nevoie șef firmă an ani săptămână lună vreau știu cineva acum mereu nou",
    "hr": "i ili ali ako je su bio bila ja ti on ona mi vi oni moj moja ne da što tko kako kada gdje zašto "
    "također već do iz na u o od po za se mi me imam ima to taj ta jer sam bih nije "
    "trebam pomoć posao posla šef tvrtka godina godine tjedan mjesec želim znam netko sada uvijek "
    "novi oko",
    "sq": "dhe ose por nëse është janë ishte unë ti ai ajo ne ju ata im ime e i të së nuk s'ka që çfarë kush si "
    "kur ku pse edhe tashmë në me për nga një kam ka kjo ky më do çdo ana "
    "ndihmë punë shef firmë vit vite javë muaj dua di dikush tani gjithmonë",
    "tr": "ve veya ama eğer bir bu şu ben sen o biz siz onlar benim senin değil mi mı mu ne kim nasıl neden için "
    "ile da de çok daha var yok olan olarak gibi kadar sonra önce bana beni ki hem ya "
    "yardım iş patron şirket yıl yıldır hafta ay istiyorum biliyorum biri şimdi hep yeni lazım",
    "az": "və ya amma əgər bir bu mən sən o biz siz onlar mənim sənin deyil nə kim necə niyə üçün ilə da də çox "
    "daha var yox olan kimi qədər sonra əvvəl mənə",
    "vi": "và hoặc nhưng nếu là có không tôi bạn anh chị em chúng của cho với trong một những này đó gì ai khi "
    "nào ở đâu sao như thế được đã đang sẽ rất cũng làm "
    "giúp việc công ty năm tuần tháng muốn biết bây giờ mới sếp",
    "id": "dan atau tetapi tapi jika adalah ada tidak saya anda kamu dia kami kita mereka ini itu yang di ke "
    "dari untuk dengan pada apa siapa bagaimana kapan mana mengapa juga sudah akan bisa sangat lebih karena "
    "bantuan kerja bos perusahaan tahun minggu bulan ingin tahu seseorang sekarang selalu baru",
    "tl": "ang ng sa mga at o pero kung ay ako ikaw siya kami tayo sila ko mo niya namin hindi na ano sino paano "
    "kailan saan bakit din rin may wala para po lang kasi",
    "sw": "na au lakini kama ni si mimi wewe yeye sisi nyinyi wao yangu yako yake ya wa za la kwa katika hii "
    "hiyo huo nini nani vipi lini wapi kwanini pia tu sana kila bila nina ana wana nataka wengine hawa tangu "
    "kwenye wote mmoja kabla idadi ile nyumba sasa hata lazima naomba msaada jinsi nifanyeje mwaka "
    "miaka wiki mwezi kazi wanasema "
    "bosi wangu kazini kesho leo jumatatu ijumaa nisaidie tafadhali",
    "so": "iyo ama laakiin haddii waa ma aan adiga isaga iyada annaga idinka iyaga ka ku u la oo ah in maxaa "
    "sidee goorma xaggee maxay sida aad waxaan",
    "yo": "ati tabi sugbon ti ni mo o a won mi re wa ko ki kini tani bawo nigba nibo fun pelu lati si",
    "ha": "da ko amma idan ne ce ni kai shi ita mu ku su na ta ba me wane yaya yaushe ina don a daga zuwa",
    "zu": "futhi noma kodwa uma ngi u si ba mina wena yena thina nina bona yami yakho nge ku na ini ubani kanjani",
    "af": "die n en of maar as is was ek jy hy sy ons julle hulle my jou nie geen te van in op aan vir met by na "
    "uit oor om dat wat wie hoe wanneer waar hoekom ook nog het kan moet sal",
    "ga": "an na agus nó ach má is tá bhí mé tú sé sí muid sibh siad mo do a ní cad cé conas cathain cá le ar i",
    "cy": "y yr a ac neu ond os yw mae oedd i ti ef hi ni chi nhw fy dy ei ddim beth pwy sut pryd ble pam o ar",
    "is": "og eða en ef er var ég þú hann hún við þið þeir minn mín ekki að af á til fyrir með frá sem hvað hver",
    "ca": "el la els les un una de del i o però si és són era jo tu ell ella nosaltres meu meva no que qui com "
    "quan on per amb sense en al a més molt ja està tinc hi ha he aquest aquesta",
    "ru": "и или но если не это я ты он она мы вы они мой моя что кто как когда где почему тоже уже в во на с со "
    "к ко у о от по за для из бы же ли меня мне есть был была так его чтобы",
    "uk": "і й або але якщо не це я ти він вона ми ви вони мій моя що хто як коли де чому теж вже в у на з до "
    "від по за для із би ж чи мене мені є був була так його щоб",
    "bg": "и или но ако не това аз ти той тя ние вие те мой моя че какво кой как кога къде защо също вече в във "
    "на с със към от по за из бих ли ме ми има беше така го да се е са съм",
    "sr": "и или али ако не ово ја ти он она ми ви они мој моја што шта ко како када где зашто такође већ у на с "
    "са к од по за из би ли мене ми има био тако га да се је су сам",
    "mk": "и или но ако не ова јас ти тој таа ние вие тие мој моја што кој како кога каде зошто исто веќе во на "
    "со кон од по за би ли ме ми има беше така го да се е сум",
    "be": "і або але калі не гэта я ты ён яна мы вы яны мой мая што хто як калі дзе чаму таксама ўжо ў у на з да",
    "kk": "және немесе бірақ егер емес бұл мен сен ол біз сіз олар менің не кім қалай қашан қайда неге да де үшін",
    "ar": "في من على إلى عن مع هذا هذه ذلك التي الذي أن إن لا ما هل كيف متى أين لماذا أنا هو هي كان كل بعد قبل",
    "fa": "در از به با که این آن را و یا اما اگر من تو او ما شما است بود نیست می چه چطور کی کجا چرا هم برای تا",
    "ur": "میں سے کو کا کی کے پر اور یا لیکن اگر ہے ہیں تھا نہیں یہ وہ آپ ہم کیا کیسے کب کہاں کیوں بھی نے ہو",
    "ps": "په د له ته چې او یا خو که زه ته هغه موږ تاسو دی ده نه څه څنګه کله چیرته ولې هم",
    "hi": "का की के को से में पर और या लेकिन अगर है हैं था थी नहीं यह वह मैं हम आप क्या कैसे कब कहाँ क्यों भी ने हूँ",
    "mr": "आणि किंवा पण जर आहे आहेत होता नाही हे तो ती मी आम्ही तुम्ही काय कसे कधी कुठे का सुद्धा चा ची चे ला मध्ये",
    "ne": "र वा तर यदि छ छन् थियो होइन यो त्यो म हामी तपाईं के कसरी कहिले कहाँ किन पनि को का लाई मा बाट",
}
LEAST, LEAD = 1.0, 1.12
MOST = 1500


def _owners() -> dict[str, tuple[tuple[str, float], ...]]:
    """Small word -> the languages that use it, each with the weight of the word there."""
    users: dict[str, list[str]] = defaultdict(list)
    for language, words in SMALL_WORDS.items():
        for word in set(words.split()):
            users[word.casefold()].append(language)
    # Typed without accents a word still counts, but less, and only where it is nobody's own word.
    bare: dict[str, list[str]] = defaultdict(list)
    for word, languages in users.items():
        if fold(word) not in users:
            bare[fold(word)].extend(languages)
    table = {
        word: tuple((language, 1 / len(languages) ** 0.5) for language in languages)
        for word, languages in users.items()
    }
    table |= {
        word: tuple((language, 0.5 / len(languages) ** 0.5) for language in dict.fromkeys(languages))
        for word, languages in bare.items()
    }
    return table


_OWNERS = _owners()


def language_of(text: str, *, expected: Iterable[str] = ()) -> str | None:
    """ISO 639-1 code of the language of `text`; None if there is too little to tell.

    expected: languages the writer is known to use; they win where the text leaves it open.

    >>> language_of("Wie sage ich meinem Chef, dass es zu viel ist?"), language_of("来月、課長に")
    ('de', 'ja')
    >>> language_of("Kubernetes??"), language_of("Kubernetes??", expected=["pt"])
    (None, None)
    """
    wanted = [code.lower().replace("_", "-").partition("-")[0] for code in expected]
    scripts = Counter(_script(character) for character in text[:MOST] if character.isalpha())
    scripts.pop("", None)
    latin = scripts.pop("latin", 0)
    if scripts:
        script, count = scripts.most_common(1)[0]
        if script == "zh" and scripts["ja"]:
            script, count = "ja", count + scripts["ja"]
        # One Chinese character says as much as three letters.
        if count * (3 if script in ("zh", "ja", "ko") else 1) >= latin * 0.5:
            candidates = next((codes for _, _, codes in SCRIPTS if codes[0] == script), (script,))
            return candidates[0] if len(candidates) == 1 else _among(text, candidates, wanted)
    return _by_words(text, wanted) if latin else None


def _script(character: str) -> str:
    point = ord(character)
    if point < 0x250 or 0x1E00 <= point < 0x1F00:  # noqa: PLR2004 - Latin letters with their accents
        return "latin"
    for first, last, codes in SCRIPTS:
        if first <= point <= last:
            return codes[0]
    return ""


def _among(text: str, candidates: tuple[str, ...], wanted: list[str]) -> str:
    """The likeliest of several languages of one script; the first where nothing tells."""
    scores = _scores(text)
    best = max(candidates, key=lambda code: scores.get(code, 0.0) + 0.1 * (code in wanted))
    return best if scores.get(best, 0.0) > 0 or best in wanted else candidates[0]


def _by_words(text: str, wanted: list[str]) -> str | None:
    scores = _scores(text)
    for code in wanted:
        if code in scores:
            scores[code] *= 1.15
    others = {codes[0] for _, _, codes in SCRIPTS}
    ranked = sorted(
        ((score, code) for code, score in scores.items() if code not in others or code == "en"), reverse=True
    )
    if not ranked or ranked[0][0] < LEAST:
        return None
    if len(ranked) > 1 and ranked[0][0] < ranked[1][0] * LEAD:
        near = [code for score, code in ranked if score * LEAD >= ranked[0][0]]
        return next((code for code in wanted if code in near), None)
    return ranked[0][1]


def _scores(text: str) -> dict[str, float]:
    scores: dict[str, float] = defaultdict(float)
    for token in tokens(text[:MOST]):
        word = text[token.start : token.end].casefold()
        for language, weight in _OWNERS.get(word) or _OWNERS.get(token.folded, ()):
            scores[language] += weight
    seen = Counter(text[:MOST].casefold())
    for language, letters in LETTERS.items():
        hits = sum(seen[letter] for letter in set(letters.casefold()) if letter in seen)
        if hits:
            scores[language] += min(hits, 12) * 0.35
    return scores
