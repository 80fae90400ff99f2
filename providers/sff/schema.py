"""What the festival's API sends, field by field: the one table of upstream names.

Every scalar may come as text, number, boolean or null (contract, quirk Q1) and is held here as trimmed text,
"" for nothing. Unknown fields are ignored here and stay in the stored document (Q17). A field name marked
INFERRED was never seen in a recording: a wrong guess is mended by changing its alias, on its line.

This module knows JSON shapes only: no records, no time zones, no network.
"""

import json
import math
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from aggregator.provider import Document, Unmappable

_INTEGER = re.compile(r"[+-]?\d+(?:\.0*)?")
_TRUE = {"1", "true", "t", "yes", "y", "on", "ja", "j"}
_LAST_SECOND = int(datetime(2200, 1, 1, tzinfo=UTC).timestamp())


def scalar(value: object) -> str:
    """A scalar of any spelling as trimmed text (Unicode space included); ``ValueError`` for lists and
    objects.
    """
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | Decimal):
        if math.isfinite(value) and value == int(value):
            return str(int(value))
        return str(value)
    if isinstance(value, int):
        return str(value)
    raise ValueError("a text or a number was expected")


def reference(value: object) -> str:
    """The id of another row; "" for none, which a database default may spell "0"."""
    text = scalar(value)
    return "" if text == "0" else text


Text = Annotated[str, BeforeValidator(scalar), Field(default="")]
Reference = Annotated[str, BeforeValidator(reference), Field(default="")]


def named(alias: str) -> Any:
    """A field under its upstream name."""
    return Field(default="", validation_alias=alias)


class Upstream(BaseModel):
    """Read by name, ignore the unknown."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Festival(Upstream):
    """F1 row."""

    id: Text = named("festivalId")
    name: Text = named("festivalName")
    begin: Text = named("festivalBegin")
    end: Text = named("festivalEnd")
    is_current: Text = named("festivalIsCurrent")
    sale_begin: Text = named("festivalTicketSaleBegin")  # INFERRED name


class Section(Upstream):
    """C1 row."""

    id: Text = named("sectionId")
    name: Text = named("sectionName")
    description_sv: Text = named("festivalSectionDescription_sv")
    description_en: Text = named("festivalSectionDescription_en")


class Venue(Upstream):
    """V1 row. Coordinates are decimal degrees as text; 0 and 0 mean unknown."""

    id: Text = named("venueId")
    name: Text = named("venueName")
    house: Text = named("venueCinema")  # INFERRED meaning
    type_sv: Text = named("venueType_sv")
    type_en: Text = named("venueType_en")
    latitude: Text = named("venueLat")
    longitude: Text = named("venueLon")
    page: Text = named("venueDescURL")


class Event(Upstream):
    """E1 row, with the change texts of E5 merged in and the descriptions of E4 where there are any."""

    id: Text = named("eventId")
    number: Text = named("eventNumber")
    name_sv: Text = named("eventName_sv")
    name_en: Text = named("eventName_en")
    date: Text = named("eventDate")
    time: Text = named("eventTime")
    timestamp: Text = named("eventTimestamp")
    face_to_face: Text = named("eventHasFaceToFace")
    face_to_face_unprefixed: Text = named("hasFaceToFace")
    film_id: Reference = named("filmId")
    party_id: Reference = named("partyId")
    venue_id: Reference = named("venueId")
    venue_name: Text = named("venueName")
    ticket_status: Text = named("eventTicketStatus")
    buy_url: Text = named("eventBuyURL")
    buy_one_time_url: Text = named("eventBuyOneTimeURL")
    modified: Text = named("eventModifiedTimestamp")
    change_sv: Text = named("eventChange_sv")  # INFERRED
    change_en: Text = named("eventChange_en")  # INFERRED
    description_sv: Text = named("eventDescription_sv")  # INFERRED
    description_en: Text = named("eventDescription_en")  # INFERRED


class Film(Upstream):
    """M3. All of it text, any of it empty.

    Its ``events`` are not read: they may be a list, an object keyed by number, null or absent (Q10), and E1
    says the same, newer.
    """

    id: Text = named("filmId")
    name: Text = named("filmName")
    name_en: Text = named("filmName_en")
    original_name: Text = named("filmOriginalLanguageName")
    director: Text = named("filmDirector")
    cast: Text = named("filmCast")
    script: Text = named("filmScript")
    producer: Text = named("filmProducer")
    cinematography: Text = named("filmCinematography")
    music: Text = named("filmMusic")
    company: Text = named("filmProductionCompany")
    year: Text = named("filmProductionYear")
    rights: Text = named("filmInternationalRights")
    distribution: Text = named("filmSwedishDistribution")
    country_sv: Text = named("filmCountry_sv")
    country_en: Text = named("filmCountry_en")
    language: Text = named("filmLanguage")
    length: Text = named("filmLength")
    description_sv: Text = named("filmDescription_sv")
    description_en: Text = named("filmDescription_en")
    subtitle_sv: Text = named("filmSubtitle_sv")  # INFERRED meaning
    subtitle_en: Text = named("filmSubtitle_en")  # INFERRED meaning
    status_sv: Text = named("filmStatus_sv")  # INFERRED meaning
    status_en: Text = named("filmStatus_en")  # INFERRED meaning
    imdb_id: Text = named("filmIMDBId")
    youtube_id: Text = named("filmYoutubeId")
    iphone_trailer: Text = named("filmIphoneTrailer")  # INFERRED meaning
    mobile_trailer: Text = named("filmMobileTrailer")  # INFERRED meaning
    download_trailer: Text = named("filmMobileDownloadTrailer")  # INFERRED meaning
    homesite: Text = named("filmOfficialHomesite")
    info_url: Text = named("filmInfoURL")
    preview_image: Text = named("filmPreviewImage")
    poster_image: Text = named("filmPosterImage")
    modified: Text = named("filmModifiedTimestamp")
    section_id: Reference = named("sectionId")
    section_name: Text = named("sectionName")


UpstreamT = TypeVar("UpstreamT", bound=Upstream)


def read(model: type[UpstreamT], document: Document) -> UpstreamT:
    """The document's item as *model*. Raises ``Unmappable`` with reason ``wrong_type`` and the upstream
    field's name.
    """
    try:
        item = json.loads(document.body)
    except ValueError as error:
        raise Unmappable("malformed", "", "the document is not JSON") from error
    if not isinstance(item, dict):
        raise Unmappable("wrong_type", "", "an object was expected")
    try:
        return model.model_validate(item)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise Unmappable("wrong_type", ".".join(str(part) for part in first["loc"]), first["msg"]) from error


def flag(text: str) -> bool:
    """Whether a flag is set, in any spelling; the text ``false`` is not (Q4)."""
    return text.casefold() in _TRUE


def seconds(text: str) -> int | None:
    """Unix seconds, or None for nothing ("" and "0"). ``ValueError`` for other words, ``OverflowError`` out
    of range.

    The range is 1970 to 2200.
    """
    if text in ("", "0"):
        return None
    if not _INTEGER.fullmatch(text):
        raise ValueError("a Unix timestamp was expected")
    whole = text.partition(".")[0]
    if len(whole) > 15 or not 0 <= int(whole) < _LAST_SECOND:
        raise OverflowError("a Unix timestamp between 1970 and 2200 was expected")
    return int(whole) or None
