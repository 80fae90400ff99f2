"""Reading rows quickly gives what Django gives."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aggregator.api.resources import RESOURCES
from aggregator.api.rows import fetched
from aggregator.models import Event
from aggregator.search.criteria import Criteria, Near
from tests import factories
from tests.aggregator.api.population import populate

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", RESOURCES)
def test_rows_are_those_that_django_gives(name: str) -> None:
    resource = RESOURCES[name]
    populate(3)
    found = resource.read(resource.visible().order_by("id"))
    expected = list(found.all())
    assert len(expected) >= 3
    assert fetched(found) == expected
    assert [list(row) for row in fetched(found)] == [list(row) for row in expected]
    assert [{key: type(value) for key, value in row.items()} for row in fetched(found[1:3])] == [
        {key: type(value) for key, value in row.items()} for row in expected[1:3]
    ]


def test_annotations_and_duplicates_come_along() -> None:
    populate(2)
    showings = RESOURCES["showings"]
    found = showings.read(showings.find(Criteria(near=Near(59.33, 18.06))))
    assert fetched(found) == list(found)
    assert all("distance_km" in row for row in fetched(found))
    films = RESOURCES["films"]
    festival = RESOURCES["festivals"].visible().order_by("id")[0]
    found = films.read(films.find(Criteria(festivals=(festival.pk,))).order_by("id"))
    assert fetched(found) == list(found) != []


def test_nothing_is_asked_for_where_nothing_can_be_found() -> None:
    factories.make_event()
    with CaptureQueriesContext(connection) as queries:
        assert fetched(Event.objects.filter(pk__in=[]).values("id")) == []
    assert len(queries) == 0
    assert fetched(Event.objects.filter(pk=-1).values("id", "titles")) == []
