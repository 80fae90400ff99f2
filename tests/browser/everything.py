"""One row of every kind with a real picture, and the addresses of every sort of public page."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from aggregator.images import work
from tests import factories
from tests.aggregator.images.pictures import encoded, photo, upstream
from tests.factories import NOW
from tests.toy import Toy, ToyConfig


def build(settings: Any) -> Mapping[str, str]:
    """Make the world; name → path of every sort of page that anybody may open."""
    factories.make_source()
    near: dict[str, Any] = {"coordinates": "exact", "longitude": 18.06}
    skandia = factories.make_venue("Skandia", latitude=59.33, street="Drottninggatan 82", **near)
    zita = factories.make_venue("Zita", latitude=59.334, **near)
    festival = factories.make_festival("Filmfesten", descriptions={"sv": "<p>Tio dagar film.</p>"})
    section = factories.make_section(festival, "Open Zone", descriptions={"en": "<p>From everywhere.</p>"})
    organisation = factories.make_organisation("Nalen", website="https://nalen.example/")
    film = factories.make_film(
        "Nattlinjen",
        descriptions={"sv": "<p>Om natten.</p>", "en": "<p>By <em>night</em>.</p>"},
        trailers=[{"url": "https://youtu.be/a1B2c3D4e5F"}, {"url": "https://video.example/1"}],
        countries={"en": "Sweden"},
    )
    factories.make_selection(film, festival, section)
    person = factories.make_person(
        "Aino Kallas",
        agency=organisation,
        attributes={"city": "Hamburg", "languages": [{"value": "deutsch", "level": "gut"}]},
        vita=[{"group": "film", "name": "Wattläufer", "role": "Levke", "year_from": 2018}],
        links={"web": "https://aino.example/"},
    )
    factories.make_credit("Aino Kallas", "director", film=film, person=person)
    event = factories.make_event(
        "Nattlinjen", film=film, festival=festival, organisation=organisation, price_min=120, currency="SEK"
    )
    other = factories.make_event("En mycket lång titel som aldrig riktigt vill ta slut", festival=festival)
    concert = factories.make_event(
        "Jazz på taket", event_kind="concert", is_free=True, organisation=organisation
    )
    moved = {"starts_at": (NOW + timedelta(hours=1)).isoformat(), "venue_name": "Zita"}
    for one, hours, venue, more in (
        (
            event,
            1,
            skandia,
            {"availability": "few", "seats_free": 3, "buy_urls": {"all": "https://shop.example/1"}},
        ),
        (other, 1, skandia, {"status": "cancelled"}),
        (event, 4, skandia, {"availability": "soldout"}),
        (other, 5, zita, {"moved_from": moved}),
        (concert, 6, zita, {"availability": "available"}),
        (event, 28, zita, {}),
        (event, -30, zita, {}),
        (concert, 52, zita, {"precision": "date"}),
    ):
        factories.make_showing(one, venue=venue, starts_at=NOW + timedelta(hours=hours), **more)
    run = factories.make_event("Utställningen", event_kind="run")
    factories.make_showing(
        run, precision="run", starts_at=NOW - timedelta(days=2), ends_at=NOW + timedelta(days=30), venue=zita
    )
    _pictured(settings, (film, event, run, person, festival))
    factories.index()
    pages = {
        "event": f"/events/{event.pk}-nattlinjen/",
        "film": f"/films/{film.pk}-nattlinjen/",
        "person": f"/people/{person.pk}-aino-kallas/",
        "venue": f"/venues/{skandia.pk}-skandia/",
        "festival": f"/festivals/{festival.pk}-filmfesten/",
        "festival-grid": f"/festivals/{festival.pk}-filmfesten/?view=grid",
        "section": f"/sections/{section.pk}-open-zone/",
        "organisation": f"/organisations/{organisation.pk}-nalen/",
        "trailer": f"/trailers/film/{film.pk}/1/",
    }
    lists = {
        name: f"/{name}/" for name in ("films", "people", "venues", "festivals", "organisations", "sources")
    }
    views = {f"events-{view}": f"/events/?view={view}" for view in ("grid", "month", "ongoing")}
    return {
        "home": "/",
        "events": "/events/",
        **views,
        "events-map": "/events/?view=map&near=59.34,18.06",
        "events-none": "/events/?q=xyzzy&city=Stockholm&from=2026-11-22",
        "events-notes": "/events/?from=yesterday",
        "search": "/search/?q=natt",
        "search-none": "/search/?q=xyzzy",
        "lost": "/nowhere/",
        **lists,
        **pages,
        "api-docs": "/api/v1/docs/",
        "login": "/accounts/login/",
    }


def _pictured(settings: Any, rows: tuple[Any, ...]) -> None:
    """A photograph for each, made into all that pages use by the worker's own function."""
    with upstream() as server:
        before = settings.PROVIDERS
        toy = Toy(config=ToyConfig(api_key="toy-key", base_url=f"{server.base}/v1/"))
        settings.PROVIDERS = {"sff": toy.configured()}
        for number, row in enumerate(rows):
            colour = (60 + 20 * number, 120 - 10 * number, 90)
            url = server.put(f"/{number}.jpg", encoded(photo(800, 500, colour)))
            factories.make_picture(
                row, url=url, content_hash="", due_at=NOW, copyright="Ida Ek", wanted=str(number)
            )
        work.work(60.0, clock=lambda: NOW)
        settings.PROVIDERS = before
