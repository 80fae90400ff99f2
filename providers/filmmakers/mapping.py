"""From stored documents to records: profiles, agencies, and the labels of closed lists. Pure.

Source: the provider's documentation in both states. The README says where each field goes.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from aggregator.admission import plain_text
from aggregator.provider import Document, Unmappable
from aggregator.readers import ReadError
from aggregator.records import (
    Image,
    OrganisationRecord,
    PersonRecord,
    Record,
    TermRecord,
    Trailer,
)
from aggregator.vocabulary import ImageRole, OrganisationKind
from providers.filmmakers.links import links_of, web_page
from providers.filmmakers.privacy import is_published
from providers.filmmakers.reading import content, instant
from providers.filmmakers.schema import Agency, Connection, Labels, Picture, Profile
from providers.filmmakers.vita import vita_of

#: The language in which upstream is asked for free texts.
LANGUAGE: Final = "en"

#: Level list → the lists whose levels it explains. INFERRED but for the first two.
LEVELS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "accent_skill": ("accents",),
    "dialect_skill": ("dialects",),
    "language_skill": ("languages",),
    "skill": ("instruments", "dances", "singing", "special_skills", "sports"),
}

ShapeT = TypeVar("ShapeT", bound=BaseModel)

_WITH_LEVELS: Final = (
    "languages",
    "dialects",
    "accents",
    "instruments",
    "dances",
    "singing",
    "special_skills",
)
_PLAIN: Final = ("nationalities", "drivers_licenses", "licenses", "unions", "working_permits")
_HIGHEST_ID: Final = 10**15


def to_records(document: Document, config: Any) -> Sequence[Record]:
    """The records of a document of kind ``profile``, ``agency`` or ``attribute``.

    Raises ``Unmappable`` with ``malformed_document``, ``wrong_type``, ``missing_field`` or ``unknown_kind`` and a
    dotted path. Somebody who is not to be published becomes a row without content that no page shows.
    """
    if document.kind == "profile":
        return _person(_read(document, Profile), config.publish)
    if document.kind == "agency":
        return [_agency(_read(document, Agency))]
    if document.kind == "attribute":
        return _terms(_read(document, Labels))
    raise Unmappable("unknown_kind")


def _read(document: Document, shape: type[ShapeT]) -> ShapeT:
    try:
        return shape.model_validate(content(document.body))
    except ValidationError as error:
        first: Any = error.errors()[0]
        missing = first["type"] == "missing" or (first["input"] is None and len(first["loc"]) == 1)
        path = ".".join(str(part) for part in first["loc"])
        raise Unmappable("missing_field" if missing else "wrong_type", path, first["msg"]) from None
    except ReadError:
        raise Unmappable("malformed_document", message="the stored body is not JSON") from None


def _person(profile: Profile, publish: str) -> Sequence[Record]:
    key = str(profile.id)
    shown = {"profile_visibility": profile.profile_visibility}
    if profile.withheld or not is_published(shown, publish):
        return [PersonRecord(external_id=key, public=False)]
    name, sort_name = _names(profile)
    agencies = _agencies(profile)
    person = PersonRecord(
        external_id=key,
        url=profile.filmmakers_url or profile.castupload_url,
        modified_at=instant(profile.updated_at),
        name=name,
        sort_name=sort_name,
        professions=_professions(profile),
        year_of_birth=profile.year_of_birth,
        descriptions=_about(profile.about_me_html, profile.about_me),
        attributes=_attributes(profile),
        vita=vita_of(profile),
        links=links_of(profile),
        trailers=_trailers(profile),
        agency=agencies[0].external_id if agencies else "",
        images=_pictures(profile.pictures, name),
    )
    return [*agencies[:1], person]


def _names(profile: Profile) -> tuple[str, str]:
    first, last, whole = (plain_text(each) for each in (profile.first_name, profile.last_name, profile.name))
    name = f"{first} {last}".strip() or whole
    if not name:
        raise Unmappable("missing_field", "last_name", "there is no name")
    return name, f"{last}, {first}" if first and last else name


def _professions(profile: Profile) -> tuple[str, ...]:
    new = [word for word in (profile.main_profession, *profile.specializations) if word]
    return tuple(dict.fromkeys(new or profile.professions))


def _about(rich: str, plain: str) -> dict[str, str]:
    text = rich.strip() or plain.strip()
    return {LANGUAGE: text} if text else {}


def _attributes(profile: Profile) -> dict[str, Any]:
    """List → its values in upstream's order, each ``{"value", "level"}`` without an empty level; texts as text."""
    found: dict[str, Any] = {name: _values(getattr(profile, name)) for name in _WITH_LEVELS}
    found["sports"] = _values({**profile.sports, **profile.sport_skills})
    for name in _PLAIN:
        found[name] = _values(dict.fromkeys(getattr(profile, name), ""))
    found["native_dialects"] = _values(dict.fromkeys(profile.native_dialects or profile.native_dialect, ""))
    found["pitches"] = _values(dict.fromkeys(profile.pitches or profile.pitch, ""))
    found |= {"place_of_birth": profile.place_of_birth, "city": profile.city, "country": profile.country}
    return {name: value for name, value in found.items() if value}


