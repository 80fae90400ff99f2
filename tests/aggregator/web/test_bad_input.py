"""Whatever a query string or an address holds: a page with a note or nothing found, never an error of ours."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote, quote_from_bytes

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator.models import Category
from aggregator.vocabulary import Availability, ShowingKind
from tests import factories
from tests.factories import NOW

pytestmark = pytest.mark.django_db

OPERATORS = (
    *(
        "'; DROP TABLE aggregator_event; --",
        "' OR 1=1 --",
        "1) UNION SELECT NULL--",
        "%",
        "_",
        "\\",
        "$$",
        "{{7*7}}",
    ),
    *(
        '"',
        '"unclosed',
        '""',
        '" "',
        "-",
        "--",
        '-"',
        "*",
        "nat*",
        "^natt",
        "a AND NOT",
        "OR",
        "NOT NOT",
        "NEAR(a b)",
    ),
    *(
        "NEAR(",
        "tw:natt",
        "{tw} : natt",
        "a_",
        "natt & !linje",
        "a <-> b",
        "a:*",
        "a | | b",
        "(((",
        ")",
        "+ +",
    ),
    *(
        "<script>alert(1)</script>",
        "%s",
        "%(x)s",
        "\x00",
        "natt\x00linje",
        "\ud800",
        "\u202e",
        "İ",
        "ß",
        "ﬁ",
        "\ufffd",
    ),
)
LONG_WORDS = (
    "x" * 10_000,
    "å" * 10_000,
    "natt " * 2_000,
    '"' * 10_000,
    "-" * 10_000,
    "1" * 10_000,
    "a,b" * 3_333,
)
DAYS = (
    *(
        "2026-02-30",
        "2026-13-01",
        "0000-00-00",
        "0001-01-01",
        "9999-12-31",
        "10000-01-01",
        "-2026-11-22",
        "2026-W47-7",
    ),
    *(
        "20261122",
        "2026-11-22T18:00",
        "tomorrow",
        "2026-11-22",
        "2026-11-23",
        "２０２６-１１-２２",
        "2026-1-2",
        "nan",
    ),
)
PLACES = (
    *(
        "999,0",
        "0,999",
        "nan,nan",
        "inf,-inf",
        "59.33,18.07",
        "59,33,18,07",
        "90,180",
        "-90,-180",
        "59.33",
        ",",
        "1e9,0",
    ),
    *("59.33, 18.07", "-0,-0", "59.333333333333333333,18"),
)
NUMBERS = (
    *(
        "-1",
        "0",
        "1",
        "2",
        "1e9",
        "9223372036854775807",
        "9223372036854775808",
        "1" * 30,
        "½",
        "٣",
        "0x10",
        "1.5",
        "+1",
    ),
    *("500", "500.1", "0.000001", "", " ", "true", "false", "null", "None", "undefined"),
)
PLACES_IN_A_LIST = (
    *("2026-11-22.1795370400000000.1", "2026-11-22.99999999999999999.1", "2026-11-22.-1.9223372036854775808"),
    *(
        "9999-12-31.99999999999999999.9223372036854775807",
        "0001-01-01.-99999999999999999.1",
        "2026-11-22..",
        "24",
        "x",
    ),
)
WORDS = (
    *(
        "natt",
        "nattlinjen",
        "vildsvim",
        "skandia",
        '"natt linjen"',
        "natt -linje",
        "Stockholm",
        "stockholm",
        "SE",
        "se",
    ),
    *(
        "sv",
        "swe",
        "sff",
        "nobody",
        "list",
        "grid",
        "month",
        "map",
        "ongoing",
        "wall",
        "2026-11",
        "2026-00",
        "9999-12",
    ),
    *("0001-01", "relevance", "distance", "-start", "start", "id"),
    *(str(one) for one in (*Availability, *ShowingKind)),
)
NAMES = (
    *(
        "q",
        "from",
        "to",
        "city",
        "country",
        "category",
        "venue",
        "festival",
        "section",
        "provider",
        "kind",
        "language",
    ),
    *(
        "availability",
        "free",
        "near",
        "radius",
        "ordering",
        "view",
        "month",
        "after",
        "before",
        "page",
        "day",
        "next",
    ),
    *("x", "q[]", "", "\x00", "utm_source"),
)
#: What a name is mostly given, so that many questions get past their reading and reach the database.
FITTING: dict[str, tuple[str, ...]] = {
    "from": DAYS,
    "to": DAYS,
    "day": DAYS,
    "near": PLACES,
    "after": PLACES_IN_A_LIST,
    "before": PLACES_IN_A_LIST,
    "q": (*OPERATORS, *WORDS),
    "view": ("list", "grid", "month", "map", "ongoing", "wall"),
    "month": ("2026-11", "2026-12", "2026-00", "9999-12", "0001-01", "1900-02", "2026-11-22"),
    **dict.fromkeys(("venue", "festival", "section", "category", "page", "radius", "free"), NUMBERS),
}

ANY_VALUE = st.one_of(
    st.sampled_from((*OPERATORS, *DAYS, *PLACES, *NUMBERS, *PLACES_IN_A_LIST, *WORDS)).map(
        lambda text: quote(text, safe="", errors="surrogatepass")
    ),
    st.sampled_from(LONG_WORDS).map(quote),
    st.text(max_size=40).map(lambda text: quote(text, safe="", errors="surrogatepass")),
    st.binary(max_size=40).map(quote_from_bytes),
    # Not quoted at all: what a client sends that knows no rules.
    st.binary(max_size=40).map(lambda raw: raw.decode("latin-1").replace("\r", "").replace("\n", "")),
)


@st.composite
def query_strings(draw: st.DrawFn) -> str:
    """A query string of up to five parameters as a server hands it on: a character a byte."""
    parts = []
    for _ in range(draw(st.integers(0, 5))):
        name = draw(st.sampled_from(NAMES))
        fitting = FITTING.get(name)
        if fitting and draw(st.integers(0, 3)):
            value = quote(draw(st.sampled_from(fitting)), safe="", errors="surrogatepass")
        else:
            value = draw(ANY_VALUE)
        parts.append(f"{quote(name)}={value}")
    return "&".join(parts)


@dataclass(frozen=True)
class World:
    """What there is: addresses that answer 200 whatever is asked, and those that may refuse or not be there."""

    pages: tuple[str, ...]
    feeds: tuple[str, ...]


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """A programme so small that a request is about reading what was asked and asking the database."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    factories.make_source()
    venue = factories.make_venue(latitude=59.33, longitude=18.06, coordinates="exact")
    festival = factories.make_festival()
    section = factories.make_section(festival)
    film = factories.make_film("Nattlinjen", trailers=[{"url": "https://youtu.be/a1B2c3D4e5F"}])
    factories.make_selection(film, festival, section)
    person = factories.make_person()
    organisation = factories.make_organisation()
    category: Category = factories.make_category()
    event = factories.make_event(film=film, festival=festival)
    event.categories.add(category)
    factories.indexed(event)
    for hours in (3, 30):
        factories.make_showing(event, venue=venue, starts_at=NOW + timedelta(hours=hours))
    run = factories.make_event("Vildsvin", event_kind="run")
    factories.make_showing(run, precision="run", ends_at=NOW + timedelta(days=9))
    factories.index()
    slugs = {
        "events": f"{event.pk}-nattlinjen",
        "films": f"{film.pk}-nattlinjen",
        "people": f"{person.pk}-astrid-malm",
        "venues": f"{venue.pk}-skandia",
        "organisations": f"{organisation.pk}-kulturforeningen-nalen",
        "sections": f"{section.pk}-oppna-rum",
    }
    indexes = ("films", "people", "venues", "festivals", "organisations")
    festival_page = f"/festivals/{festival.pk}-stockholm-film-festival/"
    return World(
        pages=(
            *("/events/", "/sv/events/", "/search/", "/fr/search/", festival_page, "/", "/sources/"),
            *(f"/{plural}/" for plural in indexes),
            *(f"/{plural}/{slug}/" for plural, slug in slugs.items()),
            f"/trailers/film/{film.pk}/1/",
        ),
        feeds=(
            "/events/calendar.ics",
            "/events/feed.atom",
            f"/events/{event.pk}/calendar.ics",
            "/sitemap.xml",
        ),
    )


