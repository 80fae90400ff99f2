"""Secrets at rest: tokens and card numbers, encrypted with ``TOKEN_KEYS``.

The first key encrypts, all of them decrypt, so that a key is changed by putting a new one in front, rotating, and
taking the old one away.
"""

import hmac
from functools import lru_cache
from hashlib import sha256

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from planner.models import Card, Link


class Unreadable(Exception):
    """What is stored was encrypted with a key that ``TOKEN_KEYS`` no longer holds."""


@lru_cache(maxsize=4)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def seal(secret: str) -> str:
    """*secret* as it may be stored."""
    return _box(tuple(settings.TOKEN_KEYS)).encrypt(secret.encode()).decode("ascii")


def unseal(stored: str) -> str:
    """What was sealed. Raises ``Unreadable``."""
    try:
        return _box(tuple(settings.TOKEN_KEYS)).decrypt(stored.encode("ascii")).decode()
    except (InvalidToken, UnicodeError):
        pass
    raise Unreadable


def digest(secret: str) -> str:
    """The same for the same *secret* and useless without our key; for telling whether two are equal."""
    return hmac.new(settings.SECRET_KEY.encode(), secret.encode(), sha256).hexdigest()


def rotate() -> tuple[int, int]:
    """Encrypt everything anew with the first key, row by row; gives how many were, and how many are unreadable.

    A row that changes meanwhile is left alone: what is stored now is sealed with the first key anyway.
    """
    done = lost = 0
    for model, columns in ((Link, ("access_token", "refresh_token")), (Card, ("number",))):
        for row in model.objects.values("pk", *columns).iterator():
            pk = row.pop("pk")
            try:
                anew = {name: stored and seal(unseal(stored)) for name, stored in row.items()}
            except Unreadable:
                lost += 1
                continue
            done += model.objects.filter(pk=pk, **row).update(**anew)
    return done, lost
