"""The shapes of Filmmakers' answers, both documented states read alike; unknown fields stay in the document.

A closed-list field may be a string, an array or an object, according to its age and to how it was asked for. ``""``
and null both mean nothing. Source: the provider's documentation; what is INFERRED there is lenient here.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError


def _identifier(value: Any) -> Any:
    if isinstance(value, bool):
        raise PydanticCustomError("wrong_type", "a number is expected")
    return value


def _text(value: Any) -> Any:
    return "" if value is None else value


def _year(value: Any) -> Any:
    """A year that a person or a credit can have, else None; ``""`` says nothing."""
    if value is None or value == "":
        return None
    if isinstance(value, bool | dict | list):
        raise PydanticCustomError("wrong_type", "a year is expected")
    number = int(value) if str(value).strip().isdecimal() and len(str(value)) < 6 else 0
    return number if 1850 <= number <= 2150 else None


def _flag(value: Any) -> bool:
    return value is True or value in (1, "1", "true")


def _levels(value: Any) -> Any:
    """Value → level, "" where there is none. A text is one value and is never split: it may be a translation."""
    if value is None or value == "":
        return {}
    if isinstance(value, Mapping):
        return {key: "" if level is None else level for key, level in value.items()}
    if isinstance(value, list):
        return {each: "" for each in value if isinstance(each, str) and each}
    return {value: ""} if isinstance(value, str) else value


def _words(value: Any) -> Any:
    if value is None or value == "":
        return []
    if isinstance(value, Mapping):
        return [str(key) for key in value]
    if isinstance(value, list):
        return [each for each in value if each not in (None, "")]
    return [value]


def _objects(value: Any) -> Any:
    if value is None or value == "":
        return []
    return [each for each in value if each is not None] if isinstance(value, list) else value


def _groups(value: Any) -> Any:
    """Credit groups; a missing one, null and ``[]`` are alike."""
    if value is None or value in ("", []):
        return {}
    if not isinstance(value, Mapping):
        return value
    return {name: _objects(entries) for name, entries in value.items()}


def _urls(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return {}
    return {name: url for name, url in value.items() if isinstance(url, str) and url}


def _sides(value: Any) -> Any:
    """Width and height in pixels, or nothing: what the documentation shows does not fit together either."""
    fits = isinstance(value, list) and len(value) == 2
    if fits and all(
        isinstance(side, int) and not isinstance(side, bool) and 0 < side < 10**6 for side in value
    ):
        return tuple(value)
    return None


def _crop(value: Any) -> Any:
    """x, y, width and height in pixels, or nothing; not checked against the picture."""
    if not isinstance(value, Mapping):
        return None
    sides = [value.get(name) for name in ("x", "y", "w", "h")]
    if all(isinstance(side, int) and not isinstance(side, bool) and 0 <= side < 10**6 for side in sides):
        return tuple(sides)
    return None


Identifier = Annotated[int, Field(gt=0, lt=10**15), BeforeValidator(_identifier)]
OptionalIdentifier = Annotated[int | None, Field(gt=0, lt=10**15), BeforeValidator(_identifier)]
Text = Annotated[str, BeforeValidator(_text)]
Year = Annotated[int | None, BeforeValidator(_year)]
Flag = Annotated[bool, BeforeValidator(_flag)]
Levels = Annotated[dict[str, str], BeforeValidator(_levels)]
Words = Annotated[list[str], BeforeValidator(_words)]
Urls = Annotated[dict[str, str], BeforeValidator(_urls)]
Sides = Annotated[tuple[int, int] | None, BeforeValidator(_sides)]
Crop = Annotated[tuple[int, int, int, int] | None, BeforeValidator(_crop)]


class _Shape(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="ignore", coerce_numbers_to_str=True, hide_input_in_errors=True
    )


class Picture(_Shape):
    """One picture. Its id is its identity; its addresses are opaque and change."""

    id: Identifier
    copyright: Text = ""
    url: Text = ""
    versions: Urls = Field(default_factory=dict)
    dimensions: Sides = None
    crop_coordinates: Crop = None
    main_picture: Flag = False
    year: Year = None


class Showreel(_Shape):
    """A page on Filmmakers that plays a showreel, ``video`` or ``audio``."""

    name: Text = ""
    url: Text = ""
    type: Text = ""


class Connection(_Shape):
    """An agency that represents somebody."""

    talent_agency_id: OptionalIdentifier = None
    talent_agency_name: Text = ""
    connection_type: Text = ""


class Entry(_Shape):
    """One line of a vita. *theatre* and *theater_name* are the same thing at different times."""

    name: Text = ""
    year_from: Year = None
    year_to: Year = None
    info: Text = ""
    role: Text = ""
    role_type: Text = ""
    type_genre: Text = ""
    episode_name: Text = ""
    director: Text = ""
    producer: Text = ""
    writer: Text = ""
    caster: Text = ""
    station: Text = ""
    distributor: Text = ""
    theatre: Text = ""
    theater_name: Text = ""
    theater_engagement_type: Text = ""
    award_nominated: Flag = False
    in_development: Flag = False


class Profile(_Shape):
    """One profile as it is stored. Of a pair the deprecated field stands last and counts where the new one is empty."""

    id: Identifier
    withheld: Flag = False
    first_name: Text = ""
    last_name: Text = ""
    name: Text = ""
    filmmakers_url: Text = ""
    castupload_url: Text = ""
    profile_visibility: Text = ""
    year_of_birth: Year = None
    place_of_birth: Text = ""
    city: Text = ""
    country: Text = ""
    homepage_url: Text = ""
    imdb_link: Text = ""
    imdb_id: Text = ""
    facebook_page: Text = ""
    twitter_handle: Text = ""
    instagram_username: Text = ""
    sv_url: Text = ""
    wikipedia_url: Text = ""
    agency_profile_url: Text = ""
    talent_agency_id: OptionalIdentifier = None
    talent_agency_connections: Annotated[list[Connection], BeforeValidator(_objects)] = Field(
        default_factory=list
    )
    updated_at: Any = None
    main_profession: Text = ""
    specializations: Words = Field(default_factory=list)
    professions: Words = Field(default_factory=list)
    about_me: Text = ""
    about_me_html: Text = ""
    native_dialects: Words = Field(default_factory=list)
    native_dialect: Words = Field(default_factory=list)
    pitches: Words = Field(default_factory=list)
    pitch: Words = Field(default_factory=list)
    nationalities: Words = Field(default_factory=list)
    languages: Levels = Field(default_factory=dict)
    dialects: Levels = Field(default_factory=dict)
    accents: Levels = Field(default_factory=dict)
    instruments: Levels = Field(default_factory=dict)
    dances: Levels = Field(default_factory=dict)
    singing: Levels = Field(default_factory=dict)
    special_skills: Levels = Field(default_factory=dict)
    sport_skills: Levels = Field(default_factory=dict)
    sports: Levels = Field(default_factory=dict)
    drivers_licenses: Words = Field(default_factory=list)
    licenses: Words = Field(default_factory=list)
    unions: Words = Field(default_factory=list)
    working_permits: Words = Field(default_factory=list)
    pictures: Annotated[list[Picture], BeforeValidator(_objects)] = Field(default_factory=list)
    external_showreels: Words = Field(default_factory=list)
    external_showreel: Words = Field(default_factory=list)
    showreels: Annotated[list[Showreel], BeforeValidator(_objects)] = Field(default_factory=list)
    vita: Annotated[dict[str, list[Entry]], BeforeValidator(_groups)] = Field(default_factory=dict)


class Agency(_Shape):
    """One talent agency. Its address and its employees reach no record."""

    id: Identifier
    name: Text = ""
    homepage_url: Text = ""
    filmmakers_url: Text = ""
    picture_url: Text = ""
    about_me: Text = ""
    about_me_html: Text = ""


class Labels(_Shape):
    """One closed list: language → value → label. Put together by the client from one answer per language."""

    list: str
    labels: dict[str, dict[str, str]]
