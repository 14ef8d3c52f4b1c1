"""First names with the gender they usually have, folded (no case, no accents).

The names of the 1990 census of the United States (public domain), kept where at least three bearers in four are of
one gender, and names of other countries written down for this project. `EITHER` holds what is a first name and says
nothing about gender. A name that is also a common word or a place is left out unless it is far more often a name.
"""

from __future__ import annotations

from functools import lru_cache

from bot.quotes.words import Gender, listed

MALE = listed("""
aaron abbas abdallah abdel abdel-fattah abdelaziz abdelfattah abdelrahman abdoulaye abdul abdulaziz abdulla abdullah
abdulrahman abe abel abhisit abiy abraham adam adama adan adolfo adolph adrian agustin ahmad ahmed ahmet ajay ajit
akbar akhilesh akhmed akihito akira al alain alan alasdair alassane albert alberto albin alden aldo alec aled
alejandro aleksandar aleksander aleksandr aleksei alessandro alex alexander alexei alexey alexis alfonso alfonzo
alfred alfredo algirdas ali alireza alistair allan allen alonzo alphonse alphonso alton alun alvaro alvin amadou
amarjeet ameer amin amir amit amitabh ammar amos amr anand anas anatoli anatoliy anatoly anders anderson andras andre
andreas andrei andres andrew andrey andrii andrius andriy andrus andy angel angelino angelo angus anibal anies anil
antanas anthony antoine anton antonin antonio antonis antony antti antwan anurag anwaar anwar archie ariel arif arkady
armand armando armin arnaud arne arnold arnulfo aron arron arseniy art artem arthur artur arturo arturs artyom arun
arvind arvydas aryeh ashok ashraf asif aslan atal atiku attila augusto aurelien aurelio austin avery avi avigdor axel
ayman aziz badr bakr balazs bambang baptiste barack barney barry bart barton bas basel bashar basil bassam basuki beau
behrouz bela ben bengt benigno benito benjamin bennett bennie benny benoit beppe bernard bernardo bernd bernhard
bernie berry bert bertrand beto bezalel bidzina bijan bilal bilawal bill billy binali birger bjarne bjorn blaine
blaise blake bo boaz bob bobby bogdan bohdan bojan bola bongbong booker boris borut boyd boyko bozidar brad bradford
bradley brady brain branden brandon brant brendan brent brenton bret brett brian brock brooks bruce bruno bryan bryant
bryce bryon buford bujar bulent burhan burt burton byron caleb calin callum calvin cameron carl carles carlo carlos
carlton carmelo carmine carroll carson carsten carter carwyn cary catalin cathal cecil cedric cem cemil cesar chadwick
chance charles charley charlie chase chester chinua chris christer christian christoper christoph christophe
christopher christos chuck ciaran clarence clark claude claudio claus clay clayton clemens clement cleveland cliff
clifford clifton clint clinton clyde cody colby cole coleman colin collin colm colton connor conor conrad constantin
corey cormac cornelius cornell corrado cory costas coy craig cristian cristobal cruz csaba curt curtis cyril cyrus
dacian dafydd dag dale dalibor dalton damian damien damon dan dane danial daniel danilo danny dante daoud darcy daren
darin dario darius dariush darko darnell darragh darrel darrell darren darrin darryl darwin daryl dave david davide
davis davit dawood dean deandre declan deepak dejan delbert delmar demetrius denis dennis denny denys deon derek
derick derrick desmond detlef devendra devin devlet dewayne dewey dewitt dexter diarmuid dick didier diederik diego
dieter dietmar dillon dimitrios dimitris dinesh dino dion diosdado dirk dmitri dmitriy dmitry dmytro domenico domingo
dominic dominick dominique don donal donald donn donnell donnie donny donovan dorian doug douglas dov doyle dragan
drew dries duane dudley dumitru duncan dusan dustin dwayne dwight dylan dzhokhar eamon earl earle earnest eberhard
ebrahim ed eddie eddy edgar edgardo edgars edi edin edmond edmund edouard eduard eduardo edward edwardo edwin efrain
efren egils egon ehud einar eirik ekrem elbert eldon elfyn eli elias elijah elio eliseo elliot elliott ellis elmer
elmo elon eloy elton elvin elvis elwood emanuel emerson emery emil emile emilio emmanuel emmerson emmett emomali emory
enda enlai enrico enrique enzo eoin eric erich erick erik ernest ernesto ernie ernst errol ervin erwin esko esmail
espen esteban ethan etienne euan eugen eugene eugenio evan evangelos everett everette evgeni evgeny evo ewan eyal ezra
fabian fabien fabio fabrice fabrizio fadi fahad fahd faisal fares farhad faris farooq farouk fathi faustino fazlur
federico fedor felipe felix ferdinand ferdinando ferenc fergus fernando fethullah fidel fikret filippo finlay fintan
fletcher florian florin floyd forest forrest foster fouad francesco francis francisco franck franco francois frank
franklin frans franz franz-josef fred freddie freddy frederic frederick fredrick fredrik freeman friedrich fritz frode
fuad fumio fyodor gabe gabor gabriel gabriele gadi galen gamal ganesh gareth garland garrett garry garth gary gaston
gautam gavin geert geir genaro gene gennady geoff geoffrey georg george georges georgi georgios georgy gerald gerard
gerardo gerd gerhard german gero gerrit gerry gert gethin ghasem ghassan gheorghe giancarlo gianfranco gianluca gianni
giannis gideon gil gilad gilbert gilberto gilles gino giorgi giorgio giorgos giovanni gitanas giuseppe gleb glen glenn
gonzalo goodluck gopal goran gord gordon gotabaya gottfried grady graeme graham grant grayson greg gregg gregoire
gregor gregorio gregory grigory grover guido guillaume guillermo gunnar gunter gunther guofeng gurbanguly gurpreet gus
gustaf gustavo guy gyorgy haakon habib hadi hafez hafiz hage haidar haider haile hailemariam hakainde hakan hakim hal
halvor hamad hamdan hamid hamish hamza hank hans hans-christian hans-georg hans-peter harald haris harish harjit
harlan harley harold harris harrison harry harsh harun harvey hasan hashim hassan hatem heath hector heikki heiko
heiner heinrich heinz helge helmut hemant hemedti hendrik henri henrik henrique henry herb herbert heriberto herman
herschel hershel herve hesham heydar hideki hideo hiram hiroshi hisham holger hollis homer hooman horace horst hosni
hossain hossein houssam howard hryhoriy hsien hubert hubertus hugh hugo hugues hulusi humberto hun hung hunter husain
husam hussein huw hywel iain ian ibrahim ichiro idris idriss ieuan ignacio igor ihab ihor iker ilham ilir illia ilya
ilyas imad imran inaki ingvar inigo ioan ioannis ion irakli irv irvin irving irwin isa isaac isaiah isaias ishaq isiah
isidro ismael ismail ismet issa issac istvan itamar iulian ivan ivar ivica ivo iyad jaap jacco jace jack jackson jacob
jacques jaden jagdish jagmeet jaime jair jake jakub jamaal jamal jamar jame jamel james jamie jamil jan jan-peter
janez janos jared jaroslav jaroslaw jarred jarrett jarrod jarvis jason jasper jaspreet jaswant javad javier jawad
jawaharlal jay jayant jayden jayson jean jean-claude jean-francois jean-jacques jean-luc jean-marc jean-marie
jean-paul jean-pierre jean-yves jeb jed jeff jefferson jeffery jeffrey jeffry jelle jens jerald jeremiah jeremy
jermaine jeroen jerold jerome jeronimo jerrod jerry jerzy jesse jesus jiabao jiechi jim jimmie jimmy jinping jintao
joachim joakim joao joaquim joaquin job jochen joe joel joesph joey johan johannes john johnathan johnathon johnny
joko jomo jon jonah jonas jonathan jonathon joost jorg jorge jorgen joris jose josef joseph josh joshua josiah josue
jovan jozef juan judson juha jukka jules julian julien julio julius junichiro junior juraj jurgen juri justin jusuf
jyrki kai kalle kamal kapil kareem karel karim karl karl-heinz karl-theodor karsten kasim kassym kaveh kazimierz kazuo
keaton keir keisuke keith kelvin kemal ken kendall kendrick kenji kenneth kennith kenny kent keqiang kermit kevin
kgalema khaled khalid kieran kieth kimmo kiran kirby kiril kirill kirk kjell klaas klaus knud knut koen kofi koji
konrad konstantin konstantinos kostas kostyantyn kourosh kris krishna krisjanis kristopher krzysztof kuldeep kurt
kurtis kwame kwasi kyle kyriakos kyrylo lachlan laith lajos lalit lamar lamont lance landon lane lanny larry lars
lars-erik laszlo laurent lawrence lazaro lazarus lech lee-hsien lefteris leif leland lemuel lenny leo leon leonard
leonardo leonel leonid leopoldo leroy les lester leszek lev levi levon lewis liam linas lincoln linwood lionel liviu
ljubomir lloyd lodewijk logan loic loke lon lonnie lorcan loren lorenzo lorne lothar lou louie louis lowell loyd luai
luc luca lucas luciano lucien lucio ludovico ludvik ludwig luigi luis luiz luka lukasz luke luther lutz lyle lyman
lyndon maarten maciej mack macky mads magnus magomed mahamat mahan mahathir mahdi mahesh mahinda mahmoud mahmud
maithripala majid makis makoto maksim maksym malcolm mamady mamnoon manfred manish manmohan manoj manolis mansour
mansur manuel marc marcel marcelino marcelo marcin marco marcos marcus marek margarito mariano mario marius mariusz
mark marko markus marlin marlon marshall martin marty marvin marwan masahiro mason masoud massimo mateusz mathew
mathias mathieu mathijs mats matt matteo matthew matthias matthieu maurice mauricio maurizio mauro max maxim maxime
maxwell maynard mazen mazloum mehdi mehmet meles melvin merlin merrill merv mervin mesut mevlut micah michael michal
micheal michel michele mick mickey miguel mihai mihaly mika mikael mike mikey mikhail mikhailo mikheil mikkel mikko
miklos miles milford millard milo milorad milos milton minh minoru mircea mirek miro miroslav miroslaw mitch mitchel
mitchell mitt mladen moaz mohamed mohammad mohammed mohan mohsen moise moises mojtaba monroe monte monty moqtada
morgan moritz morris morten morteza morton moses moshe mostafa moussa muammar muhammad muhammadu muhyiddin mukesh
mukul mulatu muqtada murat murdo murray mustafa mutaz mwai mykhailo mykola myles myron nabil nader nadim naftali naim
najib nana naoto napoleon narendra naresh naruhito nasser nate nathan nathaniel navdeep naveen navjot nawaf nawaz neal
nebojsa necmettin ned neil nelson nenad nestor newt nguyen-phu niall nicholas nick nickolas nicolae nicolas nicusor
niels nigel nikol nikola nikolai nikolaos nikolay nikos nils nir nirmal nitin nitish nizar nnamdi noah noam noe noel
nolan noori norbert norberto norm norman normand norris nouri novak noynoy numan nuno nursultan octavian octavio odell
ognjen oisin ola olaf olav ole oleg oleh oleksandr oleksii oleksiy olin oliver olivier olli ollie olusegun omar
omar-al-bashir omer omprakash orhan oriol orlando orville osama oscar osman osvaldo othman otis otto oumar ovidiu
owain owen oyvind ozgur paavo pablo padraig pal panagiotis pankaj panos paolo parker parviz pascal paschal pasquale
patrick paul paulo pavel pavlo pavlos pawel peadar pedro pekka pepe per percy pere perry pervez petar pete peter petr
petro petros petter petteri phil philip philipp philippe phillip pier pierluigi piero pierre piers piet pieter pietro
pim piotr piyush poul prabowo prakash pramod pranab prasad prashant praveen prayut predrag preston prokopis przemyslaw
pyotr qais qamar qasem qasim qassem qiang qishan quentin quim quincy quinton quoc radek radoslaw radovan radu raed
rafael rafal raffaele rafik rafiq raghuram raheel rahul raila raimonds rainer raj rajat rajendra rajesh rajiv rajnath
rakesh ralf ralph ram raman ramesh rami ramin ramiro ramon ramush ramzan ramzi rand randal randall randell randolph
randy ranil ranko raphael rashad rashid rasmus ratko raul ravi ravindra ray raymond raymundo razvan recep reed refugio
reggie reginald reid reinaldo reiner reinhard reinhold remi renato rene renzo reuben reuven rex reynaldo reza rhett
rhodri rhys riad ricardo riccardo rich richard richie rick rickey rickie ricky rico ridha riek rigoberto rik riley
rishi riyad riyadh riza roar rob robbie robby robert roberto rocco roch rocky rod roderick rodger rodney rodolfo
rodrick rodrigo rogelio roger rohan rohit roland rolando rolf romain roman romano romeo ron ronald ronan ronnie ronny
roosevelt rory roscoe rosendo ross rostislav rouhollah roy royce ruairi ruaridh ruben rubin rudiger rudolf rudolph
rudy rufus ruhollah rui rumen rune rupert rush ruslan russ russel russell rustam ruud ryan ryszard saad sabri sachin
saddam sadiq saeed saeid said saif sajid sajjad salah saleh sali salil salim salman salva salvador salvatore sam
sameer sami samir sammy samuel sandeep sander sandor sandro sanford sanjay santiago sasa satish satoshi satya saud
saul sauli saulius sayed sayyid scot scott scottie scotty seamus sean sebastian sebastien selahattin selim semyon
serge sergei sergey sergio sergiy serhii serhiy serzh seth seymour shadi shahbaz shahid shahram shamil shane sharif
shashi shaun shawn shehbaz sheldon shelton sherif sherman shigeru shimon shintaro shinzo shivraj siamak sid siddharth
sidney sigmar sigurdur siim silas silvio simon sjoerd skyler slawomir slobodan sohrab soliman solomon sonny sooronbay
sorin spencer spyros srdjan srettha stan stanislav stanislaw stanley stavros stef stefan stefano steffen stelios steny
stepan stephan stephane stephen sterling stevan steve steven stevie stewart stijn stu stuart subrahmanyam sukhdeep
sulaiman suleiman suleyman sundar sunil suresh sushil susilo svein sven sylvain sylvester szymon taavi tabare tadeusz
tadhg taha takashi takeshi talal tamas tamim tamir tanner taras tarek tariq taro tate tawfiq tayfun ted teddy tedros
tejashwi tendai teodoro terence terje terrance terrell terrence terry tetsuya thabo thad thaddeus thaksin thanasis
tharman theo theodore theodoros theron thiago thibault thierry thilo thomas thorbjorn thorsten thurman tiago tibor
tihomir tijs tim timmy timo timofey timothy timur tobias tobin toby todd tom tomas tomasz tomislav tommaso tommy tony
toomas tor torbjorn tord tore torsten toshihiro traian travis trent trenton trev trevor trey tristan tristram trond
troy truman tuan tucker turgut ty tyler tyrone tyson tzachi uddhav udo ugo uhuru ulf ulrich ulysses umar umberto umit
uri urmas usama uthman uwe vaclav vadim vadym vakhtang valdis valentin valerii valeriy valery van vance vangelis
vasile vasily vassilis vasyl vaughn venkaiah vern vernon veselin viacheslav vic vicente victor vidar viggo vijay
vikram viktor villy vinay vince vincent vincenzo vinod viorel virat virgil vishal vitali vitalii vitaliy vitaly vito
vittorio vivek vlad vladimir vladislav vladyslav vojislav volker volodymyr vsevolod vuk vyacheslav wade wael waleed
walid wallace walt walter ward warren wayne weiwei weldon wendell werner wes wesley weston wilbert wilbur wilburn
wiley wilford wilfred wilfredo wilhelm will willard willem willi william williams willie willis wilmer wilson wilton
wim winfred winfried winston wisam wissam witold wm wojciech wolfgang woodrow woody wopke wouter wyatt xavier xi
xiaoping yaakov yahya yair yakov yanis yannick yannis yaroslav yashwant yasir yasser yassin yasuhiro yavuz yegor yemi
yevgeniy yevgeny yevhen yi yilmaz yitzhak yoav yoichi yoram yoshihide yoshihiko yossi younis yousef youssef youssouf
yoweri yukio yuri yurii yuriy yusuf yuval yvan yves zac zach zachary zachery zack zahid zaid zak zakaria zakhar zane
zayed zbigniew zdenek zdravko zedong zeev zeljko zemin ziad ziyad zlatko zoltan zoran zuhair zulfiqar zurab zvi zviad
""")
FEMALE = listed("""
aarti abbie abby abigail ada adaeze adaobi addie adela adelaide adele adelina adeline aditi adriana adrianne adrienne
aenne agata agatha agathe aggeliki agnes agneta agnieszka aicha aida ailbhe aileen ailsa aimee aine aino aisha
aishwarya aissatou akiko alana alanna alba alberta albulena alecia alejandra aleksandra alena alene alessandra alessia
alexa alexandra alfreda alice alicia alicja alina aline alisa alisha alison alissa alka allene allie allison allyson
alma almudena alta althea alyce alyson alyssa ama amal amalia amanda amara amber amelia amelie amie amina aminata
amira amma amparo amrita amruta amy ana anabel anahita anastasia anastasiya anca andrea andreea aneta anett anette
anfisa angela angelia angelica angeliki angelina angeline angelique angelita angie aniko anita anja anjali anjana ank
anke ankita ann anna annabelle annalena anne anne-marie anne-sophie annegret anneli anneliese annemarie annette annick
annie annika anniken annmarie anouchka antionette antje antoinette antonella antonia antonina anu anupama anuradha
anushka aoife aparna april araceli archana ariane arleen arlene arline aruna arundhati asa asako asha ashlee ashleigh
ashley asma asmaa assa astrid asuka athena athina atifete atsuko aud audra audrey augusta aung-san aurelia aurelie
aurora aurore auxillia ava avis avital aya ayaka ayako ayanna ayelet ayesha aylin ayse aysel azadeh azar babita barb
barbara barbel barbra barbro barkha basma beata beate beatrice beatrix beatriz becca becky begona belen belinda belle
benazir benedicte benita bente berit bernadette bernadine bernice berta bertha bertie beryl bess bessie beth bethany
betsy bette bettie bettina betty bettye beulah bev beverley beverly bhavna bianca biljana billie bilquis birdie birgit
birgitta bjork blanca blanche bobbi bobbie bonita bonnie bozena brandi brandie brandy branka breanna brenda briana
brianna brianne brid bridget bridgett bridgette brigid brigitte britney britta brittany brittney bronwen bronwyn
brooke brunhilde bushra busisiwe caitlin caitlyn callie camelia camila camilla camille canan candace candice candy
caoimhe cara caren cari carina carine carissa carla carlene carlota carlotta carly carmela carmella carmen carol
carola carole caroline carolyn carrie caryn carys casandra cassandra cassidy cassie catalina catherine cathleen
cathryn cathy catrina catriona cayetana cecelia cecile cecilia celeste celestine celia celina celine ceri cerys
chandra chandrika chantal chantel charity charlene charlotte charmaine chasity chelsea chelsey cheri cherie cherry
cheryl chiara chie chieko chimamanda chinwe chioma chitra chiyo chloe chrissy christa christel christelle christen
christi christiane christie christin christina christine christy chrysoula chrystal chrystia chus ciara cigdem cindi
cindy cinzia claire clara clare clarice clarissa claudette claudia claudine clemence clementine clodagh coleen colette
colleen concepcion concetta connie constance consuelo cora coralie corazon corien corina corine corinne cornelia
corrine cortney courtney cristina crystal cynthia dafna dagmar daisy dalia damares dana danette danica daniela
danielle danna danuta daphne dara daria darla darlene darya dawn dayna deana deann deanna deanne deb debbie debby
debora deborah debra dee deena deepa deepika deidra deidre deirdre delcy delia delilah della delma delores deloris
delphine delyth demetria dena denice denise dervla derya desiree despina dessie destiny diana diane diann dianna
dianne dilek dilma dimitra dina dinah dionne divya dixie dollie dolly dolores dona donatella donna dora doreen doretha
doris dorit dorota dorothea dorothee dorothy dorthy dottie dragana dubravka durga earlene earline earnestine ebba
ebele ebony ebru edeltraud edit edith edna edwina edyta edythe effie efrat efua eija eileen eilidh eilis eimear einat
eirian eirini ekaterina ekta elaine elba elda eleanor eleanore elena eleni eleonora eleri elfriede elia eliane elida
elif elin elina elinor elisa elisabet elisabeth elisabetta elise elissa eliza elizabeth elizaveta elke ella ellen
ellie elma elna elnora elodie eloisa eloise els elsa elsie eluned elva elvia elvira elzbieta emer emese emi emiko
emilia emilie emily emine emma emmanuelle enid erica ericka erika eriko erin erma erna ernestina ernestine erzsebet
esi esmeralda esperanza esra essie estela estella estelle ester esther eszter ethel etsuko etta eugenia eula eunice
eva evangelia evangelina evangeline eve evelyn evgenia evika ewa fabienne fadime fadwa faith faiza fannie fanny farah
farahnaz farida farzaneh fatima fatimah fatma fatou fatoumata fay faye federica fehmida felecia felicia femke
fereshteh fern fernanda fidelma figen fiona fionnuala fiorella flavia flora florence florica florine flossie fofi
folake folasade forough fran frances francesca francine francisca francoise franziska frauke freda freida frida frieda
fumiko funke funmi gabi gabriela gabriella gabrielle gail galina galit gauri gay gayatri gayla gayle geeta geetha gena
genevieve georgette georgiana georgina geraldine gerda geri germaine gertrud gertrude gesa gesine geun-hye ghazaleh
ghislaine giada gianna gila gilda gillian gina ginette ginger ginny giorgia giovanna gisela gita gitta giulia giuliana
giuseppina gladys gleisi glenda glenna gloria golda goldie golnaz gordana graca grace gracie graciela grainne grazyna
greta gretchen grete griselda gro guadalupe gudlaug gudrun guillermina gul gulay gulsen gunilla gunn gussie gwen
gwenda gwendolyn gwyneth hadas hailey hala hale haleh haley halima halina hallie halyna hanako hanan hanane hanka
hanna hannah hanne hanneke hannelore harriet harriett haruka haruko harumi hasina hatice hattie havva hayat hayley
hazel heather hedwig hege heide heidemarie heidi heike helen helena helene helga helle hema hemlata henrietta
henriette herminia hertha hester hiba hilary hilda hilde hildegard hillary hina hind hiroko hisako hollie holly homa
hope hortencia houda huda huguette hulya ida idit ifeoma ila ilana ilaria ilda ildiko ileana ilene ilhan ilse iman
imelda imogen imogene ina inas inbal indira indu ineke ines inez ing-wen inga inge ingeborg inger ingibjorg ingluck
ingrid ingrida inka inma inna ioana ioanna iola iona ipek ira iren irena irene irina iris irit irma irmgard iryna
isabel isabella isabelle ishita isla iuliia iva ivana ivanka ivette ivonne ivy iwona izabela jackie jacklyn jaclyn
jacqueline jacquelyn jacqui jacquline jade jadranka jadwiga jaleh jami jamila jana jane janel janell janelle janet
janette janice janie janine janis janna jannie jaqueline jasmin jasmine jaya jayalalithaa jayanti jayne jeanette
jeanie jeanine jeanna jeanne jeannette jeannie jeannine jelena jena jenifer jenna jenni jennie jennifer jenny jeri
jerri jess jessica jet jetta jewel jewell jill jillian jimena jitka jo joana joann joanna joanne jocelyn jodi jodie
jody joelle johanna joke jolande jolanta jolene joni jonina josee josefa josefina josephine josiane josie jovana joy
joyce juana juanita judi judit judith judy julia juliana julianne julie juliet juliette june junko jurate justina
justine justyna jutta jyoti jytte kaarina kadiatou kaija kaisa kaitlin kaitlyn kaja kajal kalpana kamala kamila kamini
kanako kanika kaori kara karen kari karin karina karishma karita karla karnit karola karrie karuna karyn kata katalin
katarina katarzyna kate katelyn katerina kateryna katharina katharine katherine katheryn kathi kathie kathleen kathrin
kathrine kathryn kathy katie katina katja katri katrin katrina katy kavita kavitha kay kaye kayla kaylee kazuko keiko
keisha kelley kelli kellie kelly kelsey kemi kendra keren keri kerri kersti kerstin ketanji ketevan kezia khadija
khaleda khatia kiko kimberlee kimberley kimberly kimiko kinga kirron kirsteen kirsten kirsti kirsty kitty kiyoko
kjersti klara kolinda komal konstantina krista kristen kristi kristie kristin kristina kristine kristy krisztina kriti
krystal krystle krystyna ksenia ksenija kseniya kumari kumiko kyla kylie kyoko kyriaki lacey ladan ladonna laetitia
laila laimdota lakeisha lakesha lakisha lakshmi laleh lalita lamia lana lara larisa larysa lashawn lashonda lata
latanya latasha latifa latika latisha latonya latoya latrice laura laure laurel lauren laurence lauri laurie laverne
lavonne lawanda layla lea leah leann leanna leanne leeann leela leena leigh leila leire lela lelia lena lene leni
lenka lenora lenore leola leona leonie leonor leora lesa lesley lessie lesya leta letha leticia letitia letizia leyla
lia libby licia lidia lidiya liesbeth liesel lieselotte liisa lila lilia lilian liliana liliane lilianne liliya
lillian lillie lilly lily limor lina linda lindiwe lindsay lindsey ling liora lisa lise liudmyla liv livia liz liza
lizzie ljiljana ljubica lois lola lolita lona lora loraine loredana lorena lorene lorenza loreta loretta lori lorie
lorna lorraine lorrie lotta lotte lottie loubna louella louisa louise lourdes luann lubna lucia lucie lucile lucille
lucinda lucretia lucrezia lucy ludmila luella luisa luise luisella luiza luminita lupe luz lydia lydie lynda lynette
lynn lynne lynnette lyubov lyudmila maaike mabel mable macarena machiko maddalena madeleine madeline madelyn madge
madhavi madhu madhuri madison mae magali magdalena magdolna maggie maha mahin mahnaz mahsa mai maia mair maire mairead
mairi mairin maja majlinda makayla maki mako mala malak malala malgorzata malin malinda malini malissa mallory mamata
mamie manal manasi mandy maneka manju manjula manon manuela mara marcela marcella marci marcia marcie marcy mareike
maren margaret margareta margarete margarita margery margherita margie margo margot margret margrethe marguerite mari
maria mariagrazia mariah mariam mariama marian mariana mariann marianna marianne mariastella maribel maricela maricruz
marie marie-claude marie-france marie-george marie-josee marie-pierre mariela marielle marietta mariia marija marijana
marijke mariko marilyn marilynn marina marina-si marine marion marisa marisela marisol marissa marit maritza mariya
marja marjorie marketa marla marleen marlene marlies marquita marsha marta marte martha marthe martina martine marva
marvi mary maryam maryann maryanne marybeth maryellen maryjane marylou marzena masako masih masoumeh mathilda mathilde
matilda mattie maud maude maudie maura maureen maurine mavis maxine may maya mayawati mayra maysa mayumi mbali meabh
meagan mechthild meena meenakshi meera megan megawati megha meghan megumi mehbooba mehriban mei melania melanie melba
melinda melisa melissa mellisa melody melva menaka menna meral merav mercedes mercy meredith merete merethe meritxell
merry merve meryem mette mhairi mia michaela michela michell michelle michiko midori mie migdalia mihaela miho miki
mila milagros mildred milena milica millicent millie mina mindy minerva ming minnie minoo mira miranda mireia mireille
mirela mirella miri miriam mirjam mirjana misty mitsou mitsuko mitzi miyuki mohini moira mollie molly momoko mona
monica monika monique montserrat morag mouna moyra mrinal muge mukta muna muriel myra myriam myrna myrtle naama nada
nadezhda nadia nadine nadiya najat najla naledi namita namrata nan nanako nancy nandini nandita nanette nanna nannie
naoko naomi narges nargess nasrin natalia natalie nataliya natalya natasa natasha nathalie natividad navneet nawal
nazanin nazli neelam neelie neena neeta negar neha nelda nele nell nellie nelly nerys nesrine nettie neva nevena ngozi
nia niamh nichole nicola nicole nicoleta nicoletta nidhi nieves niki nikki nilda niloufar nilufer nina nirmala
nirupama nisha nita nkechi nkem nkosazana noa nobuko noelia noelle noemi nola nollaig nomsa nomvula nona noor nooshin
nora noreen noriko norma nosiviwe nour noura nuala nupur nur nuray nuria nurit oana obiageli oby octavia odette odile
ofelia ofra oksana olena olga olha olive olivera olivia oluchi olympe omotola onyinye opal ophelia ora orit orla
orlaith orly orna ornella orsolya osnat oumou outi ozlem padma padmini paige paivi pallavi paloma pam pamala pamela
panagiota pansy pantea paola parisa parvati parvin pascale patience patrica patrice patricia patrizia patrycja patsy
patti pattie patty paula paulette pauline payal paz pearl pearlie peggy penelope penny pernille pervin petra phoebe
phyllis pia pilar pinar pippa pnina polina polly pooja poonam popi portia prabha pragya pratibha pratima preeti preity
prerna priscilla priti priya priyanka puja punam purnima queen rabab rachael racheal rachel rachelle rachida rachna
rada radha radhika radka radmila rae raffaella ragini ragnhild raisa rajani rajeshwari rakhi raluca ramona rana randi
rania raquel rasa rasha rashida rashmi rati ratna reba rebeca rebecca rebekah reem reema reena regina reiko reka rekha
rena renae renata renate renee renske renu renuka reshma retha retno reva reyna rhea rhian rhianon rhoda rhonda richa
rie rieko riikka riina rim rima risa rita ritu ritva rivka riya robbin roberta robin robyn rochelle rocio rodica
roisin rokia rona ronda ronit roopa roos rosa rosalee rosalia rosalie rosalind rosalinda rosalyn rosana rosanna
rosanne rosaria rosario rose roseann roseanna roseanne rosella roselyne rosemarie rosemary rosena rosetta rosie rosita
roslyn rossella roswitha rosy rowena roxana roxanne roxie roya ruby rula rumi rupa rupali rushanara ruth ruthie ryoko
saadet sabah sabina sabine sabrina sachiko sadako sadhana sadhvi sadie safaa sahar sahle sahra sakshi sakura sallie
sally salma salome samantha samar samia samiksha samira sana sanaa sanae sandhya sandra sandrine sandy sangeeta sanja
sanjana sanna sanya saoirse sapna sara sarah sarala sarita sarka saroj sarojini sasha saskia satsuki satu saundra
savannah savita savitri sawsan sayuri seema segolene seiko selena selin selina selma sema semra serap serena setsuko
sevda severine sevgi shabana shabnam shahla shahrzad shaila shaima shaimaa shakuntala shalini shams shana shanna
shannon shanta sharda shari sharlene sharmeen sharmila sharmistha sharon sharron shauna shawna shazia sheela sheena
sheetal shefali sheida sheila shelby shelia shelley shellie shelly sheree sheri sherri sherrie sherry sheryl shiela
shigeko shikha shilpa shira shireen shirin shirley shirley-anne shizuka shobha shobhaa shohreh shoko shona shonagh
shonda shraddha shreya shruti shubha shulamit shweta sian sibel sibeth sibongile sienna sierra sif sigal signe sigrid
sigrid-ka sigrun siham silja silke silvana silvia simin simona simone simonetta sinead siobhan siri sirimavo sirpa siv
sivan skye sladjana slavica smita smriti sneha snezana socorro sofia sofie sofya soha solange soledad solveig sonal
sonam sondra songul sonia sonja sonya sophia sophie soraya sorcha souad sri sridevi srishti stacey staci stacie stacy
stana stav stavroula stefania stefanie stella stephanie stine sudha sue suella suha sujata sulochana sumaya sumiko
sumitra sunanda sunita sunny suparna supriya surabhi susan susana susanna susanne sushila sushma susie suzan suzana
suzanne suzette svenja svetlana sviatlana svitlana swapna swara swarna swati sybil sylvi sylvia sylvie sylwia tabatha
tabitha tahani tahereh taisia tali tamaki tamar tamara tamayo tameka tamera tami tamika tammi tammie tammy tamra tania
tanisha tanja tansu tanu tanvi tanya tara tarana taraneh tarja taryn tasha tatiana tatjana tatyana tawana teesta tera
teresa teresita tereza teri terra terri terrie tess tessa tessie tetyana thandi thandiwe thangam theano thelma
theodora theresa therese thorgerdur thuli tia tiffany tijana tillie tina tine tisha tiziana tokiko tomoko tomomi tone
toni tonia tonya tora torborg tori torill toshiko tracey traci tracie tracy traudl treva tricia trina trine trish
trisha trude trudy tsai tsitsi tuba tuija tulay tulip tulsi turid twila tzipi tzipora ulla ulrike ulyana uma una unni
urmila ursula urszula urvashi uschi usha ute vaira vaishali valarie valentina valeria valerie valeriya vandana vandita
vanessa varsha varvara vasiliki vasundhara veda velma veorica vera verda vered verena verna vernice veronica veronika
veronique vesna vibeke vicki vickie vicky victoria vida vidya vigdis vijaya viktoria viktorija viktoriya vilma vimala
vinita viola violet violeta viorica virgie virgina virginie vivian viviana viviane vivienne vjosa vonda vrinda wafa
wafaa waltraud wanda wangari wendi wendy weronika whitney wiebke wilda wilhelmina willa wilma winifred winnie winona
xenia ximena xiomara yaa yael yaffa yalda yamini yana yara yasmin yasmina yasmine yasuko yayoi yehudit yekaterina
yelena yeliz yesenia yetunde yevgenia yingluck ylva yoani yoko yolanda yoriko yoshiko yu-hyun yui yuka yukari yukiko
yuko yulia yulimar yuliya yumi yumiko yuriko yvette yvonne zahra zainab zara zaynab zdenka zeenat zehava zehra zeinab
zelda zelma zeynep zhanna ziba zinaida zipi zodwa zoe zofia zohra zoi zorana zoya zsofia zsuzsa zsuzsanna zubaida
zulia zuzana zuzanna
""")
EITHER = listed("""
nino
amandeep anh ayo blair carey casey chen chidi devon farai guo harpreet hayden hu huang hui hyun jae jae-in jessie
ji-hoon jie jin jing jong jong-un jordan kagiso kerry kim kyung lee lei lerato leslie li lin linh liu lwazi ma
manpreet min-ho min-ji myung nyasha oluwaseun pat peyton phuong ping quinn reese rowan sage sang seung so-yeon soo-jin
suman sun tal tatenda taylor temi thabiso thanh tracy-lee uche wang wei wu xin xu yan yang ying young-soo yu zhang
zhao zhou zhu
""")


FIRST = MALE | FEMALE | EITHER


@lru_cache(maxsize=2048)
def first_name_gender(folded: str) -> Gender:
    """ "m" or "f" for a folded first name ("jean-claude" counts as "jean"), else ""."""
    for form in (folded, folded.split("-", maxsplit=1)[0]):
        if form in MALE:
            return "m"
        if form in FEMALE:
            return "f"
    return ""


@lru_cache(maxsize=2048)
def is_first_name(folded: str) -> bool:
    return any(form in FIRST for form in (folded, folded.split("-", maxsplit=1)[0]))
