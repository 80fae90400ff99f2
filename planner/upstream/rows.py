"""The festival's rows as plain values. Pure; upstream content is hostile: whatever cannot be read is None."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from planner.upstream import fields
from planner.vocabulary import Side

_ID = re.compile(r"[A-Za-z0-9_:.-]{1,100}")
CARD_NUMBER = re.compile(r"[A-Za-z0-9]{4,40}")
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class EventRow:
    """A showing as the festival's answer has it. *work* names its film or party as our listing does."""

    id: str
    titles: Mapping[str, str]
    starts_at: datetime | None
    work: str
    venue: str
    venue_name: str


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row of *myfestival*."""

    event: EventRow
    side: Side


@dataclass(frozen=True, slots=True)
class TicketRow:
    """A ticket; *key* is the festival's id of it."""

    key: str
    event: EventRow


@dataclass(frozen=True, slots=True)
class CardRow:
    """A membership card."""

    number: str = field(repr=False)
    kinds: Mapping[str, str]
    begins_at: datetime | None
    ends_at: datetime | None
    registered_at: datetime | None


def read_event(row: object, festival: str = "") -> EventRow | None:
    """The event in a row; None where not even its id can be read."""
    if not isinstance(row, Mapping):
        return None
    identifier = _identifier(row.get(fields.EVENT_ID))
    if not identifier:
        return None
    film, party = _identifier(row.get(fields.FILM_ID)), _identifier(row.get(fields.PARTY_ID))
    work = f"party:{party}" if party and party != "0" else f"event:{identifier}"
    if film and film != "0":
        work = f"film:{film}:{festival}"
    return EventRow(
        id=identifier,
        titles=_texts(row, fields.EVENT_NAMES),
        starts_at=_moment(row.get(fields.EVENT_START)),
        work=work,
        venue=_identifier(row.get(fields.VENUE_ID)),
        venue_name=_text(row.get(fields.VENUE_NAME)),
    )


def read_planned(row: object, festival: str) -> PlannedRow | None:
    """A row of *myfestival*; None where it cannot be read."""
    event = read_event(row, festival)
    if event is None or not isinstance(row, Mapping):
        return None
    has = _text(row.get(fields.HAVE_TICKET)).casefold() in {"true", "1", "yes"}
    return PlannedRow(event, Side.TICKET if has else Side.PLAIN)


def read_ticket(row: object) -> TicketRow | None:
    """A ticket; one without an id of its own goes by its event's."""
    event = read_event(row)
    if event is None or not isinstance(row, Mapping):
        return None
    return TicketRow(_identifier(row.get(fields.TICKET_ID)) or f"event:{event.id}", event)


def read_card(row: object) -> CardRow | None:
    """A card; None where its number is none."""
    if not isinstance(row, Mapping):
        return None
    number = _text(row.get(fields.CARD_NUMBER))
    if not CARD_NUMBER.fullmatch(number):
        return None
    return CardRow(
        number=number,
        kinds=_texts(row, fields.CARD_KINDS),
        begins_at=_moment(row.get(fields.CARD_BEGIN)),
        ends_at=_moment(row.get(fields.CARD_END)),
        registered_at=_moment(row.get(fields.CARD_REGISTERED)),
    )


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str | int):
        return ""
    kept = "".join(character for character in str(value)[:_LONGEST] if character.isprintable())
    return kept.strip()


def _identifier(value: object) -> str:
    text = _text(value)
    return text if _ID.fullmatch(text) else ""


def _texts(row: Mapping[str, object], names: Mapping[str, str]) -> dict[str, str]:
    texts = {language: _text(row.get(name)) for language, name in names.items()}
    return {language: text for language, text in texts.items() if text}


def _moment(value: object) -> datetime | None:
    text = _text(value)
    if not (text.isascii() and text.isdigit() and len(text) <= 11) or int(text) == 0:
        return None
    return datetime.fromtimestamp(int(text), UTC)
