"""Pairs of rows, labelled by hand: are the two one and the same? Half of them were chosen to be mistaken.

Each line is what two providers might know of a thing; where a label is true, a person with both pages in hand would
say so. Titles and people of well-known films are used as facts; everything else is made up.
"""

from collections.abc import Iterator
from itertools import count
from typing import Any

from aggregator.identity.names import fold, person_key
from aggregator.identity.subjects import Subject
from aggregator.vocabulary import CreditRole, Kind, LinkedKind

Pair = tuple[Subject, Subject, bool]
Twins = list[tuple[Subject, Subject]]

_numbers = count(1)
CENTRE = (59.3320, 18.0640)
NEAR = (59.3325, 18.0646)  # some 65 m away
FAR = (59.3450, 18.0640)  # 1.4 km away
PARIS = (48.8534, 2.3758)
STHLM = "Stockholm"


def _subject(kind: str, names: str, provider: str, **known: Any) -> Subject:
    number = next(_numbers)
    words = tuple(names.split(" / "))
    return Subject(
        kind=kind, provider=provider, key=str(number), row=number, label=words[0], names=words, **known
    )


def _keys(names: str) -> frozenset[str]:
    return frozenset(person_key(name) for name in names.split(",") if name)


def _folded(names: str) -> frozenset[str]:
    return frozenset(fold(name) for name in names.split(" / ") if name)


def film(
    names: str, year: int | None = None, by: str = "", length: int | None = None, **known: Any
) -> Subject:
    """A film; *names* are its titles with " / " between them, *by* its directors with commas."""
    return _subject(Kind.FILM, names, "one", year=year, people=_keys(by), length=length, **known)


def shown(names: str, year: int, at: int, city: str = STHLM) -> Subject:
    """A film that is shown at one minute."""
    return film(names, year, starts=frozenset({at}), city=city)


def event(
    names: str, at: int | None = None, where: str = "", city: str = "", by: str = "", **known: Any
) -> Subject:
    """An event at another provider; *at* is a minute."""
    starts = frozenset() if at is None else frozenset({at})
    places = frozenset({where} - {""})
    known = {
        "provider": "two",
        "starts": starts,
        "places": places,
        "city": city,
        "people": _keys(by),
        **known,
    }
    return _subject(Kind.EVENT, names, **known)


def here(names: str, where: str = "Nalen", city: str = STHLM, **known: Any) -> Subject:
    """An event of the first provider at minute 500."""
    return event(names, 500, where, city, provider="one", **known)


def stage(names: str, **known: Any) -> Subject:
    """An event that is no screening."""
    return event(names, shows_films=False, **known)


def venue(name: str, city: str = "", street: str = "", point: Any = None, house: str = "") -> Subject:
    """A place."""
    return _subject(Kind.VENUE, name, "one", city=city, street=street, point=point, house=house)


def person(name: str, born: int | None = None, does: str = "", works: str = "", web: str = "") -> Subject:
    """Somebody with a profile; *works* with " / " between them."""
    known = {"professions": _folded(does), "works": _folded(works), "addresses": frozenset({web} - {""})}
    return _subject(Kind.PERSON, name, "one", year=born, **known)


def other(name: str, born: int | None = None, does: str = "", works: str = "", web: str = "") -> Subject:
    """Somebody with a profile at another provider."""
    known = {"professions": _folded(does), "works": _folded(works), "addresses": frozenset({web} - {""})}
    return _subject(Kind.PERSON, name, "two", year=born, **known)


def credit(name: str, role: CreditRole, works: str, year: int | None = None) -> Subject:
    """A name in the credits of a film."""
    return _subject(LinkedKind.CREDIT, name, "two", role=role, works=_folded(works), year=year)


def pairs() -> Iterator[Pair]:
    """All of them, each with whether the two are one."""
    for twins, strangers in (
        (_films(), _other_films()),
        (_films_of_events(), _other_films_of_events()),
        (_events(), _other_events()),
        (_venues(), _other_venues()),
        (_people(), _other_people()),
        (_credits(), _other_credits()),
    ):
        yield from ((*pair, True) for pair in twins)
        yield from ((*pair, False) for pair in strangers)


