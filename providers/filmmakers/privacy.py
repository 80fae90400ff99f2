"""What of a person is kept, and of whom nothing is. Pure, and asked before a document is made.

Three answers: *forget* (a child, or somebody who may be one: nothing but the id, which is suppressed), *withhold*
(not to be published: a document that holds the id and no more, so that what was shown before is emptied, and can come
back), *keep* (the profile without its body, its origin, and whatever is marked private).
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

ADULT: Final = 18

#: A person's body and ethnic origin, and the contact data of an agency's employees.
NEVER_STORED: Final = (
    *("height", "weight", "figure", "figures", "eye_color", "hair_color", "hair_length"),
    *(
        "ethnic_appearances",
        "ethnic_background",
        "ethnic_background_details",
        "ethnic_background_description",
    ),
    "employees",
)
#: Closed lists whose values are never stored, so that their labels are not asked for either.
UNREAD_LISTS: Final = frozenset({*NEVER_STORED, "gender"})

#: What a key of ``attribute_visibility`` covers beside the field of its own name.
_COVERED: Final[Mapping[str, tuple[str, ...]]] = {
    "age": ("age", "year_of_birth"),
    "acting_age": ("acting_age_from", "acting_age_to"),
    "gender": ("gender", "gender_new", "gender_description", "gender_searchability"),
    "ethnic_appearances": (),
    "figures": (),
    "working_permits": ("working_permits",),
}
#: Parts of the professions of young talent, German and English (``nachwuchsdarsteller``, ``young_actor``).
_YOUNG: Final = ("nachwuchs", "young", "kinder", "jugend", "child")
_VISIBILITY: Final = "visibility"
_PUBLIC: Final = "public"


class Fate(StrEnum):
    """What becomes of a profile."""

    KEEP = "keep"
    WITHHOLD = "withhold"
    FORGET = "forget"


def fate(profile: Mapping[str, Any], publish: str, now: datetime) -> Fate:
    """What becomes of *profile*, a detail as received, under the setting *publish*."""
    if may_be_a_child(profile, now):
        return Fate.FORGET
    return Fate.KEEP if is_published(profile, publish) else Fate.WITHHOLD


def is_published(profile: Mapping[str, Any], publish: str) -> bool:
    """Whether *publish* lets the profile be shown. Where upstream does not say, it is not marked public."""
    if publish == "scope":
        return True
    return publish == "public" and profile.get("profile_visibility") == _PUBLIC


def may_be_a_child(profile: Mapping[str, Any], now: datetime) -> bool:
    """Under 18; or of unknown age with a profession of young talent. *profile* is a detail or a list's row.

    A year of birth alone counts from the end of that year, since no day is ever given.
    """
    age = _whole_number(profile.get("age"))
    born = _whole_number(profile.get("year_of_birth"))
    if age is None and born is not None:
        age = now.year - born - 1
    if age is not None and 0 <= age <= 120:
        return age < ADULT
    return any(part in word for word in _professions(profile) for part in _YOUNG)


def scrubbed(profile: Mapping[str, Any]) -> dict[str, Any]:
    """*profile* without what is never stored and without whatever it marks as private, at any depth."""
    hidden = {*NEVER_STORED, *_private_fields(profile.get("attribute_visibility"))}
    kept = {name: value for name, value in profile.items() if name not in hidden}
    return {name: _without_private(value) for name, value in kept.items() if not _is_private(value)}


def withheld(profile_id: int) -> dict[str, Any]:
    """All that is stored of somebody who is not to be published."""
    return {"id": profile_id, "withheld": True}


def _private_fields(visibility: object) -> set[str]:
    """Fields that are not for everybody. A word that is not ``public`` counts as private."""
    if visibility is None:
        return set()
    if not isinstance(visibility, Mapping):
        return {field for name, fields in _COVERED.items() for field in (name, *fields)}
    private = [str(name) for name, word in visibility.items() if word != _PUBLIC]
    return {field for name in private for field in (name, *_COVERED.get(name, ()))}


def _is_private(value: object) -> bool:
    """An object that says of itself that it is not for everybody, such as a picture or a credit."""
    return isinstance(value, Mapping) and value.get(_VISIBILITY, _PUBLIC) not in (_PUBLIC, None, "")


def _without_private(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_private(part) for name, part in value.items() if not _is_private(part)}
    if isinstance(value, list):
        return [_without_private(part) for part in value if not _is_private(part)]
    return value


def _professions(profile: Mapping[str, Any]) -> list[str]:
    words: list[object] = []
    for name in ("main_profession", "professions", "specializations"):
        value = profile.get(name)
        words += value if isinstance(value, list) else [value]
    return [word.strip().lower() for word in words if isinstance(word, str)]


def _whole_number(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.strip().isdigit():
        return int(value.strip()[:6])
    return value if isinstance(value, int) and not isinstance(value, bool) else None
