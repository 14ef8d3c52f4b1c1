"""The closed classes of words that reading a sentence needs: function words, titles, what people and bodies are called.

All in lower case. Lists, not rules: what to do with them is said in `names`, `cues` and `clauses`.
"""

from __future__ import annotations

from typing import Literal

Gender = Literal["m", "f", ""]


def listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


DETERMINERS = listed(
    "the a an this that these those his her its their our my your one another some any every each no both all "
    "several many most two three four five six seven eight nine ten other few"
)
INDEFINITE = listed("a an one another some any several many most two three four five six other few")
PREPOSITIONS = listed(
    "of for at from with in to on by about into over under between among against through during since until "
    "after before without within upon toward towards like near around across behind beyond despite via per amid "
    "alongside including unlike regarding concerning off onto outside inside above below than as"
)
CONJUNCTIONS = listed(
    "and but or nor yet so that when while where if whether because although though since as unless until after "
    "before once whereas why how what which who whom whose"
)
AUXILIARIES = listed(
    "has have had is are was were be been being will would can could may might must shall should do does did 's "
    "'d 've hasn't haven't hadn't didn't doesn't won't wouldn't"
)
ADVERBS = listed(
    "also then later earlier now just still even only again once already recently first finally previously "
    "reportedly simply further always never often famously rightly jokingly today yesterday tonight instead "
    "meanwhile however therefore too both all ever not quickly soon afterwards afterward subsequently "
    "eventually repeatedly apparently clearly candidly angrily cheerfully bluntly flatly frankly publicly "
    "privately initially actually specifically probably really since long rather sarcastically dryly wryly "
    "softly quietly loudly proudly sadly"
)
PRONOUNS = listed("i we you he she they it him her them us me who whom one someone everyone nobody")
FUNCTION = (
    DETERMINERS
    | PREPOSITIONS
    | CONJUNCTIONS
    | AUXILIARIES
    | ADVERBS
    | PRONOUNS
    | listed(
        "none nothing there here not yes no well ok okay please thanks thank according asked speaking when given such "
        "more much very its it's that's there's here's he's she's they're we're i'm i've don't can't isn't let let's "
        "likewise similarly elsewhere overall conversely otherwise accordingly "
        "additionally moreover furthermore nevertheless nonetheless thus hence indeed perhaps maybe earlier "
        "following last next watch read see click tap photo image file files related warning story live update "
        "updates breaking editor's sign advertisement share follow correction note asking citing quoting responding "
        "writing reacting commenting testifying talking addressing calling noting referring adding born based "
        "despite"
    )
)
NAMES_TOO = listed("watch read live story share sign note may will")  # function words that end names: "Theresa May"
ADJECTIVAL = (  # what is joined to a name to say where from: "London-based", "US-backed"
    *("-based", "-backed", "-led", "-linked", "-born", "-owned", "-run", "-trained", "-educated", "-made", "-held"),
    *("-controlled", "-occupied", "-funded", "-listed", "-affiliated", "-aligned", "-allied", "-sponsored", "-style"),
    *("-mediated", "-brokered", "-appointed", "-era", "-wide", "-area", "-speaking", "-installed", "-supported"),
)
MONTHS = listed(
    "january february march april may june july august september october november december jan feb mar apr jun "
    "jul aug sep sept oct nov dec"
)
DAYS = listed("monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun")
TIMES = (
    MONTHS
    | DAYS
    | listed("today yesterday tonight morning afternoon evening night week month year earlier late early recently")
)
ABBREVIATIONS = listed(
    "inc co corp ltd llc plc no vs etc dept st ave jr sr approx bros assn univ dist ont que alta sask man mass "
    "conn calif colo fla ga ill ind kan ky la md mich minn miss mo mont neb nev okla ore pa tenn tex va vt wash "
    "wis wyo ariz ala ark del"
)