def _films() -> Twins:
    """Spellings and translations; the last ones are hardly described."""
    amelie, rain = "Le Fabuleux Destin d'Amélie Poulain", "Portrait de la jeune fille en feu"
    bomb = "How I Learned to Stop Worrying and Love the Bomb"
    return [
        (film("The Square", 2017, "Ruben Östlund", 151), film("Square, The", 2017, "Ruben Ostlund", 151)),
        (film("Gräns / Border", 2018, "Ali Abbasi", 110), film("Border", 2018, "Ali Abbasi", 110)),
        (
            film("Det sjunde inseglet", 1957, "Ingmar Bergman"),
            film("The Seventh Seal / Det sjunde inseglet", 1957, "Ingmar Bergman"),
        ),
        (
            film("Fanny och Alexander", 1982, "Ingmar Bergman"),
            film("Fanny & Alexander", 1982, "Ingmar Bergman", 188),
        ),
        (
            film("Les Silences du palais", 1994, "Moufida Tlatli"),
            film("Silences du palais, Les", 1994, "Moufida Tlatli", 127),
        ),
        (
            film(f"Amélie / {amelie}", 2001, "Jean-Pierre Jeunet"),
            film(amelie.lower(), 2001, "Jean-Pierre Jeunet"),
        ),
        (
            film("Das Leben der Anderen", 2006, "Florian Henckel von Donnersmarck"),
            film("The Lives of Others / Das Leben der Anderen", 2006, "Florian Henckel von Donnersmarck"),
        ),
        (film("Toni Erdmann", 2016, "Maren Ade", 162), film("Toni Erdmann (2016)", None, "Maren Ade", 162)),
        (
            film(rain, 2019, "Céline Sciamma", 120),
            film(f"Portrait of a Lady on Fire / {rain}", 2019, "Celine Sciamma", 122),
        ),
        (
            film("Un prophète", 2009, "Jacques Audiard", 155),
            film("Prophète, Un / A Prophet", 2009, "Jacques Audiard", 155),
        ),
        (
            film("Låt den rätte komma in", 2008, "Tomas Alfredson"),
            film("Lat den ratte komma in", 2008, "Tomas Alfredson"),
        ),
        (film("Parasite", 2019, imdb="tt6751668"), film("Gisaengchung / Parasite", 2019, imdb="tt6751668")),
        (film("기생충", 2019, "Bong Joon Ho", 132), film("기생충 / Parasite", 2019, "Bong Joon Ho", 132)),
        (
            film("Trolljegeren", 2010, "André Øvredal", 103),
            film("Trollhunter / Trolljegeren", 2010, "Andre Ovredal", 103),
        ),
        (film("Rocky II", 1979, "Sylvester Stallone", 119), film("Rocky 2", 1979, "Sylvester Stallone", 119)),
        (
            film("Dune: Part Two", 2024, "Denis Villeneuve", 166),
            film("Dune, Part 2", 2024, "Denis Villeneuve", 166),
        ),
        (
            film(f"Dr. Strangelove or: {bomb}", 1964, "Stanley Kubrick"),
            film(f"Dr Strangelove, or {bomb}", 1964, "Stanley Kubrick"),
        ),
        (film("Spider-Man", 2002, "Sam Raimi", 121), film("Spiderman", 2002, "Sam Raimi", 121)),
        (
            film("Knife + Heart / En kniv i hjärtat", 2018, "Yann Gonzalez"),
            film("Un couteau dans le cœur / Knife+Heart", 2018, "Yann Gonzalez"),
        ),
        (
            film("Asako I & II", 2018, "Ryusuke Hamaguchi", 119),
            film("Asako I&II", 2018, "Ryūsuke Hamaguchi", 119),
        ),
        (
            film("Et maintenant on va où ?", 2011, "Nadine Labaki"),
            film("Et maintenant, on va où?", 2011, "Nadine Labaki"),
        ),
        (film("8½", 1963, "Federico Fellini", 138), film("8 1/2", 1963, "Federico Fellini", 138)),
        (film("Persona", 1966, "Ingmar Bergman", 83), film("Persona", 1966, "Ingmar Bergman", 84)),
        (film("Girl", 2018, "Lukas Dhont", 105), film("Girl", 2018, "Lukas Dhont", 106)),
        (
            film("Cold War / Zimna wojna", 2018, "Paweł Pawlikowski"),
            film("Zimna wojna", 2018, "Pawel Pawlikowski"),
        ),
        (
            film("Triangle of Sadness", 2022, "Ruben Östlund", 147),
            film("Triangel of Sadness", 2022, "Ruben Östlund", 147),
        ),
        (
            film("The Wild Pear Tree", 2018, "Nuri Bilge Ceylan"),
            film("Ahlat Ağacı / The Wild Pear Tree", 2018, "Nuri Bilge Ceylan"),
        ),
        (film("Vitskön", 2025, "Signe Holmér", 94), film("Vitskon", 2025, "Signe Holmer", 94)),
        (
            film("Die Nacht am Kanal", 2024, "Jonas Pröll", 101),
            film("Nacht am Kanal", 2024, "Jonas Pröll", 101),
        ),
        (film("Et, och en natt", 2023, "Moa Lind", 88), film("Et och en natt", 2023, "Moa Lind", 88)),
        (film("X&Y", 2018, "Anna Odell", 112), film("X & Y", 2018, "Anna Odell", 112)),
        (film("Nattlinjen mot norr", 2024, "", 97), film("Nattlinjen mot norr", 2024, "", 97)),
        (film("Nattlinjen mot norr"), film("Nattlinjen mot norr")),
        (film("Lemonade", 2018), film("Lemonade", 2018, "Ioana Uricaru", 88)),
    ]