ODD_PARTS = st.one_of(
    st.sampled_from(
        ("0", "1", "-1", "9223372036854775808", "1" * 5000, "events", "film", "½", "..", "%2e%2e", "a b")
    ),
    st.integers(0, 10**20).map(str),
    st.text(max_size=20).map(lambda text: quote(text, safe="", errors="surrogatepass")),
    st.binary(max_size=20).map(quote_from_bytes),
)


@st.composite
def odd_addresses(draw: st.DrawFn) -> str:
    """Addresses of tiles, trailers, rows, pictures and sitemaps with anything in the place of their numbers."""
    form = draw(
        st.sampled_from(
            (
                *(
                    "/tiles/{}/{}/{}",
                    "/trailers/film/{}/{}/",
                    "/trailers/{}/{}/{}/",
                    "/events/{}/",
                    "/people/{}-{}/",
                ),
                *(
                    "/films/{}/calendar.ics",
                    "/events/{}/calendar.ics",
                    "/sitemaps/{}-{}.xml",
                    "/images/{}/{}.jpg",
                ),
                *("/sitemaps/event-{}.xml", "/{}/events/", "/hooks/{}/"),
            )
        )
    )
    return form.format(*(draw(ODD_PARTS) for _ in range(form.count("{}"))))


def _answer(client: Client, path: str, query: str, **headers: str) -> int:
    """The status; an error of ours is thrown by the client. A savepoint, so that PostgreSQL goes on after a failure."""
    with transaction.atomic():
        answer = client.get(path, QUERY_STRING=query, headers=headers)
        assert answer.status_code != 200 or answer.content, (path, query)
    return int(answer.status_code)


