"""From Sowprog's documents to records: golden samples, and one test per rule."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.provider import Document, Unmappable
from aggregator.records import (
    CategoryRecord,
    EventRecord,
    FestivalRecord,
    PersonRecord,
    ShowingRecord,
    VenueRecord,
    fingerprint,
    seats_fingerprint,
)
from aggregator.vocabulary import Availability, CreditRole, Precision, ShowingKind, Status
from providers.sowprog import PROVIDER
from providers.sowprog.wording import country, hints, phone
from tests.providers.sowprog.samples import (
    FOLDER,
    document,
    every,
    mapped,
    names,
    only,
    readable,
    records,
    sample,
)


def concert(**changes: Any) -> dict[str, Any]:
    return sample("event-concert") | changes


def with_content(**changes: Any) -> dict[str, Any]:
    return concert(event=concert()["event"] | changes)


def with_date(**changes: Any) -> dict[str, Any]:
    """The concert with its second date alone, changed."""
    schedule = concert()["eventSchedule"]
    return concert(
        eventSchedule=schedule | {"eventScheduleDate": [schedule["eventScheduleDate"][1] | changes]}
    )


def event(body: Any) -> EventRecord:
    return only(EventRecord, mapped("event", body))


def showing(body: Any) -> ShowingRecord:
    return only(ShowingRecord, mapped("event", body))


def refusal(kind: str, body: Any) -> tuple[str, str]:
    with pytest.raises(Unmappable) as caught:
        PROVIDER.map(document(kind, {"id": 1} | body), None)
    return caught.value.reason, caught.value.path


# Samples


@pytest.mark.parametrize("name", names())
def test_a_sample_gives_its_records(name: str) -> None:
    expected = json.loads((FOLDER / f"{name}.records.json").read_bytes())
    assert [readable(record) for record in records(name)] == expected


def test_every_document_among_the_samples_has_its_records() -> None:
    bodies = {path.stem for path in FOLDER.glob("*-*.json") if not path.stem.endswith(".records")}
    assert bodies == set(names())
    assert {name.partition("-")[0] for name in bodies} == {
        "event",
        "location",
        "artist",
        "group",
        "type",
        "style",
    }


# When


@pytest.mark.parametrize(
    ("date", "ends_at"),
    [
        ({"startHour": "20:00", "endHour": "22:30"}, datetime(2027, 3, 14, 21, 30, tzinfo=UTC)),
        (
            {"startHour": "22:30", "endHour": "02:00", "endDate": "2027-03-15"},
            datetime(2027, 3, 15, 1, tzinfo=UTC),
        ),
        ({"startHour": "20:00", "endHour": "00:00"}, None),
        ({"startHour": "20:00", "endHour": "00:00", "endDate": None}, None),
        (
            {"startHour": "20:00", "endHour": "00:00", "endDate": "2027-03-15"},
            datetime(2027, 3, 14, 23, tzinfo=UTC),
        ),
        ({"startHour": "20:00", "endHour": "20:00"}, None),
        ({"startHour": "20:00", "endHour": "20:00", "endDate": "2027-03-15"}, None),
        (
            {"startHour": "20:00", "endHour": "20:00", "endDate": "2027-03-17"},
            datetime(2027, 3, 17, 19, tzinfo=UTC),
        ),
        ({"startHour": "23:00", "endHour": "05:00", "endDate": None}, datetime(2027, 3, 15, 4, tzinfo=UTC)),
        ({"startHour": "23:00", "endHour": "05:00"}, datetime(2027, 3, 15, 4, tzinfo=UTC)),
        ({"startHour": "20:00", "endHour": None}, None),
        ({"startHour": "20:00", "endHour": "tard"}, None),
        (
            {"startHour": "20:00", "endHour": "22:30", "endDate": "2027-03-01"},
            datetime(2027, 3, 14, 21, 30, tzinfo=UTC),
        ),
    ],
)
def test_the_end_hour_says_what_the_contract_says(date: dict[str, Any], ends_at: datetime | None) -> None:
    assert showing(with_date(**({"endDate": "2027-03-14"} | date))).ends_at == ends_at


def test_a_showing_over_the_change_of_clocks_ends_on_the_new_clock() -> None:
    found = showing(with_date(date="2027-03-27", endDate="2027-03-28", startHour="23:00", endHour="06:00"))
    assert found.starts_at == datetime(2027, 3, 27, 22, tzinfo=UTC)
    assert found.ends_at == datetime(2027, 3, 28, 4, tzinfo=UTC)


@pytest.mark.parametrize("hour", [None, "", "bientôt", "25:00"])
def test_without_a_start_hour_only_the_day_is_meant(hour: str | None) -> None:
    found = showing(with_date(startHour=hour, endDate="2027-03-14"))
    assert (found.precision, found.starts_at) == (Precision.DATE, datetime(2027, 3, 13, 23, tzinfo=UTC))
    assert found.ends_at is None


@given(
    start=st.times(),
    end=st.none() | st.times(),
    first=st.dates(min_value=datetime(2000, 1, 1).date(), max_value=datetime(2100, 1, 1).date()),
    days=st.none() | st.integers(-3, 30),
)
def test_no_showing_ends_before_it_starts(start: Any, end: Any, first: Any, days: int | None) -> None:
    last = None if days is None else first.fromordinal(first.toordinal() + days).isoformat()
    hours = {"startHour": f"{start:%H:%M}", "endHour": end and f"{end:%H:%M}"}
    raw = PROVIDER.map(document("event", with_date(date=first.isoformat(), endDate=last, **hours)), None)
    found = only(ShowingRecord, list(raw))
    # An hour that the clocks skip or repeat may turn the two around by as much; the border mends that.
    assert found.ends_at is None or (found.ends_at - found.starts_at).total_seconds() >= -3600


# What


@pytest.mark.parametrize("status", ["UNPUBLISHED", "DRAFT", "unpublished"])
def test_what_is_published_no_more_gives_no_records(status: str) -> None:
    assert mapped("event", concert(status=status)) == []


@pytest.mark.parametrize("status", ["PUBLISHED", None, "", "NEW"])
def test_any_other_status_is_published(status: str | None) -> None:
    assert event(concert(status=status))


def test_a_cancelled_event_stays_with_its_reason() -> None:
    found = mapped("event", concert(cancelled=True, cancellationReason="Artiste souffrante"))
    assert only(EventRecord, found).status is Status.CANCELLED
    assert only(EventRecord, found).status_note == {"fr": "Artiste souffrante"}
    assert {each.status for each in every(ShowingRecord, found)} == {Status.CANCELLED}


@pytest.mark.parametrize(
    ("title", "tags"),
    [
        ("Zinc /ANNULÉ/", ["hint:cancelled"]),
        ("Zinc /ANNULE\u0301/", ["hint:cancelled"]),
        ("[COMPLET] Zinc", ["hint:soldout"]),
        ("Zinc (complet)", ["hint:soldout"]),
        ("REPORTÉ - Zinc", ["hint:postponed"]),
        ("ANNULÉE • Zinc [COMPLET]", ["hint:cancelled", "hint:soldout"]),
        ("Un tour complet du monde", []),
        ("Le concert reporté des souvenirs", []),
        ("COMPLETEMENT ZINC", []),
    ],
)
def test_a_title_that_shouts_is_a_hint_and_no_fact(title: str, tags: list[str]) -> None:
    assert list(hints(title)) == tags
    found = showing(with_date() | {"event": concert()["event"] | {"title": title}})
    assert list(found.tags) == tags
    assert found.status is Status.SCHEDULED
    assert found.availability is not Availability.SOLDOUT


@pytest.mark.parametrize(
    ("sold_out", "title", "stores", "expected"),
    [
        (True, "Zinc", True, Availability.SOLDOUT),
        ("true", "Zinc", False, Availability.SOLDOUT),
        (False, "Zinc", True, Availability.AVAILABLE),
        (False, "Zinc", False, Availability.UNKNOWN),
        (False, "[COMPLET] Zinc", True, Availability.UNKNOWN),
        (None, "Zinc", True, Availability.UNKNOWN),
    ],
)
def test_availability_says_no_more_than_upstream(
    sold_out: object, title: str, stores: bool, expected: Availability
) -> None:
    body = with_date(soldOut=sold_out) | {"event": concert()["event"] | {"title": title}}
    assert showing(body if stores else body | {"ticketStore": []}).availability is expected


def test_sold_out_alone_changes_the_small_fingerprint_alone() -> None:
    before, after = showing(with_date(soldOut=False)), showing(with_date(soldOut=True))
    assert fingerprint(before) == fingerprint(after)
    assert seats_fingerprint(before) != seats_fingerprint(after)


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Concert", ShowingKind.CONCERT),
        ("Clubbing", ShowingKind.PARTY),
        ("DANSE", ShowingKind.STAGE),
        ("Jeune Public", ShowingKind.OTHER),
        ("", ShowingKind.OTHER),
    ],
)
def test_the_type_says_the_kind(label: str, kind: ShowingKind) -> None:
    found = mapped("event", with_content(eventType={"id": 3, "label": label}))
    assert only(EventRecord, found).event_kind is kind
    assert {each.showing_kind for each in every(ShowingRecord, found)} == {kind}


def test_artists_come_in_billing_order_with_their_persons() -> None:
    found = mapped("event", concert())
    credited = [(each.role, each.name, each.person) for each in only(EventRecord, found).credits]
    assert credited == [
        (CreditRole.HEADLINER, "Velours Minuit", "701388"),
        (CreditRole.ARTIST, "Ondine Fracas", "701412"),
    ]
    assert {person.external_id for person in every(PersonRecord, found)} == {"701388", "701412"}
    assert all(person.public for person in every(PersonRecord, found))


def test_an_artist_who_appears_twice_is_one_person() -> None:
    twice = [artist | {"artistId": 5, "name": "Suie"} for artist in concert()["artist"]]
    found = mapped("event", concert(artist=twice))
    assert len(only(EventRecord, found).credits) == 2
    assert only(PersonRecord, found).external_id == "5"


def test_an_artist_without_a_reference_is_a_name_only() -> None:
    found = mapped("event", concert(artist=[concert()["artist"][0] | {"artistId": None}]))
    assert [credit.person for credit in only(EventRecord, found).credits] == [""]
    assert every(PersonRecord, found) == []


@pytest.mark.parametrize("nobody", [None, [], ""])
def test_without_artists_the_line_up_is_credited(nobody: object) -> None:
    found = event(concert(artist=nobody))
    assert [(credit.role, credit.name) for credit in found.credits] == [
        (CreditRole.ARTIST, "Velours Minuit"),
        (CreditRole.ARTIST, "Ondine Fracas"),
    ]


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        ("10", Decimal(10)),
        ("14.00", Decimal("14.00")),
        (27.5, Decimal("27.5")),
        (12, Decimal(12)),
        ("9,50", Decimal("9.50")),
        ("12 €", Decimal(12)),
        ("gratuit", None),
        ("-3", None),
        (None, None),
    ],
)
def test_a_price_is_read_as_typed(price: object, expected: Decimal | None) -> None:
    found = event(
        concert(eventPrice=[{"label": "Billet", "price": price, "currency": "EUR"}], ticketStore=None)
    )
    assert [offer.price for offer in found.offers] == [expected]
    assert (found.price_min, found.price_max) == (expected, expected)
    assert found.currency == ("EUR" if expected is not None else "")


def test_only_prices_of_one_currency_are_compared() -> None:
    prices = [
        {"price": "10", "currency": "EUR"},
        {"price": "9", "currency": "CHF"},
        {"price": "30", "currency": "eur"},
    ]
    found = event(concert(eventPrice=prices))
    assert (found.price_min, found.price_max, found.currency) == (10, 30, "EUR")


def test_free_admission_is_said_and_never_guessed() -> None:
    assert event(concert(freeAdmission=True, freeAdmissionCondition="Sur liste")).is_free is True
    assert event(concert(freeAdmission="false")).is_free is False
    assert event(concert(freeAdmission=None)).is_free is None
    assert event(concert(freeAdmissionCondition="Sur liste")).free_condition == "Sur liste"


def test_shops_of_one_label_are_told_apart() -> None:
    stores = [{"label": "DICE", "url": f"https://dice.example/{at}"} for at in range(2)]
    stores += [{"label": None, "url": "https://a.example/"}, {"label": "", "url": "https://b.example/"}]
    stores += [{"label": "Sans adresse", "url": None}]
    found = showing(with_date() | {"ticketStore": stores})
    assert dict(found.buy_urls) == {
        "DICE": "https://dice.example/0",
        "DICE 2": "https://dice.example/1",
        "": "https://a.example/",
        "2": "https://b.example/",
    }


def test_without_an_original_the_largest_reduction_is_the_picture() -> None:
    (image,) = event(with_content(picture=None)).images
    assert "thumb_w600px" in image.url
    nothing = dict.fromkeys(("picture", "thumbnail", "thumbnailW300px", "thumbnailW600px"))
    assert event(with_content(**nothing)).images == ()


def test_entities_in_titles_are_decoded_and_tags_are_text() -> None:
    assert event(with_content(title="Rock &amp; Roll &#58; <b>")).titles == {"fr": "Rock & Roll : <b>"}


def test_no_text_becomes_markup_of_its_own() -> None:
    found = event(with_content(description="&lt;script&gt;alert(1)&lt;/script&gt;", punchline="1 < 2"))
    assert "<script" not in found.descriptions["fr"]
    assert found.summaries == {"fr": "<p>1 &lt; 2</p>"}


def test_an_event_without_place_or_dates_is_still_an_event() -> None:
    found = mapped("event", concert(location=None, eventSchedule=None))
    assert every(VenueRecord, found) == []
    assert every(ShowingRecord, found) == []
    assert only(EventRecord, found)


# Where and who


@pytest.mark.parametrize(
    ("latitude", "longitude", "known"),
    [
        ("48.85", "2.36", True),
        (48.85, 2.36, True),
        ("00", "00", False),
        ("0", "2.3", False),
        ("", None, False),
        ("95", "2.3", False),
        ("48,85", "2,36", True),
        ("nord", "est", False),
        ("nan", "inf", False),
    ],
)
def test_placeholders_are_no_coordinates(latitude: object, longitude: object, known: bool) -> None:
    contact = sample("location-barn")["contact"] | {"lattitude": latitude, "longitude": longitude}
    found = only(VenueRecord, mapped("location", sample("location-barn") | {"contact": contact}))
    assert (found.latitude is not None) is known
    assert found.coordinates == ("exact" if known else "unknown")


@pytest.mark.parametrize("number", ["0", "0100000000", "01 00 00 00 00", "", "00 00"])
def test_placeholders_are_no_telephone_numbers(number: str) -> None:
    assert phone(number, "") == ""
    assert phone(number, "04 99 00 12 34") == "04 99 00 12 34"


def test_countries_are_known_by_their_french_names() -> None:
    assert [country(name) for name in ("France", "BELGIQUE", "CH", "Ailleurs", "")] == [
        "FR",
        "BE",
        "CH",
        "",
        "",
    ]


def test_the_mail_address_of_a_place_reaches_no_record() -> None:
    assert b"camille@" in (FOLDER / "location-barn.json").read_bytes()
    assert "camille@" not in repr([*records("location-barn"), *records("event-concert")])


def test_the_higher_version_of_a_place_is_believed_then_its_own_list_then_the_newest_entry() -> None:
    def mention(version: int, event_id: int) -> str:
        body = concert(id=event_id, location=concert()["location"] | {"version": version})
        return only(VenueRecord, mapped("event", body)).authority

    def listed(version: int) -> str:
        return only(VenueRecord, mapped("location", sample("location-barn") | {"version": version})).authority

    ranked = [mention(8, 1), listed(7), mention(7, 100), mention(7, 99), listed(6), mention(6, 10**9)]
    assert ranked == sorted(ranked)
    assert len(set(ranked)) == len(ranked)
    assert all(len(authority) <= 40 for authority in ranked)


def test_an_artist_s_own_record_is_believed_then_entries_that_tell_something() -> None:
    first, second = (each.authority for each in every(PersonRecord, mapped("event", concert())))
    own = only(PersonRecord, records("artist-duo")).authority
    assert own == ""
    assert own < second < first  # the second listed has a biography


def test_a_festival_s_days_are_days_in_paris() -> None:
    found = only(FestivalRecord, records("group-festival"))
    assert (str(found.starts_on), str(found.ends_on)) == ("2027-03-12", "2027-03-14")


def test_a_type_brings_its_styles_and_a_style_without_a_label_is_left_out() -> None:
    assert [r.external_id for r in every(CategoryRecord, records("type-concert"))] == [
        "type:1",
        "style:1",
        "style:5",
    ]
    found = event(with_content(eventStyle={"id": 9, "label": " "}))
    assert found.categories == ("type:1",)


# What cannot be read


@pytest.mark.parametrize(
    ("kind", "body", "expected"),
    [
        ("event", {}, ("missing_field", "event")),
        ("event", {"event": None}, ("missing_field", "event")),
        ("event", {"event": {"title": " "}}, ("missing_field", "event.title")),
        ("event", {"event": {"title": ["x"]}}, ("wrong_type", "event.title")),
        ("event", {"event": {"title": "x"}, "cancelled": {}}, ("wrong_type", "cancelled")),
        ("event", {"event": {"title": "x"}, "cancelled": "peut-être"}, ("wrong_type", "cancelled")),
        ("event", {"event": {"title": "\ufdd0"}}, ("bad_encoding", "event.title")),
        (
            "event",
            {"event": {"title": "x"}, "modificationDate": 10**17},
            ("timestamp_out_of_range", "modificationDate"),
        ),
        ("location", {"name": None}, ("missing_field", "name")),
        ("artist", {}, ("missing_field", "name")),
        ("group", {"title": ""}, ("missing_field", "title")),
        ("group", {"title": "x", "startDate": "demain"}, ("wrong_type", "startDate")),
        ("type", {"label": ""}, ("missing_field", "label")),
        ("style", {}, ("missing_field", "label")),
        ("place", {}, ("unknown_kind", "")),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_path(
    kind: str, body: Any, expected: tuple[str, str]
) -> None:
    assert refusal(kind, body) == expected


@pytest.mark.parametrize(
    ("date", "reason", "field"),
    [
        ({"id": None}, "missing_field", "id"),
        ({"id": "x"}, "wrong_type", "id"),
        ({"date": None}, "missing_field", "date"),
        ({"date": "0000-00-00"}, "timestamp_out_of_range", "date"),
        ({"date": "9999-01-01"}, "timestamp_out_of_range", "date"),
        ({"soldOut": []}, "wrong_type", "soldOut"),
    ],
)
def test_a_date_that_cannot_be_read_refuses_its_entry(date: dict[str, Any], reason: str, field: str) -> None:
    assert refusal("event", with_date(**date)) == (reason, f"eventSchedule.eventScheduleDate.0.{field}")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b'"x"', b"[" * 100_000])
def test_a_body_that_is_no_record_is_refused(body: bytes) -> None:
    with pytest.raises(Unmappable):
        PROVIDER.map(Document("event", "1", body), None)
