"""Criteria as the query string that asks for them."""

from typing import Any
from urllib.parse import urlencode

from aggregator.search.criteria import Criteria


def query(criteria: Criteria, **changed: Any) -> str:
    """The query string that asks for *criteria* with some of its values replaced; None removes one, "" for
    nothing.
    """
    near = criteria.near
    values: dict[str, Any] = {
        "q": criteria.texts,
        "provider": criteria.providers,
        "from": criteria.start,
        "to": criteria.end,
        "city": criteria.cities,
        "country": criteria.countries,
        "category": criteria.categories,
        "venue": criteria.venues,
        "festival": criteria.festivals,
        "section": criteria.sections,
        "kind": criteria.kinds,
        "language": criteria.languages,
        "availability": criteria.availability,
        "free": ["true" if free else "false" for free in criteria.free],
        "near": f"{near.latitude:g},{near.longitude:g}" if near else None,
        "radius": f"{near.radius_km:g}" if near else None,
        "ordering": criteria.ordering or None,
    }
    values |= changed
    given = {name: value for name, value in values.items() if value not in (None, (), [])}
    return f"?{encoded}" if (encoded := urlencode(given, doseq=True)) else "?"
