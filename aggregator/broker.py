"""The embedded broker: messages as files in one private folder.

kombu's own ``filesystem`` transport lets a reader take a file that is still being written, passes every message
through the system's temporary folder, and stops for good at a truncated table of bindings. Here a message appears
whole by a rename, stays in our folder, and whatever cannot be read is dropped: it was only a hint.
"""

import os
import uuid
from pathlib import Path
from queue import Empty
from time import time_ns
from typing import Any

from kombu.transport import filesystem
from kombu.utils.encoding import bytes_to_str, str_to_bytes
from kombu.utils.json import dumps, loads


class Channel(filesystem.Channel):
    """One queue is the files ``*.<queue>.msg``, taken in the order of their names."""

    def _folder(self) -> Path:
        folder = Path(self.data_folder_in)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def _put(self, queue: str, message: Any, **_: Any) -> None:
        name = f"{time_ns():020d}_{uuid.uuid4().hex}.{queue}.msg"
        beside = self._folder() / f"{name}.part"
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(str_to_bytes(dumps(message)))
        beside.rename(beside.with_suffix(""))

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        for name in sorted(os.listdir(self._folder())):
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            message = self._taken(self._folder() / name)
            if message is not None:
                return message
        raise Empty

    def _taken(self, path: Path) -> Any:
        """The message in *path*, which is then gone; None where another process was first or it is unreadable."""
        mine = path.with_name(f".{path.name}.{os.getpid()}")
        try:
            path.rename(mine)
            body = mine.read_bytes()
            mine.unlink()
            return loads(bytes_to_str(body))
        except (OSError, ValueError):
            return None

    def _size(self, queue: str) -> int:
        return sum(name.partition(".")[2] == f"{queue}.msg" for name in os.listdir(self._folder()))

    def _purge(self, queue: str) -> int:
        found = [path for path in self._folder().iterdir() if path.name.partition(".")[2] == f"{queue}.msg"]
        for path in found:
            path.unlink(missing_ok=True)
        return len(found)

    def _queue_bind(self, exchange: str, routing_key: str | None, pattern: str | None, queue: str) -> None:
        """Bind anew where the table of bindings was cut short; it is made again from what each process declares."""
        self.control_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            super()._queue_bind(exchange, routing_key, pattern, queue)
        except ValueError:
            (self.control_folder / f"{exchange}.exchange").unlink(missing_ok=True)
            super()._queue_bind(exchange, routing_key, pattern, queue)

    def get_table(self, exchange: str) -> list[Any]:
        """The bindings of *exchange*; none where its file is cut short."""
        try:
            return list(super().get_table(exchange))
        except ValueError:
            return []


class Transport(filesystem.Transport):
    """``filesystem://`` with the channel above."""

    Channel = Channel
