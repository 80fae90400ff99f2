"""What the stored words look like to a visitor."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from aggregator.vocabulary import Availability, CreditRole, Mode, RunState, ShowingKind, SourceState

AVAILABILITY: Mapping[str, Any] = {
    Availability.AVAILABLE: _("Tickets"),
    Availability.FEW: _("Few left"),
    Availability.SOLDOUT: _("Sold out"),
    Availability.NOT_ON_SALE: _("Not on sale yet"),
    Availability.UNKNOWN: _("Not known"),
}
KINDS: Mapping[str, Any] = {
    ShowingKind.SCREENING: _("Screening"),
    ShowingKind.CONCERT: _("Concert"),
    ShowingKind.STAGE: _("Stage"),
    ShowingKind.RUN: _("Exhibition"),
    ShowingKind.OPENING: _("Opening"),
    ShowingKind.TALK: _("Talk"),
    ShowingKind.PARTY: _("Party"),
    ShowingKind.OTHER: _("Event"),
}
ROLES: Mapping[str, Any] = {
    CreditRole.DIRECTOR: _("Director"),
    CreditRole.CAST: _("Cast"),
    CreditRole.SCRIPT: _("Script"),
    CreditRole.PRODUCER: _("Producer"),
    CreditRole.CINEMATOGRAPHY: _("Cinematography"),
    CreditRole.MUSIC: _("Music"),
    CreditRole.PERFORMER: _("With"),
    CreditRole.HEADLINER: _("Headliner"),
    CreditRole.ARTIST: _("Artist"),
    CreditRole.SPEAKER: _("Speaker"),
    CreditRole.OTHER: _("Also"),
}
TAGS: Mapping[str, Any] = {
    "face_to_face": _("Face to face"),
    # What a title says and upstream's own fields do not: shown as a hint, never taken for a fact.
    "hint:cancelled": _("Title says: cancelled"),
    "hint:soldout": _("Title says: sold out"),
    "hint:postponed": _("Title says: postponed"),
}
SHOPS: Mapping[str, Any] = {"member": _("Buy as a member"), "one_time": _("Buy a single ticket")}
LINKS: Mapping[str, Any] = {
    "homepage": _("Home page"),
    "website": _("Website"),
    "organiser": _("The organiser's page"),
    "agency": _("Profile at the agency"),
    "imdb": "IMDb",
    "wikipedia": "Wikipedia",
    "facebook": "Facebook",
    "instagram": "Instagram",
    "twitter": "X",
    "schauspielervideos": "schauspielervideos",
}
SOURCE_STATES: Mapping[str, Any] = {
    SourceState.IDLE: _("Up to date and waiting for its next run"),
    SourceState.RUNNING: _("Being read at this moment"),
    SourceState.BACKING_OFF: _("The last run failed; it will be tried again"),
    SourceState.PAUSED: _("Paused"),
    SourceState.NEEDS_ATTENTION: _("Waiting for the operator"),
}
RUN_STATES: Mapping[str, Any] = {
    RunState.QUEUED: _("queued"),
    RunState.RUNNING: _("running"),
    RunState.WAITING: _("goes on shortly"),
    RunState.HEALTHY: _("healthy"),
    RunState.HELD: _("held"),
    RunState.FAILED: _("failed"),
}
MODES: Mapping[str, Any] = {
    Mode.AVAILABILITY: _("seats"),
    Mode.CHANGES: _("changes"),
    Mode.FULL: _("everything"),
    Mode.WANTED: _("on a hook's call"),
}
_SYMBOLS = {
    Availability.AVAILABLE: "○",
    Availability.FEW: "◔",
    Availability.SOLDOUT: "●",
    Availability.NOT_ON_SALE: "◌",
}


@dataclass(frozen=True, slots=True)
class Badge:
    """A state in a word, with a symbol so that colour is never all there is. *look* is its style's name."""

    look: str
    symbol: str
    label: Any


def availability_badge(word: str) -> Badge | None:
    """How tickets stand; None where nobody knows."""
    symbol = _SYMBOLS.get(Availability(word))
    return Badge(word, symbol, AVAILABILITY[word]) if symbol else None


def state_badge(state: str) -> Badge | None:
    """What befell a showing or an event; None for one that simply takes place."""
    return {
        "withdrawn": Badge("withdrawn", "∅", _("Withdrawn")),
        "cancelled": Badge("cancelled", "✕", _("Cancelled")),
        "moved": Badge("moved", "↷", _("Moved")),
    }.get(state)


def tag_label(tag: str) -> Any:
    """A tag in words; one that is not in the list is shown as upstream wrote it."""
    return TAGS.get(tag) or tag.replace("_", " ").capitalize()
