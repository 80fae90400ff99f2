"""The Standard Webhooks conventions: what is sent, and how it is signed."""

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from aggregator.addresses import absolute, api_path
from aggregator.changes import PLURALS
from aggregator.models import Delivery
from aggregator.vocabulary import Kind

BEGINNING = "whsec_"


def new_secret() -> str:
    """A signing secret: 256 random bits, as the conventions write them."""
    return BEGINNING + base64.b64encode(secrets.token_bytes(32)).decode()


def sealed(secret: str) -> str:
    """*secret* as it rests in the database, under the first of ``TOKEN_KEYS``."""
    return _keys().encrypt(secret.encode()).decode("ascii")


def unsealed(rested: str) -> str:
    """The secret behind *rested*; any of ``TOKEN_KEYS`` will do. Raises ``LookupError`` where none does."""
    try:
        return _keys().decrypt(rested.encode("ascii")).decode()
    except InvalidToken:
        raise LookupError("no key of TOKEN_KEYS opens the secret of a webhook") from None


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.TOKEN_KEYS])


def body_of(delivery: Delivery) -> bytes:
    """What is sent: ids and a link. The same bytes in every attempt."""
    at = delivery.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if not delivery.kind:
        body: dict[str, object] = {"type": "test", "timestamp": at, "data": {}}
    else:
        kind = PLURALS[Kind(delivery.kind)]
        data = {
            "cursor": delivery.cursor,
            "kind": kind,
            "id": delivery.row,
            "action": delivery.action,
            "at": at,
            "provider": delivery.provider,
            "url": absolute(api_path(kind, delivery.row)),
        }
        body = {"type": f"{kind}.{delivery.action}", "timestamp": at, "data": data}
    return json.dumps(body, separators=(",", ":")).encode()


def headers_of(message: str, body: bytes, secrets: Sequence[str], now: datetime) -> Mapping[str, str]:
    """The three headers that a receiver checks; one signature for each of *secrets*."""
    stamp = str(int(now.timestamp()))
    content = b".".join((message.encode(), stamp.encode(), body))
    signatures = [
        hmac.new(base64.b64decode(secret.removeprefix(BEGINNING)), content, hashlib.sha256).digest()
        for secret in secrets
    ]
    return {
        "Content-Type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{base64.b64encode(each).decode()}" for each in signatures),
    }
