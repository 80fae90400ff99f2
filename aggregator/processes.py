"""A handful of child processes that live and die together, in the foreground.

Knows nothing of Django. Children stay in the caller's process group, so that a terminal's Ctrl-C reaches all; where
the system can (Linux), a child is also told when its parent dies, so that not even SIGKILL leaves orphans.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

PR_SET_PDEATHSIG = 1
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass(frozen=True)
class Child:
    """What to run. *last_signal* is what it gets when the parent dies without a word."""

    name: str
    command: Sequence[str]
    last_signal: signal.Signals = signal.SIGTERM


class Stopped(Exception):
    """Somebody asked the group to stop while it was waiting for something."""


class GaveUp(Exception):
    """A child died again and again; the text says which."""


def die_with_parent(signum: signal.Signals, parent: int) -> None:
    """Have the kernel send *signum* to this process when *parent* dies. Does nothing where there is no prctl."""
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signum), 0, 0, 0)
    if os.getppid() != parent:  # it died before the kernel was asked
        os._exit(1)


@dataclass
class Group:
    """The children of this process. *say* prints one line for the person in front of it.

    A child that ends is started again, at most *patience* times a minute; then the whole group gives up. Stopping
    takes at most *grace* seconds before what is left is killed.
    """

    environ: Mapping[str, str]
    say: Callable[[str], None]
    grace: float = 8.0
    patience: int = 5
    stopping: bool = False
    _running: dict[str, tuple[Child, subprocess.Popen[bytes]]] = field(default_factory=dict)
    _deaths: dict[str, list[float]] = field(default_factory=dict)

    def listen(self) -> None:
        """Let the usual signals ask for an end in place of ending this process at once."""
        for signum in STOPPING:
            signal.signal(signum, self._asked)

    def _asked(self, signum: int, frame: FrameType | None) -> None:
        self.stopping = True

    def start(self, child: Child) -> None:
        """Start *child* and keep it running from now on."""
        self._running[child.name] = (child, self._spawn(child))

    def _spawn(self, child: Child) -> subprocess.Popen[bytes]:
        parent = os.getpid()

        def prepare() -> None:
            die_with_parent(child.last_signal, parent)

        return subprocess.Popen(  # noqa: S603  the commands are our own
            child.command,
            env=dict(self.environ),
            stdin=subprocess.DEVNULL,
            preexec_fn=prepare,  # safe: this process has one thread
        )

    def call(self, child: Child) -> int:
        """Run *child* to its end and return its exit code. Raises ``Stopped`` when asked to stop meanwhile."""
        process = self._spawn(child)
        self._running[child.name] = (child, process)
        try:
            while process.poll() is None:
                self._pause()
            return process.returncode
        finally:
            if process.poll() is not None:
                del self._running[child.name]

    def wait_for(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Whether *condition* came true in time, while all children are kept running. Raises ``Stopped``."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if condition():
                return True
            self.revive()
            self._pause()
        return False

    def watch(self) -> None:
        """Keep all children running until somebody asks for the end. Raises ``GaveUp``."""
        try:
            while True:
                self.revive()
                self._pause()
        except Stopped:
            return

    def revive(self) -> None:
        """Start again what has ended, with a line about it. Raises ``GaveUp`` where that is of no use."""
        for name, (child, process) in list(self._running.items()):
            if process.poll() is None or self.stopping:
                continue
            now = time.monotonic()
            recent = [at for at in self._deaths.get(name, []) if now - at < 60] + [now]
            self._deaths[name] = recent
            how = f"exit code {process.returncode}"
            if len(recent) > self.patience:
                raise GaveUp(f"{name} ended {len(recent)} times within a minute ({how})")
            self.say(f"{name} ended ({how}); starting it again")
            self._running[name] = (child, self._spawn(child))

    def stop(self) -> None:
        """Ask every child to end, the last started first, and kill what has not ended in time."""
        self.stopping = True
        processes = [process for _, process in reversed(self._running.values())]
        for process in processes:
            if process.poll() is None:
                process.terminate()
        end = time.monotonic() + self.grace
        for process in processes:
            try:
                process.wait(max(0.0, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running.clear()

    def _pause(self) -> None:
        if self.stopping:
            raise Stopped
        time.sleep(0.1)
        if self.stopping:
            raise Stopped
