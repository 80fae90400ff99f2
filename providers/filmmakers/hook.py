"""Filmmakers' webhook: whether a call is theirs, and what it says. Pure; the moment comes with the call.

Source: the provider's documentation of webhooks. The event is never believed about the change: ``refresh`` asks the
API, whose answer decides.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from aggregator.provider import HookCall, HookEvent, HookRefused
from aggregator.vocabulary import Kind

HEADER: Final = "x-signature"
#: How long the key before the present one goes on signing.
OVERLAP: Final = timedelta(days=1)

_SCHEME: Final = "v1"
_ACTIONS: Final = {
    "actor_profile.updated": ("refresh", "profile"),
    "actor_profile.deleted": ("forget", str(Kind.PERSON)),
}
_HIGHEST_ID: Final = 10**15


def read(call: HookCall, config: Any) -> HookEvent:
    """The event in *call*. Raises ``HookRefused`` where the signature is not good or its time is too far off.

    A well-signed call of an unknown type, or of no shape at all, is an event to ignore. It does not look at what was
    delivered before.
    """
    stamp, signatures = _signature(call.headers.get(HEADER, ""))
    if not _is_near(stamp, call, config.hook_tolerance):
        raise HookRefused
    # Every combination is compared, so that the time taken says nothing about which one fitted.
    fits = False
    for key in _keys(call, config):
        expected = sign(key, stamp, call.body).encode()
        for signature in signatures:
            fits |= hmac.compare_digest(expected, signature.encode("utf-8", "replace"))
    if not fits:
        raise HookRefused
    return _event(call.body)


def sign(key: str, stamp: str, body: bytes) -> str:
    """64 hex digits over *stamp*, a dot and the raw *body*."""
    return hmac.new(key.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def _signature(header: str) -> tuple[str, list[str]]:
    """The stamp as received and every signature of the known scheme, of ``t=…, v1=…`` with or without the blank."""
    stamp, signatures = "", []
    for part in header.split(","):
        name, _, value = part.strip().partition("=")
        if name == "t":
            stamp = value
        elif name == _SCHEME:
            signatures.append(value)
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12) or not signatures:
        raise HookRefused
    return stamp, signatures


def _is_near(stamp: str, call: HookCall, tolerance: int) -> bool:
    return not tolerance or abs(call.received_at.timestamp() - int(stamp)) <= tolerance


def _keys(call: HookCall, config: Any) -> Iterator[str]:
    yield config.api_key.get_secret_value()
    previous = config.previous_api_key.get_secret_value()
    if previous and config.rotated_at and call.received_at < config.rotated_at + OVERLAP:
        yield previous


def _event(body: bytes) -> HookEvent:
    ignored = HookEvent(key=f"ignored:{hashlib.sha256(body).hexdigest()}", action="ignore")
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return ignored
    if not isinstance(content, dict) or not isinstance(content.get("data"), dict):
        return ignored
    profile, created, name = content["data"].get("id"), content.get("created"), content.get("type")
    if not isinstance(name, str) or name not in _ACTIONS:
        return ignored
    if not _is_number(profile) or not _is_number(created):
        return ignored
    action, kind = _ACTIONS[name]
    key = f"{name}:{profile}:{created}"
    if action == "forget":
        return HookEvent(key=key, action="forget", kind=kind, document=str(profile))
    return HookEvent(key=key, action="refresh", kind=kind, document=str(profile))


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < _HIGHEST_ID
