"""Word lists written as text, so that they stay readable in long files."""

from __future__ import annotations


def words(text: str) -> tuple[str, ...]:
    """The entries between bars; blanks and line ends around them do not count."""
    return tuple(part.strip() for part in text.split("|") if part.strip())


def table(text: str) -> tuple[tuple[str, ...], ...]:
    """One row a line, its columns between bars. A column may be empty."""
    lines = (line for line in text.splitlines() if line.strip())
    return tuple(tuple(part.strip() for part in line.split("|")) for line in lines)
