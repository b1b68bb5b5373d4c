"""Words that cleaning has to know. Sentences of our own writing; names as they are common around the world."""


def _set(*rows: str) -> frozenset[str]:
    return frozenset(word for row in rows for word in row.split())


# Parts of names that say nothing by themselves.
PARTICLES = _set(
    "de da do dos das van von der den la le el al bin ibn di du del dr prof mr mrs ms mx sir jr sr ii iii y e",
)

# Names that are words as well: taken out where they are written with a capital.
ALSO_WORDS = _set(
    "will mark may grace hope rose bill jack frank art sue pat drew dale rich young long king price wood woods hill",
    "park gold stone white black brown green gray grey short best law fox bell cook baker mason hunter carter parker",
    "page reed day love joy faith dawn june april august summer sky ray gene guy max chance dean earl chase grant",
    "miles norm penny ruby pearl iris lily violet ivy holly heather amber crystal jade robin wren sandy rusty song",
    "sun so do he in to ma you us and on or be my her his we an as at by if is it me no of go up am low mine victor",
    "major bishop pope field fields brook banks bush cross church ford wells waters rivers lake forest snow frost",
    "winter cash cotton glass butcher fisher gardener potter shepherd smith taylor tanner turner walker weaver wright",
    "case close sharp swift strong small little good goodman power powers bond cards post gates hall house homes",
    "street lane way rock sage olive ginger basil rosemary daisy fern hazel poppy star angel chip buck cliff dusty",
    "foster happy harmony honest justice lance merit mercy noble patience peace prudence reason sterling true trust",
    "wise worth early lang klein gross kurz richter koch bauer meister sol luz paz mar cruz rey reyes vale serra",
    "pinto leal bravo franco petit grand blanc noir roux leblanc marchand berger roy marin rossi bianchi conti villa",
    "costa luna rosa alba vera",
)

# Of those, what begins a sentence far more often than a name does.
RATHER_WORDS = _set(
    "so do he in to you us and on or be my her his we an as at by if is it me no of go up am mine case close long",
    "short low small little good best post reason trust field law love way happy strong young rich price cost day may",
    "will",
)

# What a sentence of advice begins with, so that a name behind it is a name of its own.
OPENERS = _set(
    "a about after agree all also although always an and any as ask at avoid be because before begin being book both",
    "bring build but buy by call can cancel change check choose come consider copy count cut decide did do does don",
    "doing draft drop each either email even every find finish first follow for from get give go had has have having",
    "he her here his hold how i if in instead invite is it its join just keep learn leave let like list listen look",
    "mail make many may maybe mention meet more most move my name need never next no nobody not note now of offer on",
    "once one only open or our out pay phone plan practise prefer prepare propose put quit read rehearse remember",
    "replace report run save say see sell send set share she should show sign since sit so some somebody something",
    "speak spend start stay stop take talk teach tell thank thanks that the their then there these they think this",
    "those through to trust try two under unless until use visit wait walk was watch we were what when where which",
    "while who whom whose why will with without work write yes you your frag sag ruf demande demander appelle pide",
    "pregunta llama pergunta fala chama chiedi chiama",
)

