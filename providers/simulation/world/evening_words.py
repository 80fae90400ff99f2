"""Words for invented evenings in Swedish towns, by kind of evening. Braces are filled in by `evenings`."""

from __future__ import annotations

from dataclasses import dataclass

from providers.simulation.world.wordlist import words


@dataclass(frozen=True)
class Kind:
    """One kind of evening: its titles, short texts and paragraphs, and how early doors open."""

    word: str
    titles: tuple[str, ...]
    shorts: tuple[str, ...]
    paragraphs: tuple[str, ...]
    doors: int


KINDS: tuple[Kind, ...] = (
    Kind(
        "teater",
        (
            "{Sak} som inte ville dö", "Fru {efternamn} går ut", "Tre akter om {sak}", "Kung {namn} & narren",
            "{namn} och {sak}", "Sommargästerna på {plats}", "Ett drömspel på {plats}",
            "Vem är rädd för {sak}?", "{Sak}", "Mina drömmars {plats}, del 2", "Den inbillat friska",
        ),
        (
            "En svart komedi om {sak} & andra familjehemligheter.",
            "Urpremiär! Fyra skådespelare, en stol och {sak}.",
            "Klassikern i ny dräkt, med nyskriven musik.",
            "Kammarspel för två röster och en vind.",
        ),
        (
            "{person} skriver och regisserar en föreställning om {sak}, skuld och det vi säger i köket.",
            "På scen: {person}, {person} och {person}.",
            "Ensemblen har repeterat i ett nedlagt {hus} – det hörs, och det ska höras.",
            "Föreställningen är cirka två timmar, inklusive paus med kaffe &amp; kaka.",
            "»Roligast när det är som allvarligast«, skrev någon efter genrepet.",
        ),
        60,
    ),
    Kind(
        "konsert",
        (
            "{person} – solo", "{band}", "{band} & {person}", "Vinterljus med {band}",
            "{person}: {sak}, sent", "Visor från {plats}", "Stråkar på {plats}",
            "Körkväll: \"Över {sak}\"", "{band} spelar Bellman, typ",
            "En kväll med {person}",
        ),
        (
            "Visor, fiol &amp; tystnad i stearinljusets sken.",
            "Nyskriven kammarfolk från {plats}.",
            "Fullt band, full salong, inga telefoner.",
            "Skivsläpp! Albumet {skiva} framförs från början till slut.",
        ),
        (
            "Trion <strong>{band}</strong> spelar nyskriven musik om {sak}.",
            "{person} har i tjugo år rört sig mellan jazz, visa och ren envishet.",
            "Insl&auml;pp en timme f&ouml;re. Fika ing&aring;r &ndash; allergi? S&auml;g till &lt;tack&gt;.",
            "Medverkande: {person} (piano), {person} (bas) och {person} (slagverk).",
            "Efter konserten signerar {person} i foajén.",
        ),
        60,
    ),
    Kind(
        "föreläsning",
        (
            "{person} om {sak}", "Föreläsning: Varför {sak}?", "Sov, {namn}, sov – om sömnens historia",
            "Att läsa himlen: en kväll om stjärnor", "Släktforska, steg 1–3", "{plats} förr & nu",
        ),
        (
            "En populärvetenskaplig kväll med bilder.",
            "Allt du velat veta om {sak} men inte hittat någon att fråga.",
            "Föreläsning med efterföljande samtal.",
        ),
        (
            "Docent {person} berättar om {sak} och varför det angår just {plats}.",
            "Ingen f&ouml;rkunskap kr&auml;vs.&nbsp;Hörslinga finns.",
            "Boken säljs &amp; signeras efteråt.",
            "Publiken får ställa frågor. Alla frågor. Även den om {sak}.",
        ),
        30,
    ),
    Kind(
        "humor",
        (
            "{person}: Fel buss", "Ståuppklubb {plats}", "{namn} & {namn} löser allt", "Improviserat: {sak}",
            "{person} läser upp sina klagomål",
        ),
        (
            "Två timmar ståupp om tvättstugor, svärmödrar &amp; {sak}.",
            "Fem komiker, en mikrofon.",
            "Publikens ord, skådespelarnas problem.",
        ),
        (
            "<em>Åldersgräns 18 år.</em> {person} är tillbaka med sin femte soloföreställning.",
            "Konferencier: {person}. Värme i baren från klockan 18.",
            "Det blir inget på teve. Det är poängen.",
        ),
        90,
    ),
    Kind(
        "barn",
        (
            "{namn} och trollet i {hus}et", "Pricken flyttar", "Dockteater: {Sak}", "Sagostund på {plats}",
            "Babydrama – hej {sak}!",
        ),
        (
            "Musikalisk saga för alla mellan 3 och 103 år.",
            "Dockteater utan ord, 35 minuter.",
            "Ta med strumpor!",
        ),
        (
            "{namn} får inte sova. Under sängen bor {sak}, och den vill spela fia.",
            "Rekommenderad ålder: från 3 år. Barnvagnar får stå i foajén.",
            "Dockor: {person}. Musik: {person}.",
        ),
        30,
    ),
    Kind(
        "dans",
        (
            "{Sak} i rörelse", "Koreografi 7: {sak}", "Tango på {plats}", "{person} dansar {sak}",
            "Öppen repetition",
        ),
        (
            "Ny svensk dans för fem kroppar.",
            "Kom och titta, stanna och dansa.",
            "Ett verk om {sak}, utan paus.",
        ),
        (
            "Koreografen {person} har arbetat med {sak} sedan 2019.",
            "Musiken framförs live av {band}.",
            "Föreställningen innehåller stroboskopljus &amp; rök.",
        ),
        30,
    ),
    Kind(
        "opera",
        (
            "Trollflöjten på en timme", "Operapub på {plats}", "Orfeus på {plats}, \"nästan hela\"",
            "Galakonsert: {person}, sopran",
        ),
        (
            "Mozart, men med dragspel.",
            "Arior, öl &amp; allsång.",
            "Fri bearbetning för sju sångare och en cykel.",
        ),
        (
            "Solister: {person} och {person}. Vid flygeln: {person}.",
            "Sjungs på svenska, textas inte, förstås ändå.",
            "Ensemblen turnerar med hela scenen i en folkabuss från {plats}.",
        ),
        60,
    ),
)  # fmt: skip

