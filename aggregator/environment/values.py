"""Checks of single values. Pure: text in, a checked value out, or ``ConfigurationError`` with one sentence."""

import base64
import binascii
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from aggregator.provider import ConfigurationError

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

DATABASE_SCHEMES = ("sqlite", "postgres", "postgresql")
EMAIL_SCHEMES = ("console", "file", "smtp", "smtp+tls", "smtps")
RATE = re.compile(r"[1-9][0-9]{0,6}/(s|sec|second|m|min|minute|h|hour|d|day)")
HOST = re.compile(r"\*|\.?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]")
SECRET_LENGTH = 32


@dataclass(frozen=True)
class Database:
    """Where the rows live. *path* for SQLite, the rest for PostgreSQL."""

    vendor: str
    name: str
    host: str = ""
    port: int | None = None
    user: str = ""
    password: str = field(default="", repr=False)
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Email:
    """How mail leaves: ``console``, ``file`` (into *path*) or SMTP."""

    backend: str
    path: str = ""
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = field(default="", repr=False)
    use_tls: bool = False
    use_ssl: bool = False


def _split(name: str, value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port, parts.hostname
    except ValueError:
        raise ConfigurationError(name, "this is not a URL") from None
    if any(character.isspace() or ord(character) < 32 for character in value):
        raise ConfigurationError(name, "a URL holds no blanks")
    return parts


def parse_database(value: str, base: Path) -> Database | None:
    """``sqlite:///relative``, ``sqlite:////absolute``, ``postgres://user:password@host:port/name``; None for ""."""
    if not value:
        return None
    parts = _split("DATABASE_URL", value)
    if parts.scheme not in DATABASE_SCHEMES:
        raise ConfigurationError(
            "DATABASE_URL", "this must begin with sqlite:///, postgres:// or postgresql://"
        )
    name = unquote(parts.path.removeprefix("/"))
    if not name or name.endswith("/"):
        raise ConfigurationError("DATABASE_URL", "this names no database")
    if parts.scheme == "sqlite":
        if parts.netloc:
            raise ConfigurationError(
                "DATABASE_URL", "a SQLite path needs three slashes, or four when it is absolute"
            )
        if name == ":memory:":
            raise ConfigurationError("DATABASE_URL", "several processes cannot share a database in memory")
        return Database("sqlite", str(base / name))
    if "/" in name:
        raise ConfigurationError("DATABASE_URL", "a PostgreSQL database has no slash in its name")
    return Database(
        "postgresql",
        name,
        host=unquote(parts.hostname or ""),
        port=parts.port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        options=_database_options(parts.query),
    )


def _database_options(query: str) -> dict[str, str]:
    options: dict[str, str] = {}
    for pair in filter(None, query.split("&")):
        key, _, value = pair.partition("=")
        if key not in {"sslmode", "sslrootcert", "connect_timeout", "host"} or not value:
            raise ConfigurationError(
                "DATABASE_URL", "after the ? may stand sslmode, sslrootcert, connect_timeout and host"
            )
        options[key] = unquote(value)
    return options


def check_demo(demo: bool, database: Database | None) -> None:
    """Invented and real data never share a database: its name must say which it is."""
    if database is None:
        return
    name = Path(database.name).stem if database.vendor == "sqlite" else database.name
    if demo and "demo" not in name.lower():
        sentence = "the demo has its own database; unset DATABASE_URL, or name one with 'demo' in its name"
        raise ConfigurationError("DEMO", sentence)
    if not demo and "demo" in re.split(r"[^a-z0-9]+", name.lower()):
        sentence = "this names the demo's database, which holds invented data; choose another, or set DEMO=1"
        raise ConfigurationError("DATABASE_URL", sentence)


def parse_redis(value: str) -> str:
    """``redis://``, ``rediss://`` with a host, as it was; "" for ""."""
    if not value:
        return ""
    parts = _split("REDIS_URL", value)
    if parts.scheme not in {"redis", "rediss"} or not parts.hostname:
        raise ConfigurationError("REDIS_URL", "this must look like redis://host:6379/0")
    if not re.fullmatch(r"(/[0-9]{0,3})?", parts.path):
        raise ConfigurationError("REDIS_URL", "after the host stands the number of a Redis database")
    return value


def parse_secret_key(value: str, *, required: bool) -> str:
    """At least 32 characters; "" means that one is kept under ``VAR_DIR``."""
    if not value and required:
        raise ConfigurationError("SECRET_KEY", "this is required when DATABASE_URL is set")
    if value and len(value) < SECRET_LENGTH:
        raise ConfigurationError("SECRET_KEY", f"this must have at least {SECRET_LENGTH} characters")
    return value


def parse_token_keys(keys: tuple[str, ...], *, required: bool) -> tuple[str, ...]:
    """Fernet keys, the newest first."""
    if not keys and required:
        raise ConfigurationError("TOKEN_KEYS", "this is required when DATABASE_URL is set")
    for key in keys:
        try:
            good = len(base64.b64decode(key, altchars=b"-_", validate=True)) == 32
        except (binascii.Error, ValueError):
            good = False
        if not good:
            raise ConfigurationError("TOKEN_KEYS", "each key must be 32 bytes in URL-safe base64")
    return keys


def parse_site_url(value: str) -> str:
    """An origin, ``https://events.example``, without a slash at its end."""
    parts = _split("SITE_URL", value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigurationError("SITE_URL", "this must look like https://events.example")
    if parts.path not in {"", "/"} or parts.query or parts.fragment or parts.username is not None:
        raise ConfigurationError("SITE_URL", "this must hold a scheme and a host, and nothing after it")
    return f"{parts.scheme}://{parts.netloc}"


def parse_hosts(hosts: tuple[str, ...], site_url: str) -> tuple[str, ...]:
    """Names without scheme and port; the site's own and loopback always count."""
    for host in hosts:
        if not HOST.fullmatch(host):
            raise ConfigurationError("ALLOWED_HOSTS", "this must be host names, without scheme, port or path")
    own = urlsplit(site_url).hostname or "localhost"
    own = f"[{own}]" if ":" in own else own
    return tuple(dict.fromkeys((*hosts, own, "localhost", "127.0.0.1", "[::1]")))


def parse_origins(origins: tuple[str, ...]) -> tuple[str, ...]:
    """``https://host`` each, the host perhaps with a leading ``*.``."""
    for origin in origins:
        parts = _split("CSRF_TRUSTED_ORIGINS", origin)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path or parts.query:
            raise ConfigurationError("CSRF_TRUSTED_ORIGINS", "each must look like https://events.example")
    return origins


def parse_networks(words: tuple[str, ...]) -> tuple[Network, ...]:
    """Addresses and networks (``10.0.0.0/8``) whose forwarding headers are believed."""
    try:
        return tuple(ipaddress.ip_network(word) for word in words)
    except ValueError:
        raise ConfigurationError(
            "TRUSTED_PROXIES", "each must be an address or a network like 10.0.0.0/8"
        ) from None


def parse_email_url(value: str) -> Email:
    """``console:``, ``file:///folder``, ``smtp://…``, ``smtp+tls://…`` (STARTTLS), ``smtps://…`` (TLS)."""
    parts = _split("EMAIL_URL", value)
    if parts.scheme not in EMAIL_SCHEMES:
        raise ConfigurationError(
            "EMAIL_URL", "this must begin with console:, file:///, smtp://, smtp+tls:// or smtps://"
        )
    if parts.scheme == "console":
        return Email("console")
    if parts.scheme == "file":
        if parts.netloc or not parts.path.startswith("/"):
            raise ConfigurationError("EMAIL_URL", "a folder needs three slashes: file:///folder")
        return Email("file", path=unquote(parts.path))
    if not parts.hostname or parts.path not in {"", "/"}:
        raise ConfigurationError("EMAIL_URL", "this must look like smtp://user:password@host:port")
    if parts.username and parts.password is None:
        raise ConfigurationError("EMAIL_URL", "this has a user name but no password")
    usual = {"smtp": 25, "smtp+tls": 587, "smtps": 465}[parts.scheme]
    return Email(
        "smtp",
        host=parts.hostname,
        port=parts.port or usual,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_tls=parts.scheme == "smtp+tls",
        use_ssl=parts.scheme == "smtps",
    )


def parse_address(name: str, value: str) -> str:
    """``person@host`` or ``Name <person@host>``, as it was; "" for ""."""
    if value and not re.fullmatch(r"[^@\s<>]+@[^@\s<>]+", parseaddr(value)[1]):
        raise ConfigurationError(name, "this is not an e-mail address")
    return value


def parse_rate(value: str) -> str:
    """``600/min`` and the like, or "" for ``off``."""
    if value.lower() == "off":
        return ""
    if not RATE.fullmatch(value):
        raise ConfigurationError("THROTTLE_ANON", "this must look like 600/min, or be off")
    return value


def parse_tiles(value: str) -> str:
    """``https://host/{z}/{x}/{y}.png``; "" for no map."""
    if not value:
        return ""
    parts = _split("MAP_TILES_URL", value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigurationError("MAP_TILES_URL", "this must begin with https:// or http://")
    if not all(mark in value for mark in ("{z}", "{x}", "{y}")):
        raise ConfigurationError("MAP_TILES_URL", "this must hold {z}, {x} and {y}")
    return value


def django_database(database: Database, test_name: str) -> dict[str, Any]:
    """The entry of ``DATABASES``; *test_name* is the file or database that tests may destroy."""
    if database.vendor == "sqlite":
        return {
            "ENGINE": "aggregator.sqlite",
            "NAME": database.name,
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                # secure_delete: what is deleted is overwritten, or a forgotten name would stay in the file.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
                "PRAGMA secure_delete=ON",
            },
            "TEST": {"NAME": test_name},
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database.name,
        "HOST": database.host,
        "PORT": database.port or "",
        "USER": database.user,
        "PASSWORD": database.password,
        "OPTIONS": dict(database.options),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