def _drive(client: Client, world: World, cases: int) -> None:
    """*cases* requests: seven of ten with a query string at a page that answers whatever it is."""
    bounds = settings(
        max_examples=cases,
        deadline=None,
        database=None,
        suppress_health_check=[
            HealthCheck.function_scoped_fixture,
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
        ],
    )
    # The programme and the search stand first and more than once, since they read most.
    pages = (*["/events/"] * 8, *["/search/"] * 3, *world.pages)
    asked = st.one_of(
        st.tuples(st.sampled_from(pages), query_strings(), st.booleans()),
        st.tuples(st.sampled_from(pages), query_strings(), st.booleans()),
        st.tuples(st.sampled_from(world.feeds), query_strings(), st.just(False)),
        st.tuples(odd_addresses(), query_strings(), st.just(False)),
    )
    done = 0

    @bounds
    @given(asked)
    def drive(one: tuple[str, str, bool]) -> None:
        nonlocal done
        path, query, htmx = one
        status = _answer(client, path, query, **({"hx-request": "true"} if htmx else {}))
        if path in pages:
            assert status == 200, one
        elif path in world.feeds:
            assert status in (200, 400), one
        else:
            assert status in (200, 301, 302, 304, 400, 404, 405, 410), one
        done += 1

    drive()
    assert done >= cases


def test_no_query_and_no_address_breaks_a_page(client: Client, world: World) -> None:
    _drive(client, world, 500)


@pytest.mark.long
def test_five_thousand_queries_break_no_page(client: Client, world: World) -> None:
    _drive(client, world, 5_000)


@pytest.mark.parametrize("view", ["list", "grid", "month", "map", "ongoing"])
@pytest.mark.parametrize(
    "query",
    ["page=-1", "near=999,0", "from=2026-02-30", f"q={'x' * 10_000}", "q=%22%20OR%201=1--", "q=NEAR(a%20b)"],
)
def test_what_cannot_be_meant_is_told_or_finds_nothing(
    client: Client, world: World, view: str, query: str
) -> None:
    """The note names the parameter; what is only odd finds nothing."""
    html = client.get("/events/", QUERY_STRING=f"view={view}&{query}").content.decode()
    assert 'class="notice' in html or "Nothing in the programme fits this." in html
