"""A small world to search in: rows that are easily taken for each other, in four languages."""

from datetime import timedelta

from aggregator.models import Venue
from tests import factories
from tests.factories import NOW

# Title per language, director, performers, venue, what it is about (Swedish, else English).
FILMS = (
    (
        {"sv": "Nattlinjen", "en": "The Night Line"},
        "Åsa Björklund",
        "Skandia",
        "En busschaufför kör genom Göteborg.",
    ),
    ({"sv": "Natt", "en": "Night"}, "Lars von Ahlen", "Zita", "En natt utan slut."),
    ({"sv": "Midnatt på Östermalm"}, "Céline Durand", "Skandia", "En fransk detektiv i Stockholm."),
    ({"sv": "Fyrvaktarens sång", "en": "The Lighthouse Song"}, "Göran Öst", "Zita", "Om en fyr och havet."),
    (
        {"fr": "L'Été à Genève", "en": "Summer in Geneva"},
        "Céline Durand",
        "Capitol",
        "A love story by the lake.",
    ),
    (
        {"fr": "Les Étés perdus", "en": "Lost Summers"},
        "François Lévêque",
        "Capitol",
        "Four summers, one house.",
    ),
    ({"de": "Die Brücke über den Fluss", "en": "The Bridge"}, "Jürgen Müller", "Capitol", "Berlin, 1961."),
    ({"de": "Brückenbauer"}, "Anna Muller", "Zita", "Wie man eine Brücke baut."),
    ({"sv": "Övningsköraren"}, "Astrid Malm", "Roy", "En komedi om körkort."),
    ({"sv": "Ovän"}, "Astrid Malm", "Roy", "Grannar som slutat tala."),
    ({"en": "O'Brien's Last Stand"}, "Siobhán O'Brien", "Skandia", "An old boxer returns."),
    ({"sv": "Människor i snö", "en": "People in Snow"}, "Nils Åkerö", "Zita", "Tre människor i fjällen."),
    ({"sv": "Snö"}, "Nils Akero", "Roy", "Vinter."),
    ({"en": "The Who's Who of Jazz"}, "Max Kraft", "Capitol", "A documentary on jazz musicians."),
    ({"sv": "Är du där?"}, "Björk Sigurðsdóttir", "Skandia", "Ett samtal i mörker."),
)
CONCERTS = (
    ({"sv": "Jazzkväll på Fasching"}, "Fasching", "Kvartetten spelar standards."),
    ({"sv": "Göteborgs Symfoniker spelar Sibelius"}, "Göteborgs Konserthus", "Finlandia och femte symfonin."),
    ({"sv": "Barockmusik i Storkyrkan"}, "Storkyrkan", "Bach och Vivaldi på tidstrogna instrument."),
    ({"en": "AC/DC Tribute Night"}, "Göta Källare", "Loud."),
    ({"sv": "Rock på Debaser"}, "Debaser", "Fyra band."),
    ({"sv": "Kammarkören sjunger Alfvén"}, "Göteborgs Konserthus", "Körmusik."),
    ({"sv": "Orgelkonsert"}, "Lunds domkyrka", "Domkyrkoorganisten spelar."),
)
STAGE = (
    ({"sv": "Hamlet"}, "Malmö Stadsteater", "Shakespeares tragedi."),
    ({"sv": "Hamlets mor"}, "Malmö Stadsteater", "Gertrud talar till slut."),
    ({"sv": "Teaterfestivalen invigs"}, "Kulturhuset", "Fri entré för barn."),
    ({"sv": "Dansföreställning för barn"}, "Dansens Hus", "Från fyra år."),
    ({"sv": "Sagostund"}, "Stadsbiblioteket", "För barn och vuxna."),
    ({"sv": "Smörgåsbord"}, "Kulturhuset", "En improviserad kväll."),
)
CITIES = {
    "Göteborgs Konserthus": "Göteborg",
    "Malmö Stadsteater": "Malmö",
    "Lunds domkyrka": "Lund",
    "Capitol": "Genève",
}


def build() -> None:
    """Make the world."""
    venues: dict[str, Venue] = {}

    def venue(name: str) -> Venue:
        if name not in venues:
            venues[name] = factories.make_venue(name, city=CITIES.get(name, "Stockholm"))
        return venues[name]

    festival = factories.make_festival("Stockholms filmfestival 2026")
    factories.make_festival("Göteborg Film Festival")
    factories.make_section(festival, "Twilight Zone")
    factories.make_section(festival, "Öppna rum")
    day = 0
    for titles, director, place, about in FILMS:
        language = "sv" if "sv" in titles else "en"
        film = factories.make_film(titles=titles, descriptions={language: f"<p>{about}</p>"})
        factories.make_credit(director, "director", film=film)
        event = factories.make_event(titles=titles, film=film, festival=festival)
        for _ in range(2):
            day += 1
            factories.make_showing(event, venue=venue(place), starts_at=NOW + timedelta(days=day))
    for kind, listed in (("concert", CONCERTS), ("stage", STAGE)):
        for titles, place, about in listed:
            day += 1
            event = factories.make_event(
                titles=titles, event_kind=kind, descriptions={"sv": about}, provider="kulturbiljetter"
            )
            factories.make_showing(event, venue=venue(place), starts_at=NOW + timedelta(days=day))
    for name in (
        "Åsa Björklund",
        "Asa Bjorklund",
        "Jürgen Müller",
        "Björn Ek",
        "Siobhán O'Brien",
        "Astrid Malm",
    ):
        factories.make_person(name, provider="filmmakers")
    for name in ("Kulturföreningen Nalen", "Folkets Hus och Parker", "Agentur Müller & Söhne"):
        factories.make_organisation(name)
