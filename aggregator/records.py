"""The border: one frozen record per kind of listing row, and how a record is fingerprinted.

A provider's mapping makes records, the store writes them; nothing else crosses. Below this line nobody can tell which
provider a record came from. A record holds upstream's facts only: no database ids, no clock, no derived columns.

References name ``external_id``s of the same provider, and every record that a reference names must come out of the
same document as the record that holds it (a stub with a high ``authority`` will do), so that a document can always be
stored on its own, in any order.

``authority`` settles who may write a row that several documents mention: the record with the *smallest* string wins,
whatever the order of arrival; ``""``, the default, always wins. A stub built from a passing mention takes something
like ``"5:…"``. Seats and availability are written whatever the authority.

Texts per language are dicts from a language tag (``"sv"``) to text; the tag ``""`` means that upstream does not say.
Field roles are metadata, read by ``admission`` (cleaning) and here (fingerprints):

``text``  plain text, one line; ``html`` rich text, cleaned at the border; ``url`` http(s) only, else dropped;
``volatile`` left out of the fingerprint; ``seats`` in the small fingerprint of its own.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cache
from typing import Any, ClassVar

from aggregator.vocabulary import (
    Availability,
    CategoryScheme,
    CoordinatePrecision,
    CreditRole,
    ImageRole,
    Kind,
    OrganisationKind,
    Precision,
    ShowingKind,
    Status,
)

Texts = Mapping[str, str]


def _text(limit: int = 500) -> str:
    return field(default="", metadata={"role": "text", "limit": limit})


def _texts(limit: int = 500) -> Texts:
    return field(default_factory=dict, metadata={"role": "text", "limit": limit})


def _html() -> Texts:
    return field(default_factory=dict, metadata={"role": "html", "limit": 200_000})


def _url() -> str:
    return field(default="", metadata={"role": "url", "limit": 2000})


def _seats(default: Any) -> Any:
    return field(default=default, metadata={"seats": True})


def _volatile(default: Any) -> Any:
    return field(default=default, metadata={"volatile": True})


@dataclass(frozen=True, slots=True, kw_only=True)
class Trailer:
    """A film clip: a page or player URL, with a label where upstream gives one."""

    url: str = _url()
    label: str = _text(200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """One name in one role, in upstream's order; *person* is an external id where upstream knows the person."""

    role: CreditRole
    name: str = _text(300)
    character: str = _text(300)
    person: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture of the record that holds it. *sizes* maps an upstream preset to its URL.

    *url* is the best original; *template* holds a placeholder for the preset name where upstream works that way.
    *key* is upstream's own picture id where there is one: it keeps the row when positions shift. *crop* is the part
    that somebody chose to be shown where there is little room: x, y, width and height in pixels of a picture of
    *width* x *height*; it is not checked here.
    """

    url: str = _url()
    role: ImageRole = ImageRole.OTHER
    key: str = ""
    template: str = ""
    sizes: Mapping[str, str] = field(default_factory=dict)
    width: int | None = None
    height: int | None = None
    crop: tuple[int, int, int, int] | None = None
    copyright: str = _text(500)
    caption: str = _text(1000)
    alt: Texts = _texts(500)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A way to get in: a price or a shop, or both. *price* in units of *currency* (ISO 4217)."""

    price: Decimal | None = None
    currency: str = ""
    label: str = _text(200)
    url: str = _url()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What every kind has. *modified_at* is upstream's own stamp and never decides about a write."""

    kind: ClassVar[Kind]

    external_id: str
    url: str = _url()
    modified_at: datetime | None = _volatile(None)
    authority: str = _volatile("")


@dataclass(frozen=True, slots=True, kw_only=True)
class FestivalRecord(Record):
    """One edition of a festival; *starts_on* and *ends_on* are days in *zone*."""

    kind = Kind.FESTIVAL
    name: str = _text()
    starts_on: date | None = None
    ends_on: date | None = None
    zone: str = "Europe/Stockholm"
    is_current: bool = False
    sale_starts_at: datetime | None = None
    descriptions: Texts = _html()
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionRecord(Record):
    """A theme within one festival."""

    kind = Kind.SECTION
    festival: str
    name: str = _text()
    descriptions: Texts = _html()


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueRecord(Record):
    """A place. *house* is the building a screen belongs to; *country* ISO 3166-1 alpha-2; degrees are WGS 84."""

    kind = Kind.VENUE
    name: str = _text()
    house: str = _text()
    types: Texts = _texts(200)
    street: str = _text()
    vicinity: str = _text()
    postal_code: str = _text(20)
    city: str = _text(200)
    region: str = _text(200)
    country: str = _text(2)
    latitude: float | None = None
    longitude: float | None = None
    coordinates: CoordinatePrecision = CoordinatePrecision.UNKNOWN
    zone: str = ""
    phone: str = _text(50)
    website: str = _url()
    descriptions: Texts = _html()
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationRecord(Record):
    """An organiser or an agency."""

    kind = Kind.ORGANISATION
    name: str = _text()
    organisation_kind: OrganisationKind = OrganisationKind.ORGANISER
    website: str = _url()
    descriptions: Texts = _html()
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecord(Record):
    """A person with a profile. *attributes* maps a closed list's name to values with levels, as upstream keys them.

    *public* False keeps the row for links but off every public page.
    """

    kind = Kind.PERSON
    name: str = _text()
    sort_name: str = _text()
    professions: tuple[str, ...] = ()
    year_of_birth: int | None = None
    descriptions: Texts = _html()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    vita: tuple[Mapping[str, Any], ...] = ()
    links: Mapping[str, str] = field(default_factory=dict)
    trailers: tuple[Trailer, ...] = ()
    agency: str = ""
    public: bool = True
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryRecord(Record):
    """One word of a list that listings are filed under; ``external_id`` is ``<scheme>:<upstream id>``."""

    kind = Kind.CATEGORY
    scheme: CategoryScheme
    names: Texts = _texts(200)


