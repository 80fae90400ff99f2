"""The catalogues of translations: ``python -m tests.messages`` takes up new messages and compiles them.

Messages are read from templates and code with Django's own reading of templates and Babel's of Python, so that no
tool but the test dependencies is needed. It translates nothing: a new message stays empty until somebody does, and
tests/test_messages.py fails until then.
"""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("sv", "fr", "de")
_KEYWORDS: dict[str, object] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# The binary form has a header with dates; without one of our own it would differ every time.
_NO_DATE = datetime(2026, 1, 1, tzinfo=UTC)
_ROOMS = ("aggregator", "planner", "providers", "templates")

Message = tuple[str, str | tuple[str, str], str | None]


def path_of(language: str, suffix: str) -> Path:
    """The catalogue of *language*; *suffix* is "po" or "mo"."""
    return ROOT / "locale" / language / "LC_MESSAGES" / f"django.{suffix}"


def messages() -> Iterator[Message]:
    """Every message of the project: where it stands, its text (or singular and plural), its context."""
    for room in _ROOMS:
        for path in sorted((ROOT / room).rglob("*")):
            if path.suffix in {".py", ".html", ".txt", ".xml"} and "__pycache__" not in path.parts:
                yield from _of_file(path)


def _of_file(path: Path) -> Iterator[Message]:
    source = path.read_text(encoding="utf-8")
    place = path.relative_to(ROOT).as_posix()
    if path.suffix != ".py":
        if "i18n" not in source:
            return
        # What is left of a template is indented as no Python is.
        source = "\n".join(line.strip() for line in templatize(source).splitlines())
    for _, function, texts, _ in extract_python(
        io.BytesIO(source.encode()), _KEYWORDS, (), {"encoding": "utf-8"}
    ):
        parts = [texts] if isinstance(texts, str) else [text for text in texts if text]
        if not parts:
            continue
        context = parts.pop(0) if function.startswith(("pgettext", "npgettext")) else None
        if "ngettext" in function or function.startswith("npgettext"):
            yield place, (parts[0], parts[1]), context
        else:
            yield place, parts[0], context


def template() -> Catalog:
    """All messages with the files they stand in; no line numbers, which would change with every edit."""
    catalog = Catalog(project="Marquee", charset="utf-8")
    for place, text, context in messages():
        flags = ["python-format"] if re.search(r"%\(\w+\)[sd]", str(text)) else []
        catalog.add(text, locations=[(place, None)], context=context, flags=flags)  # type: ignore[arg-type, list-item]
    return catalog


def load(language: str) -> Catalog:
    """The catalogue of *language* as it lies on disk; empty where there is none."""
    path = path_of(language, "po")
    if not path.exists():
        return Catalog(locale=language, project="Marquee", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def written(catalog: Catalog) -> bytes:
    """The text form. Its header names no date and nobody, so that only messages make a difference."""
    held = io.BytesIO()
    catalog.fuzzy = False
    catalog.header_comment = f"# {catalog.locale.english_name if catalog.locale else ''} for Marquee."
    write_po(held, catalog, sort_by_file=True, width=110, include_lineno=False)
    telling = (b'"Language:', b'"Plural-Forms', b'"MIME', b'"Content-')
    head, _, rest = held.getvalue().partition(b"\n\n")
    kept = [line for line in head.splitlines() if not line.startswith(b'"') or line.startswith(telling)]
    return b"\n".join(kept) + b"\n\n" + rest


def compiled(catalog: Catalog) -> bytes:
    """The binary form that Django reads."""
    held = io.BytesIO()
    catalog.creation_date = catalog.revision_date = _NO_DATE
    write_mo(held, catalog)
    return held.getvalue()


def main() -> None:
    """Bring every catalogue up to date and compile it; says how many messages wait for a translation."""
    new = template()
    for language in LANGUAGES:
        catalog = load(language)
        catalog.update(new, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        path = path_of(language, "po")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(catalog))
        path_of(language, "mo").write_bytes(compiled(load(language)))
        waiting = [message for message in catalog if message.id and not _translated(message.string)]
        print(f"{language}: {len(catalog)} messages, {len(waiting)} to translate")


def _translated(text: object) -> bool:
    return all(text) if isinstance(text, (tuple, list)) else bool(text)


if __name__ == "__main__":
    main()
