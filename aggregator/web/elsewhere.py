"""The same film, event, venue or person at another provider, as its page links to it."""

from typing import Any

from aggregator import identity
from aggregator.models import Event, Film, Listing, Person, Venue
from aggregator.vocabulary import Kind
from aggregator.web.attribution import Link, link_to
from aggregator.web.origins import provider_name

_KINDS: dict[type[Any], Kind] = {
    Film: Kind.FILM,
    Event: Kind.EVENT,
    Venue: Kind.VENUE,
    Person: Kind.PERSON,
}


def elsewhere(row: Listing, language: str) -> tuple[Link, ...]:
    """Pages of ours about what *row* is about too, each with its provider. A film's own events and an event's own film
    are left out: their pages lead to each other already.

    Four queries at most, one where there are no links.
    """
    found = identity.elsewhere(_KINDS[type(row)], row.provider, row.external_id)
    links = (_link(one, language) for one in found if not _belong_together(row, one))
    return tuple(link for link in links if link)


def _belong_together(one: Any, other: Any) -> bool:
    event, film = (one, other) if isinstance(one, Event) else (other, one)
    return isinstance(event, Event) and isinstance(film, Film) and event.film_id == film.pk


def works_of(person: Person, language: str) -> tuple[Link, ...]:
    """Films and events in which a name is this person's, as far as is known. Three queries at most."""
    links = (_link(one, language) for one in identity.works_of(person.provider, person.external_id))
    return tuple(link for link in links if link)


def _link(row: Any, language: str) -> Link | None:
    return link_to(_KINDS[type(row)], row, language, provider_name(row.provider))
