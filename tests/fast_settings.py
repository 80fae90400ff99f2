"""The project's settings with short patience, for worker and beat as child processes of a test.

Out of the environment of the test that starts them come ``FAST_LEASE`` (seconds a lease holds), ``FAST_BUDGET``
(seconds a task works at a run before it yields), ``FAST_LIMIT`` (seconds after which it is interrupted) and
``FAST_BROKER`` (a prefix, so that two tests in one Redis do not meet).
"""

import os

from aggregator.settings import *  # noqa: F403
from aggregator.settings import CACHES, CELERY_BROKER_TRANSPORT_OPTIONS, CELERY_BROKER_URL, TICK_TASK

INGEST_LEASE_SECONDS = float(os.environ.get("FAST_LEASE", "2"))
INGEST_BUDGET_SECONDS = float(os.environ.get("FAST_BUDGET", "3"))
# Pictures are fetched by the same worker, one task after the other.
IMAGE_BUDGET_SECONDS = min(INGEST_BUDGET_SECONDS, 1.0)
CELERY_TASK_SOFT_TIME_LIMIT = float(os.environ.get("FAST_LIMIT", "30"))
CELERY_TASK_TIME_LIMIT = CELERY_TASK_SOFT_TIME_LIMIT * 2

CELERY_BEAT_SCHEDULE = {"tick": {"task": TICK_TASK, "schedule": 1.0, "options": {"expires": 25.0}}}
CELERY_BEAT_MAX_LOOP_INTERVAL = 1
# Many small commits, so that there are many places at which a worker can die.
CELERY_IMPORTS = ("tests.short_steps",)

if CELERY_BROKER_URL != "filesystem://":
    CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"] = os.environ["FAST_BROKER"]
    for _one in CACHES.values():
        _one["KEY_PREFIX"] = os.environ["FAST_BROKER"]
