"""The closed lists of the invented API: list → value → labels in its nine languages."""

from __future__ import annotations

LOCALES = ("en", "de", "fr", "it", "es", "pl", "ro", "ru", "tr")

Labels = dict[str, tuple[str, ...]]


def _rows(text: str) -> Labels:
    """One value a line: ``value: en|de|fr|…``. What is not translated is English, as upstream has it."""
    found: Labels = {}
    for line in filter(None, map(str.strip, text.strip().splitlines())):
        value, _, labels = line.partition(":")
        found[value] = tuple(label.strip() for label in labels.split("|"))
    return found


_LEVELS = _rows("""
    muttersprachlich: native|muttersprachlich|langue maternelle|madrelingua|nativo|ojczysty|nativ|родной|ana dili
    fliessend: fluent|fließend|courant|fluente|fluido|biegle|fluent|свободно|akıcı
    gut: good|gut|bon|buono|bueno|dobrze|bine|хорошо|iyi
    kann: able to|kann|notions|capace|capaz|potrafi|poate|умеет|yapabilir
    grundkenntnisse: basic|Grundkenntnisse|bases|base|básico|podstawy|de bază|начальный|temel
""")

_LANGUAGES = _rows("""
    deutsch: German|Deutsch|allemand|tedesco|alemán|niemiecki|germană|немецкий|Almanca
    englisch: English|Englisch|anglais|inglese|inglés|angielski|engleză|английский|İngilizce
    franzosisch: French|Französisch|français|francese|francés|francuski|franceză|французский|Fransızca
    italienisch: Italian|Italienisch|italien|italiano|italiano|włoski|italiană|итальянский|İtalyanca
    spanisch: Spanish|Spanisch|espagnol|spagnolo|español|hiszpański|spaniolă|испанский|İspanyolca
    polnisch: Polish|Polnisch|polonais|polacco|polaco|polski|poloneză|польский|Lehçe
    turkisch: Turkish|Türkisch|turc|turco|turco|turecki|turcă|турецкий|Türkçe
    gebardensprache: Sign language|Gebärdensprache|langue des signes|lingua dei segni|lengua de signos
    schwedisch: Swedish|Schwedisch|suédois|svedese|sueco|szwedzki|suedeză|шведский|İsveççe
""")

_DIALECTS = _rows("""
    berlinerisch: Berlin dialect|Berlinerisch|berlinois
    hessisch: Hessian|Hessisch|hessois
    rheinisch: Rhenish|Rheinisch|rhénan
    wienerisch: Viennese|Wienerisch|viennois
    sachsisch: Saxon|Sächsisch|saxon
    plattdeutsch: Low German|Plattdeutsch|bas allemand
""")

