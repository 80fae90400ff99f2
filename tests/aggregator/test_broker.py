"""The broker made of files: whole messages, private files, and no fault that lasts."""

import shutil
import stat
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection, Exchange, Queue

from aggregator.celery import TRANSPORT_ALIASES


@pytest.fixture
def connection(tmp_path: Path) -> Any:
    assert TRANSPORT_ALIASES["filesystem"] == "aggregator.broker:Transport"
    options = {"data_folder_in": str(tmp_path / "broker" / "messages")}
    with Connection("filesystem://", transport_options=options) as made:
        yield made


def queue_of(connection: Any) -> Any:
    return connection.SimpleQueue(Queue("hints", Exchange("ours"), routing_key="hints"))


def files(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "broker" / "messages").iterdir())


def test_messages_come_out_in_the_order_they_went_in(connection: Any) -> None:
    queue = queue_of(connection)
    for number in range(20):
        queue.put({"number": number})
    assert len(queue) == 20
    assert [queue.get_nowait().payload["number"] for _ in range(20)] == list(range(20))
    with pytest.raises(queue.Empty):
        queue.get_nowait()


def test_only_the_owner_can_read_a_message(connection: Any, tmp_path: Path) -> None:
    queue_of(connection).put({"a": 1})
    assert [stat.S_IMODE(path.stat().st_mode) for path in files(tmp_path)] == [0o600]
    assert stat.S_IMODE((tmp_path / "broker" / "messages").stat().st_mode) == 0o700


def test_a_message_that_cannot_be_read_is_dropped_and_the_next_one_delivered(
    connection: Any, tmp_path: Path
) -> None:
    queue = queue_of(connection)
    queue.put({"a": 1})
    queue.put({"a": 2})
    files(tmp_path)[0].write_bytes(b'{"body": "cut sho')
    assert queue.get_nowait().payload == {"a": 2}
    assert files(tmp_path) == []


def test_a_message_that_is_still_being_written_is_not_taken(connection: Any, tmp_path: Path) -> None:
    queue = queue_of(connection)
    queue.put({"a": 1})
    path = files(tmp_path)[0]
    path.rename(path.with_name(f"{path.name}.part"))
    with pytest.raises(queue.Empty):
        queue.get_nowait()


def test_the_whole_broker_may_vanish_at_any_moment(connection: Any, tmp_path: Path) -> None:
    queue = queue_of(connection)
    queue.put({"a": 1})
    shutil.rmtree(tmp_path / "broker")
    with pytest.raises(queue.Empty):
        queue.get_nowait()
    shutil.rmtree(tmp_path / "broker")
    queue.put({"a": 2})
    assert queue.get_nowait().payload == {"a": 2}


def test_emptying_a_queue_leaves_the_others(connection: Any) -> None:
    queue, other = (
        queue_of(connection),
        connection.SimpleQueue(Queue("others", Exchange("ours"), routing_key="others")),
    )
    queue.put({"a": 1})
    other.put({"b": 1})
    assert queue.clear() == 1
    assert len(other) == 1
