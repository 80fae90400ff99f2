"""Runs the whole suite twice, on SQLite alone and on PostgreSQL with Redis, and says at its end what it left out.

It starts no service. Whatever stands on the command line goes to pytest. Exit code 0 only when nothing failed; under
``REQUIRE_SERVICES=1`` an absent service is a failure.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.conftest import REQUIRE_SERVICES, ROOT, absent_services

NO_TESTS = 5

#: Each part runs in processes of its own, so that what one leaves behind in a process does not reach the next.
PARTS = (("tests/aggregator",), ("tests/planner", "tests/providers"), ("tests/browser", "tests/*.py"))


def run(database: str, arguments: list[str]) -> tuple[int, dict[str, int], dict[str, int]]:
    """One run of pytest: its exit code, its counts, and per reason how many tests were skipped."""
    with tempfile.TemporaryDirectory(prefix="marquee-report-") as folder:
        report = Path(folder) / "report.json"
        environ = {**os.environ, "TEST_DATABASE": database, "TEST_REPORT": str(report)}
        for name in ("MARQUEE_TEST_HOME", "MARQUEE_TEST_RUN"):
            environ.pop(name, None)
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env=environ, check=False
        )
        said = (
            json.loads(report.read_text(encoding="utf-8"))
            if report.exists()
            else {"counts": {}, "left_out": {}}
        )
    return done.returncode, said["counts"], said["left_out"]


def _paths(part: tuple[str, ...]) -> list[str]:
    """The folders and test files of one part."""
    found = (path for pattern in part for path in sorted(ROOT.glob(pattern)))
    return [str(path) for path in found if path.is_dir() or path.name.startswith("test_")]


def main(arguments: list[str]) -> int:
    """Both runs, then what was left out, then ``N passed, N failed, N skipped`` as the last line."""
    absent = absent_services()
    lacking = [absent[mark] for mark in ("needs_postgres", "needs_redis") if mark in absent]
    total = {"passed": 0, "failed": 0, "skipped": 0}
    broken = False
    left_out: list[str] = []
    for database in ("sqlite", "postgres"):
        if database == "postgres" and lacking:
            broken = broken or REQUIRE_SERVICES
            left_out.append(f"the whole suite on PostgreSQL with Redis: {' and '.join(lacking)}")
            continue
        print(f"--- the suite on {database} ---", flush=True)
        for part in PARTS:
            code, counts, skipped = run(database, [*arguments, *_paths(part)])
            broken = broken or code not in {0, NO_TESTS} or not counts
            total = {name: total[name] + counts.get(name, 0) for name in total}
            left_out += [f"{count} on {database}: {reason}" for reason, count in sorted(skipped.items())]
    print("\n" + ("Left out:" if left_out else "Nothing was left out."))
    for line in left_out:
        print(f"  {line}")
    if broken and not total["failed"]:
        total["failed"] = 1
    print(f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped", flush=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
