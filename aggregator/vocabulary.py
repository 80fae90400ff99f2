"""Closed word lists. Database checks, records, pages and the API all read their words from here.

Each list is a ``StrEnum``: its members are the stored words. What a word looks like to a visitor is a matter of
templates and translations, not of this module.
"""

from enum import StrEnum


class Kind(StrEnum):
    """The kinds of listing row that a provider can publish; the word stands in URLs, feeds and provenance."""

    FESTIVAL = "festival"
    SECTION = "section"
    FILM = "film"
    SELECTION = "selection"
    EVENT = "event"
    SHOWING = "showing"
    VENUE = "venue"
    ORGANISATION = "organisation"
    PERSON = "person"
    CATEGORY = "category"
    TERM = "term"
    IMAGE = "image"


class Availability(StrEnum):
    """Tickets of a showing. FEW means at most 10 seats or at most a tenth of the house."""

    AVAILABLE = "available"
    FEW = "few"
    SOLDOUT = "soldout"
    NOT_ON_SALE = "not_on_sale"
    UNKNOWN = "unknown"


class Status(StrEnum):
    """What upstream says about an event or a showing. Moved and withdrawn are derived from the row's own columns."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"


class Precision(StrEnum):
    """How much of a showing's start and end is meant."""

    EXACT = "exact"
    DATE = "date"
    ALL_DAY = "all_day"
    RUN = "run"


class ShowingKind(StrEnum):
    """What takes place."""

    SCREENING = "screening"
    CONCERT = "concert"
    STAGE = "stage"
    RUN = "run"
    OPENING = "opening"
    TALK = "talk"
    PARTY = "party"
    OTHER = "other"


class CoordinatePrecision(StrEnum):
    """How well a venue's coordinates are known."""

    EXACT = "exact"
    CITY = "city"
    UNKNOWN = "unknown"


class OrganisationKind(StrEnum):
    """What an organisation does."""

    ORGANISER = "organiser"
    AGENCY = "agency"
    OTHER = "other"


class ImageRole(StrEnum):
    """What a picture shows of its owner."""

    STILL = "still"
    POSTER = "poster"
    PORTRAIT = "portrait"
    LOGO = "logo"
    OTHER = "other"


class CategoryScheme(StrEnum):
    """Which closed list a category comes from."""

    TYPE = "type"
    STYLE = "style"
    TAG = "tag"


class CreditRole(StrEnum):
    """What a person did for a film or does in an event."""

    DIRECTOR = "director"
    CAST = "cast"
    SCRIPT = "script"
    PRODUCER = "producer"
    CINEMATOGRAPHY = "cinematography"
    MUSIC = "music"
    PERFORMER = "performer"
    HEADLINER = "headliner"
    ARTIST = "artist"
    SPEAKER = "speaker"
    OTHER = "other"


class Mode(StrEnum):
    """What a run sets out to do; a provider's schedules name one each.

    AVAILABILITY asks for seats and late changes, CHANGES for everything that upstream calls changed, FULL for
    everything there is, and only FULL and CHANGES may complete a scope and so withdraw. WANTED brings the documents
    that a hook asked for; it is never scheduled.
    """

    AVAILABILITY = "availability"
    CHANGES = "changes"
    FULL = "full"
    WANTED = "wanted"


class RunState(StrEnum):
    """Where an ingest run is. QUEUED and WAITING are due at ``due_at``; the last three are ends."""

    QUEUED = "queued"
    RUNNING = "running"
    WAITING = "waiting"
    HEALTHY = "healthy"
    HELD = "held"
    FAILED = "failed"


class SourceState(StrEnum):
    """How a provider is doing."""

    IDLE = "idle"
    RUNNING = "running"
    BACKING_OFF = "backing_off"
    PAUSED = "paused"
    NEEDS_ATTENTION = "needs_attention"


class LinkedKind(StrEnum):
    """What can stand at an end of a link between rows: four kinds of row, and a name in a credit, which is none."""

    FILM = "film"
    EVENT = "event"
    VENUE = "venue"
    PERSON = "person"
    CREDIT = "credit"


class LinkState(StrEnum):
    """What is thought of a link between two rows. The last two are a person's decisions and are never overwritten."""

    CANDIDATE = "candidate"
    LINKED = "linked"
    SAME = "same"
    DIFFERENT = "different"


class ChangeAction(StrEnum):
    """What happened to an object. After WITHDRAWN, HIDDEN and FORGOTTEN it is in no list, after the others it is.

    SEATS is for availability, seats and shop links alone, at most once in 15 minutes a showing.
    """

    CREATED = "created"
    UPDATED = "updated"
    SEATS = "seats"
    WITHDRAWN = "withdrawn"
    HIDDEN = "hidden"
    FORGOTTEN = "forgotten"
    RESTORED = "restored"


class EndpointState(StrEnum):
    """Whether an outgoing webhook is sent: PAUSED by its owner, DISABLED because the other side does not take it."""

    ACTIVE = "active"
    PAUSED = "paused"
    DISABLED = "disabled"


class DeliveryState(StrEnum):
    """Where an outgoing delivery is. WAITING is due at ``due_at``; the others are ends, but for a replay."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


FEW_SEATS = 10
FEW_SHARE = 0.1


def availability_of(free: int | None, total: int | None) -> Availability:
    """The word for a seat count: *free* seats of *total*, either unknown as None.

    It does not know whether the sale has opened; the caller says NOT_ON_SALE itself.
    """
    if free is None:
        return Availability.UNKNOWN
    if free <= 0:
        return Availability.SOLDOUT
    if free <= FEW_SEATS or (total and free <= total * FEW_SHARE):
        return Availability.FEW
    return Availability.AVAILABLE