def _other_films() -> Twins:
    """Remakes, sequels, namesakes, other cuts."""
    return [
        (film("Suspiria", 1977, "Dario Argento", 98), film("Suspiria", 2018, "Luca Guadagnino", 152)),
        (film("Nosferatu", 1922, "F. W. Murnau", 94), film("Nosferatu", 2024, "Robert Eggers", 132)),
        (film("Girl", 2018, "Lukas Dhont", 105), film("Girls", 2018, "Anna Berg", 96)),
        (film("Girl", 2018, "Lukas Dhont", 105), film("Girl", 2020, "Chad Faust", 92)),
        (film("Dune", 2021, "Denis Villeneuve", 155), film("Dune: Part Two", 2024, "Denis Villeneuve", 166)),
        (film("Dune", 1984, "David Lynch", 137), film("Dune", 2021, "Denis Villeneuve", 155)),
        (
            film("Rocky II", 1979, "Sylvester Stallone", 119),
            film("Rocky III", 1982, "Sylvester Stallone", 99),
        ),
        (
            film("Nymphomaniac: Vol. I", 2013, "Lars von Trier", 117),
            film("Nymphomaniac: Vol. II", 2013, "Lars von Trier", 124),
        ),
        (
            film("Kill Bill: Volume 1", 2003, "Quentin Tarantino"),
            film("Kill Bill: Volume 2", 2004, "Quentin Tarantino"),
        ),
        (film("Home", 2015, "Tim Johnson", 94), film("Home", 2016, "Fien Troch", 103)),
        (film("Genesis", 2018, "Philippe Lesage", 130), film("Genesis", 2018, "Árpád Bogdán", 121)),
        (film("Vision", 2018, "Naomi Kawase", 110), film("Vision", 2009, "Margarethe von Trotta", 111)),
        (film("Blade Runner", 1982, "Ridley Scott"), film("Blade Runner 2049", 2017, "Denis Villeneuve")),
        (
            film("The Heiress", 1949, "William Wyler", 115),
            film("The Heiresses", 2018, "Marcelo Martinessi", 98),
        ),
        (film("Climax", 2018, "Gaspar Noé", 97), film("Climax", 2021, "", 80)),
        (
            film("A Star Is Born", 1954, "George Cukor", 176),
            film("A Star Is Born", 1976, "Frank Pierson", 139),
        ),
        (film("A Star Is Born", 1976, "Frank Pierson"), film("A Star Is Born", 2018, "Bradley Cooper")),
        (film("Funny Games", 1997, "Michael Haneke", 109), film("Funny Games", 2007, "Michael Haneke", 111)),
        (
            film("Scener ur ett äktenskap", 1974, "Ingmar Bergman"),
            film("Scener ur ett kändisskap", 2009, "", 60),
        ),
        (
            film("The Shining", 1980, "Stanley Kubrick", 144),
            film("The Shining (35 mm)", 1980, "Stanley Kubrick", 119),
        ),
        (
            film("Apocalypse Now", 1979, "Francis Ford Coppola", 147),
            film("Apocalypse Now Redux", 1979, "Francis Ford Coppola", 196),
        ),
        (
            film("Sommaren med Monika", 1953, "Ingmar Bergman"),
            film("Sommaren med Göran", 2009, "Staffan Lindberg"),
        ),
        (
            film("American Animals", 2018, "Bart Layton", 116),
            film("American Chaos", 2018, "James D. Stern", 90),
        ),
        (
            film("Birds of Passage", 2018, "Ciro Guerra", 125),
            film("Birds of Paradise", 2021, "Sarah Adina Smith", 113),
        ),
        (film("Pig", 2018, "Mani Haghighi", 108), film("Pig", 2021, "Michael Sarnoski", 92)),
        (film("Sunset", 2018, "László Nemes", 142), film("Sunset Boulevard", 1950, "Billy Wilder", 110)),
        (
            film("Under sandet", 2015, "Martin Zandvliet", 100),
            film("Sous le sable", 2000, "François Ozon", 92),
        ),
        (film("Kortfilmer 1", 2025, "", 90), film("Kortfilmer 2", 2025, "", 90)),
        (film("Love, Gilda", 2018, "Lisa D'Apolito", 88), film("Love, Simon", 2018, "Greg Berlanti", 110)),
        (film("Lemonade", 2018), film("Lemonade", 2016)),
        (film("Kursk", 2018, imdb="tt4951982"), film("Kursk", 2018, imdb="tt9999999")),
        (film("Le dernier été", 2024, "", 91), film("Le dernier été", 2024, "", 74)),
        (film("Der letzte Sommer", 2024, "Eva Kron", 91), film("Le dernier été", 2024, "Marc Fabre", 91)),
        (film("X&Y", 2018, "Anna Odell", 112), film("X+Y", 2014, "Morgan Matthews", 111)),
        (film("Jesus", 2018, "Hiroshi Okuyama", 76), film("Jesus rullar", 2019, "John Turturro", 85)),
    ]


