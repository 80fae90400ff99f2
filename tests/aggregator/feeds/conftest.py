"""Feeds at a fixed time: Sunday 22 November 2026, 16:00 in Stockholm."""

import pytest


@pytest.fixture(autouse=True)
def _at_a_fixed_time(monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.factories import NOW  # models cannot be imported before Django is set up

    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
