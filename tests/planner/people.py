"""People with accounts here."""

from typing import Any

from django.contrib.auth import get_user_model


def make_person(name: str = "alice") -> Any:
    """Somebody who never needs a password in a test."""
    return get_user_model().objects.create(username=name, email=f"{name}@example.org")
