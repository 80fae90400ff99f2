"""Serve local stand-ins for the upstream APIs over HTTP on loopback."""

from __future__ import annotations

import signal
import sys
from argparse import ArgumentTypeError
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from providers.simulation.faults import FaultBoard, known_faults
from providers.simulation.running import fault_named
from providers.simulation.server import Server
from providers.simulation.simulator import Impossible, Simulator, discover
from providers.simulation.stage import DEFAULT_PORT, DEFAULT_SCALE, DEFAULT_SEED, Stage, environment


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise ArgumentTypeError(f"'{text}' is not a whole number from {low} to {high}")
        return int(text)

    return read


class Command(BaseCommand):
    """`manage.py simulate`: exit 0 when stopped, 2 for wrong usage."""

    help = "Serve simulators of all upstream APIs on 127.0.0.1, under /<slug>/ each."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=_whole(0, 65_535), default=DEFAULT_PORT, help="0 takes a free one")
        parser.add_argument(
            "--scale", type=_whole(1, 10_000_000), default=DEFAULT_SCALE, help="about how many showings"
        )
        parser.add_argument(
            "--seed", type=_whole(0, 2**63), default=DEFAULT_SEED, help="another invented world"
        )
        parser.add_argument(
            "--fault",
            action="append",
            default=[],
            metavar="slug:name",
            help="switch a fault on from the start",
        )
        parser.add_argument("--list-faults", action="store_true", help="print every fault and exit")
        parser.add_argument(
            "--print-env", action="store_true", help="print the PROVIDER_* settings that point here and exit"
        )
        for slug, simulator in discover().items():
            if simulator.recording_option:
                parser.add_argument(
                    f"--{slug}-recording", type=Path, metavar="FILE", help=simulator.recording_option
                )

    def handle(self, *args: Any, **options: Any) -> None:
        simulators = discover()
        try:
            self._run(simulators, options)
        except Impossible as problem:
            self.stderr.write(f"simulate: {problem}")
            sys.exit(2)

    def _run(self, simulators: dict[str, Simulator], options: dict[str, Any]) -> None:
        faults = [fault_named(text) for text in options["fault"]]
        trial = FaultBoard(simulators)
        for slug, name in faults:
            trial.set(slug, name)
        if options["list_faults"]:
            for slug, simulator in simulators.items():
                for name, line in known_faults(simulator).items():
                    self.stdout.write(f"{slug}:{name}  {line}")
            return
        if options["print_env"]:
            for name, value in environment(simulators, f"http://127.0.0.1:{options['port']}").items():
                self.stdout.write(f"{name}={value}")
            return
        recordings = {
            slug: path for slug in simulators if (path := options.get(f"{slug}_recording".replace("-", "_")))
        }

        def build(base_url: str) -> Stage:
            return Stage(
                simulators, base_url, scale=options["scale"], seed=options["seed"], recordings=recordings
            )

        try:
            server = Server(build, options["port"])
        except OSError as problem:
            raise Impossible(f"port {options['port']} cannot be used: {problem.strerror}") from None
        for slug, name in faults:
            server.stage.board.set(slug, name)
        self._serve(server)

    def _serve(self, server: Server) -> None:
        def stop(number: int, frame: FrameType | None) -> None:
            # The loop must not wait for itself: stop it from another thread.
            Thread(target=server.stop, daemon=True).start()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        self.stdout.write(f"Simulating {', '.join(server.stage.simulators)} at {server.stage.base_url}/")
        self.stdout.flush()
        server.serve_forever(poll_interval=0.1)
