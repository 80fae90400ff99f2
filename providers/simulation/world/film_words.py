"""Words and sentences of which invented films are made: each entry is (Swedish, English) unless said."""

from __future__ import annotations

from providers.simulation.world.wordlist import table, words

# Swedish definite | its article | Swedish bare | English
NOUNS: tuple[tuple[str, ...], ...] = table("""
fjärden | Den | fjärd | Bay
fyrvaktaren | Den | fyrvaktare | Lighthouse Keeper
trädgården | Den | trädgård | Garden
huset | Det | hus | House
brevet | Det | brev | Letter
sommaren | Den | sommar | Summer
vintern | Den | vinter | Winter
natten | Den | natt | Night
bron | Den | bro | Bridge
skogen | Den | skog | Forest
tåget | Det | tåg | Train
systern | Den | syster | Sister
brodern | Den | broder | Brother
dottern | Den | dotter | Daughter
grannen | Den | granne | Neighbour
översättaren | Den | översättare | Translator
pianisten | Den | pianist | Pianist
biodlaren | Den | biodlare | Beekeeper
simmaren | Den | simmare | Swimmer
kartritaren | Den | kartritare | Mapmaker
fabriken | Den | fabrik | Factory
hamnen | Den | hamn | Harbour
glaciären | Den | glaciär | Glacier
hunden | Den | hund | Dog
räven | Den | räv | Fox
hästen | Den | häst | Horse
spegeln | Den | spegel | Mirror
kusten | Den | kust | Coast
tystnaden | Den | tystnad | Silence
festen | Den | fest | Feast
elden | Den | eld | Fire
regnet | Det | regn | Rain
saltet | Det | salt | Salt
skuggan | Den | skugga | Shadow
sången | Den | sång | Song
löftet | Det | löfte | Promise
minnet | Det | minne | Memory
rummet | Det | rum | Room
arkivet | Det | arkiv | Archive
hotellet | Det | hotell | Hotel
flygplatsen | Den | flygplats | Airport
torget | Det | torg | Square
vittnet | Det | vittne | Witness
domaren | Den | domare | Judge
barnet | Det | barn | Child
gästen | Den | gäst | Guest
vågen | Den | våg | Wave
ön | Den | ö | Island
floden | Den | flod | River
dalen | Den | dal | Valley
klockan | Den | klocka | Bell
teatern | Den | teater | Theatre
skridskobanan | Den | skridskobana | Ice Rink
motorvägen | Den | motorväg | Motorway
månen | Den | måne | Moon
apelsinlunden | Den | apelsinlund | Orange Grove
väntrummet | Det | väntrum | Waiting Room
radiostationen | Den | radiostation | Radio Station
stormen | Den | storm | Storm
trappan | Den | trappa | Staircase
""")

# Swedish weak form | English
ADJECTIVES: tuple[tuple[str, ...], ...] = table("""
tysta | Quiet
långa | Long
sista | Last
första | First
blå | Blue
röda | Red
vita | White
gömda | Hidden
glömda | Forgotten
ensamma | Lonely
brinnande | Burning
sovande | Sleeping
okända | Unknown
förlorade | Lost
elektriska | Electric
omöjliga | Impossible
andra | Other
nya | New
gamla | Old
djupa | Deep
ljusa | Bright
mörka | Dark
lilla | Little
stora | Great
vilda | Wild
trasiga | Broken
försiktiga | Careful
hungriga | Hungry
avlägsna | Distant
halva | Half
oändliga | Endless
frusna | Frozen
gyllene | Golden
hemlösa | Homeless
tålmodiga | Patient
sömnlösa | Sleepless
svenska | Swedish
tredje | Third
osynliga | Invisible
ofrivilliga | Reluctant
""")

PLACES: tuple[tuple[str, ...], ...] = table("""
Trelleborg | Trelleborg
Lissabon | Lisbon
Kiruna | Kiruna
Marseille | Marseille
Kairo | Cairo
Tromsø | Tromsø
Warszawa | Warsaw
Valparaíso | Valparaíso
Aleppo | Aleppo
Nagasaki | Nagasaki
Malmö | Malmö
Reykjavik | Reykjavik
Dakar | Dakar
Teheran | Tehran
Odessa | Odesa
Göteborg | Gothenburg
Neapel | Naples
Sarajevo | Sarajevo
Åbo | Turku
Bukarest | Bucharest
""")

