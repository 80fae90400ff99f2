"""The embedded broker: messages as files in one private folder.

kombu's own ``filesystem`` transport lets a reader take a file that is still being written, passes every message
through the system's temporary folder, and delivers nothing more once its table of bindings is lost. Here a message
appears whole by a rename, stays in our folder, and needs no table: its routing key names its queue. Whatever cannot
be read is dropped: it was only a hint. No fan-out, no priorities, no acknowledgement that outlives a process.
"""

import os
import uuid
from pathlib import Path
from queue import Empty
from time import time_ns
from typing import Any

from kombu.transport import virtual
from kombu.utils.encoding import bytes_to_str, str_to_bytes
from kombu.utils.json import dumps, loads


class Channel(virtual.Channel):
    """One queue is the files ``*.<queue>.msg``, taken in the order of their names."""

    supports_fanout = False

    def _folder(self) -> Path:
        """The folder, made anew where somebody has removed it."""
        options: dict[str, Any] = self.connection.client.transport_options  # type: ignore[union-attr, assignment]
        folder = Path(options["data_folder_in"])
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def _files(self, queue: str) -> list[Path]:
        found = (path for path in self._folder().iterdir() if path.name.partition(".")[2] == f"{queue}.msg")
        return sorted(found, key=lambda path: path.name)

    def _lookup(self, exchange: str, routing_key: str, default: str | None = None) -> list[str]:
        return [routing_key]

    def _put(self, queue: str, message: Any, **_: Any) -> None:
        name = f"{time_ns():020d}_{uuid.uuid4().hex}.{queue}.msg"
        beside = self._folder() / f"{name}.part"
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(str_to_bytes(dumps(message)))
        beside.rename(beside.with_suffix(""))

    def _get(self, queue: str, timeout: float | None = None) -> Any:
        for path in self._files(queue):
            message = self._taken(path)
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
        return len(self._files(queue))

    def _purge(self, queue: str) -> int:
        found = self._files(queue)
        for path in found:
            path.unlink(missing_ok=True)
        return len(found)

    def _delete(self, queue: str, *_: Any, **__: Any) -> None:
        self._purge(queue)


class Transport(virtual.Transport):
    """``filesystem://`` with the channel above. Its state is in the folder, so processes share it."""

    Channel = Channel
    default_port = 0
    driver_type = "filesystem"
    driver_name = "filesystem"
    implements = virtual.Transport.implements.extend(asynchronous=False, exchange_type=frozenset({"direct"}))

    def driver_version(self) -> str:
        """There is no driver."""
        return "none"