@dataclass(frozen=True, slots=True, kw_only=True)
class TermRecord(Record):
    """One value of a closed attribute list with its labels per language; ``external_id`` is ``<list>:<value>``."""

    kind = Kind.TERM
    list_name: str
    value: str
    labels: Texts = _texts(300)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmRecord(Record):
    """A film. *length* in minutes; *countries*, *statuses* and *subtitles* are upstream's words per language."""

    kind = Kind.FILM
    titles: Texts = _texts()
    original_title: str = _text()
    descriptions: Texts = _html()
    countries: Texts = _texts(300)
    languages: str = _text(300)
    length: int | None = None
    year: int | None = None
    statuses: Texts = _texts(300)
    subtitles: Texts = _texts(300)
    companies: str = _text(1000)
    rights: str = _text(1000)
    distribution: str = _text(1000)
    imdb_id: str = _text(20)
    website: str = _url()
    trailers: tuple[Trailer, ...] = ()
    credits: tuple[Credit, ...] = ()
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionRecord(Record):
    """A film shown at a festival, in a section of it where one is known."""

    kind = Kind.SELECTION
    film: str
    festival: str
    section: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRecord(Record):
    """What takes place, apart from when. Prices in *currency*; *is_free* None where upstream does not say."""

    kind = Kind.EVENT
    event_kind: ShowingKind = ShowingKind.OTHER
    titles: Texts = _texts()
    summaries: Texts = _html()
    descriptions: Texts = _html()
    film: str = ""
    festival: str = ""
    organisation: str = ""
    categories: tuple[str, ...] = ()
    credits: tuple[Credit, ...] = ()
    trailers: tuple[Trailer, ...] = ()
    images: tuple[Image, ...] = ()
    offers: tuple[Offer, ...] = ()
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    currency: str = ""
    is_free: bool | None = None
    free_condition: str = _text(500)
    status: Status = Status.SCHEDULED
    status_note: Texts = _texts(500)
    sale_starts_at: datetime | None = None
    links: Mapping[str, str] = field(default_factory=dict)
    buy_url: str = _url()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowingRecord(Record):
    """When and where an event takes place. Instants are aware; *zone* is the IANA zone they are meant in.

    For precisions other than EXACT only the local day of *starts_at* and *ends_at* counts; *ends_at* is then the last
    day itself, not the midnight after it. *buy_urls* maps a label to a shop URL.
    """

    kind = Kind.SHOWING
    event: str
    starts_at: datetime
    ends_at: datetime | None = None
    doors_at: datetime | None = None
    zone: str
    precision: Precision = Precision.EXACT
    showing_kind: ShowingKind = ShowingKind.OTHER
    titles: Texts = _texts()
    number: str = _text(30)
    tags: tuple[str, ...] = ()
    venues: tuple[str, ...] = ()
    status: Status = Status.SCHEDULED
    notes: Texts = _texts(1000)
    sale_starts_at: datetime | None = None
    buy_urls: Mapping[str, str] = field(
        default_factory=dict, metadata={"role": "url", "seats": True, "limit": 2000}
    )
    offers: tuple[Offer, ...] = ()
    availability: Availability = _seats(Availability.UNKNOWN)
    seats_total: int | None = _seats(None)
    seats_free: int | None = _seats(None)


def fingerprint(record: Record) -> str:
    """32 hex digits over the record's lasting content: no volatile field, no seats, no empty value.

    Empty is None, "", (), [] and {}, never 0 or False, so that a new field with an empty default changes no
    print; nor does the order in which fields are declared, the zone that an instant is given in, or how many
    zeros a price ends in.
    """
    return _digest(record, _print_names(type(record))[0])  # type: ignore[arg-type]


def seats_fingerprint(record: Record) -> str:
    """32 hex digits over the fields with the role ``seats``; "" for kinds that have none."""
    names = _print_names(type(record))[1]  # type: ignore[arg-type]
    return _digest(record, names) if names else ""


# mypy takes a dataclass's own __hash__ for that of the class, and so the class for unhashable.
@cache
def _print_names(record_type: type) -> tuple[tuple[str, ...], tuple[str, ...]]:
    lasting = [
        f.name for f in fields(record_type) if not (f.metadata.get("volatile") or f.metadata.get("seats"))
    ]
    seats = [f.name for f in fields(record_type) if f.metadata.get("seats")]
    return tuple(sorted(lasting)), tuple(sorted(seats))


def is_empty(value: object) -> bool:
    """Whether a value says nothing: None, "", and empty containers. 0 and False say something."""
    return value is None or (isinstance(value, str | tuple | list | Mapping) and not value)


def _digest(record: object, names: tuple[str, ...]) -> str:
    content = [(name, plain) for name in names if not is_empty(plain := _plain(getattr(record, name)))]
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.blake2b(body.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _plain(value: Any) -> Any:
    """JSON-ready form of a field's value; parts are written as pairs without their empty fields."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).isoformat()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value.normalize())
    if isinstance(value, Mapping):
        return {str(key): plain for key, item in value.items() if not is_empty(plain := _plain(item))}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    names = _part_names(type(value))  # type: ignore[arg-type]
    return {name: plain for name in names if not is_empty(plain := _plain(getattr(value, name)))}


@cache
def _part_names(part_type: type) -> tuple[str, ...]:
    return tuple(f.name for f in fields(part_type))