LISTS: dict[str, Labels] = {
    "accent_skill": _LEVELS,
    "accents": _rows("""
        osterreichisch: Austrian|Österreichisch|autrichien
        schottisch: Scottish|Schottisch|écossais
        franzosisch: French|Französisch|français
        russisch: Russian|Russisch|russe
    """),
    "dances": _rows("""
        tango: Tango|Tango|tango|tango|tango|tango|tango|танго|tango
        walzer: Waltz|Walzer|valse|valzer|vals|walc|vals|вальс|vals
        stepptanz: Tap dance|Stepptanz|claquettes
        freestyle: Freestyle|Freestyle|freestyle
    """),
    "dialect_skill": _LEVELS,
    "dialects": _DIALECTS,
    "drivers_licenses": _rows("""
        pkw-klasse-b-be: Car (B, BE)|Pkw (Klasse B, BE)|voiture (B, BE)
        motorrad-klasse-a: Motorcycle (A)|Motorrad (Klasse A)|moto (A)
        lkw-klasse-c: Lorry (C)|Lkw (Klasse C)|poids lourd (C)
    """),
    "ethnic_appearances": _rows("mitteleuropaisch: Central European|Mitteleuropäisch|d'Europe centrale"),
    "ethnic_background": _rows("6471: Background A|Herkunft A|origine A"),
    "ethnic_background_details": _rows("6473: Detail A|Detail A|détail A"),
    "eye_color": _rows("""
        braun: brown|braun|marron
        grun: green|grün|vert
        blau: blue|blau|bleu
    """),
    "figures": _rows("""
        sportlich: athletic|sportlich|sportif
        normal: average|normal|normal
        schlank: slim|schlank|mince
    """),
    "gender": _rows("""
        m: male|männlich|masculin
        f: female|weiblich|féminin
        i: diverse|divers|divers
    """),
    "hair_color": _rows("""
        braun: brown|braun|brun
        blond: blond|blond|blond
        grau: grey|grau|gris
    """),
    "hair_length": _rows("""
        kurz: short|kurz|court
        mittel: medium|mittel|mi-long
        lang: long|lang|long
    """),
    "instruments": _rows("""
        gitarre: Guitar|Gitarre|guitare|chitarra|guitarra|gitara|chitară|гитара|gitar
        cello: Cello|Cello|violoncelle|violoncello|violonchelo|wiolonczela|violoncel|виолончель|çello
        akkordeon: Accordion|Akkordeon|accordéon|fisarmonica|acordeón|akordeon|acordeon|аккордеон|akordeon
        klavier: Piano|Klavier|piano|pianoforte|piano|fortepian|pian|фортепиано|piyano
    """),
    "language_skill": _LEVELS,
    "languages": _LANGUAGES,
    "licenses": _rows("""
        fallschirmspringer-lizenz: Skydiving licence|Fallschirmspringer-Lizenz|brevet de parachutiste
        tauchschein: Diving certificate|Tauchschein|brevet de plongée
    """),
    "nationalities": _rows("""
        DE: German|deutsch|allemande|tedesca|alemana|niemiecka|germană|немецкое|Alman
        AT: Austrian|österreichisch|autrichienne|austriaca|austriaca|austriacka|austriacă|австрийское|Avusturyalı
        CH: Switzerland|schweizerisch|suisse
        FR: French|französisch|française
        GB: United Kingdom|britisch|britannique
        PL: Polish|polnisch|polonaise
        TR: Turkish|türkisch|turque
    """),
    "pitches": _rows("""
        mezzosopran: Mezzo-soprano|Mezzosopran|mezzo-soprano
        alt: Alto|Alt|alto
        bariton: Baritone|Bariton|baryton
        tenor: Tenor|Tenor|ténor
    """),
    "professions": _rows("""
        schauspieler: Actor|Schauspieler/in|comédien/ne|attore/attrice|actor/actriz|aktor/ka|actor/actriță|актёр|oyuncu
        synchronsprecher: Voice actor|Synchronsprecher/in|doubleur/euse|doppiatore/trice
        nachwuchsdarsteller: Young talent|Nachwuchsdarsteller/in|jeune talent
        moderator: Presenter|Moderator/in|présentateur/trice
        actor: Actor|Schauspieler/in|comédien/ne|attore/attrice|actor/actriz|aktor/ka|actor/actriță|актёр|oyuncu
        young_actor: Young actor|Nachwuchsdarsteller/in|jeune comédien/ne
        performer: Performer|Performer/in|artiste de scène
    """),
    "regions": _rows("""
        dach: Germany, Austria, Switzerland|Deutschland, Österreich, Schweiz|Allemagne, Autriche, Suisse
        italy: Italy|Italien|Italie
    """),
    "role_type": _rows("""
        leading: Leading role|Hauptrolle|rôle principal|protagonista|protagonista|główna|principal|главная|başrol
        supporting: Supporting role|Nebenrolle|second rôle|non protagonista|secundario|drugoplanowa
        misc: Other|Sonstige|autre
        episode_featured_part: Episode lead|Episodenhauptrolle|rôle principal d'un épisode
    """),
    "singing": _rows("""
        jazz: Jazz|Jazz|jazz|jazz|jazz|jazz|jazz|джаз|caz
        chanson: Chanson|Chanson|chanson
        klassisch: Classical|klassisch|classique
    """),
    "skill": _LEVELS,
    "special_skills": _rows("""
        403: Juggling|Jonglieren|jonglage
        417: Puppetry|Puppenspiel|marionnettes
        522: Tightrope walking|Seiltanz|funambulisme
    """),
    "sports": _rows("""
        buhnenkampf: Stage combat|Bühnenkampf|combat scénique
        reiten: Horse riding|Reiten|équitation|equitazione|equitación|jazda konna|călărie|верховая езда|binicilik
        segeln: Sailing|Segeln|voile|vela|vela|żeglarstwo|navigație|парус|yelken
        klettern: Climbing|Klettern|escalade
        yoga: Yoga, all styles|Yoga, alle Richtungen|yoga, tous les styles
    """),
    "type_genre": _rows("""
        series: Series|Serie|série
        movie: TV movie|Fernsehfilm|téléfilm
    """),
    "unions": _rows("""
        bffs: BFFS (Germany)|BFFS (Deutschland)|BFFS (Allemagne)
        vdsa: Acting guild of the invented|Gilde der Erfundenen|guilde des inventés
    """),
    "working_permits": _rows("""
        EU-27: European Union|Europäische Union|Union européenne
        GB: United Kingdom|Vereinigtes Königreich|Royaume-Uni
    """),
}  # fmt: skip

COUNTRIES = {
    "DE": ("Germany", "Deutschland"),
    "AT": ("Austria", "Österreich"),
    "CH": ("Switzerland", "Schweiz"),
}


#: The closed lists of a world smaller than the demonstration: each list takes nine requests.
FEW_LISTS = ("languages", "language_skill", "professions", "sports")


def lists_of(showings: int) -> list[str]:
    """Names of the closed lists in a world of so many showings."""
    return sorted(LISTS if showings >= 600 else FEW_LISTS)


def label(name: str, value: str, locale: str) -> str:
    """The text of a value in the language; English where there is none, the value itself where it is unknown."""
    labels = LISTS.get(name, {}).get(value)
    if labels is None:
        return value
    at = LOCALES.index(locale) if locale in LOCALES else 0
    return labels[at] if at < len(labels) else labels[0]
