"""An upstream's allowance is one for all processes."""

import subprocess
from collections.abc import Mapping

import pytest

from aggregator.models import RequestWindow
from tests.conftest import PYTHON, ROOT

PROCESSES, TRIES, LIMIT = 4, 30, 50

SPENDER = f"""
import django
django.setup()
from datetime import UTC, datetime
from aggregator.http import RetryLater
from aggregator.ingest import allowance
spent = 0
for _ in range({TRIES}):
    try:
        allowance.spend("toy", {LIMIT}, 300, datetime(2026, 5, 4, 12, 0, tzinfo=UTC))
    except RetryLater:
        continue
    spent += 1
print(spent)
"""


@pytest.mark.django_db(transaction=True)
def test_processes_that_spend_at_once_spend_exactly_what_there_is(process_environ: Mapping[str, str]) -> None:
    spenders = [
        subprocess.Popen(
            [PYTHON, "-c", SPENDER], cwd=ROOT, env=dict(process_environ), stdout=subprocess.PIPE, text=True
        )
        for _ in range(PROCESSES)
    ]
    spent = [int(each.communicate(timeout=120)[0]) for each in spenders]
    assert sum(spent) == LIMIT < PROCESSES * TRIES
    assert RequestWindow.objects.get().used == LIMIT