def _films_of_events() -> Twins:
    """A ticket shop's or a cinema's event, and the film it shows."""
    return [
        (event("The Square (2017)", by="Ruben Östlund"), film("The Square", 2017, "Ruben Östlund", 151)),
        (event("Förhandsvisning: Gräns", 900, city=STHLM), shown("Gräns / Border", 2018, 900)),
        (event("Girl", 901, city=STHLM), shown("Girl", 2018, 901)),
        (
            event("Ciné-club : La Haine (1995)", by="Mathieu Kassovitz"),
            film("La Haine", 1995, "Mathieu Kassovitz"),
        ),
        (event("Suspiria (35 mm)", 902, city=STHLM), shown("Suspiria", 1977, 902)),
        (event("X&Y - Invigningsfilm", 903, city=STHLM), shown("X&Y", 2018, 903)),
        (event("Cold War", 904), shown("Cold War / Zimna wojna", 2018, 904)),
        (
            event("Fanny och Alexander – matiné", 905, city="Malmö"),
            shown("Fanny och Alexander", 1982, 905, "Malmö"),
        ),
        (event("Toni Erdmann", by="Maren Ade"), film("Toni Erdmann", 2016, "Maren Ade", 162)),
        (event("Manta Ray", 906, city=STHLM), shown("Manta Ray", 2018, 906)),
        (event("Preview: Lords of Chaos (2018)"), film("Lords of Chaos", 2018, "Jonas Åkerlund", 118)),
        (event("Black 47 (2018)"), film("Black '47", 2018, "Lance Daly", 96)),
        (event("Piercing", 907, city=STHLM), shown("Piercing", 2018, 907)),
        (
            event("En Armé av Älskande", 908, city=STHLM),
            shown("En armé av älskande / An Army of Lovers", 2018, 908),
        ),
    ]


