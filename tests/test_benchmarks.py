"""``make bench`` starts, and says nothing about a part that it cannot import."""

import subprocess
from collections.abc import Mapping

from tests.conftest import PYTHON, ROOT


def test_the_quickest_part_prints_its_numbers(bare_environ: Mapping[str, str]) -> None:
    """As ``make bench`` runs it, with no settings in the environment."""
    done = subprocess.run(
        [PYTHON, "-m", "benchmarks", "identity"],
        cwd=ROOT,
        env=bare_environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "precision" in done.stdout
