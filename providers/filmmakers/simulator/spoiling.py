"""What goes wrong within a profile: the general document faults, and those of this API."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from providers.simulation.documents import (
    Row,
    Shape,
    with_bad_stamp,
    with_bad_text,
    with_unknown_fields,
    with_wrong_types,
    without_required,
)

SHAPE = Shape(
    required="last_name",
    number="year_of_birth",
    stamp="updated_at",
    text="first_name",
    instead=("first_name", "name"),
)

Take = Callable[[str, bool], bool]
Spoil = Callable[[Row], Row]

# Which profile each of the general faults strikes: ordinary, published ones.
_VICTIMS: Mapping[str, tuple[int, Spoil]] = {
    "wrong_types": (1, lambda row: with_wrong_types(row, SHAPE)),
    "missing_field": (2, lambda row: without_required(row, SHAPE)),
    "invalid_utf8": (3, lambda row: with_bad_text(row, SHAPE)),
    "bad_timestamps": (4, lambda row: with_bad_stamp(row, SHAPE)),
}


def spoiled_profile(row: Row, number: int, broken: str | None, take: Take) -> Row:
    """The profile number *number* with whatever is to be wrong with it."""
    if broken == "wrong_type":
        row = with_wrong_types(row, SHAPE)
    elif broken == "missing_field":
        row = without_required(row, SHAPE)
    for name, (victim, spoil) in _VICTIMS.items():
        if number == victim and take(name, True):
            row = spoil(row)
    if take("unknown_fields", True):
        row = with_unknown_fields(row)
    for name, own in _OWN.items():
        if take(name, True):
            row = own(row)
    return row


def with_second_url(text: str) -> str:
    """The JSON text with `filmmakers_url` once more, as null (trap T1)."""
    return f'{text[:-1]},"filmmakers_url":null}}'


def _swapped(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _swapped(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_swapped(each) for each in value]
    return None if value == "" else "" if value is None else value


def _swap(row: Row) -> Row:
    return {name: _swapped(value) for name, value in row.items()}


def _without_groups(row: Row) -> Row:
    vita = row.get("vita")
    kept = {name: entries for name, entries in vita.items() if entries} if isinstance(vita, Mapping) else {}
    kept.pop("education", None)
    return {**row, "vita": kept}


def _with_unknown_slugs(row: Row) -> Row:
    languages = row.get("languages")
    known = dict(languages) if isinstance(languages, Mapping) else {}
    return {**row, "languages": {**known, "quenya": "elbisch"}, "unions": ["bund-der-unbekannten"]}


def _without_crops(row: Row) -> Row:
    pictures = row.get("pictures")
    kept = [
        {name: value for name, value in picture.items() if name != "crop_coordinates"}
        for picture in (pictures if isinstance(pictures, list) else [])
    ]
    return {**row, "pictures": kept}


_OWN: Mapping[str, Spoil] = {
    "empty_null_swap": _swap,
    "missing_vita_group": _without_groups,
    "unknown_slug": _with_unknown_slugs,
    "no_crop": _without_crops,
    "wrong_id": lambda row: {**row, "id": 1},
}
