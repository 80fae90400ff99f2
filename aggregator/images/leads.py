"""Which picture stands for a row in lists: its ``picture``, kept by ingest and by whoever hides or loses a picture."""

from collections.abc import Collection
from typing import Any

from django.db.models import Case, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from aggregator.models import Event, Festival, Film, Image, Organisation, Person, Venue
from aggregator.vocabulary import ImageRole, Kind

_MODELS: dict[Kind, Any] = {
    Kind.FESTIVAL: Festival,
    Kind.VENUE: Venue,
    Kind.ORGANISATION: Organisation,
    Kind.PERSON: Person,
    Kind.FILM: Film,
    Kind.EVENT: Event,
}
#: Kinds whose rows have a picture; an event's comes after its film's.
PICTURED = tuple(_MODELS)

_ROLES = (ImageRole.POSTER, ImageRole.PORTRAIT, ImageRole.STILL, ImageRole.OTHER, ImageRole.LOGO)
_BY_LOGO = (Kind.VENUE, Kind.ORGANISATION)


def _rank(kind: Kind) -> Case:
    order = sorted(_ROLES, key=lambda role: role != ImageRole.LOGO) if kind in _BY_LOGO else _ROLES
    whens = [When(role=role, then=Value(number)) for number, role in enumerate(order)]
    return Case(*whens, default=Value(len(order)), output_field=IntegerField())


def point(kind: Kind, ids: Collection[int], films: Collection[int] = ()) -> None:
    """Set ``picture`` of the rows *ids* of *kind*: one statement, and ``updated_at`` stays.

    The best picture that visitors may see, by role and position, one that could be fetched before one that could
    not. An event without one has its film's; *films* are films whose events are to follow them.
    """
    if not ids and not films:
        return
    mine = Image.objects.filter(**{f"{kind}_id": OuterRef("pk")}, withdrawn_at=None, hidden_at=None)
    broken = Case(
        When(~Q(failure="") & Q(content_hash=""), then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    ordered = mine.order_by(broken, _rank(kind), "position", "id")
    lead: Any = Subquery(ordered.values("pk")[:1])
    wanted = Q(pk__in=ids)
    if kind is Kind.EVENT:
        lead = Coalesce(lead, Subquery(Film.objects.filter(pk=OuterRef("film_id")).values("picture_id")[:1]))
        if films:
            wanted |= Q(film_id__in=films)
    _MODELS[kind].objects.filter(wanted).update(picture_id=lead)


def point_owner(image: Image) -> None:
    """The same for the one row that *image* belongs to, and for the events of a film."""
    kind = next(kind for kind in _MODELS if getattr(image, f"{kind}_id") is not None)
    row = getattr(image, f"{kind}_id")
    point(kind, [row])
    if kind is Kind.FILM:
        point(Kind.EVENT, (), [row])
