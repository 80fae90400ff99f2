"""Every message is translated, and says the same as the original where a program reads it."""

import re
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message

from tests import messages

pytestmark = pytest.mark.parametrize("language", messages.LANGUAGES)


def _entries(catalog: Catalog) -> list[Message]:
    return [entry for entry in catalog if entry.id]


def _texts(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, (tuple, list)) else [str(value)]


def test_the_catalogue_holds_exactly_the_messages_of_the_project(language: str) -> None:
    wanted = {(entry.id, entry.context) for entry in _entries(messages.template())}
    held = {(entry.id, entry.context) for entry in _entries(messages.load(language))}
    assert wanted == held, "run python -m tests.messages, then translate what is new"


def test_nothing_waits_for_a_translation(language: str) -> None:
    entries = _entries(messages.load(language))
    assert entries
    assert [entry.id for entry in entries if not all(_texts(entry.string)) or entry.fuzzy] == []


def test_the_compiled_catalogue_is_of_this_text(language: str) -> None:
    assert messages.path_of(language, "mo").read_bytes() == messages.compiled(messages.load(language))


def test_places_for_values_tags_and_addresses_are_kept(language: str) -> None:
    for entry in _entries(messages.load(language)):
        originals = _texts(entry.id)
        for said in _texts(entry.string):
            assert any(_held(said) == _held(original) for original in originals), (entry.id, said)


def _held(text: str) -> tuple[list[str], list[str], list[str]]:
    """What a program or a browser reads out of *text*."""
    places = re.findall(r"%\(\w+\)[sd]|%[sd]", text)
    fields = (
        [name for _, name, _, _ in Formatter().parse(text) if name] if re.search(r"\{\w+\}", text) else []
    )
    return sorted(places), sorted(fields), sorted(re.findall(r"</?\w+[^>]*>|https?://\w\S*", text))
