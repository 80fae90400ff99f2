"""While an ingest fills SQLite, visitors read and write as if it were not there."""

import pytest

from benchmarks.contention import measure, report

# The measurement makes a SQLite file of its own, so that the run on PostgreSQL would only repeat it.
pytestmark = pytest.mark.only_sqlite

LONGEST_P95 = 200.0


def test_nobody_is_locked_out_while_fifteen_hundred_showings_are_ingested() -> None:
    figures = measure(1_500)
    print(*report(figures), sep="\n")
    accounts = [figures["writer"], *figures["readers"]]
    assert [account["errors"] for account in accounts] == [[]] * len(accounts)
    assert figures["rows"] > 1_500
    assert figures["writer"]["count"] > 10
    assert all(account["count"] > 2 for account in figures["readers"])


@pytest.mark.long
def test_a_writer_waits_under_200_ms_while_a_hundred_thousand_showings_are_ingested() -> None:
    figures = measure(100_000)
    print(*report(figures), sep="\n")
    accounts = [figures["writer"], *figures["readers"]]
    assert [account["errors"] for account in accounts] == [[]] * len(accounts)
    assert figures["rows"] > 100_000
    assert figures["writer"]["p95"] < LONGEST_P95