THINGS = words(
    "tystnaden|vargen|månen|en sista vals|älven|mjölken|regnet|grannen|kylskåpet|drottningen|tiden|"
    "snön|skogen|ett glömt paraply|måsarna|arvet|köttbullen|framtiden|mormors klocka|sommarlovet"
)

PLACES = words(
    "Sörgården|Norrby|Kråkudden|Bondegatan|Lillsjön|Fårö|Myrstacken|Herrängen|Västerdalen|Öland|"
    "Mariatorget|Hammarn|Skärgårdsboden|Björknäs"
)

HOUSES = words("bruk|garveri|badhus|stationshus|mejeri|tegelbruk|missionshus")

BANDS = words(
    "Tre Granar|Nattexpressen|Kvartetten Kaffe|Blåklockans Orkester|Fru Hallgrens Hund|Ängens Elektriska|"
    "Stiltje|Under Isen|Hovnarr & Söner|Familjen Oktav|Mandolinbanden|Sju Sekunder|Polskapolisen"
)

ALBUMS = words("Halvljus|Kustväg 9|Innan isen|Åter till Ö|Bara nästan|Mitt i maj")

# Whole paragraphs with awkward markup: escaped tags that stay text, entities, a line break, a link, a list.
AWKWARD = (
    "<p>Biljetter märkta &lt;script&gt;alert(1)&lt;/script&gt; gäller inte &ndash; det var ett skämt.</p>",
    "<p>Entr&eacute; &#38; garderob: 20&nbsp;kr.<br>Se <a href='https://example.org/?a=1&amp;b=2'>h&auml;r</a>.</p>",
    "<ul><li>Hiss finns</li><li>Ledsagare g&aring;r gratis</li></ul>",
    "<p><em>&quot;Bäst i år&quot;</em> &mdash; lokaltidningen</p>",
)  # fmt: skip