# First names common somewhere, which are no words of their own in the languages we read.
GIVEN = _set(
    "aaron abdul abdullah abigail adam adele adriana agnes ahmad ahmed aisha alan alberto alejandro alessandro",
    "alexander alexandra alfred ali alice alicia alina alison amal amanda amara amelia amina amir amit ana anastasia",
    "anders andrea andreas andrei andrew andrzej angela anita anjali ann anna anne annika anthony antoine anton",
    "antonio arjun arthur asha ashley astrid audrey axel ayesha ayumi barbara beatrice beatriz ben benjamin bernard",
    "bianca bjorn boris brandon brenda brian bruno camila camille carla carlos carmen carol carolina caroline",
    "catherine cecilia charles charlotte chen chiara chinedu chloe chris christian christina christine christopher",
    "claire clara claudia colin connor cristina daniel daniela danielle david deborah deepak denise dennis derek",
    "diana diego dieter dimitri dmitri dominic donald dorothy douglas eduardo edward ekaterina elena eleni elias elif",
    "elisa elizabeth ella ellen emeka emil emilia emily emma emmanuel enrique eric erik ernest ethan eugene eva",
    "evelyn fatima fatou felix fernanda fernando fiona florian frances francesca francesco francis francisco francois",
    "freya gabriel gabriela george georgia gerald gerard giovanni giulia giuseppe gonzalo gordon graham greta",
    "guillaume gunther gustav hamid hana hanna hannah hans harald harold haruto hassan heidi helen helena helga",
    "henrik henry hiroshi hugo hussein ian ibrahim ignacio igor ingrid irina isabel isabella isabelle ismail ivan",
    "jacob jacqueline jacques jakub james jan jane janet jasmine jason javier jean jeffrey jennifer jeremy jessica",
    "jing joan joao joanna joel johan johanna johannes john jonas jonathan jorge jose josef joseph joshua juan julia",
    "julian juliana julie julien jurgen justin kamal karen karim karin karl katarina kate katherine kathleen katja",
    "kavita keiko keith kelly kenji kenneth kevin khalid kimberly klaus krzysztof kumar kwame lakshmi lars laura",
    "lauren layla lea leah leila lena leo leonardo leticia lin linda linh lisa ljubica lorenzo louis louise luca",
    "lucas lucia lucy luis luisa lukas luke lydia maciej madeleine magdalena mahmoud maja malik manuel marco marcos",
    "margaret maria mariam mariana marie marina mario marta martha martin martina mary mateo mathieu matteo matthew",
    "matthias maurice mauricio maya mehmet mei melanie melissa michael michal michel michelle miguel mikael mikhail",
    "mira miriam mohamed mohammad mohammed monica monika mustafa nadia nadine naomi natalia natalie natasha nathan",
    "neha nguyen nicholas nicolas nicole nikhil nikolai nina nisha noah nora nour olga oliver olivia olumide omar",
    "oscar otto pablo padma paola patricia patrick paul paula paulo pavel pedro peter petra philip philippe pierre",
    "piotr priya rachel rafael rahul raj rajesh ralf ramon rania raquel rashid ravi rebecca renata ricardo richard",
    "rita robert roberto rodrigo roger roland roman ronald rosa ruben ruth ryan sabine sabrina sakura salma samantha",
    "samir samuel sandra sanjay santiago sara sarah sasha scott sean sebastian sergei sergio shanice sharon shreya",
    "silvia simon simone sofia sonia sophia sophie stefan stefania stephanie stephen steven sunita susan susanne",
    "svetlana sylvia takashi tamara tania tatiana teresa thandiwe theo theresa thomas tiago timothy tobias tomas",
    "tomasz tony ulrike uma valentina valerie vanessa vera veronica victoria viktor vikram vincent virginia vladimir",
    "walter wei wendy werner wilhelm william wolfgang xavier yan yasmin yolanda yuki yulia yusuf yvonne zainab zeynep",
    "zoe",
) - ALSO_WORDS  # fmt: skip

PLACES = _set(
    "afghanistan africa albania algeria amsterdam argentina armenia asia athens auckland australia austria bangalore",
    "bangladesh barcelona beijing belarus belgium bengaluru berlin bolivia boston brazil brisbane britain brussels",
    "bucharest budapest bulgaria cairo california cambodia cameroon canada caracas chennai chicago chile china",
    "colombia copenhagen croatia cuba cyprus dakar dallas delhi denmark detroit dubai dublin ecuador edinburgh egypt",
    "england estonia ethiopia europe finland florida france frankfurt geneva germany ghana glasgow greece hamburg",
    "hanoi helsinki houston hungary iceland india indonesia iran iraq ireland israel istanbul italy jakarta jamaica",
    "japan johannesburg kazakhstan kenya korea kyiv kyoto lagos latvia lebanon leeds lima lisbon lisboa lithuania",
    "liverpool london lyon madrid malaysia manchester manila marseille melbourne mexico miami milan milano montreal",
    "morocco moscow mozambique mumbai munich nairobi nepal netherlands nigeria norway osaka oslo ottawa pakistan",
    "palestine panama paraguay paris peru philippines poland porto portugal prague quebec riga rome romania russia",
    "rwanda scotland seattle senegal seoul serbia shanghai shenzhen singapore slovakia slovenia somalia spain",
    "stockholm sudan sweden switzerland sydney syria taipei taiwan tanzania tehran texas thailand tokyo toronto",
    "tunisia uganda ukraine uruguay valencia vancouver venezuela vienna vietnam wales warsaw washington wien yemen",
    "york zambia zimbabwe zurich",
)

COMPANIES = _set(
    "accenture adidas airbnb airbus allianz amazon aramco astrazeneca barclays basf bayer bbc bmw boeing bosch cisco",
    "citibank cocacola contoso daimler deloitte dhl disney ebay ericsson facebook fedex ford glaxosmithkline google",
    "hsbc huawei ibm ikea infosys instagram kpmg lidl linkedin lufthansa maersk mckinsey mercedes microsoft nestle",
    "netflix nhs nike nokia novartis nvidia openai paypal pepsi pfizer philips porsche pwc revolut roche ryanair",
    "samsung sap shopify siemens sony spotify tcs tesco tesla tiktok toshiba toyota twitter uber unilever verizon",
    "vodafone volkswagen volvo walmart whatsapp wipro yahoo youtube zalando",
)

TITLES = _set(
    "dr prof mr mrs ms miss mx sir herr frau monsieur madame señor señora sr sra",
)

