"""A vita as typed entries: one mapping per line, empty fields left out. Pure."""

from collections.abc import Mapping
from typing import Any, Final

from aggregator.admission import plain_text
from providers.filmmakers.schema import Entry, Profile

#: The order in which groups are shown; groups that are not known come after them in upstream's order.
GROUPS: Final = (
    *("film", "television", "theatre", "internet", "commercial", "audio", "other"),
    *("award", "education", "primary_education"),
)

_TEXTS: Final = (
    *("name", "role", "role_type", "type_genre", "episode_name", "info"),
    *("director", "producer", "writer", "caster", "station", "distributor", "theater_engagement_type"),
)


def vita_of(profile: Profile) -> tuple[Mapping[str, Any], ...]:
    """Every line with its ``group``, in upstream's order within one; a line that says nothing is left out."""
    known = [name for name in GROUPS if name in profile.vita]
    others = [name for name in profile.vita if name not in GROUPS]
    lines = (_line(group, entry) for group in (*known, *others) for entry in profile.vita[group])
    return tuple(line for line in lines if len(line) > 1)


def _line(group: str, entry: Entry) -> dict[str, Any]:
    """One entry. The theatre has had two names and no field of its own; it is ``theatre`` here."""
    line: dict[str, Any] = {"group": group}
    line |= {name: text for name in _TEXTS if (text := plain_text(getattr(entry, name), 1000))}
    theatre = plain_text(entry.theatre or entry.theater_name, 1000)
    if group == "theatre" and not theatre:
        theatre = line.get("distributor", "")
    if theatre:
        line["theatre"] = theatre
        if line.get("distributor") == theatre:
            del line["distributor"]
    line |= {name: year for name in ("year_from", "year_to") if (year := getattr(entry, name)) is not None}
    if entry.award_nominated:
        line["award_nominated"] = True
    if entry.in_development:
        line["in_development"] = True
    return line
