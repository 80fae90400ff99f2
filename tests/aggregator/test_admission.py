"""The border: what cleaning does to text, HTML, URLs, times, coordinates, seats and prices."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.admission import (
    TAGS,
    Inadmissible,
    admit,
    plain_text,
    rich_text,
    text_of_html,
    web_url,
)
from aggregator.records import (
    Credit,
    EventRecord,
    FestivalRecord,
    FilmRecord,
    Image,
    Offer,
    PersonRecord,
    Record,
    ShowingRecord,
    Trailer,
    VenueRecord,
)
from aggregator.vocabulary import CoordinatePrecision, CreditRole

START = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)


def event(**changes: Any) -> EventRecord:
    return EventRecord(**{"external_id": "7"} | changes)


def showing(**changes: Any) -> ShowingRecord:
    return ShowingRecord(
        **{"external_id": "7:1", "event": "7", "starts_at": START, "zone": "Europe/Stockholm"} | changes
    )


def venue(**changes: Any) -> VenueRecord:
    return VenueRecord(**{"external_id": "3", "coordinates": CoordinatePrecision.EXACT} | changes)


def refusal(record: Record) -> tuple[str, str]:
    with pytest.raises(Inadmissible) as caught:
        admit(record)
    return caught.value.reason, caught.value.path


# Plain text


@pytest.mark.parametrize(
    ("given_text", "clean"),
    [
        ("\u00a0 Ljus \u00a0", "Ljus"),
        ("ett\r\n två\t\u2028tre", "ett två tre"),
        ("a\x00b\x0bc\x1fd\x7fe\x9ff", "abcdef"),
        ("sol\ud83d", "sol"),
        ("\ufeffböcker", "böcker"),
        ("abc\u202edcba\u2066", "abcdcba"),
        ("A\u030angstro\u0308m", "Ångström"),
        ("a < b &amp; <i>c</i>", "a < b &amp; <i>c</i>"),
        ("", ""),
        (" \x00 ", ""),
    ],
)
def test_plain_text_is_one_clean_line(given_text: str, clean: str) -> None:
    assert plain_text(given_text) == clean


def test_plain_text_is_cut_at_its_limit_without_a_blank_at_the_end() -> None:
    assert plain_text("abc def", 4) == "abc"


@given(st.text(st.characters(), max_size=80), st.integers(1, 60))
def test_plain_text_can_be_stored_and_is_clean_already_when_cleaned(text: str, limit: int) -> None:
    clean = plain_text(text, limit)
    clean.encode("utf-8")
    assert "\x00" not in clean
    assert clean == clean.strip()
    assert not re.search(r"[\r\n\t]|  ", clean)
    assert len(clean) <= limit
    assert plain_text(clean, limit) == clean


# Rich text


class Page(HTMLParser):
    """What a browser would find in a fragment: its elements and their attributes."""

    def __init__(self, fragment: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(fragment)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def assert_harmless(fragment: str) -> None:
    for tag, attributes in Page(fragment).elements:
        assert tag in TAGS
        assert set(attributes) <= ({"href", "rel"} if tag == "a" else set())
        scheme = urlsplit((attributes.get("href") or "").strip()).scheme
        assert scheme in {"", "http", "https", "mailto"}
    assert "<!--" not in fragment


HOSTILE = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<p>a</p><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<p onclick=alert(1)>a</p>",
    "<p title='<b>a</b>' lang=sv>a</p>",
    "<p style='background:url(javascript:alert(1))'>a</p>",
    "<a href='javascript:alert(1)'>a</a>",
    "<a href=' java\nscript:alert(1)'>a</a>",
    "<a href='&#106;avascript:alert(1)'>a</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>a</a>",
    "<a href='vbscript:x' onmouseover='alert(1)'>a</a>",
    "<svg><script>alert(1)</script></svg>",
    "<svg/onload=alert(1)>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='javascript:alert(1)'></object><embed src='x.swf'>",
    "<form action='javascript:alert(1)'><button>a</button></form>",
    "<style>@import 'javascript:alert(1)';</style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.example/'>",
    "<base href='//evil.example/'>",
    "<p><!--[if gte IE 4]><script>alert(1)</script><![endif]--></p>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<p>\x00<scr\x00ipt>alert(1)</script></p>",
    "<p><a href='https://x.example/\"onmouseover=alert(1) x'>a</a></p>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
    "&amp;lt;script&amp;gt;alert(1)",
    "<",
    "<p",
    "<a href='",
]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_html_can_run_nothing(hostile: str) -> None:
    assert_harmless(rich_text(hostile))


PIECES = st.sampled_from(
    [
        *HOSTILE,
        "<p>",
        "</p>",
        "<svg>",
        "</svg>",
        "<style>",
        "</style>",
        "<!--",
        "-->",
        "'",
        '"',
        ">",
        "<![CDATA[",
    ]
)


@given(st.lists(PIECES | st.text(max_size=10), max_size=6).map("".join))
def test_hostile_html_put_together_can_run_nothing(hostile: str) -> None:
    clean = rich_text(hostile)
    assert_harmless(clean)
    assert_harmless(rich_text(clean))
    clean.encode("utf-8")


@pytest.mark.parametrize("limit", range(1, 60, 7))
def test_html_that_is_cut_is_still_harmless(limit: int) -> None:
    assert_harmless(
        rich_text("<p>a</p><a href='https://x.example/' onclick='alert(1)'>b</a><script>x</script>", limit)
    )


def test_escaped_tags_are_shown_as_they_were_meant() -> None:
    assert rich_text("<p>&lt;b&gt; &amp; &aring;</p>") == "<p>&lt;b&gt; &amp; å</p>"
    assert rich_text("&lt;b&gt; &amp; &aring;") == "<p>&lt;b&gt; &amp; å</p>"


def test_formatting_stays() -> None:
    kept = "<p>a <strong>b</strong> <em>c</em></p><ul><li>d</li></ul><h3>e</h3>"
    assert rich_text(kept) == kept
    linked = rich_text('<a href="https://x.example/" target="_top">x</a>')
    assert Page(linked).elements[0][1]["href"] == "https://x.example/"


def test_text_without_tags_becomes_paragraphs() -> None:
    assert rich_text("ett\ntvå\r\n\r\ntre & fyra") == "<p>ett<br>två</p><p>tre &amp; fyra</p>"
    assert rich_text(" \n ") == ""


@given(st.text(st.characters(codec="utf-8", exclude_characters="<>&"), max_size=60))
def test_no_word_of_plain_text_is_lost(text: str) -> None:
    def words(value: str) -> str:
        return re.sub(r"\s", "", plain_text(value, 1000))

    assert words(Page(rich_text(text)).words) == words(text)


def test_the_words_of_html_are_plain_text() -> None:
    assert text_of_html("<p>ett</p><p>tv&aring; &lt;tre&gt;<script>x()</script></p>") == "ett två <tre>"


# URLs


@pytest.mark.parametrize(
    ("given_url", "clean"),
    [
        ("https://a.example/x?y=1#z", "https://a.example/x?y=1#z"),
        (" http://a.example ", "http://a.example"),
        ("HTTPS://A.example/", "HTTPS://A.example/"),
        ("https://kulturbiljetter.se/arrangör/7/", "https://kulturbiljetter.se/arrang%C3%B6r/7/"),
        ("https://a.example/%C3%B6/å%20b", "https://a.example/%C3%B6/%C3%A5%20b"),
        ("https://a.example/?q=å&r=1#ö", "https://a.example/?q=%C3%A5&r=1#%C3%B6"),
        ("https://räksmörgås.example:8443/å", "https://xn--rksmrgs-5wao1o.example:8443/%C3%A5"),
        ("https://a.example/\"onload='x'", "https://a.example/%22onload=%27x%27"),
        ("https://[2001:db8::1]/å", "https://[2001:db8::1]/%C3%A5"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("ftp://a.example/", ""),
        ("//a.example/", ""),
        ("/storage/x.jpg", ""),
        ("https:///x", ""),
        ("https://", ""),
        ("https://user@a.example/", ""),
        ("https://user:secret@a.example/", ""),
        ("https://@a.example/", ""),
        ("https://a.example:99999/", ""),
        ("https://a.example:x/", ""),
        ("https://evil.example\\.a.example/", ""),
        ("https://a<b>.example/", ""),
        ("https://[a.example/", ""),
        ("https://a.example/x y", ""),
        ("https://a.example/\x00x", "https://a.example/x"),
        ("https://" + "å" * 70 + ".example/", ""),
        ("https://a.example/" + "x" * 2000, ""),
        ("", ""),
    ],
)
def test_only_web_addresses_pass(given_url: str, clean: str) -> None:
    assert web_url(given_url) == clean


@given(
    st.sampled_from(
        ["https://", "http://a.example/", "https://a.example?", "https://ö.example/", "", "javascript:"]
    ),
    st.text(st.characters(), max_size=40),
)
def test_a_url_that_passes_is_safe_in_an_attribute(start: str, rest: str) -> None:
    clean = web_url(start + rest)
    if clean:
        assert clean.isascii()
        assert not set(clean) & set("<>\"'` \\\n\r\t")
        assert urlsplit(clean).scheme in {"http", "https"}
        assert urlsplit(clean).hostname
        assert web_url(clean) == clean


# Records


@pytest.mark.parametrize("bad", ["", "a\x00b", "a\ud800", "x" * 201])
def test_an_id_that_cannot_be_stored_is_refused(bad: str) -> None:
    assert refusal(event(external_id=bad)) == ("bad_id", "external_id")


def test_a_clean_record_is_handed_back_as_it_is() -> None:
    record = event(titles={"sv": "Ljus"}, descriptions={"sv": "<p>a</p>"}, price_min=Decimal(10))
    assert admit(record) is record


def test_every_field_is_cleaned_by_its_role() -> None:
    clean = admit(
        event(
            titles={"sv": " A\x00 ", "en": "\u00a0"},
            descriptions={"sv": "<p>a<script>x</script></p>"},
            url="javascript:x",
            links={"organiser": "https://a.example/ö", "bad": "x"},
            trailers=(Trailer(url="https://a.example/v", label=" b "), Trailer(url="data:x")),
            images=(
                Image(url="https://a.example/i", sizes={"ep": "https://a.example/å", "no": "x"}),
                Image(url="x"),
            ),
            credits=(
                Credit(role=CreditRole.ARTIST, name=" C "),
                Credit(role=CreditRole.ARTIST, name="\u200a"),
            ),
            offers=(Offer(price=Decimal(5), url="x"),),
        )
    )
    assert clean.titles == {"sv": "A"}
    assert clean.descriptions == {"sv": "<p>a</p>"}
    assert clean.url == ""
    assert clean.links == {"organiser": "https://a.example/%C3%B6"}
    assert clean.trailers == (Trailer(url="https://a.example/v", label="b"),)
    assert clean.images == (Image(url="https://a.example/i", sizes={"ep": "https://a.example/%C3%A5"}),)
    assert clean.credits == (Credit(role=CreditRole.ARTIST, name="C"),)
    assert clean.offers == (Offer(price=Decimal(5)),)


def test_nested_content_is_cleaned_too() -> None:
    person = PersonRecord(
        external_id="1",
        professions=("act\x00or",),
        attributes={"hair": [{"value": "r\ud800ed", "level": 2}]},
        vita=({"title": " Ljus ", "year": 1999},),
    )
    clean = admit(person)
    assert clean.professions == ("actor",)
    assert clean.attributes == {"hair": [{"value": "red", "level": 2}]}
    assert clean.vita == ({"title": "Ljus", "year": 1999},)


def test_bytes_that_were_no_text_refuse_the_record() -> None:
    assert refusal(event(titles={"sv": "H\ufdd0llplats"})) == ("bad_encoding", "titles")
    assert refusal(event(descriptions={"sv": "<p>\ufdd0</p>"})) == ("bad_encoding", "descriptions")
    assert refusal(FilmRecord(external_id="1", original_title="\ufdd0")) == ("bad_encoding", "original_title")


TEXT = st.text(st.characters(exclude_characters="\ufdd0"), max_size=30)


@given(
    st.builds(
        EventRecord,
        external_id=st.just("7"),
        url=TEXT,
        titles=st.dictionaries(st.just("sv"), TEXT),
        summaries=st.dictionaries(st.just("sv"), TEXT),
        links=st.dictionaries(st.just("organiser"), TEXT),
        price_min=st.none() | st.decimals(),
        price_max=st.none() | st.decimals(),
        images=st.lists(st.builds(Image, url=TEXT, caption=TEXT), max_size=2).map(tuple),
    )
)
def test_what_was_admitted_is_admitted_unchanged(record: EventRecord) -> None:
    clean = admit(record)
    again = admit(clean)
    assert replace(again, summaries={}) == replace(clean, summaries={})
    if clean.price_min is not None and clean.price_max is not None:
        assert 0 <= clean.price_min <= clean.price_max


# Times


def test_an_end_before_its_start_is_no_end() -> None:
    assert admit(showing(ends_at=START - timedelta(seconds=1))).ends_at is None
    assert admit(showing(ends_at=START)).ends_at == START
    festival = FestivalRecord(external_id="30", starts_on=date(2026, 11, 22), ends_on=date(2026, 11, 11))
    assert admit(festival).ends_on is None
    assert admit(festival).starts_on == date(2026, 11, 22)


@pytest.mark.parametrize("field", ["starts_at", "ends_at", "doors_at", "sale_starts_at"])
@pytest.mark.parametrize(
    "moment",
    [datetime(2026, 11, 20), datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)],
)
def test_a_time_without_zone_or_out_of_range_is_refused(field: str, moment: datetime) -> None:
    assert refusal(showing(**{field: moment})) == ("timestamp_out_of_range", field)


def test_the_start_of_a_sale_is_checked_on_every_kind() -> None:
    late = datetime(9999, 1, 1, tzinfo=UTC)
    assert refusal(event(sale_starts_at=late)) == ("timestamp_out_of_range", "sale_starts_at")
    assert refusal(FestivalRecord(external_id="1", sale_starts_at=late))[0] == "timestamp_out_of_range"


def test_a_bad_stamp_of_upstreams_own_is_left_out() -> None:
    assert admit(event(modified_at=datetime(2026, 1, 1))).modified_at is None
    assert admit(event(modified_at=START)).modified_at == START


@given(
    st.datetimes(timezones=st.timezones()),
    st.none() | st.datetimes(timezones=st.timezones()),
)
def test_an_admitted_showing_never_ends_before_it_starts(start: datetime, end: datetime | None) -> None:
    try:
        clean = admit(showing(starts_at=start, ends_at=end))
    except Inadmissible as error:
        assert error.reason == "timestamp_out_of_range"  # noqa: PT017 - both ways are right
    else:
        assert clean.ends_at is None or clean.ends_at >= clean.starts_at


# Coordinates, seats, prices


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        (0, 0),
        (0.0, -0.0),
        (90.1, 18.0),
        (-91, 18),
        (59.3, 180.5),
        (None, 18.0),
        (59.3, None),
        (float("nan"), 18.0),
        (59.3, float("inf")),
        (None, None),
    ],
)
def test_coordinates_that_cannot_be_are_unknown(latitude: float | None, longitude: float | None) -> None:
    clean = admit(venue(latitude=latitude, longitude=longitude))
    assert (clean.latitude, clean.longitude, clean.coordinates) == (None, None, CoordinatePrecision.UNKNOWN)


@pytest.mark.parametrize(("latitude", "longitude"), [(59.3, 18.1), (0, 18), (51.5, 0), (-90, 180)])
def test_coordinates_that_can_be_stay(latitude: float, longitude: float) -> None:
    record = venue(latitude=latitude, longitude=longitude)
    assert admit(record) == record


@pytest.mark.parametrize(("seats", "clean"), [(-3, 0), (0, 0), (7, 7), (2**31 - 1, 2**31 - 1), (2**31, None)])
def test_seats_fit_the_database(seats: int, clean: int | None) -> None:
    found = admit(showing(seats_free=seats, seats_total=seats))
    assert (found.seats_free, found.seats_total) == (clean, clean)


def test_prices_are_put_in_order_and_nonsense_is_none() -> None:
    found = admit(event(price_min=Decimal(200), price_max=Decimal(100)))
    assert (found.price_min, found.price_max) == (Decimal(100), Decimal(200))
    for nonsense in (Decimal(-1), Decimal("nan"), Decimal("inf"), Decimal(10**10)):
        assert admit(event(price_min=nonsense, price_max=Decimal(5))).price_min is None
        (offer,) = admit(event(offers=(Offer(price=nonsense, label="a"),))).offers
        assert offer == Offer(label="a")
