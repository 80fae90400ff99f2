"""The demo's mail: Django's file backend writes it, this reads it for a page. No mail leaves the machine."""

import email
import email.policy
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

MOST = 20
_RULE = b"-" * 79


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail as plain text."""

    to: str
    subject: str
    date: str
    text: str


def letters(folder: Path) -> list[Letter]:
    """The last MOST mails in *folder*, the newest first; [] where nothing was ever sent."""
    if not folder.is_dir():
        return []
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return [letter for path in files[:MOST] for letter in reversed(list(_letters(path)))][:MOST]


def _letters(path: Path) -> Iterator[Letter]:
    for part in path.read_bytes().split(_RULE):
        if not part.strip():
            continue
        message = email.message_from_bytes(part.lstrip(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        body = message.get_body(("plain",))
        yield Letter(
            to=str(message["To"] or ""),
            subject=str(message["Subject"] or ""),
            date=str(message["Date"] or ""),
            text=str(body.get_content()).strip() if body is not None else "",
        )
