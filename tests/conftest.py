"""What all tests stand on: an environment of their own, a database file per process, and the services there are.

Nothing of the caller's environment reaches the settings but ``TEST_DATABASE`` (``sqlite``, the default, or
``postgres``), ``PGURL``, ``TEST_REDIS_URL``, ``TEST_LONG``, ``REQUIRE_SERVICES`` and ``HYPOTHESIS_PROFILE``.
"""

import json
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent
# Recordings and contracts that are no part of the project; tests that need them skip where they are absent.
SHARED = ROOT.parent / "shared"

DATABASE = os.environ.get("TEST_DATABASE", "sqlite")
LONG = os.environ.get("TEST_LONG") == "1"
REQUIRE_SERVICES = os.environ.get("REQUIRE_SERVICES") == "1"
PGURL = os.environ.get("PGURL", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

SECRET_KEY = "no-secret-but-long-enough-for-the-tests"
TOKEN_KEY = "bm8tc2VjcmV0LWJ1dC10aGlydHktdHdvLWJ5dGVzISE="

_SETTINGS = frozenset(
    {
        "ALLOWED_HOSTS",
        "CSRF_TRUSTED_ORIGINS",
        "DATABASE_URL",
        "DEFAULT_FROM_EMAIL",
        "DEMO",
        "EMAIL_URL",
        "IMAGE_DISK_MB",
        "MAP_TILES_URL",
        "OPERATOR_EMAIL",
        "PORT",
        "REDIS_URL",
        "SECRET_KEY",
        "SITE_URL",
        "THROTTLE_ANON",
        "TOKEN_KEYS",
        "TRUSTED_PROXIES",
        "VAR_DIR",
    }
)


def _worker() -> int:
    """The number of this xdist process; 0 for the first and for a run without."""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


def _prepare_environment() -> None:
    """Before the settings are loaded: forget the caller's, keep all data in a folder that the run removes."""
    for name in [name for name in os.environ if name in _SETTINGS or name.startswith("PROVIDER_")]:
        del os.environ[name]
    if "MARQUEE_TEST_HOME" not in os.environ:
        os.environ["MARQUEE_TEST_HOME"] = tempfile.mkdtemp(prefix="marquee-tests-")
        os.environ["MARQUEE_TEST_RUN"] = str(os.getpid())
    home = Path(os.environ["MARQUEE_TEST_HOME"]) / f"worker{_worker()}"
    os.environ.update(
        DJANGO_SETTINGS_MODULE="aggregator.settings",
        ENV_FILE="",
        VAR_DIR=str(home),
        DEBUG="1",
        THROTTLE_ANON="off",
        EMAIL_URL=f"file://{home}/mail",
    )
    if DATABASE == "postgres":
        os.environ.update(DATABASE_URL=PGURL, SECRET_KEY=SECRET_KEY, TOKEN_KEYS=TOKEN_KEY)
        os.environ["REDIS_URL"] = f"{REDIS}/{15 - _worker() % 8}"


_prepare_environment()

hypothesis.settings.register_profile("small", deadline=None, max_examples=30)
hypothesis.settings.register_profile("large", deadline=None, max_examples=1000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "large" if LONG else "small"))


# Services --------------------------------------------------------------------------------------------------


def _answers(url: str, port: int) -> bool:
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "127.0.0.1", parts.port or port), timeout=2):
            return True
    except OSError:
        return False


def absent_services() -> dict[str, str]:
    """Mark → why nothing marked with it can run here."""
    absent = {}
    if not _answers(PGURL, 5432):
        absent["needs_postgres"] = "PostgreSQL does not answer at PGURL (default 127.0.0.1:5432)"
    if not _answers(REDIS, 6379):
        absent["needs_redis"] = "Redis does not answer at TEST_REDIS_URL (default 127.0.0.1:6379)"
    if CHROMIUM is None:
        absent["needs_chromium"] = "there is no chromium on the PATH"
    return absent