def _other_films_of_events() -> Twins:
    """Concerts, exhibitions and other films of the same name."""
    return [
        (event("Suspiria (1977)"), film("Suspiria", 2018, "Luca Guadagnino", 152)),
        (stage("Girl"), film("Girl", 2018, "Lukas Dhont", 105)),
        (stage("Climax", at=910, city="Göteborg"), shown("Climax", 2018, 990)),
        (stage("Genesis", at=911, city="Paris"), shown("Genesis", 2018, 911)),
        (event("Home", by="Fien Troch"), film("Home", 2015, "Tim Johnson", 94)),
        (stage("Vision – en utställning"), film("Vision", 2018, "Naomi Kawase", 110)),
        (stage("Pause"), film("Pause", 2018)),
        (stage("Jesus Christ Superstar", at=912, city=STHLM), shown("Jesus", 2018, 912)),
        (event("Dune"), film("Dune: Part Two", 2024, "Denis Villeneuve", 166)),
        (event("Rocky III"), film("Rocky II", 1979)),
        (event("Sunset Boulevard"), film("Sunset", 2018)),
        (stage("The Dark Tenor", at=913, city="Berlin"), shown("The Dark", 2018, 914)),
        (event("Kortfilmer 2", 915, city=STHLM), shown("Kortfilmer 1", 2025, 915)),
        (stage("Diane"), film("Diane", 2018, "Kent Jones", 96)),
        (event("Funny Games (2007)"), film("Funny Games", 1997, "Michael Haneke", 109)),
        (event("Nosferatu (1922) med levande musik"), film("Nosferatu", 2024, "Robert Eggers", 132)),
    ]


def _events() -> Twins:
    """One evening at two providers."""
    return [
        (here("Lisa Ekdahl"), event("Lisa Ekdahl – konsert", 500, "Nalen", STHLM)),
        (
            here("Leith + Serena Sun", "Supersonic", "Paris"),
            event("Leith & Serena Sun en concert", 500, "Supersonic", "Paris"),
        ),
        (
            here("Basia Bulat", "Le Hasard Ludique", "Paris"),
            event("Basia Bulat en concert (côté bar)", 500, "Hasard Ludique", "Paris"),
        ),
        (
            here("Kadavar", "Badaboum", "Paris", point=PARIS),
            event("KADAVAR en concert exceptionnel", 500, "Badaboum, Paris", "Paris", point=PARIS),
        ),
        (
            here("Messias av Händel", "Engelbrektskyrkan"),
            event("Messias av Handel", 500, "Engelbrektskyrkan", STHLM),
        ),
        (here("Romeo och Julia", "Dramaten"), event("Romeo & Julia", 500, "Dramaten", STHLM)),
        (
            here("Julkonsert med Radiokören", "Berwaldhallen"),
            event("Julkonsert med Radiokoren", 500, "Berwaldhallen", STHLM),
        ),
        (here("Die Zauberflöte", "Staatsoper", "Berlin"), event("Zauberflöte", 500, "Staatsoper", "Berlin")),
        (here("Sven-Bertil Taube hyllas"), event("Sven Bertil Taube hyllas", 500, "Nalen", STHLM)),
        (
            here("The Callous Daoboys", "SUPERSONIC", "Paris"),
            event("Callous Daoboys, The", 500, "Supersonic", "Paris"),
        ),
        (
            here("Standup på Norra Brunn", "Norra Brunn"),
            event("Standup på Norra Brunn", 500, "Norra Brunn", STHLM),
        ),
        (
            here("Rulo y la Contrabanda", "Pan Piper", "Paris", point=PARIS),
            event("RULO Y LA CONTRABANDA", 500, "", "Paris", point=PARIS),
        ),
    ]


