"""Search criteria as the server takes them (contract, section 2.2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from providers.simulation.documents import Row
from providers.simulation.simulator import Request

#: Parameters that never are criteria.
PARAMETERS = ("modifiedSince", "past_events", "api_key", "user_group")

Paths = Mapping[str, object]

_LINKS: Paths = dict.fromkeys(
    (
        *("website", "facebookFanPage", "googlePlusFanPage", "twitterID", "mySpacePage", "youTubeChannel"),
        *("dailyMotionChannel", "soundCloudChannel", "whyd", "sceneLocale"),
    )
)
_STAMPS: Paths = dict.fromkeys(("id", "version", "creationDate", "modificationDate"))
_PICTURE: Paths = dict.fromkeys(
    ("picture", "pictureCredit", "thumbnail", "thumbnailW300px", "thumbnailW600px", "description")
)
_LABEL: Paths = {**_STAMPS, "label": None}
_DATE: Paths = dict.fromkeys(("id", "startHour", "endHour", "date", "endDate", "soldOut"))
_LOCATION: Paths = {
    **_STAMPS,
    **_LINKS,
    **dict.fromkeys(
        ("name", "description", "logo", "logoThumbnail", "logoThumbnailW300px", "logoThumbnailW600px")
    ),
    "banner": None,
    "contact": dict.fromkeys(
        (
            *("email", "addressLine1", "addressLine2", "zipCode", "city", "department", "state", "country"),
            *("phone1", "phone2", "lattitude", "longitude"),
        )
    ),
}
_EVENT: Paths = {
    **_STAMPS,
    **dict.fromkeys(("status", "cancelled", "cancellationReason", "freeAdmission", "freeAdmissionCondition")),
    "event": {
        **dict.fromkeys(("id", "version", "title", "partOfEventGroup", "punchline", "lineUp")),
        **_LINKS,
        **_PICTURE,
        "eventGroup": {**_STAMPS, **_LINKS, **_PICTURE, **dict.fromkeys(("title", "startDate", "endDate"))},
        "eventType": _LABEL,
        "eventStyle": _LABEL,
    },
    "eventSchedule": dict.fromkeys(
        (
            *("id", "version", "startDate", "endDate", "repeating", "repeatingType", "repeatingInterval"),
            "repeatingDaysOfWeek",
        )
    ),
    "location": _LOCATION,
}
#: Service → what may be searched for; a property inside of a list is in none.
SEARCHABLE: Mapping[str, Paths] = {
    "events": _EVENT,
    "events_by_date": {**_EVENT, "eventScheduleDate": _DATE},
    "locations": _LOCATION,
}


class NotAcceptable(ValueError):
    """A criterion on a property that no record has."""


def pairs_of(request: Request) -> Sequence[tuple[str, str]]:
    """Name and value of each parameter, repeated ones too where the request knows of them."""
    pairs: Sequence[tuple[str, str]] | None = getattr(request, "pairs", None)
    return list(request.query.items()) if pairs is None else pairs


def criteria(service: str, pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    """Property → the values of which one must be met. Raises ``NotAcceptable``."""
    wanted: dict[str, set[str]] = {}
    for name, value in pairs:
        if name in PARAMETERS:
            continue
        known: object = SEARCHABLE[service]
        for part in name.split("."):
            if not isinstance(known, Mapping) or part not in known:
                raise NotAcceptable(name)
            known = known[part]
        if known is not None:
            raise NotAcceptable(name)
        wanted.setdefault(name, set()).add(value)
    return wanted


def meets(row: Row, wanted: Mapping[str, set[str]]) -> bool:
    """Whether the record meets one value of each property; exact, as the JSON spells it."""
    return all(_text(row, name) in values for name, values in wanted.items())


def _text(row: Row, path: str) -> str | None:
    value: object = row
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if value is None or isinstance(value, dict | list):
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
