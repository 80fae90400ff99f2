"""Pages at a fixed time: Sunday 22 November 2026, 16:00 in Stockholm."""

from collections.abc import Callable

import pytest
from django.test import Client

Page = Callable[..., str]


@pytest.fixture(autouse=True)
def _at_a_fixed_time(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.factories import NOW  # models cannot be imported before Django is set up

    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)


@pytest.fixture
def page(client: Client) -> Page:
    """The HTML of an address that answers 200, asked for in a language (English)."""

    def get(path: str, language: str = "en") -> str:
        response = client.get(path, headers={"accept-language": language})
        assert response.status_code == 200, (path, response.status_code)
        return response.content.decode()

    return get
