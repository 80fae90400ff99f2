"""Which commit this is, in a clone, in a work tree, packed, and in a deployment without history."""

import subprocess
from pathlib import Path

from aggregator.version import commit

NAMED = ["-c", "user.name=t", "-c", "user.email=t@t.example"]


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *NAMED, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def repository(folder: Path) -> str:
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    git(folder, "commit", "-q", "--allow-empty", "-m", "first")
    return git(folder, "rev-parse", "HEAD")


def test_a_branch_a_detached_head_and_packed_references_are_read(tmp_path: Path) -> None:
    expected = repository(tmp_path / "a")
    assert commit(tmp_path / "a") == expected
    git(tmp_path / "a", "pack-refs", "--all")
    assert commit(tmp_path / "a") == expected
    git(tmp_path / "a", "checkout", "-q", "--detach")
    assert commit(tmp_path / "a") == expected


def test_a_work_tree_is_read(tmp_path: Path) -> None:
    expected = repository(tmp_path / "a")
    git(tmp_path / "a", "worktree", "add", "-q", "-b", "other", str(tmp_path / "b"))
    assert commit(tmp_path / "b") == expected


def test_a_file_speaks_for_a_deployment_without_history(tmp_path: Path) -> None:
    assert commit(tmp_path) == "unknown"
    (tmp_path / "REVISION").write_text("a" * 40 + "\n", encoding="ascii")
    assert commit(tmp_path) == "a" * 40
