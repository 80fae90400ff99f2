"""How often one key or one address may ask, and how it is told."""

import hashlib
import logging
import time
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv6Address, ip_address, ip_network

import redis
from django.conf import settings

from aggregator.counting import counters

logger = logging.getLogger(__name__)

#: A key may ask so many times as often as an address without one.
KEY_MULTIPLE = 10

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


@dataclass(frozen=True, slots=True)
class Rate:
    """So many requests in so many seconds, under the name that headers give it."""

    policy: str
    requests: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a rate after this request; *reset* is when it is whole again, in seconds from now."""

    rate: Rate
    left: int
    reset: int
    granted: bool

    def headers(self) -> dict[str, str]:
        """The IETF draft's fields, those in common use, and when to come back."""
        rate = self.rate
        said = {
            "RateLimit-Policy": f'"{rate.policy}";q={rate.requests};w={rate.seconds}',
            "RateLimit": f'"{rate.policy}";r={self.left};t={self.reset}',
            "RateLimit-Limit": str(rate.requests),
            "RateLimit-Remaining": str(self.left),
            "RateLimit-Reset": str(self.reset),
        }
        return said if self.granted else {**said, "Retry-After": str(self.reset)}


def rate_of(*, keyed: bool) -> Rate | None:
    """The rate for requests with or without a key; None where nobody is limited."""
    number, seconds = _parsed(settings.THROTTLE_ANON)
    if not number:
        return None
    return Rate("key", number * KEY_MULTIPLE, seconds) if keyed else Rate("anonymous", number, seconds)


@cache
def _parsed(text: str) -> tuple[int, int]:
    """``600/min`` as (600, 60); (0, 1) for no limit."""
    number, _, unit = text.partition("/")
    return (int(number), _SECONDS[unit[0]]) if number else (0, 1)


def spend(who: str, rate: Rate) -> Allowance | None:
    """Count one request of *who*. None, which lets it pass, where the counters cannot be reached."""
    now = time.time()
    until = (int(now) // rate.seconds + 1) * rate.seconds
    try:
        count = counters().hit(f"{rate.policy}.{who}", until)
    except (OSError, redis.RedisError) as error:
        logger.warning("requests are not limited: %s", type(error).__name__)
        return None
    return Allowance(
        rate, max(0, rate.requests - count), max(1, int(until - now + 0.999)), count <= rate.requests
    )


def name_of_address(address: str) -> str:
    """A name for a visitor's *address* that does not give it away. Whoever has IPv6 has a whole network of it."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        parsed = None
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    whole = ip_network((parsed, 64), strict=False) if isinstance(parsed, IPv6Address) else parsed or address
    key = hashlib.sha256(b"marquee throttle\0" + settings.SECRET_KEY.encode()).digest()
    return hashlib.blake2b(str(whole).encode(), key=key, digest_size=12).hexdigest()