def pytest_configure(config: pytest.Config) -> None:
    """Give the run a test database of its own, so that two runs at once do not meet."""
    from django.conf import settings

    default = settings.DATABASES["default"]  # loads the settings, after which pytest-django sets Django up
    if DATABASE == "postgres":
        default["TEST"] = {
            **default.get("TEST", {}),
            "NAME": f"test_marquee_{os.environ['MARQUEE_TEST_RUN']}",
        }
    # A real hash takes a third of a second on purpose.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    config.stash[ABSENT] = absent_services()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Before processes are started: with the name of the settings in their environment, pytest-django would load these
    before ``_prepare_environment`` gave each its own folder, and all of them would share one cache.
    """
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)


ABSENT: pytest.StashKey[dict[str, str]] = pytest.StashKey()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave ``long`` tests to ``make test-long``, and what is about one database to the run on that one."""
    foreign = "only_postgres" if DATABASE == "sqlite" else "only_sqlite"
    unwanted = {foreign} if LONG else {foreign, "long"}
    out = [item for item in items if any(item.get_closest_marker(mark) for mark in unwanted)]
    if out:
        config.hook.pytest_deselected(items=out)
        dropped = set(out)
        items[:] = [item for item in items if item not in dropped]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs an absent service, or fail it under ``REQUIRE_SERVICES=1``."""
    for mark, reason in item.config.stash[ABSENT].items():
        if item.get_closest_marker(mark):
            if REQUIRE_SERVICES:
                pytest.fail(reason, pytrace=False)
            pytest.skip(reason)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what was left out and why; ``python -m tests`` reads it in ``TEST_REPORT`` for its last lines."""
    stats = terminalreporter.stats
    left_out: dict[str, int] = {}
    for report in stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reason = reason.removeprefix("Skipped: ")
        left_out[reason] = left_out.get(reason, 0) + 1
    for reason, count in sorted(left_out.items()):
        terminalreporter.write_line(f"left out: {count} on {DATABASE}: {reason}")
    path = os.environ.get("TEST_REPORT")
    if path:
        counts = {
            "passed": len(stats.get("passed", [])) + len(stats.get("xfailed", [])),
            "failed": len(stats.get("failed", [])) + len(stats.get("error", [])),
            "skipped": len(stats.get("skipped", [])),
        }
        Path(path).write_text(json.dumps({"counts": counts, "left_out": left_out}), encoding="utf-8")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the run's folder, once, by the process that made it."""
    if os.environ.get("MARQUEE_TEST_RUN") == str(os.getpid()):
        shutil.rmtree(os.environ["MARQUEE_TEST_HOME"], ignore_errors=True)


# Fixtures --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of recordings beside the repository."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared with the recordings is absent")
    return SHARED


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    """No test sees what another left in the cache, or waiting to be indexed."""
    yield
    from django.core.cache import caches

    for name in caches:
        caches[name].clear()
    if (factories := sys.modules.get("tests.factories")) is not None:
        factories.forget_unindexed()


@pytest.fixture
def process_environ() -> Mapping[str, str]:
    """The environment for a child process that shall work on this test's database, broker and cache.

    Use it with ``@pytest.mark.django_db(transaction=True)``: another process sees only what is committed.
    """
    from django.db import connection

    name = connection.settings_dict["NAME"]
    url = f"sqlite:///{name}" if connection.vendor == "sqlite" else PGURL.rsplit("/", 1)[0] + f"/{name}"
    return {**os.environ, "DATABASE_URL": url, "SECRET_KEY": SECRET_KEY, "TOKEN_KEYS": TOKEN_KEY}


@pytest.fixture(scope="session")
def bare_environ() -> Mapping[str, str]:
    """What a child process needs to start at all: no setting, no ``.env``."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "ENV_FILE": "", "PYTHONDONTWRITEBYTECODE": "1"}


PYTHON = sys.executable
