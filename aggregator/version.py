"""Which commit this is."""

import re
from pathlib import Path

COMMIT = re.compile(r"[0-9a-f]{40,64}")


def commit(base: Path) -> str:
    """The checked-out commit, from the file ``REVISION`` of a deployment without history, else from ``.git``.

    Returns "unknown" where neither says. Runs no program.
    """
    for found in (_text(base / "REVISION"), _head(base)):
        if COMMIT.fullmatch(found):
            return found
    return "unknown"


def _head(base: Path) -> str:
    folder = base / ".git"
    pointer = _text(folder).removeprefix("gitdir: ")
    if pointer:  # a work tree's .git is a file that names the real folder
        folder = base / pointer
    head = _text(folder / "HEAD")
    if not head.startswith("ref: "):
        return head
    reference = head.removeprefix("ref: ")
    common = folder / (_text(folder / "commondir") or ".")
    return _text(common / reference) or _packed(common / "packed-refs", reference)


def _packed(path: Path, reference: str) -> str:
    for line in _text(path).splitlines():
        value, _, name = line.partition(" ")
        if name == reference:
            return value
    return ""


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
