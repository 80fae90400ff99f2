"""Rows that many entries mention and a reference list describes: places, artists, festivals, types and styles.

Places and festivals bear a version: the highest is believed, among equals the reference list, then the newest entry.
The version of an artist in an entry is another than in the list of artists: there the list is believed, then entries
with a biography or a picture, the newest first. All of it stands in ``authority``, so that no order of arrival matters.
"""

from dataclasses import replace
from typing import TypeVar

from aggregator.records import CategoryRecord, FestivalRecord, Image, PersonRecord, VenueRecord
from aggregator.vocabulary import CategoryScheme, CoordinatePrecision, ImageRole
from providers.sowprog import wording
from providers.sowprog.schema import Artist, Group, Label, Location, Pictured
from providers.sowprog.times import ZONE, day_of
from providers.sowprog.wording import in_french, plain

MentionedT = TypeVar("MentionedT", VenueRecord, FestivalRecord, PersonRecord)

_LARGEST = 10**19
_LARGEST_VERSION = 10**9


def mentioned(record: MentionedT, event_id: str) -> MentionedT:
    """The record as a mere mention in the entry *event_id*."""
    newest_first = f"{_LARGEST - int(event_id):020d}" if event_id.isdecimal() else "~"
    if isinstance(record, PersonRecord):
        said = "0" if record.descriptions or record.images else "1"
        return replace(record, authority=f"5:{said}:{newest_first}")
    return replace(record, authority=f"{record.authority}:{newest_first}")


def venue_record(location: Location) -> VenueRecord:
    """A place with its address, in Europe/Paris."""
    contact = location.contact
    found = VenueRecord(
        external_id=location.id,
        url=location.website,
        modified_at=location.modificationDate,
        authority=_by_version(location.version),
        name=plain(location.name),
        website=location.website,
        zone=ZONE,
        descriptions=in_french(location.description),
        images=_logo_and_banner(location),
    )
    if contact is None:
        return found
    known = contact.lattitude is not None and contact.longitude is not None
    known = known and abs(contact.lattitude or 0) <= 90 and abs(contact.longitude or 0) <= 180
    return replace(
        found,
        street=plain(contact.addressLine1),
        vicinity=plain(contact.addressLine2),
        postal_code=plain(contact.zipCode, 20),
        city=plain(contact.city, 200),
        region=plain(contact.state, 200),
        country=wording.country(contact.country),
        latitude=contact.lattitude if known else None,
        longitude=contact.longitude if known else None,
        coordinates=CoordinatePrecision.EXACT if known else CoordinatePrecision.UNKNOWN,
        phone=wording.phone(contact.phone1, contact.phone2),
    )


def person_record(artist: Artist, artist_id: str) -> PersonRecord:
    """An artist or a band. Upstream publishes them with each event, so they are public."""
    links = wording.links(artist)
    types = (plain(each.label, 200) for each in artist.artistType if not each.deleted)
    return PersonRecord(
        external_id=artist_id,
        url=links.get("website", ""),
        modified_at=artist.modificationDate,
        name=plain(artist.name),
        professions=tuple(dict.fromkeys(filter(None, types))),
        descriptions=in_french(artist.description),
        links=links,
        images=pictures(artist, ImageRole.PORTRAIT),
    )


def festival_record(group: Group) -> FestivalRecord:
    """A festival; its days are days in Paris."""
    return FestivalRecord(
        external_id=group.id,
        url=group.website,
        modified_at=group.modificationDate,
        authority=_by_version(group.version),
        name=plain(group.title),
        starts_on=day_of(group.startDate),
        ends_on=day_of(group.endDate),
        zone=ZONE,
        descriptions=in_french(group.description),
        images=pictures(group),
    )


def category_record(scheme: CategoryScheme, labelled: Label) -> CategoryRecord:
    """A type or a style."""
    return CategoryRecord(
        external_id=f"{scheme}:{labelled.id}",
        scheme=scheme,
        names=in_french(plain(labelled.label, 200)),
    )


def pictures(source: Pictured, role: ImageRole = ImageRole.STILL) -> tuple[Image, ...]:
    """The picture with its reductions; the largest of these where the picture itself is missing."""
    sizes = {"150": source.thumbnail, "300": source.thumbnailW300px, "600": source.thumbnailW600px}
    return _picture(source.picture, sizes, role, plain(source.pictureCredit))


def _logo_and_banner(location: Location) -> tuple[Image, ...]:
    sizes = {
        "150": location.logoThumbnail,
        "300": location.logoThumbnailW300px,
        "600": location.logoThumbnailW600px,
    }
    return (*_picture(location.logo, sizes, ImageRole.LOGO), *_picture(location.banner, {}, ImageRole.OTHER))


def _picture(url: str, sizes: dict[str, str], role: ImageRole, credit: str = "") -> tuple[Image, ...]:
    sizes = {width: found for width, found in sizes.items() if found}
    best = url or next(reversed(sizes.values()), "")
    return (Image(url=best, role=role, sizes=sizes, copyright=credit),) if best else ()


def _by_version(version: int) -> str:
    return f"5:{_LARGEST_VERSION - version:010d}"