def _other_events() -> Twins:
    """Another day, town, session or stage."""
    return [
        (here("Lisa Ekdahl"), event("Lisa Ekdahl", 620, "Nalen", STHLM)),
        (here("Lisa Ekdahl"), event("Lisa Ekdahl", 500, "Nalen", "Göteborg")),
        (here("Jazzklubben (early show)"), event("Jazzklubben (late show)", 500, "Nalen", STHLM)),
        (here("Nötknäpparen"), event("Nötknäpparen – matiné", 500, "Nalen", STHLM)),
        (here("Amadeus", "Rigoletto"), event("Amadeus (35 mm)", 500, "Rigoletto", STHLM)),
        (
            here("Block Party Festival • JOUR 1", "Supersonic", "Paris"),
            event("Block Party Festival • JOUR 3", 500, "Supersonic", "Paris"),
        ),
        (
            here("Sunday Tribute - Kiss", "Supersonic", "Paris"),
            event("Sunday Tribute - Bob Dylan", 500, "Supersonic", "Paris"),
        ),
        (here("Kortfilmer 1"), event("Kortfilmer 2", 500, "Nalen", STHLM)),
        (
            here("Visning av slottet", "Slottet", point=CENTRE),
            event("Visning av slottet", 500, "Slottet", STHLM, point=FAR),
        ),
        (here("Babyrytmik A"), event("Babyrytmik B", 500, "Nalen", STHLM)),
        (here("Guidad tur", "Moderna museet"), event("Guidad tur", 500, "Nationalmuseum", STHLM)),
        (here("Konsert", "Musikaliska"), event("Konsert", 500, "Konserthuset", STHLM)),
        (here("Open mic", "Södra Teatern"), event("Open mic", 500, "Fasching", STHLM)),
        (here("Hamlet"), event("Hamlet", 740, "Nalen", STHLM)),
        (here("Quiz", "Akkurat"), event("Quiz", 500, "Bishops Arms", STHLM)),
        (
            here("Take Me Out : Wine Lips", "Trabendo", "Paris"),
            event("Take Me Out : Patrick Wolf", 500, "Trabendo", "Paris"),
        ),
        (here("Dune"), event("Dune (IMAX)", 500, "Nalen", STHLM)),
        (here("Barnens lördag"), event("Barnens söndag", 500, "Nalen", STHLM)),
        (here("Visning (svenska)"), event("Visning (engelska)", 500, "Nalen", STHLM)),
    ]


def _venues() -> Twins:
    """Cinemas, screens and halls."""
    return [
        (venue("Skandia", STHLM), venue("Biograf Skandia", STHLM)),
        (
            venue("Skandia", STHLM, "Drottninggatan 82"),
            venue("Skandia, Stockholm", STHLM, "Drottninggatan 82"),
        ),
        (venue("Bio Rio", STHLM, "Hornstulls strand 3"), venue("Rio", STHLM, "Hornstulls Strand 3")),
        (venue("Klarabiografen", STHLM, point=CENTRE), venue("Klarabiografen", STHLM, point=NEAR)),
        (venue("Le Point Éphémère", "Paris"), venue("Point Ephemere", "Paris")),
        (
            venue("Studio de l'Ermitage", "Paris", point=PARIS),
            venue("Studio de l’Ermitage", "Paris", point=PARIS),
        ),
        (venue("Konserthuset", STHLM, point=CENTRE), venue("Konserthuset Stockholm", STHLM, point=NEAR)),
        (venue("Södra Teatern", STHLM), venue("Sodra teatern", STHLM)),
        (venue("Mauritz", STHLM, house="Filmhuset"), venue("Filmhuset Mauritz", STHLM)),
        (venue("Sture 1", STHLM), venue("Sture 1", STHLM)),
        (venue("Zita 1", STHLM, "Birger Jarlsgatan 37"), venue("Bio Zita 1", STHLM, "Birger Jarlsgatan 37")),
        (venue("Cinéma Le Trianon", "Paris"), venue("Le Trianon", "Paris")),
        (venue("Kino International", "Berlin"), venue("International", "Berlin")),
        (
            venue("Teater Galeasen", STHLM, "Slupskjulsvägen 32"),
            venue("Teater Galeasen", "", "Slupskjulsvägen 32"),
        ),
        (venue("Berwaldhallen", STHLM), venue("Berwaldhalen", STHLM, point=CENTRE)),
        (venue("Petit bain", "Paris", point=PARIS), venue("Le Petit Bain", "Paris", point=PARIS)),
        (venue("Fasching", STHLM, "Kungsgatan 63"), venue("Jazzklubben Fasching", STHLM, "Kungsgatan 63")),
        (venue("Elverket", STHLM), venue("Elverket", STHLM)),
        (venue("La Maroquinerie", "Paris"), venue("La Maroquinerie", "Paris")),
    ]


