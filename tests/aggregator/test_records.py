"""Fingerprints: what changes them and what does not."""

from collections.abc import Mapping
from dataclasses import MISSING, fields, make_dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator import records
from aggregator.records import (
    Credit,
    EventRecord,
    FilmRecord,
    Image,
    Offer,
    Record,
    ShowingRecord,
    VenueRecord,
    fingerprint,
    is_empty,
    seats_fingerprint,
)
from aggregator.vocabulary import Availability, CreditRole, ImageRole, Kind, Status

START = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
KINDS = [kind for kind in vars(records).values() if isinstance(kind, type) and issubclass(kind, Record)]
KINDS.remove(Record)


def event(**changes: Any) -> EventRecord:
    return EventRecord(external_id="7", titles={"sv": "Ljus", "en": "Light"}, **changes)


def showing(**changes: Any) -> ShowingRecord:
    return ShowingRecord(
        **{"external_id": "7:1", "event": "7", "starts_at": START, "zone": "Europe/Stockholm"} | changes
    )


def minimal(kind: type[Record]) -> Record:
    """A record of *kind* with its required fields alone."""
    required = [
        item.name for item in fields(kind) if item.default is MISSING and item.default_factory is MISSING
    ]
    return kind(**{name: {"starts_at": START}.get(name, "x") for name in required})


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_record_has_a_kind_and_a_print(kind: type[Record]) -> None:
    assert kind.kind in set(Kind)
    printed = fingerprint(minimal(kind))
    assert len(printed) == 32
    assert int(printed, 16) >= 0