def _values(levels: Mapping[str, str]) -> tuple[Mapping[str, str], ...]:
    return tuple(
        {"value": value, "level": level} if level else {"value": value}
        for value, level in levels.items()
        if value
    )


def _trailers(profile: Profile) -> tuple[Trailer, ...]:
    """Showreels on Filmmakers first, then those elsewhere, each address once."""
    found = [Trailer(url=reel.url, label=reel.name) for reel in profile.showreels]
    found += [Trailer(url=web_page(url)) for url in profile.external_showreels or profile.external_showreel]
    by_url = {trailer.url: trailer for trailer in reversed(found) if trailer.url}
    return tuple(reversed(by_url.values()))


def _pictures(pictures: Iterable[Picture], name: str) -> tuple[Image, ...]:
    """The main picture first. A picture's id is unique, a second one of the same id is left out."""
    ordered = sorted(pictures, key=lambda picture: not picture.main_picture)
    by_id = {picture.id: picture for picture in reversed(ordered)}
    return tuple(
        Image(
            url=picture.versions.get("original") or picture.url,
            role=ImageRole.PORTRAIT,
            key=str(picture.id),
            sizes=picture.versions,
            width=picture.dimensions[0] if picture.dimensions else None,
            height=picture.dimensions[1] if picture.dimensions else None,
            crop=picture.crop_coordinates,
            copyright=picture.copyright,
            alt={"": name},
        )
        for picture in reversed(by_id.values())
    )


def _agencies(profile: Profile) -> list[OrganisationRecord]:
    """Whoever represents somebody, the primary agency first; a mention, which the agency's own document outranks."""

    def rank(connection: Connection) -> bool:
        return connection.connection_type != "primary_agency"

    named = [each for each in profile.talent_agency_connections if each.talent_agency_id]
    if not named and profile.talent_agency_id:
        named = [Connection(talent_agency_id=profile.talent_agency_id)]
    return [
        OrganisationRecord(
            external_id=str(each.talent_agency_id),
            # The newest profile that names it is believed; a bare id says less than any name.
            authority=f"5:{_HIGHEST_ID - profile.id:015d}" if each.talent_agency_name else "9",
            name=each.talent_agency_name,
            organisation_kind=OrganisationKind.AGENCY,
        )
        for each in sorted(named, key=rank)
    ]


def _agency(agency: Agency) -> OrganisationRecord:
    if not plain_text(agency.name):
        raise Unmappable("missing_field", "name", "there is no name")
    return OrganisationRecord(
        external_id=str(agency.id),
        url=agency.filmmakers_url,
        name=agency.name,
        organisation_kind=OrganisationKind.AGENCY,
        website=web_page(agency.homepage_url),
        descriptions=_about(agency.about_me_html, agency.about_me),
        images=(Image(url=agency.picture_url, role=ImageRole.LOGO),) if agency.picture_url else (),
    )


def _terms(labels: Labels) -> list[Record]:
    """Every value with its labels. Levels stand once more under each list that they belong to, as ``<list>.level``."""
    by_value: dict[str, dict[str, str]] = {}
    for language, texts in labels.labels.items():
        for value, text in texts.items():
            by_value.setdefault(value, {})[language] = text
    names = (labels.list, *(f"{name}.level" for name in LEVELS_OF.get(labels.list, ())))
    return [
        TermRecord(external_id=f"{name}:{value}", list_name=name, value=value, labels=texts)
        for name in names
        for value, texts in by_value.items()
        if value
    ]
