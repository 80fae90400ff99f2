"""Two hundred questions to one small world, whose answers are kept beside them: both databases must give them.

``golden.json`` was written by ``WRITE_GOLDEN=1 pytest tests/aggregator/search/test_golden.py`` and read by a person.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.http import QueryDict

from aggregator import search
from aggregator.models import Category, Event, Festival, Film, Organisation, Person, Section, Showing, Venue
from aggregator.search import Criteria, read_criteria
from aggregator.web import indexes
from tests import factories
from tests.aggregator.search import world
from tests.factories import NOW

MODELS: Mapping[str, Any] = {
    "showing": Showing,
    "event": Event,
    "film": Film,
    "person": Person,
    "venue": Venue,
    "festival": Festival,
    "section": Section,
    "organisation": Organisation,
    "category": Category,
}

WORDS = (
    # Plain words, in another case, with and without their accents, in another form, and such as are nowhere.
    *(
        "natt",
        "NATT",
        "nattlinjen",
        "snö",
        "sno",
        "SNÖ",
        "göteborg",
        "goteborg",
        "été",
        "ete",
        "genève",
        "brücke",
    ),
    *(
        "bruecke",
        "fluss",
        "björklund",
        "bjorklund",
        "åsa",
        "asa",
        "müller",
        "mueller",
        "obrien",
        "o'brien",
        "o’brien",
    ),
    *(
        "acdc",
        "ac/dc",
        "ac dc",
        "jazz",
        "barn",
        "människa",
        "människor",
        "konsert",
        "xyzzy",
        "ß",
        "İ",
        "ﬁlm",
        "的",
    ),
    # Several.
    *(
        "natt göteborg",
        "barn kulturhuset",
        "durand capitol",
        "the night line",
        "hamlets mor",
        "en natt utan slut",
    ),
    *("the", "i", "på", "der die das", "a b c d e f g h i j"),
    # Phrases.
    *(
        '"the night line"',
        '"night line"',
        '"line night"',
        '"en natt"',
        '"natt"',
        '"sno"',
        '"snö"',
        '"who\'s who"',
    ),
    *(
        '"midnatt på östermalm"',
        '"midnatt pa ostermalm"',
        '"hamlets mor',
        '""',
        '" "',
        '"barn och vuxna" sagostund',
    ),
    # Without.
    *(
        "hamlet -mor",
        "natt -midnatt",
        "-natt",
        "barn -kulturhuset",
        '-"the night line" night',
        "snö -sno",
        "-xyzzy",
    ),
    *("natt -natt", "- natt", "natt - linje", "--natt"),
    # Beginnings and parts.
    *(
        "nat",
        "na",
        "n",
        "fyrvakt",
        "symf",
        "smör",
        "smor",
        "dansför",
        "musik",
        "kören",
        "festival",
        "filmfest",
        "orgel",
    ),
    # Signs with a meaning elsewhere.
    *(
        "natt*",
        "natt & linje",
        "natt | linje",
        "a:*",
        "NEAR(natt linje)",
        "tw:natt",
        "natt OR snö",
        "^natt",
        "(natt",
        "%",
    ),
)
SLIPS = (
    *(
        "nattlijnen",
        "fyrvaktarns sång",
        "smörgåsbrod",
        "storkyrakn",
        "björklnud",
        "natt linjen",
        "hamlte",
        "jaz",
    ),
    *(
        "göteburg",
        "sybelius",
        "natt",
        "xyzzyxyzzy",
        "kulturhset barn",
        "a",
        "",
        "övningskörarn",
        "midnat på ostermlam",
    ),
)
FILTERS = (
    *(
        "",
        "free=true",
        "free=false",
        "city=Stockholm",
        "city=stockholm",
        "city=STOCKHOLM&city=lund",
        "city=Gen%C3%A8ve",
    ),
    *(
        "city=Geneve",
        "country=se",
        "country=FI",
        "kind=concert",
        "kind=concert&kind=stage",
        "kind=run",
        "provider=sff",
    ),
    *("provider=sff&provider=kulturbiljetter", "availability=few", "availability=soldout&availability=few"),
    *(
        "availability=unknown",
        "language=sv",
        "language=fi",
        "language=fr&language=de",
        "from=2026-11-24",
        "to=2026-11-24",
    ),
    *("from=2026-11-24&to=2026-11-26", "from=2026-12-20&to=2026-12-20", "to=2026-11-01", "near=59.33,18.06"),
    *("near=59.33,18.06&radius=1", "near=59.33,18.06&radius=500", "near=55.6,13&radius=3&free=true"),
    *(
        "near=59.33,18.06&ordering=distance",
        "ordering=-start",
        "ordering=id",
        "ordering=-id",
        "q=natt&ordering=relevance",
    ),
    *(
        "q=natt&city=Stockholm",
        "q=natt&availability=few",
        "q=barn&kind=stage&free=true",
        "q=sn%C3%B6&language=sv",
    ),
    *(
        "q=natt&q=hamlet",
        "q=natt&q=hamlet&city=Malm%C3%B6",
        "q=-natt&kind=screening",
        "q=jazz&from=2026-12-01",
    ),
    *("q=%22en%20natt%22&from=2026-11-22", "q=xyzzy&city=Stockholm", "q=hamlet&ordering=-start"),
    *(
        "section={section}",
        "festival={festival}",
        "festival={other}",
        "venue={venue}",
        "venue={venue}&venue={further}",
    ),
    *(
        "venue={further}",
        "category={category}",
        "category={category}&kind=concert",
        "festival={festival}&q=natt",
    ),
)
LISTS = ("film", "person", "venue", "festival", "organisation")


def build() -> dict[str, int]:
    """The world of the relevance test, and rows of which something is not known; the ids that questions name."""
    world.build()
    festival, other = Festival.objects.order_by("id")[:2]
    section = Section.objects.order_by("id")[0]
    further = factories.make_venue(
        "Bakfickan", city="", country="", latitude=55.605, longitude=13.0, coordinates="exact"
    )
    near = {"coordinates": "exact", "latitude": 59.3386, "longitude": 18.0594}
    venue = factories.make_venue("Röda Kvarn", **near)
    category = factories.make_category("Dans")
    for title, year, languages in (
        ("Tystnad", None, "svenska, finska"),
        ("Tystnaden", 1963, "svenska"),
        ("Åskväder", None, ""),
        ("Änglar", 2001, "français"),
        ("Äldre än allt", None, "tyska, franska"),
    ):
        film = factories.make_film(title, year=year, length=None, languages=languages)
        factories.make_selection(film, festival, section)
        event = factories.make_event(title, film=film, festival=festival, is_free=year is None)
        event.categories.add(category)
        factories.indexed(event)
        for days, availability in ((-30, "unknown"), (2, "few"), (40, "soldout")):
            showing = factories.make_showing(
                event, venue=venue, starts_at=NOW + timedelta(days=days), availability=availability
            )
            showing.further_venues.add(further)
            factories.indexed(showing)
    run = factories.make_event("Utställning om natten", event_kind="run")
    factories.make_showing(run, precision="run", ends_at=NOW + timedelta(days=60), venue=further)
    factories.make_showing(factories.make_event("Utan plats", is_free=True))
    factories.make_festival("Utan dagar", starts_on=None, ends_on=None)
    factories.make_festival("zebra", starts_on=None, ends_on=None)
    for name in ("Ångström", "ångström", "Zeta", "alfa", "Éclair", "Öst", "_", "1984"):
        factories.make_organisation(name)
        factories.make_person(name, sort_name="")
        factories.make_venue(name, city="")
    hidden = factories.make_showing(factories.make_event("Dold natt"))
    factories.hide(hidden)
    return {
        "festival": festival.pk,
        "other": other.pk,
        "section": section.pk,
        "venue": venue.pk,
        "further": further.pk,
        "category": category.pk,
    }


def questions() -> list[tuple[str, str]]:
    """What is asked for, and the text or query string."""
    return [
        *(("everything", text) for text in WORDS),
        *(("meant", text) for text in SLIPS),
        *(("showings", query) for query in FILTERS),
        *(("events", query) for query in FILTERS[1::3]),
        *(("facets", query) for query in FILTERS[::4]),
        *(
            (f"list of {kind}", query)
            for kind in LISTS
            for query in ("", "q=natt", "q=m%C3%BCller&ordering=-id")
        ),
    ]


class Numbers:
    """Ids by the order in which the rows were made, which is the same wherever they are."""

    def __init__(self) -> None:
        self.by_kind = {
            kind: {
                pk: place
                for place, pk in enumerate(model.objects.order_by("id").values_list("id", flat=True), 1)
            }
            for kind, model in MODELS.items()
        }

    def of(self, kind: str, ids: Any) -> list[int]:
        return [self.by_kind[kind][pk] for pk in ids]


def answer(what: str, asked: str, named: Mapping[str, int], numbers: Numbers) -> Any:
    """What is found, in a form that is the same wherever it is found."""
    if what == "everything":
        return _everything(asked, numbers)
    if what == "meant":
        return search.did_you_mean(Criteria(texts=(asked,) if asked else ()))
    values = dict(QueryDict(asked.format(**named)).lists())
    if what.startswith("list of "):
        return _listed(what.removeprefix("list of "), values, numbers)
    criteria, bad = read_criteria(values, settings.PROVIDERS)
    assert not bad, (asked, bad)
    return _ANSWERS[what](criteria, numbers)


def _everything(text: str, numbers: Numbers) -> Any:
    found = search.search_everything(text, "sv", 5)
    return {
        str(group.kind): [group.total, *numbers.of(str(group.kind), [hit.id for hit in group.hits])]
        for group in found
    }


def _listed(kind: str, values: dict[str, list[str]], numbers: Numbers) -> Any:
    found = indexes.index(kind, values, "sv", NOW)
    ids = [int(line.path.split("/")[2].split("-")[0]) for line in found.lines]
    return [found.total, *numbers.of(kind, ids)]


def _facets(criteria: Criteria, numbers: Numbers) -> Any:
    found = search.facets(criteria, "sv")
    rows = {"category": "category", "venue": "venue", "festival": "festival", "section": "section"}
    return {
        name: {
            (str(numbers.of(rows[name], [int(one.value)])[0]) if name in rows else one.value): one.number
            for one in choices
        }
        for name, choices in found.choices.items()
        if choices
    } | {"total": found.total}


_ANSWERS: Mapping[str, Callable[[Criteria, Numbers], Any]] = {
    "showings": lambda criteria, numbers: numbers.of(
        "showing", [row.pk for row in search.find_showings(criteria)]
    ),
    "events": lambda criteria, numbers: numbers.of("event", [row.pk for row in search.find_events(criteria)]),
    "facets": _facets,
}