def test_no_two_records_share_a_kind() -> None:
    assert len({kind.kind for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_records_are_frozen(kind: type[Record]) -> None:
    with pytest.raises(AttributeError):
        minimal(kind).external_id = "other"  # type: ignore[misc]


def test_equal_records_have_equal_prints_and_different_ones_different() -> None:
    assert fingerprint(event()) == fingerprint(event())
    changed = [
        event(buy_url="https://shop.example/"),
        event(status=Status.CANCELLED),
        event(is_free=False),
        event(is_free=True),
        event(price_min=Decimal(0)),
        event(categories=("a", "b")),
        event(categories=("b", "a")),
        event(credits=(Credit(role=CreditRole.ARTIST, name="A"),)),
        event(credits=(Credit(role=CreditRole.SPEAKER, name="A"),)),
        event(images=(Image(url="https://a.example/", role=ImageRole.POSTER),)),
    ]
    prints = {fingerprint(record) for record in [event(), *changed]}
    assert len(prints) == len(changed) + 1


@pytest.mark.parametrize(
    "nothing",
    [
        {"film": ""},
        {"categories": ()},
        {"links": {}},
        {"links": {"organiser": ""}},
        {"summaries": {"sv": ""}},
        {"price_min": None},
        {"is_free": None},
    ],
)
def test_empty_values_change_nothing(nothing: dict[str, Any]) -> None:
    assert fingerprint(event(**nothing)) == fingerprint(event())


def test_empty_fields_of_parts_change_nothing() -> None:
    bare = event(images=(Image(url="https://a.example/"),))
    full = event(images=(Image(url="https://a.example/", sizes={}, width=None, alt={"sv": ""}),))
    assert fingerprint(bare) == fingerprint(full)


def test_zero_and_false_say_something() -> None:
    assert not is_empty(0)
    assert not is_empty(False)
    assert not is_empty(Decimal(0))
    assert all(is_empty(nothing) for nothing in (None, "", (), [], {}))
    assert fingerprint(event(is_free=False)) != fingerprint(event())


def test_volatile_fields_change_nothing() -> None:
    assert fingerprint(event(modified_at=START, authority="5:1")) == fingerprint(event())
    assert seats_fingerprint(showing(modified_at=START)) == seats_fingerprint(showing())


@pytest.mark.parametrize(
    "seats",
    [
        {"seats_free": 0},
        {"seats_total": 100},
        {"availability": Availability.SOLDOUT},
        {"buy_urls": {"": "https://shop.example/1"}},
    ],
)
def test_seats_change_their_own_print_alone(seats: dict[str, Any]) -> None:
    assert fingerprint(showing(**seats)) == fingerprint(showing())
    assert seats_fingerprint(showing(**seats)) != seats_fingerprint(showing())


def test_what_is_no_seat_leaves_the_print_of_the_seats_alone() -> None:
    later = showing(starts_at=START + timedelta(hours=1), status=Status.CANCELLED, number="3")
    assert seats_fingerprint(later) == seats_fingerprint(showing())
    assert fingerprint(later) != fingerprint(showing())


def test_kinds_without_seats_have_no_print_of_them() -> None:
    assert seats_fingerprint(event()) == ""
    assert seats_fingerprint(VenueRecord(external_id="1")) == ""


def test_an_instant_is_the_same_in_every_zone() -> None:
    there = START.astimezone(timezone(timedelta(hours=5, minutes=45)))
    assert fingerprint(showing(starts_at=there)) == fingerprint(showing())
    assert fingerprint(showing(zone="Asia/Kathmandu")) != fingerprint(showing())


def test_a_price_is_the_same_with_and_without_zeros() -> None:
    assert fingerprint(event(price_min=Decimal("130.00"))) == fingerprint(event(price_min=Decimal(130)))
    assert fingerprint(event(price_min=Decimal("130.50"))) != fingerprint(event(price_min=Decimal(130)))


def test_the_order_of_the_fields_of_a_record_changes_nothing() -> None:
    hints = get_type_hints(VenueRecord)
    shuffled = make_dataclass(
        "Shuffled",
        [(item.name, hints[item.name], item) for item in reversed(fields(VenueRecord))],
        frozen=True,
        kw_only=True,
    )
    values = {"external_id": "1", "name": "Ladan", "city": "Ystad", "latitude": 55.4, "longitude": 13.8}
    assert fingerprint(shuffled(**values)) == fingerprint(VenueRecord(**values))  # type: ignore[arg-type]


def test_the_print_of_a_known_record_never_changes() -> None:
    # A change here rewrites every stored row once: it must be meant.
    record = showing(
        titles={"sv": "Ljus"},
        venues=("3",),
        tags=("late",),
        offers=(Offer(price=Decimal("90.00"), currency="SEK"),),
    )
    assert fingerprint(record) == "37697d3eaa80a941a158c5063cb4f1ed"
    film = FilmRecord(external_id="5", titles={"en": "Light"}, length=91, year=2026)
    assert fingerprint(film) == "ebc2dde3cc936d2cb28616377825f657"


def test_days_times_and_odd_texts_can_be_printed() -> None:
    festival = records.FestivalRecord(external_id="30", name="\ud800 å", starts_on=date(2026, 11, 11))
    assert fingerprint(festival) != fingerprint(replace(festival, starts_on=date(2026, 11, 12)))


def test_attributes_may_have_keys_that_are_no_texts() -> None:
    one = records.PersonRecord(external_id="1", attributes={1: ["a", None], "x": {"level": 0}})  # type: ignore[dict-item]
    assert fingerprint(one) != fingerprint(records.PersonRecord(external_id="1"))


TEXTS = st.dictionaries(st.sampled_from(["sv", "en", "fr", "de", ""]), st.text(max_size=30), max_size=5)
EVENTS = st.builds(
    EventRecord,
    external_id=st.just("7"),
    titles=TEXTS,
    descriptions=TEXTS,
    categories=st.lists(st.text(max_size=5), max_size=3).map(tuple),
    price_min=st.none() | st.decimals(0, 10_000, places=2),
    is_free=st.none() | st.booleans(),
    links=st.dictionaries(st.text(max_size=5), st.text(max_size=20), max_size=3),
    images=st.lists(st.builds(Image, url=st.text(max_size=20), alt=TEXTS), max_size=2).map(tuple),
)


def reordered(value: Any) -> Any:
    return dict(reversed(value.items())) if isinstance(value, Mapping) else value


@given(EVENTS)
def test_the_order_within_mappings_changes_nothing(record: EventRecord) -> None:
    other = replace(record, **{item.name: reordered(getattr(record, item.name)) for item in fields(record)})
    assert fingerprint(other) == fingerprint(record)


@given(EVENTS, TEXTS)
def test_only_what_says_something_decides(record: EventRecord, titles: dict[str, str]) -> None:
    def said(texts: Mapping[str, str]) -> dict[str, str]:
        return {tag: text for tag, text in texts.items() if text}

    same = fingerprint(replace(record, titles=titles)) == fingerprint(record)
    assert same == (said(titles) == said(record.titles))
