"""Criteria to results: the one way in which site, API, feeds and planner find rows.

``read_criteria`` turns a query string into ``Criteria``; the functions named here turn ``Criteria`` into rows and
numbers. What lies behind them is nobody else's affair.
"""

from aggregator.search.criteria import BadValue, Criteria, Near, read_criteria
from aggregator.search.everything import Group, Hit, search_everything
from aggregator.search.facets import Facets, FacetValue, Relaxation, facets, relaxations
from aggregator.search.listings import (
    find_categories,
    find_festivals,
    find_films,
    find_organisations,
    find_sections,
    find_venues,
)
from aggregator.search.people import find_people
from aggregator.search.showings import count, find_events, find_showings, not_placed
from aggregator.search.suggest import did_you_mean

__all__ = [
    "BadValue",
    "Criteria",
    "FacetValue",
    "Facets",
    "Group",
    "Hit",
    "Near",
    "Relaxation",
    "count",
    "did_you_mean",
    "facets",
    "find_categories",
    "find_events",
    "find_festivals",
    "find_films",
    "find_organisations",
    "find_people",
    "find_sections",
    "find_showings",
    "find_venues",
    "not_placed",
    "read_criteria",
    "relaxations",
    "search_everything",
]
