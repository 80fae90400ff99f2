"""Which pictures are looked at, so that eviction knows. Reading a picture writes nothing: uses are gathered here and
handed to a worker, once a day for each file at most. What a process that ends has gathered is lost, and not missed.
"""

import logging
import threading
import time

from celery import current_app

logger = logging.getLogger(__name__)

TASK = "aggregator.tasks.note_used_pictures"
_MOST, _SECONDS = 100, 60.0

_lock = threading.Lock()
_gathered: set[int] = set()
_since = 0.0


def note(rendition: int) -> None:
    """Gather one use; now and then hand over what was gathered."""
    global _since
    with _lock:
        if not _gathered:
            _since = time.monotonic()
        _gathered.add(rendition)
        if len(_gathered) < _MOST and time.monotonic() - _since < _SECONDS:
            return
        batch = sorted(_gathered)
        _gathered.clear()
    try:
        current_app.send_task(TASK, (batch,), expires=3600)
    except Exception:
        logger.info("uses of %d pictures could not be handed over", len(batch), exc_info=True)