def _other_venues() -> Twins:
    """The next screen, the same name in another town, the neighbour."""
    return [
        (venue("Sture 1", STHLM), venue("Sture 2", STHLM)),
        (venue("Sture 2", STHLM, point=CENTRE), venue("Sture 3", STHLM, point=CENTRE)),
        (venue("Filmhuset Mauritz", STHLM), venue("Filmhuset Victor", STHLM)),
        (venue("Mauritz", STHLM, house="Filmhuset"), venue("Victor", STHLM, house="Filmhuset")),
        (venue("Skandia", STHLM), venue("Skandia", "Göteborg")),
        (venue("Skandia", STHLM, point=CENTRE), venue("Skandia", STHLM, point=FAR)),
        (venue("Supersonic", "Paris", point=PARIS), venue("Supersonic Records", "Paris", point=PARIS)),
        (venue("Dramaten, Stora scenen", STHLM), venue("Dramaten, Lilla scenen", STHLM)),
        (venue("Grand", "Malmö"), venue("Grand", STHLM)),
        (venue("Grand Hotel", STHLM), venue("Grand", STHLM)),
        (venue("Rigoletto 1", STHLM), venue("Rigoletto 10", STHLM)),
        (venue("Salle Pleyel", "Paris"), venue("Salle Gaveau", "Paris")),
        (venue("Le Trianon", "Paris", point=PARIS), venue("La Cigale", "Paris", point=PARIS)),
        (venue("Stadsteatern Klarascenen", STHLM), venue("Stadsteatern Bryggan", STHLM)),
        (venue("Folkets Hus", "Umeå"), venue("Folkets Hus", "Luleå")),
        (venue("Folkets Hus", "", "Storgatan 1"), venue("Folkets Hus", "", "Kungsgatan 8")),
        (venue("Odeon", "Berlin"), venue("Odeon", "Köln")),
        (venue("Studio 44", STHLM), venue("Studio 54", STHLM)),
        (venue("Kulturhuset Studion", STHLM), venue("Kulturhuset Hörsalen", STHLM)),
        (venue("Stora scenen", STHLM, house="Dramaten"), venue("Stora scenen", STHLM, house="Stadsteatern")),
        (venue("Pan Piper", "Paris", point=PARIS), venue("Peter Pan", "Paris", point=PARIS)),
    ]


def _people() -> Twins:
    """Profiles at two providers."""
    return [
        (person("Astrid Malm", 1984, "actor"), other("Astrid Malm", 1984, "actor")),
        (person("Malm, Astrid", 1984, "actor"), other("Astrid Malm", 1984, "actor")),
        (person("Zoë Kravänder", 1990, "actor"), other("Zoe Kravander", 1990, "actor")),
        (
            person("Les Filles du Nord", web="fillesdunord.example"),
            other("Les filles du nord", web="fillesdunord.example"),
        ),
        (
            person("Jürgen Prochnau", works="Das Boot am Morgen"),
            other("Jurgen Prochnau", works="Das Boot am Morgen / Heimkehr"),
        ),
        (person("Tove Ek", 1979, "singer", "Vinterljus"), other("Tove Ek", 1979, "musician", "Vinterljus")),
        (person("Anna-Lena Bergström", 1966, "director"), other("Anna Lena Bergstrom", 1966, "director")),
        (person("Wine Lips", web="winelips.example/band"), other("WINE LIPS", web="winelips.example/band")),
        (person("Kaneo Ayano", web="kaneo.example"), other("kaneo ayano", web="kaneo.example")),
        (person("Mårten Åström", 1971, "director"), other("Marten Astrom", 1971, "director")),
        (person("Tove Ek", does="musician"), other("Tove Ek", does="musician")),
        (person("Supersonic Paris", does="dj"), person("Supersonic Paris", does="dj")),
    ]