MALE_TITLES = listed("mr sir lord king prince duke fr brother monsieur herr senor señor don baron sheikh imam pope")
FEMALE_TITLES = listed(
    "mrs ms miss lady dame queen princess duchess sister madame frau senora señora mme baroness mother"
)
NAME_TITLES = (
    MALE_TITLES
    | FEMALE_TITLES
    | listed(
        "dr prof professor sen rep gov gen lt col maj capt cmdr adm sgt cpl pvt pfc const cst insp supt det dep rev "
        "hon president premier chancellor senator congressman congresswoman governor mayor judge justice secretary "
        "general colonel major captain lieutenant sergeant staff corporal constable inspector superintendent "
        "detective officer coach reverend ambassador minister chairman chairwoman speaker representative councillor "
        "councilor deputy chief sheriff commissioner attorney admiral marshal brigadier commander archbishop bishop "
        "cardinal rabbi ayatollah emperor sultan emir vice former ex doctor mp mla mpp msp mep aide"
    )
)
SUFFIXES = listed("jr sr ii iii iv jr. sr. mp qc kc phd md obe mbe cbe")
PARTICLES = listed("de van von der den bin ibn da di la le del della dos du al el ben abu ter ten y e zu")

MALE_NOUNS = listed(
    "man father husband son brother uncle grandfather grandson nephew boy businessman spokesman chairman "
    "congressman policeman fireman salesman gentleman king prince actor widower dad boyfriend waiter priest "
    "fisherman anchorman assemblyman councilman alderman craftsman statesman guy lad sportsman frenchman "
    "englishman irishman dutchman landlord nobleman clergyman monk bishop archbishop pope cardinal imam "
    "ombudsman"
)
FEMALE_NOUNS = listed(
    "woman mother wife daughter sister aunt grandmother granddaughter niece girl businesswoman spokeswoman "
    "chairwoman congresswoman policewoman queen princess actress widow mom mum girlfriend waitress nun "
    "councilwoman assemblywoman lady heroine stateswoman frenchwoman englishwoman landlady housewife hostess "
    "midwife"
)
# What a person is called by office or trade. Words in -er, -or, -ist, -ian and -man are recognised without a list.
PERSON_NOUNS = (
    MALE_NOUNS
    | FEMALE_NOUNS
    | listed(
        "ally insider loyalist confidant booster backer skeptic sceptic heavyweight hopeful bundler mastermind guru "
        "protege mentor president minister premier chancellor senator governor mayor judge justice secretary "
        "general colonel captain lieutenant sergeant constable inspector superintendent detective officer coach "
        "ambassador spokesperson chief chair chairperson representative analyst economist correspondent expert "
        "adviser advisor aide attorney lawyer prosecutor director manager executive ceo cfo coo boss head leader "
        "founder co-founder cofounder owner partner consultant strategist pollster candidate nominee delegate "
        "lawmaker legislator politician diplomat envoy negotiator official professor scientist researcher student "
        "teacher principal dean scholar historian author writer poet novelist editor journalist reporter columnist "
        "producer host presenter commentator blogger activist campaigner organizer organiser advocate volunteer "
        "resident neighbour neighbor witness survivor victim patient doctor physician surgeon nurse paramedic "
        "pharmacist psychologist psychiatrist therapist veterinarian epidemiologist engineer architect designer "
        "developer programmer technician mechanic plumber electrician farmer rancher driver pilot sailor soldier "
        "veteran commander admiral guard goalie goaltender goalkeeper forward defenceman defenseman defender "
        "midfielder striker winger centre center pitcher quarterback rookie skipper athlete player teammate "
        "champion artist singer musician composer actor comedian filmmaker photographer dancer model chef cook "
        "waiter baker broker banker trader investor investigator entrepreneur accountant auditor treasurer clerk "
        "cashier assistant associate administrator coordinator co-ordinator supervisor superintendant trustee "
        "councillor councilor mp mla mpp msp mep deputy speaker whip archbishop bishop pastor priest rabbi imam "
        "reverend chaplain parent child teen teenager youth toddler baby native citizen immigrant refugee migrant "
        "suspect accused defendant plaintiff complainant offender murderer gunman coroner examiner member fellow "
        "counsel undersecretary comptroller centre-back gaffer shortstop catcher jockey convener reeve medic gp pupil "
        "astronomer miner docker protester demonstrator brigadier rebel insurgent restaurateur publican butcher "
        "financier machinist tactician frontman friend relative cousin spouse fiance fiancé fiancée twin sibling "
        "customer client tenant employee worker "
        "colleague staffer intern apprentice cleric king queen prince monarch emperor commissioner sheriff marshal "
        "ranger firefighter chairman vice-president president-elect newcomer incumbent contender frontrunner "
        "front-runner opponent rival critic supporter republican democrat conservative liberal tory billionaire "
        "millionaire mogul tycoon magnate star guitarist drummer narrator announcer moderator questioner caller "
        "hacker climber hiker hunter fisherman sculptor curator librarian archivist biologist chemist physicist "
        "astronaut cosmonaut ecologist meteorologist geologist cardiologist lecturer instructor tutor trainer tsar "
        "czar dictator strongman warlord peacemaker mediator rapporteur ombudsperson pundit operative surrogate "
        "lobbyist donor fundraiser voter graduate alumnus pensioner retiree grandparent carer caregiver shopper "
        "passenger commuter skier surfer swimmer runner rider racer boxer bowler batter golfer opener homeowner "
        "landowner eyewitness bystander onlooker forecaster geographer barrister solicitor magistrate juror detainee "
        "hostage prisoner inmate evacuee taoiseach tanaiste tánaiste vicar mufti patriarch headteacher headmaster "
        "headmistress provost vice-chancellor warden conductor vocalist publicist agent referee umpire linesman "
        "defence-minister co-chair co-chairman co-leader co-owner co-author co-director frontbencher backbencher "
        "peer landlord landlady bookmaker trawlerman skipper captain harbourmaster harbormaster lifeguard "
        "lifeboatman coastguard stewardess steward hiker camper festivalgoer concertgoer shareholder whistleblower "
        "prosecutor-general emir sultan caliph pontiff laureate medallist medalist sprinter keeper winger fullback "
        "flanker fly-half scrum-half prop hooker lineman receiver cornerback linebacker infielder outfielder"
    )
)
NOT_PERSONS = listed(
    "after under over never ever other another however rather either neither whether together number order "
    "power water matter letter chapter paper newspaper computer summer winter september october november "
    "december river center centre weather border corner offer answer cover layer future former later earlier "
    "greater better lower higher upper inner outer further per her for or nor floor door error terror color "
    "colour behavior behaviour labor labour honor honour favor favour factor sector tower shower quarter "
    "theater theatre twitter disaster mayor's chamber member's dollar year list assist exist persist least west "
    "east best guest interest latest first most just must fast past against cost post coast feast test rest "
    "artist's twist consist insist italian russian canadian american asian indian iranian egyptian syrian "
    "christian civilian norwegian ukrainian belgian brazilian australian austrian hungarian romanian bulgarian "
    "human german woman's roman than can ottoman monitor engine major minor prior superior inferior interior "
    "exterior senior junior visitor mirror rumor rumour horror harbor harbour tenor motor doctor's register "
    "remember deliver consider discover suffer differ prefer refer transfer enter bother gather wonder murder "
    "trigger hunger anger danger finger super silver cancer gender tender fever clever trailer container filter "
    "meter litre liter user poster counter encounter shelter soccer wildfire helicopter laser bumper folder "
    "footer header router server printer scanner semester pepper butter dinner supper beer cheer career deer "
    "peer fewer newer older younger larger smaller longer shorter stronger broader wider faster slower easier "
    "harder heavier closer nearer bigger cheaper deeper ladder shoulder powder thunder spider cider flower "
    "prayer barrier carrier premier frontier tier pier soldier's charter master plaster cluster monster oyster "
    "sister's bluster muster roster booster thriller killer filler dealer boulder"
)
PLURAL_PERSONS = listed(
    "officials police researchers witnesses authorities critics students residents experts parents sources "
    "doctors lawyers prosecutors investigators analysts observers people others men women families friends "
    "neighbours neighbors workers employees staff teachers voters activists protesters protestors supporters "
    "opponents lawmakers leaders members scientists economists journalists reporters rebels troops soldiers "
    "detectives officers firefighters organizers organisers advocates locals villagers relatives fans players "
    "colleagues attorneys aides advisers democrats republicans conservatives liberals both ministers presidents "
    "senators governors militants diplomats engineers owners managers executives rescuers survivors victims "
    "campaigners unions groups organizations sides"
)
ORG_NOUNS = listed(
    "ministry department committee commission council government company firm agency party university college "
    "school hospital police army court union association organization organisation foundation institute "
    "institution group board office service services administration congress parliament senate house cabinet "
    "team club league bank fund centre center coalition alliance federation network channel newspaper magazine "
    "newswire bureau authority authorities embassy consulate kremlin pentagon campaign church diocese "
    "archdiocese corporation inc corp ltd llc plc co news times post journal press tribune herald gazette "
    "telegraph guardian television tv radio airlines airline airways motors technologies industries industry "
    "bros partners holdings capital energy media entertainment studios society museum library theatre theater "
    "trust charity ngo nation nations state city county province town municipality district region republic "
    "kingdom front movement militia brigade command force forces navy fleet regiment tribunal chamber "
    "military intelligence secretariat directorate division unit task taskforce panel inquiry defence defense "
    "treasury exchange reserve "
    "market publisher outlet site website platform startup retailer manufacturer carrier utility operator "
    "watchdog regulator giant family band community public couple legislature assembly caucus delegation "
    "mission observatory staff airport"
)
DOC_NOUNS = listed(
    "statement letter report study document documents release email e-mail post tweet lawsuit suit claim "
    "complaint filing ruling memo note book article editorial essay piece ad advertisement clip video poll "
    "survey petition affidavit indictment transcript bylaws constitution law bill act resolution communique "
    "communiqué declaration agreement treaty paper submission website page sign banner slogan headline caption "
    "text message announcement newsletter blog column plan policy warrant order judgment judgement decision "
    "review summary notice draft"
)
PARTS_OF_NAMES_OF_BODIES = listed(
    "international national federal central royal american british canadian european african united states "
    "nations north south east west northern southern eastern western"
)
# Countries, capitals, peoples: capitalised words that are no surnames.
PLACES = listed(
    "alabama alaska arizona arkansas colorado connecticut delaware hawaii idaho indiana iowa kansas kentucky "
    "louisiana maine maryland massachusetts minnesota mississippi missouri montana nebraska nevada hampshire "
    "oklahoma oregon utah vermont wisconsin wyoming tennessee carolina dakota rhode newfoundland labrador "
    "saskatoon nunavut yukon russia russian russians ukraine ukrainian ukrainians america american americans "
    "britain british canada canadian canadians china chinese syria syrian syrians iran iranian iraq iraqi "
    "israel israeli israelis palestine palestinian palestinians turkey turkish turk turks germany german "
    "germans france french spain spanish italy italian italians greece greek greeks poland polish poles hungary "
    "hungarian romania bulgaria serbia croatia slovenia slovakia czech austria austrian switzerland swiss "
    "belgium belgian netherlands dutch denmark danish sweden swedish norway norwegian finland finnish iceland "
    "ireland irish scotland scottish wales welsh england english europe european africa african asia asian "
    "india indian pakistan pakistani afghanistan afghan bangladesh nepal japan japanese korea korean koreans "
    "vietnam vietnamese thailand thai malaysia indonesia philippines filipino singapore australia australian "
    "zealand egypt egyptian libya libyan tunisia algeria morocco sudan somalia somali kenya kenyan uganda "
    "nigeria nigerian ghana ethiopia mexico mexican brazil brazilian argentina chile colombia venezuela peru "
    "cuba cuban saudi arabia arab arabs yemen yemeni qatar kuwait bahrain oman jordan jordanian lebanon "
    "lebanese kurdistan kurdish kurds kurd georgia georgian armenia armenian azerbaijan kazakhstan uzbekistan "
    "belarus moldova latvia lithuania estonia moscow kyiv kiev london washington paris berlin rome madrid "
    "brussels vienna geneva beijing shanghai tokyo seoul delhi mumbai islamabad kabul tehran baghdad damascus "
    "aleppo beirut jerusalem gaza ankara istanbul athens warsaw budapest prague dublin edinburgh toronto ottawa "
    "vancouver montreal calgary edmonton winnipeg halifax ontario quebec manitoba saskatchewan alberta "
    "california texas florida ohio michigan pennsylvania illinois york jersey chicago boston houston dallas "
    "philadelphia seattle miami atlanta detroit nato eu un uk us usa u.s u.s. u.k. u.n. b.c. n.s. catholic "
    "muslim muslims christian christians jewish jews islamic islam western soviet olympic olympics christmas "
    "republican republicans democrat democrats democratic conservative conservatives liberal liberals tory "
    "tories labour gop isis isil white black native indigenous internet twitter facebook instagram youtube god"
)


