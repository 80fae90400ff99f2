"""The Celery app. The database is the queue; what passes through the broker is a hint that a row is due.

A lost, doubled or late message changes nothing but the moment at which a row is noticed.
"""

import os
import signal
import threading
import warnings
from typing import Any

from celery import Celery, signals
from kombu.transport import TRANSPORT_ALIASES

from aggregator import processes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aggregator.settings")

# kombu's own transport over a folder can take a half-written message, and stops for good when it is emptied.
TRANSPORT_ALIASES["filesystem"] = "aggregator.broker:Transport"

# Celery warns of root because of pickle, and nothing but JSON is accepted here.
warnings.filterwarnings("ignore", message="You're running the worker with superuser privileges")

app = Celery("aggregator")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.set_default()
app.autodiscover_tasks()


@signals.setup_logging.connect
def keep_django_logging(**_: Any) -> None:
    """Having a receiver here keeps Celery from replacing the log handlers that Django has set up."""


@signals.worker_process_init.connect
def end_with_the_worker(**_: Any) -> None:
    """Have the kernel end a pool process whose worker was killed; it would finish its task unwatched."""
    processes.die_with_parent(signal.SIGKILL, os.getppid())


@signals.worker_ready.connect
def beat_while_alive(**_: Any) -> None:
    """Report the worker's main process as alive; its pool may be busy with one task for minutes."""
    from aggregator import heartbeat

    threading.Thread(target=heartbeat.keep_beating, name="heartbeat", daemon=True).start()
