"""What the environment may say, read once and refused loudly.

Every name goes through ``Reader``, which remembers it, so that the documentation can be held to the code. Provider
variables (``PROVIDER_…``) are not read here but by ``providers.registry``. ``values`` checks single values and
``files`` holds the little that touches the disk. No message repeats a value that may hold a secret.
"""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from aggregator.environment import values as v
from aggregator.provider import ConfigurationError


def refuse(problem: Exception) -> NoReturn:
    """End the process with exit code 2 and the one line ``marquee: <VARIABLE>: <sentence>`` on stderr."""
    line = " ".join(str(problem).split())
    print(f"marquee: {line}", file=sys.stderr, flush=True)
    raise SystemExit(2)


@dataclass(frozen=True)
class Environment:
    """Everything that the environment decides, checked."""

    debug: bool
    demo: bool
    port: int
    var_dir: Path
    database: v.Database | None
    redis_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    token_keys: tuple[str, ...] = field(repr=False)
    site_url: str
    allowed_hosts: tuple[str, ...]
    csrf_trusted_origins: tuple[str, ...]
    trusted_proxies: tuple[v.Network, ...]
    email: v.Email
    default_from_email: str
    operator_email: str
    throttle_anon: str
    map_tiles_url: str
    image_disk_mb: int


@dataclass
class Reader:
    """Reads names out of *values* and remembers which; an empty value counts as unset."""

    values: Mapping[str, str]
    names: set[str] = field(default_factory=set)

    def text(self, name: str, default: str = "") -> str:
        """The stripped value or *default*."""
        self.names.add(name)
        return self.values.get(name, "").strip() or default

    def flag(self, name: str) -> bool:
        """``1 true yes on`` or ``0 false no off``; unset is no."""
        value = self.text(name, "0").lower()
        if value in {"1", "true", "yes", "on"}:
            return True
        if value in {"0", "false", "no", "off"}:
            return False
        raise ConfigurationError(name, "this must be 1 or 0")

    def number(self, name: str, default: int, low: int, high: int) -> int:
        """A whole number from *low* to *high*."""
        value = self.text(name, str(default))
        if not re.fullmatch(r"[0-9]{1,9}", value) or not low <= int(value) <= high:
            raise ConfigurationError(name, f"this must be a whole number from {low} to {high}")
        return int(value)

    def words(self, name: str) -> tuple[str, ...]:
        """Words separated by commas or spaces, in their order, each once."""
        return tuple(dict.fromkeys(self.text(name).replace(",", " ").split()))


def read(values: Mapping[str, str], base: Path) -> Environment:
    """All settings out of *values*; *base* is what a relative path is relative to.

    Raises ``ConfigurationError`` for the first wrong one. Touches no file and no network.
    """
    return _read(Reader(values), base)


def names() -> frozenset[str]:
    """Every variable that is read, whatever the others say."""
    reader = Reader({})
    _read(reader, Path("/"))
    return frozenset(reader.names) | {"ENV_FILE"}


def _read(reader: Reader, base: Path) -> Environment:
    debug, demo = reader.flag("DEBUG"), reader.flag("DEMO")
    port = reader.number("PORT", 8000, 1, 65535)
    database = v.parse_database(reader.text("DATABASE_URL"), base)
    site_url = v.parse_site_url(reader.text("SITE_URL", f"http://localhost:{port}"))
    v.check_demo(demo, database)
    return Environment(
        debug=debug,
        demo=demo,
        port=port,
        var_dir=base / reader.text("VAR_DIR", "var"),
        database=database,
        redis_url=v.parse_redis(reader.text("REDIS_URL")),
        secret_key=v.parse_secret_key(reader.text("SECRET_KEY"), required=database is not None),
        token_keys=v.parse_token_keys(reader.words("TOKEN_KEYS"), required=database is not None),
        site_url=site_url,
        allowed_hosts=v.parse_hosts(reader.words("ALLOWED_HOSTS"), site_url),
        csrf_trusted_origins=v.parse_origins(reader.words("CSRF_TRUSTED_ORIGINS")),
        trusted_proxies=v.parse_networks(reader.words("TRUSTED_PROXIES")),
        email=v.parse_email_url(reader.text("EMAIL_URL", "console:")),
        default_from_email=v.parse_address("DEFAULT_FROM_EMAIL", reader.text("DEFAULT_FROM_EMAIL"))
        or "Marquee <marquee@localhost>",
        operator_email=v.parse_address("OPERATOR_EMAIL", reader.text("OPERATOR_EMAIL")),
        throttle_anon=v.parse_rate(reader.text("THROTTLE_ANON", "off" if demo else "600/min")),
        map_tiles_url=v.parse_tiles(reader.text("MAP_TILES_URL")),
        image_disk_mb=reader.number("IMAGE_DISK_MB", 5000, 50, 100_000_000),
    )
