"""``make check``: everything that can be said of the code without running its tests. Starts nothing, needs no service.

Prints one line per check, the whole output of those that failed, and ``N passed, N failed`` at its end.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.conftest import ROOT, SECRET_KEY, TOKEN_KEY

PYTHON = [sys.executable, "-m"]
MANAGE = [sys.executable, str(ROOT / "manage.py")]
# Written in pieces, so that this file does not hold what it looks for.
REGISTRIES = re.compile("|".join(("py" + r"pi\.org", "python" + r"hosted\.org", "npm" + r"js\.org")))
INSTALLER = re.compile(r"file://|--(extra-)?index-url|--find-links|--trusted-host")
PRODUCTION = {
    "DATABASE_URL": "postgres://marquee@127.0.0.1/marquee",
    "SECRET_KEY": SECRET_KEY + "-and-as-long-as-a-real-one",
    "TOKEN_KEYS": TOKEN_KEY,
    "SITE_URL": "https://events.example",
    "OPERATOR_EMAIL": "operator@events.example",
}


def commands() -> dict[str, list[str]]:
    """Every check that is a program, by name."""
    binaries = Path(sys.executable).parent
    return {
        "format": [*PYTHON, "ruff", "format", "--check", "."],
        "lint": [*PYTHON, "ruff", "check", "."],
        "types": [*PYTHON, "mypy"],
        "import rules": [str(binaries / "lint-imports")],
        "deployment": [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"],
        "schema of the API": [*PYTHON, "tests.breaking"],
        "migrations": [*MANAGE, "makemigrations", "--check", "--dry-run"],
    }


def environ(name: str, folder: str) -> dict[str, str]:
    """A bare environment; a production-like one for the deployment checks."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    production = PRODUCTION if name == "deployment" else {}
    return {**kept, "ENV_FILE": "", "VAR_DIR": folder, **production}


def addresses() -> list[str]:
    """Lines of tracked files that name a package registry, or of requirements that name a place to look in."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    found = []
    for name in listed.decode("utf-8").split("\0"):
        path = ROOT / name
        if not name or not path.is_file():
            continue
        locked = name.startswith("requirements")
        for number, line in enumerate(path.read_bytes().decode("utf-8", "replace").splitlines(), 1):
            if REGISTRIES.search(line) or (locked and INSTALLER.search(line)):
                found.append(f"{name}:{number} names a registry or a file of somebody's machine")
    return found


def main() -> int:
    """Run every check, whatever the others say; 1 if any failed."""
    failed = 0
    with tempfile.TemporaryDirectory(prefix="marquee-check-") as folder:
        for name, command in commands().items():
            done = subprocess.run(
                command, cwd=ROOT, env=environ(name, folder), capture_output=True, text=True, check=False
            )
            failed += _told(name, done.returncode == 0, done.stdout + done.stderr)
    found = addresses()
    failed += _told("addresses", not found, "\n".join(found))
    print(f"{len(commands()) + 1 - failed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


def _told(name: str, good: bool, output: str) -> int:
    print(f"{'ok  ' if good else 'FAIL'}  {name}", flush=True)
    if not good:
        print(output.rstrip(), flush=True)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