CALENDAR = _set(
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun january",
    "february march april may june july august september october november december jan feb mar apr jun jul aug sep",
    "sept oct nov dec easter christmas ramadan montag dienstag mittwoch donnerstag freitag samstag sonntag",
    "christmases easters mondays tuesdays wednesdays thursdays fridays saturdays sundays januarys",
)

# Short forms that name no one place, person or house.
COMMON_LETTERS = _set(
    "ai api apis b2b b2c cad ceo cfo cfos coo cpo cto cv cvs dna dns diy eu faq gdpr gp gpa gmat gre hr hrs html http",
    "i ielts ip it kpi kpis llm mba md ml mri mvp nda ngo ok okr okrs pc pcs pdf phd phds pi pis pm pms pr ps qa rna",
    "roi saas seo sla sme smes sms sop sql todo toefl tv uk un url us usa usb ux vat vc vcs vp vr wifi q1 q2 q3 q4",
    "tig mig mlis a1 a2 b1 b2 c1 c2",
)

BEFORE_A_LETTER = _set(
    "plan option vitamin series type grade class level part tier phase box locker point step group section appendix",
    "version variant category zone gate platform hepatitis shift block side team",
)

# After these a name is an employer, before those as well; "at" only before a capital.
WORKS_FOR = (
    "works? (?:for|at)|worked (?:for|at)|working (?:for|at)|employed (?:by|at)|hired by|joined|joining|quit|"
    "interned at|interview(?:s|ed|ing)? (?:at|with)|offer from|contract with|freelanc(?:e|ing) for|career at|"
    "job at|role at|people at|employer|company called|firm called|startup called|start-up called|firma|empresa|"
    "entreprise"
)
HOUSES = _set(
    "inc ltd llc llp plc gmbh ag sa sarl bv ab oy spa srl corp corporation company bank group holding holdings",
    "university universität université universidad universidade hospital clinic school college academy institute",
    "energy airlines airways consulting labs laboratories partners foundation trust council ministry museum theatre",
    "press studio studios systems solutions technologies capital ventures logistics media pharma motors foods hotels",
    "insurance industries",
)
TEAMS = "team|teams|squad|department|dept|unit|ward|division|crew|tribe|guild|office"
PRODUCTS = (
    "project|projects|product|app|tool|platform|programme|program|initiative|codename|release|model|brand|service"
)
PEOPLE_BEFORE = (
    "mr|mrs|ms|miss|mx|dr|prof|professor|sir|madam|herr|frau|señor|señora|monsieur|madame|boss|manager|lead|"
    "colleague|mentor|mentee|coach|friend|brother|sister|mother|father|wife|husband|daughter|son|named|called|dear|"
    "hi|hello|hey|thanks|thank|mit|con|avec|com|frag|sag|ask|asks|asked|tell|tells|told|call|called|email|emailed|"
    "phone|meet|met|with|from|to|like|see|saw|for"
)
PEOPLE_AFTER = (
    "says|said|told|tells|thinks|thought|asked|asks|knows|knew|wants|wanted|recommends|recommended|suggests|"
    "suggested|did|does|has|had|will|would|can|could|is|was|sends|sent|writes|wrote|calls|called|emails|helped|"
    "helps|warned|taught|promised|offered|mentioned|explained|agrees|agreed|sagt|meint|dit|pense|dice|diz"
)
PLACES_BEFORE = "in|near|around|outside|across|to|from|leave|left|visit|visiting|nach|aus|à|en|em|vers"

# Words of work too young for the dictionary.
YOUNG = _set(
    "intro intros remediation onboarding offboarding standup standups backlog backlogs mentee mentees mentor mentors",
    "startup startups freelancer freelancers freelancing crowdfunding newsletter newsletters podcast podcasts blog",
    "blogs screenshot screenshots spreadsheet spreadsheets roadmap roadmaps stakeholder stakeholders upskill reskill",
    "webinar webinars hackathon online offline email emails inbox homeschool telehealth coworking dataset datasets",
    "workflow workflows timeline timelines freelance prep redo reapply deliverable deliverables sprint sprints",
    "refactor refactoring debug debugging codebase frontend backend fullstack devops linter repo repos pushback",
    "signoff takeaway takeaways shortlist shortlists waitlist burnout telework wellbeing childcare reviewee",
    "interviewee interviewees adverts advert transferable actionable roleplay walkthrough worksheet rota rotas",
    "counteroffer probation gym cheque cheques",
)

# What stands before a colon in notes and is nobody.
NO_SPEAKERS = _set(
    "todo note notes action actions next agenda q a question answer update idea ideas plan goal goals risk risks",
    "decision advice summary insight why how what when who fear fact facts option pros cons danger step steps",
    "mentor mentee me you both us we they",
)