def _other_people() -> Twins:
    """Namesakes."""
    return [
        (person("Anna Andersson", 1984, "actor"), other("Anna Andersson", 1991, "actor")),
        (person("Anna Andersson", 1984, "actor"), other("Anna Andersson", does="actor")),
        (person("Anna Andersson", does="actor"), person("Anna Andersson", does="actor")),
        (person("Anna Andersson"), other("Anna Anderson")),
        (person("Maria Lindgren", 1984, "actor"), other("Mario Lindgren", 1984, "actor")),
        (person("Genesis", does="band"), other("Genesis", does="dj")),
        (person("Rome", does="band"), other("ROME", does="band")),
        (person("Pearz"), other("Pears")),
        (person("Peter Müller", 1960, "actor"), other("Peter Müller", does="director")),
        (person("Thomas Schmidt", 1960), other("Thomas Schmidt", 1961)),
        (person("Erik Berg", does="producer"), other("Erik Bergh", does="producer")),
        (person("The Dark"), other("The Dark Tenor")),
        (person("Nancy"), other("Nancy")),
        (person("Sara Holm", works="Karlavagnen"), other("Sara Holm", works="Polstjärnan")),
    ]


def _credits() -> Twins:
    """A name in a film's credits, and the profile of whoever bears it."""
    director, cast = CreditRole.DIRECTOR, CreditRole.CAST
    return [
        (
            person("Astrid Malm", 1984, "actor", "Nattlinjen / Vinterljus"),
            credit("Astrid Malm", cast, "Nattlinjen", 2024),
        ),
        (
            person("Mårten Åström", 1971, "regisseur", "Die Nacht am Kanal"),
            credit("Marten Astrom", director, "Die Nacht am Kanal", 2024),
        ),
        (
            person("Jürgen Prochnau", 1950, "schauspieler", "Heimkehr"),
            credit("Jürgen Prochnau", cast, "Heimkehr", 2001),
        ),
        (person("Ek, Tove", 1979, "actor", "Vitskön"), credit("Tove Ek", cast, "Vitskön / Snow White", 2025)),
        (
            person("Signe Holmér", 1980, "director", "Vitskön"),
            credit("Signe Holmér", director, "Vitskön", 2025),
        ),
        (person("Signe Holmér", 1980, "director"), credit("Signe Holmér", director, "Vitskön", 2025)),
        (person("Lena Hauff", 1988, "actor", "Dr. Faust"), credit("Lena Hauff", cast, "Dr Faust", 2020)),
        (
            person("Moa Lind", 1992, "director", "Et, och en natt"),
            credit("Moa Lind", director, "Et, och en natt", 2023),
        ),
    ]


def _other_credits() -> Twins:
    """Somebody else of that name, or one who was not born yet."""
    director, cast = CreditRole.DIRECTOR, CreditRole.CAST
    return [
        (
            person("Anna Andersson", 1984, "actor", "Karlavagnen"),
            credit("Anna Andersson", cast, "Nattlinjen", 2024),
        ),
        (person("Anna Andersson", 1984, "actor"), credit("Anna Andersson", director, "Nattlinjen", 2024)),
        (person("Peter Müller", 1960, "actor", "Heimkehr"), credit("Peter Müller", cast, "Heimkehr", 1958)),
        (person("Thomas Schmidt", 1960, "actor"), credit("Thomas Schmidt", cast, "Kalte Tage", 2011)),
        (person("Genesis", None, "band"), credit("Genesis", CreditRole.MUSIC, "Genesis", 2018)),
        (
            person("Erik Berg", 1970, "producer", "Nattlinjen"),
            credit("Erik Bergh", CreditRole.PRODUCER, "Nattlinjen", 2024),
        ),
        (
            person("Maria Lindgren", 2001, "actor", "Vinterljus"),
            credit("Maria Lindgren", cast, "Vinterljus", 1999),
        ),
        (person("Ali Abbasi", 1981, "director"), credit("Ali Asgari", director, "Gräns", 2018)),
    ]
