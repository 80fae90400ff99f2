"""``manage.py run``: the whole site in the foreground, with a demo where no provider has credentials."""

import os
import subprocess
import sys
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand

from aggregator import launch
from aggregator.accounts import demo
from aggregator.processes import GaveUp, Group, Stopped

# A slow machine may need long for its first import of everything; failures show up at once all the same.
PATIENCE = 120.0


class Command(BaseCommand):
    """Exit 0 when asked to stop, 1 when something kept failing, 2 for a wrong setting or a port in use."""

    help = "Migrate, ingest if there is nothing yet, then run web, worker and beat until Ctrl-C."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse early, prepare, start, watch, stop."""
        if not launch.port_is_free("127.0.0.1", settings.PORT):
            refuse(
                f"PORT: {settings.PORT} is in use; stop what listens there or set another (make run PORT=8080)"
            )
        if not settings.DEMO and self._wants_demo():
            self.say(
                "No provider has credentials: showing the demo with invented data. See docs/configuration.md."
            )
            arguments = [sys.executable, launch.MANAGE, *sys.argv[1:]]
            os.execve(sys.executable, arguments, {**launch.current_environ(), "DEMO": "1"})  # noqa: S606
        group = Group(launch.current_environ(), self.say)
        group.listen()
        try:
            self._run(group)
        except Stopped:
            pass
        except GaveUp as problem:
            self.say(f"giving up: {problem}")
            sys.exit(1)
        finally:
            group.stop()
        self.say("stopped")

    def say(self, line: str) -> None:
        """One line for the person in front of the terminal."""
        self.stderr.write(f"marquee: {line}")
        self.stderr.flush()

    def _wants_demo(self) -> bool:
        if any(entry.config is not None for entry in settings.PROVIDERS.values()):
            return False
        if settings.ENVIRONMENT.database is not None:
            self.say("No provider has credentials, and the demo does not touch the database of DATABASE_URL.")
            return False
        return True

    def _run(self, group: Group) -> None:
        if settings.DEMO:
            self._start_demo(group)
        launch.prepare()
        if not launch.has_good_run():
            self.say("first ingest …")
            if group.call(launch.manage("ingest", "ingest")):
                self.say(
                    "the first ingest did not end well everywhere; /sources/ tells more, the worker tries again"
                )
        for child in launch.site(f"127.0.0.1:{settings.PORT}", workers=2):
            group.start(child)
        if not group.wait_for(lambda: launch.is_up(settings.PORT), PATIENCE):
            raise GaveUp(f"the site did not come up within {PATIENCE:.0f} s")
        launch.send_first_tick()
        if settings.DEMO:
            self.say(f"to try the planner: {demo.make_person()}; at the festival: demo, password demo")
        self.stdout.write(f"READY http://localhost:{settings.PORT}")
        self.stdout.flush()
        group.watch()

    def _start_demo(self, group: Group) -> None:
        """Simulators first, then the settings that point at them, for every later child."""
        port = launch.free_port(8001, settings.DATA_DIR / "simulator_port")
        clean = launch.without_providers(dict(group.environ))
        group.environ = clean
        printed = subprocess.run(  # noqa: S603
            [sys.executable, launch.MANAGE, "simulate", "--port", str(port), "--print-env"],
            env=clean,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        lines = dict(line.split("=", 1) for line in printed.splitlines() if line.startswith("PROVIDER_"))
        group.start(launch.manage("simulators", "simulate", "--port", str(port)))
        group.environ = {**clean, **lines}
        if not group.wait_for(lambda: not launch.port_is_free("127.0.0.1", port), PATIENCE):
            raise GaveUp("the simulators did not come up")


def refuse(line: str) -> NoReturn:
    """End with exit code 2 and one line."""
    print(f"marquee: {line}", file=sys.stderr, flush=True)  # noqa: T201  the command's own voice
    raise SystemExit(2)