NAMES = words(
    "Agnes|Ruth|Milan|Ottilia|Samir|Ingrid|Noor|Vera|Tobias|Yusuf|Greta|Amara|Pelle|Zoya|Klara|Idun|"
    "Malik|Sunniva|Hedda|Raoul"
)

# Whole titles that no pattern makes: commas, quotes, ampersands, odd signs, many letters.
WHOLE_TITLES: tuple[tuple[str, ...], ...] = table("""
Tisdag, sent | Tuesday, Late
Inga, Maj & hela släkten | Inga, Maj & the Whole Family
Sa du "hem"? | Did You Say "Home"?
Ray´s sista taxi | Ray´s Last Taxi
Det är inte vad du tror, mamma | It’s Not What You Think, Mother
100 % ull | 100% Wool
Å, ä, ö | Vowels
Jag ser lila människor | I See Purple People
Bröd & rosor & bensin | Bread & Roses & Petrol
Vi möts kl. 4:48 | We Meet at 4:48
Nej | No
Allt som blev kvar, nästan | All That Remained, Almost
Mormor, raketen & jag | Grandma, the Rocket & Me
<3 | <3
Sju sorter | Seven Kinds of Biscuits
Ju längre bort, desto närmare | The Farther Away, the Closer
""")

PROTAGONISTS: tuple[tuple[str, ...], ...] = table("""
en pensionerad fyrvaktare | a retired lighthouse keeper
en kvinna som inte har talat med sin syster på tio år | a woman who has not spoken to her sister for ten years
en ung domstolstolk | a young court interpreter
en nattsköterska med ett dubbelliv | a night nurse with a double life
en trettonårig schackmästare | a thirteen-year-old chess champion
ett gift par på väg att skiljas | a married couple on the verge of divorce
en taxichaufför utan körkort | a taxi driver without a licence
en arkivarie som hittar sitt eget namn i en gammal akt | an archivist who finds her own name in an old file
en fotbollsdomare i lägsta divisionen | a football referee in the lowest division
en trio barndomsvänner | a trio of childhood friends
en före detta operasångare | a former opera singer
en byggarbetare från en grannby | a construction worker from the next village
en nyinflyttad präst | a newly arrived priest
en ensamstående pappa | a single father
en ljudtekniker som börjar höra fel | a sound engineer who begins to mishear
byns enda frisör | the only hairdresser in the village
en student som saknar uppehållstillstånd | a student without a residence permit
en åldrande stuntkvinna | an ageing stuntwoman
en botaniker på jakt efter en utdöd orkidé | a botanist in search of an extinct orchid
en gymnasist som driver skolans piratradio | a teenager who runs the school's pirate radio
""")

SETTINGS: tuple[tuple[str, ...], ...] = table("""
i ett halvtomt badortshotell | in a half-empty seaside hotel
i en gruvstad som ska flyttas | in a mining town about to be moved
på en ö dit färjan har slutat gå | on an island the ferry no longer serves
i utkanten av en växande storstad | on the edge of a growing city
under årets varmaste vecka | during the hottest week of the year
mitt under ett strömavbrott | in the middle of a power cut
i skuggan av ett nedlagt varv | in the shadow of a closed shipyard
på ett nattåg genom tre länder | on a night train through three countries
i ett miljonprogramsområde som ska rivas | in a housing estate marked for demolition
i bergen, långt från närmaste läkare | in the mountains, far from the nearest doctor
under den sista terminen före sommaren | during the last term before summer
i en sömnig gränsstad | in a sleepy border town
på en mjölkgård i kris | on a dairy farm in trouble
i en lägenhet som aldrig tycks ta slut | in a flat that never seems to end
""")

INCIDENTS: tuple[tuple[str, ...], ...] = table("""
tar emot ett brev som inte går att svara på | receives a letter that cannot be answered
bevittnar något som ingen annan vill kännas vid | witnesses something no one else will admit to
tvingas ta hand om en främmande människas barn | has to look after a stranger's child
hittar en väska med någon annans minnen | finds a suitcase full of someone else's memories
bestämmer sig för att ljuga en sista gång | decides to lie one last time
får tre dygn på sig att lämna landet | is given three days to leave the country
övertalas att spela sig själv i en film | is talked into playing the part of a lifetime: a double
börjar få besök av en granne som flyttade för länge sedan | begins to get visits from a neighbour long gone
ärver ett hus som redan är bebott | inherits a house that is already lived in
går med på ett vad som inte kan vinnas | agrees to a bet that cannot be won
missar den enda buss som går den dagen | misses the only bus of the day
upptäcker att orten inte finns på någon karta | discovers that the place is on no map
""")

