"""The settings as processes meet them: loud refusal, private files, strict headers, nothing shared with the demo."""

import json
import stat
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from django.test import Client

from tests.conftest import PYTHON, ROOT, SECRET_KEY, TOKEN_KEY

CHECK = [PYTHON, "manage.py", "check"]
REAL = {"DATABASE_URL": "postgres://m@h/marquee", "SECRET_KEY": SECRET_KEY, "TOKEN_KEYS": TOKEN_KEY}


@pytest.fixture
def environ(bare_environ: Mapping[str, str], tmp_path: Path) -> dict[str, str]:
    return {**bare_environ, "VAR_DIR": str(tmp_path / "var")}


def run(command: list[str], environ: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=ROOT, env=dict(environ), capture_output=True, text=True, timeout=60, check=False
    )


def settings_of(environ: Mapping[str, str], *names: str) -> dict[str, object]:
    """Some settings as a process with this environment sees them, as text or JSON's own types."""
    code = (
        "import json; from django.conf import settings; "
        f"print(json.dumps({{name: getattr(settings, name) for name in {list(names)!r}}}, default=str))"
    )
    done = run([PYTHON, "-c", code], {**environ, "DJANGO_SETTINGS_MODULE": "aggregator.settings"})
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize(
    "command",
    [
        CHECK,
        [PYTHON, "manage.py", "ingest"],
        [PYTHON, "manage.py", "run"],
        [PYTHON, "manage.py", "serve"],
        [PYTHON, "-m", "celery", "-A", "aggregator.celery", "worker"],
        [PYTHON, "-m", "celery", "-A", "aggregator.celery", "beat"],
        [PYTHON, "-m", "gunicorn", "-c", "gunicorn.conf.py", "aggregator.wsgi"],
    ],
    ids=["check", "ingest", "run", "serve", "worker", "beat", "web"],
)
def test_every_process_refuses_a_wrong_value_with_one_line(
    command: list[str], environ: dict[str, str]
) -> None:
    done = run(command, {**environ, "DATABASE_URL": "mysql://user:hunter2@host/db"})
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        "marquee: DATABASE_URL: this must begin with sqlite:///, postgres:// or postgresql://\n"
    )


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PROVIDER_NOBODY_API_KEY", "hunter2"),
        ("PROVIDER_SFF_NONSENSE", "hunter2"),
        ("PROVIDER_SFF_BASE_URL", "not a url"),
        ("PROVIDER_SFF_BASE_URL", "ftp://host/v1/"),
        ("PROVIDER_KULTURBILJETTER_BASE_URL", "https://"),
        ("VAR_DIR", "/proc/nowhere"),
    ],
)
def test_a_wrong_provider_or_folder_is_refused_the_same_way(
    variable: str, value: str, environ: dict[str, str]
) -> None:
    done = run(CHECK, {**environ, variable: value})
    assert done.returncode == 2
    assert done.stderr.startswith(f"marquee: {variable}: ")
    assert done.stderr.count("\n") == 1
    assert "hunter2" not in done.stderr


def test_without_any_setting_the_secrets_are_made_once_in_a_private_folder(environ: dict[str, str]) -> None:
    first = settings_of(environ, "SECRET_KEY", "TOKEN_KEYS")
    assert settings_of(environ, "SECRET_KEY", "TOKEN_KEYS") == first
    folder = Path(environ["VAR_DIR"])
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "broker").stat().st_mode) == 0o700
    for name in ("secret_key", "token_key"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600


def test_the_demo_shares_neither_rows_nor_messages_nor_secrets(environ: dict[str, str]) -> None:
    names = ("DATABASES", "CACHES", "CELERY_BROKER_TRANSPORT_OPTIONS", "SECRET_KEY", "TOKEN_KEYS")
    real, demo = settings_of(environ, *names), settings_of({**environ, "DEMO": "1"}, *names)
    for name in names:
        assert real[name] != demo[name]
    assert str(Path(environ["VAR_DIR"]) / "demo" / "marquee.sqlite3") in str(demo["DATABASES"])


def test_in_one_redis_the_demo_has_keys_of_its_own(environ: dict[str, str]) -> None:
    names = ("CELERY_BROKER_URL", "CELERY_BROKER_TRANSPORT_OPTIONS", "CACHES")
    redis = {**environ, "REDIS_URL": "redis://127.0.0.1:6379/0"}
    real, demo = settings_of(redis, *names), settings_of({**redis, "DEMO": "1"}, *names)
    assert real["CELERY_BROKER_URL"] == "redis://127.0.0.1:6379/0"
    assert '"global_keyprefix": "marquee:"' in json.dumps(real)
    assert '"global_keyprefix": "marquee-demo:"' in json.dumps(demo)
    assert '"KEY_PREFIX": "marquee-demo"' in json.dumps(demo)


def test_an_https_site_has_secure_cookies_and_hsts(environ: dict[str, str]) -> None:
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_HSTS_SECONDS")
    found = settings_of({**environ, "SITE_URL": "https://events.example"}, *names)
    assert found == {
        "SESSION_COOKIE_SECURE": True,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_HSTS_SECONDS": 31_536_000,
    }
    assert not any(settings_of(environ, *names).values())


def test_real_databases_switch_the_engine(environ: dict[str, str]) -> None:
    found = json.dumps(settings_of({**environ, **REAL}, "DATABASES", "CELERY_WORKER_CONCURRENCY"))
    assert "django.db.backends.postgresql" in found
    assert '"CELERY_WORKER_CONCURRENCY": 2' in found


def test_an_env_file_reaches_the_settings_and_the_providers(environ: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "marquee.env"
    file.write_text("PORT=9123\nPROVIDER_KULTURBILJETTER_API_KEY='aKeyOfOurs'\n", encoding="utf-8")
    found = settings_of({**environ, "ENV_FILE": str(file)}, "PORT", "PROVIDERS")
    assert found["PORT"] == 9123
    assert "aKeyOfOurs" not in str(found["PROVIDERS"])


@pytest.mark.django_db
def test_pages_carry_a_strict_policy_and_allow_no_framing(client: Client) -> None:
    answer = client.get("/healthz")
    policy = answer["Content-Security-Policy"]
    for directive in (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    ):
        assert directive in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


def test_the_loggers_that_print_tokens_stay_above_debug(environ: dict[str, str]) -> None:
    code = (
        "import django, logging; django.setup(); "
        "print([logging.getLogger(n).isEnabledFor(logging.DEBUG) for n in "
        "('oauthlib.oauth2', 'requests_oauthlib', 'urllib3.connectionpool', 'aggregator')])"
    )
    done = run(
        [PYTHON, "-c", code], {**environ, "DEBUG": "1", "DJANGO_SETTINGS_MODULE": "aggregator.settings"}
    )
    assert done.stdout.strip() == "[False, False, False, True]", done.stderr
