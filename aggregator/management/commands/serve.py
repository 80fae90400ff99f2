"""``manage.py serve``: the production processes, configured by the environment alone."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from aggregator import launch
from aggregator.management.commands.run import PATIENCE, refuse
from aggregator.processes import GaveUp, Group, Stopped


class Command(BaseCommand):
    """Exit 0 when asked to stop, 1 when something kept failing, 2 for a wrong setting. Knows no demo."""

    help = "Migrate, then run web, worker and beat behind your proxy."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen and with how many processes."""
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default 127.0.0.1)")
        parser.add_argument("--workers", type=int, default=3, help="web processes (default 3)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse early, prepare, start, watch, stop."""
        host = options["host"]
        if settings.DEMO:
            refuse("DEMO: serve runs no demo; use make run, or unset it")
        if not launch.port_is_free(host, settings.PORT):
            refuse(f"PORT: {settings.PORT} is in use")
        for warning in warnings():
            self.say(f"warning: {warning}")
        group = Group(launch.current_environ(), self.say, grace=25.0)
        group.listen()
        try:
            launch.prepare()
            bind = f"[{host}]:{settings.PORT}" if ":" in host else f"{host}:{settings.PORT}"
            for child in launch.site(bind, options["workers"]):
                group.start(child)
            if group.wait_for(lambda: launch.is_up(settings.PORT), PATIENCE):
                self.say(f"serving {settings.SITE_URL} on {bind}")
            group.watch()
        except Stopped:
            pass
        except GaveUp as problem:
            self.say(f"giving up: {problem}")
            sys.exit(1)
        finally:
            group.stop()
        self.say("stopped")

    def say(self, line: str) -> None:
        """One line for the operator."""
        self.stderr.write(f"marquee: {line}")
        self.stderr.flush()


def warnings() -> list[str]:
    """What works but is hardly meant."""
    found = []
    if settings.ENVIRONMENT.database is None:
        found.append("DATABASE_URL is not set; rows live in SQLite under VAR_DIR")
    if not settings.SITE_URL.startswith("https://"):
        found.append("SITE_URL is not https; cookies and links are not protected")
    if settings.DEBUG:
        found.append("DEBUG is on; visitors see tracebacks")
    if not any(entry.config is not None for entry in settings.PROVIDERS.values()):
        found.append("no provider has credentials; nothing will be ingested")
    return found
