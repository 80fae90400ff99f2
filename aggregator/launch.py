"""The processes that make up a running site, and what has to be done before they start."""

import os
import shutil
import signal
import socket
import sys
import urllib.request
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from urllib.error import URLError

from django.conf import settings
from django.core.management import call_command

from aggregator import heartbeat
from aggregator.models import Source
from aggregator.processes import Child

MANAGE = str(Path(settings.BASE_DIR) / "manage.py")


def manage(name: str, *arguments: str) -> Child:
    """One of the project's commands as a child."""
    return Child(name, [sys.executable, MANAGE, *arguments])


def site(bind: str, workers: int) -> Sequence[Child]:
    """Web, worker and beat."""
    celery = [sys.executable, "-m", "celery", "--quiet", "-A", "aggregator.celery"]
    alone = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", str(Path(settings.BASE_DIR) / "gunicorn.conf.py")]
    return (
        Child("web", [*gunicorn, "--bind", bind, "--workers", str(workers), "aggregator.wsgi"]),
        # A worker that is ending politely waits for its task, for minutes; every task may be killed at any moment.
        Child("worker", [*celery, "worker", "--loglevel", "WARNING", *alone], last_signal=signal.SIGKILL),
        Child("beat", [*celery, "beat", "--loglevel", "WARNING", "--pidfile="]),
    )


def port_is_free(host: str, port: int) -> bool:
    """Whether something could listen there now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def prepare() -> None:
    """Bring the tables up to date, collect the static files, and sweep away what a killed run left behind."""
    call_command("migrate", interactive=False, verbosity=0)
    if not settings.DEBUG:
        call_command("collectstatic", interactive=False, verbosity=0)
    schedule = Path(settings.CELERY_BEAT_SCHEDULE_FILENAME)
    for left in schedule.parent.glob(f"{schedule.name}*"):
        if left.is_file():
            left.unlink()
    # Messages are hints: the rows that they hinted at are still due.
    shutil.rmtree(settings.BROKER_DIR / "messages", ignore_errors=True)
    heartbeat.forget()


def has_good_run() -> bool:
    """Whether any provider was ever ingested to its end."""
    return Source.objects.filter(last_good_at__isnull=False).exists()


def is_up(port: int) -> bool:
    """Whether the web process answers and the worker has given a sign of life."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200) and heartbeat.age() is not None
    except (URLError, OSError):
        return False


def send_first_tick() -> None:
    """Hint at whatever is due already, in place of waiting for beat's first turn."""
    from celery import current_app

    current_app.send_task(settings.TICK_TASK, expires=settings.TICK_EXPIRES)


def free_port(near: int, kept: Path) -> int:
    """A port on loopback from *near* upwards; the one in the file *kept* if it is still free.

    Kept, because cursors are bound to the address that it is part of. Raises ``OSError`` where none is free.
    """
    candidates = list(range(near, near + 200))
    with suppress(OSError, ValueError):  # at a first start there is none
        candidates.insert(0, int(kept.read_text(encoding="ascii")))
    for port in candidates:
        if 0 < port < 65536 and port_is_free("127.0.0.1", port):
            kept.write_text(f"{port}\n", encoding="ascii")
            return port
    raise OSError(f"no free port from {near} to {near + 200}")


def without_providers(environ: dict[str, str]) -> dict[str, str]:
    """*environ* with no provider's settings, for the demo."""
    return {name: value for name, value in environ.items() if not name.startswith("PROVIDER_")}


def current_environ() -> dict[str, str]:
    """The environment with the ``.env`` file's lines in it, and no file left for children to read."""
    from aggregator.environment import files

    return {**files.load_env_file(os.environ, Path(settings.BASE_DIR)), "ENV_FILE": ""}