PEOPLES = listed(  # what one person is called by country or party
    "spaniard frenchman frenchwoman englishman englishwoman dutchman irishman irishwoman scotsman welshman scot briton "
    "dane swede finn pole turk serb croat czech slovak greek german russian american canadian australian italian "
    "norwegian belgian hungarian romanian bulgarian ukrainian brazilian argentine argentinian mexican colombian "
    "chilean uruguayan venezuelan indian pakistani iranian iraqi israeli egyptian moroccan nigerian kenyan ghanaian "
    "portuguese swiss japanese chinese french irish vietnamese senegalese congolese ivorian cameroonian algerian "
    "tunisian croatian serbian slovenian slovakian bosnian albanian armenian estonian latvian lithuanian jamaican "
    "cuban peruvian ecuadorian bolivian paraguayan malian ethiopian ugandan zimbabwean libyan syrian lebanese "
    "jordanian saudi afghan bangladeshi nepali singaporean taiwanese icelander catalan basque new-zealander korean "
    "thai malaysian indonesian filipino kiwi texan californian londoner parisian austrian kazakh georgian republican "
    "democrat conservative liberal tory socialist centrist independent"
)
PERSON_ENDINGS = (
    "ologist",
    "ist",
    "ian",
    "man",
    "woman",
    "person",
    "maker",
    "keeper",
    "holder",
    "worker",
    "leader",
    "writer",
    "wright",
    "smith",
    "giver",
    "goer",
)

UTTERANCES = listed(
    "statement response answer reply reaction verdict message words remarks speech take assessment view warning tweet "
    "post letter quote comment comments explanation opinion"
)
REMARKS = UTTERANCES | listed(
    "remark claim claims assertion admission argument complaint suggestion allegation insistence prediction promise "
    "pledge contention boast belief"
)


def is_person_noun(low: str, *, is_cap: bool = False) -> bool:
    """Whether a common noun names one person by office, trade or kinship. Of a capital word only the lists tell."""
    if low in PERSON_NOUNS:
        return True
    if is_cap:
        return False
    if len(low) < 6 or low in NOT_PERSONS or low in ORG_NOUNS or low in DOC_NOUNS:
        return False
    return low.endswith(PERSON_ENDINGS) or low.endswith("-year-old")


def noun_gender(low: str) -> Gender:
    """ "m" or "f" where a noun tells it."""
    if low in MALE_NOUNS or low.endswith("sman"):
        return "m"
    if low in FEMALE_NOUNS or low.endswith("woman"):
        return "f"
    return ""
