"""Some rows of every kind, tied to each other, for tests that ask about everything."""

from datetime import timedelta

from aggregator.models import Image, Offer, Section, Selection
from tests import factories
from tests.factories import NOW

KINDS = (
    *("events", "showings", "films", "people", "venues", "festivals", "sections", "organisations"),
    "categories",
)


def populate(number: int = 3) -> None:
    """*number* of each kind, every reference and every list filled."""
    for one in range(number):
        festival = factories.make_festival(descriptions={"sv": "<p>x</p>"}, sale_starts_at=NOW)
        section = Section.objects.create(festival=festival, **factories._listing({"name": "Open Zone"}))
        agency = factories.make_organisation(website="https://agency.example/")
        person = factories.make_person(
            "Åsa Ek",
            agency=agency,
            attributes={"languages": {"sv": "native"}, "height": 178},
            vita=[{"group": "film", "year": 2025}],
            trailers=[{"url": "https://video.example/1", "label": ""}],
            links={"site": "https://asa.example/"},
        )
        factories.make_term("languages", "sv", en="Swedish")
        film = factories.make_film("Nattlinjen", original_title="Yö", website="https://film.example/")
        Selection.objects.create(film=film, festival=festival, section=section, **factories._listing({}))
        factories.make_credit("Åsa Ek", "director", film=film, person=person)
        event = factories.make_event(
            titles={"sv": "Nattlinjen", "en": "The Night Line"},
            film=film,
            festival=festival,
            organisation=agency,
            price_min=10,
            price_max=20,
            url="https://up.example/1",
            links={"more": "https://more.example/"},
        )
        event.categories.add(factories.make_category())
        factories.make_credit("Bo Ek", "speaker", event=event, person=person)
        showing = factories.make_showing(
            event,
            venue=factories.make_venue(latitude=59.33, longitude=18.06, coordinates="exact"),
            starts_at=NOW + timedelta(days=one),
            ends_at=NOW + timedelta(days=one, hours=2),
            moved_from={
                "starts_at": NOW.isoformat(),
                "venue": "x",
                "venue_name": "Zita",
                "at": NOW.isoformat(),
            },
            seats_free=3,
            seats_total=90,
            seats_at=NOW,
            buy_urls={"public": "https://shop.example/"},
            tags=["face_to_face"],
        )
        for owner, row in (("film", film), ("event", event), ("person", person), ("venue", showing.venue)):
            picture = Image.objects.create(
                role="still",
                content_hash="ab" * 32,
                alt={"sv": "Snö"},
                copyright="Tove Ek",
                **{owner: row},
                **factories._listing({}),
            )
            type(row)._default_manager.filter(pk=row.pk).update(picture=picture)
        for owner, row in (("festival", festival), ("organisation", agency)):
            Image.objects.create(role="logo", **{owner: row}, **factories._listing({}))
        showing.further_venues.add(factories.make_venue("Rio"))
        Offer.objects.create(showing=showing, position=0, price=95, currency="SEK", label="Kassa")
        Offer.objects.create(event=event, position=0, price=95, currency="SEK", url="https://shop.example/")
