"""The operator, and somebody who may look and no more."""

from collections.abc import Callable

import pytest
from django.test import Client


@pytest.fixture
def operator(client: Client) -> Client:
    """A signed-in superuser."""
    from django.contrib.auth.models import User  # models cannot be imported before Django is set up

    client.force_login(User.objects.create(username="operator", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def onlooker() -> Callable[..., Client]:
    """A client of somebody who may view tables of the named kinds."""

    from django.contrib.auth.models import Permission, User

    def sign_in(*models: str) -> Client:
        user = User.objects.create(username="onlooker", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=[f"view_{one}" for one in models]))
        client = Client()
        client.force_login(user)
        return client

    return sign_in