TONES: tuple[tuple[str, ...], ...] = table("""
En varm och bitande rolig film om skuld, vänskap och vem som får stanna kvar. | A warm and bitingly funny film about guilt, friendship and who gets to stay.
Med lugn hand och ett fantastiskt foto berättas om det som aldrig blev sagt. | With a calm hand and superb photography it tells of what was never said.
Debuten »lyser« av tilltro till sina skådespelare. | A debut that »glows« with trust in its actors.
Regissören blandar dokumentärt material och ren saga utan att någonsin tappa greppet. | The director mixes documentary material and pure fairy tale without ever losing hold.
En thriller i lågt tempo, där varje dörr som stängs betyder något. | A thriller in low gear, in which every closing door matters.
Filmen växte fram under sex år och ett fyrtiotal nätter. | The film grew over six years and some forty nights.
Resultatet är lika delar kärleksförklaring och anklagelse. | The result is equal parts declaration of love and indictment.
Musiken, inspelad i en tom simhall, går inte att glömma. | The score, recorded in an empty swimming pool, is hard to forget.
Det är grymt, ömt och oväntat hoppfullt. | It is cruel, tender and unexpectedly hopeful.
En av årets mest omtalade filmer, äntligen på stor duk. | One of the most talked-about films of the year, on the big screen at last.
Här finns inga hjältar, bara människor som försöker hinna hem. | There are no heroes here, only people trying to get home in time.
""")  # noqa: E501

# Section name | Swedish text | English text
SECTIONS: tuple[tuple[str, ...], ...] = table("""
Competition | Första, andra eller tredje filmen av en regissör med något att säga. | First, second or third films by directors with something to say.
Open Water | Årets bredaste fönster mot världen. | The widest window on the world this year.
Northern Voices | Nytt från Norden, från fjäll till förort. | New from the Nordic countries, from mountains to suburbs.
Documania | Verkligheten, men noggrannare. | Reality, only more closely.
After Midnight | Skräck, fantasi & sådant som inte tål dagsljus. | Horror, fantasy & things that cannot bear daylight.
Icons | Mästare och legender, nya och återsedda. | Masters and legends, new and revisited.
Impact | Filmer som vill förändra något. | Films that want to change something.
Short Film Competition | Tjugo minuter är ibland alldeles lagom. | Twenty minutes are sometimes just enough.
Young Eyes | För den som är ny i biomörkret. | For those who are new to the dark of a cinema.
Spotlight: Water | Årets tema, från brunn till ocean. | This year's theme, from well to ocean.
""")  # noqa: E501

STATUSES: tuple[tuple[str, ...], ...] = table("""
Sverigepremiär | Swedish premiere
Världspremiär | World premiere
Europapremiär | European premiere
Nordisk premiär | Nordic premiere
Internationell premiär | International premiere
|
""")

EDITIONS = words(
    "Frost|Aurora|Tjäle|Islossning|Vårflod|Vitsippa|Häggblom|Försommar|Midsommar|Ljusår|Mareld|Rötmånad|"
    "Skörd|Höstlöv|Dimma|Oktoberljus|Skymning|Midvinter"
)

PARTIES: tuple[tuple[str, ...], ...] = table("""
Invigningsfest på taket | Opening Party on the Roof
Festivalklubben: vinyl & popcorn | The Festival Club: Vinyl & Popcorn
Avslutningsfest | Closing Party
Branschmingel med dans | Industry Mingle with Dancing
Nattklubb: Filmmusik, live | Night Club: Film Music, Live
""")

SEMINARS: tuple[tuple[str, ...], ...] = table("""
Seminarium: Vem äger ljudet? | Seminar: Who Owns the Sound?
Mästarklass i klippning | Master Class in Editing
Samtal: Att filma sin familj | Conversation: Filming Your Own Family
Panel: Pengar, tid & mod | Panel: Money, Time & Courage
Frukostseminarium, "den nya dokumentären" | Breakfast Seminar, "the New Documentary"
""")
