"""What is going to end says so in its answers and in the schema, long enough before."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client, RequestFactory

from aggregator.api import views
from aggregator.api.deprecations import NOTICE, Deprecation
from aggregator.api.schema import Described

pytestmark = pytest.mark.django_db
FAR = date(2999, 1, 1)
ENDING = Deprecation(FAR - NOTICE, FAR, "Use /events/ instead.")


def answered(deprecation: Deprecation) -> Any:
    return views.Index.as_view(deprecation=deprecation)(RequestFactory().get("/api/v1/"))


def test_its_answers_say_when_it_ends() -> None:
    response = answered(ENDING)
    assert response.status_code == 200
    assert response["Sunset"] == "Tue, 01 Jan 2999 00:00:00 GMT"
    assert response["Deprecation"] == "@32456592000"
    assert 'rel="service-doc"' in response["Link"]
    assert '#deprecation>; rel="deprecation"' in response["Link"]


def test_on_its_day_it_is_gone() -> None:
    response = answered(Deprecation(date(2020, 1, 1), date(2021, 1, 1), "Use /events/ instead."))
    assert response.status_code == 410
    assert b"Use /events/ instead." in response.content


def test_it_is_marked_in_the_schema() -> None:
    schema = Described()
    schema.view = views.Index(deprecation=ENDING)  # type: ignore[misc]
    operation: Any = schema.get_operation("/api/v1/", "", "", "GET", None)  # type: ignore[arg-type]
    assert operation["deprecated"] is True
    assert operation["description"].startswith(
        "Deprecated since 2998-07-05; ends on 2999-01-01. Use /events/"
    )


def test_nothing_ends_without_notice() -> None:
    with pytest.raises(ValueError, match="180 days"):
        Deprecation(FAR - NOTICE + timedelta(days=1), FAR, "")


def test_the_reference_says_what_stays(client: Client) -> None:
    page = client.get("/api/v1/docs/").content.decode()
    assert 'id="deprecation"' in page
    assert "at least 180 days" in page
    assert "Sunset" in page
    assert "Nothing is deprecated at the moment." in page
