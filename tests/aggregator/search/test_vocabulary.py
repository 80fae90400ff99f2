"""The words that search knows: how often they are looked through, and that nobody loses them."""

import re
from collections import Counter

import pytest
from django.core.cache import caches
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st

from aggregator.search import read_criteria, vocabulary
from aggregator.search.vocabulary import Known, compounds
from tests import factories

WORDS = st.lists(st.text("abnosteåäö", min_size=1, max_size=14), max_size=40, unique=True)


def by_pattern(held: Known, bare: str) -> list[tuple[str, str]]:
    """What stands around *bare* in each line, as a pattern finds it."""
    return [(one[1], one[2]) for one in re.finditer(rf"^(.*?){bare}(.*)$", held.text, re.MULTILINE)]


@given(WORDS, st.text("abnoste", min_size=1, max_size=5))
@example(["filmfestivalen", "festival", "film"], "festival")
@example(["anananas"], "ana")
def test_parts_of_words_are_found_by_their_letters(words: list[str], part: str) -> None:
    held = Known()
    held.add(list(enumerate(words, 1)))
    assert list(vocabulary._around(held.text, part)) == by_pattern(held, part)


def test_a_compound_is_found_by_its_parts() -> None:
    held = Known()
    held.add(list(enumerate(("film", "filmfestivalen", "festival", "festivalpass"), 1)))
    assert compounds(held, "festival", 9) == ["filmfestivalen"]


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["festival natt", "fesitval"])
def test_a_word_is_looked_up_once_however_often_a_page_asks(
    client: Client, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    factories.make_showing(factories.make_event("Filmfestivalen om natten"))
    factories.index()
    asked: Counter[str] = Counter()
    look_up = vocabulary.compounds

    def counted(held: Known, part: str, most: int) -> list[str]:
        asked[part, most] += 1
        return look_up(held, part, most)

    monkeypatch.setattr(vocabulary, "compounds", counted)
    for path in ("/events/", "/events/", "/search/"):
        assert client.get(path, {"q": text, "city": "Nowhere"}).status_code == 200
    assert set(text.split()) <= {word for word, _ in asked}
    assert set(asked.values()) == {1}


@pytest.mark.django_db
def test_a_new_word_is_known_at_once() -> None:
    factories.make_showing(factories.make_event("Festival"))
    held = vocabulary.known()
    assert held.remembered(("x",), lambda: len(held.spellings)) == len(held.spellings)
    factories.make_showing(factories.make_event("Sommarlov"))
    held = vocabulary.known()
    assert held.remembered(("x",), lambda: len(held.spellings)) == len(held.spellings)
    assert "sommarlov" in held.spellings


def test_what_is_remembered_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "_MOST_REMEMBERED", 10)
    held = Known()
    for number in range(100):
        assert held.remembered((number,), lambda number=number: number) == number
    assert len(held.answers) <= 10


def test_a_page_full_of_other_things_pushes_no_mark_out(monkeypatch: pytest.MonkeyPatch) -> None:
    edition = vocabulary.edition()
    for name in ("default", "tiles"):
        monkeypatch.setattr(caches[name], "_max_entries", 3)
        for number in range(40):
            caches[name].set(f"x{number}", number)
    assert vocabulary.edition() == edition


def test_few_texts_are_searched_for_at_once() -> None:
    few, bad = read_criteria({"q": ["a", "b", "c", "d"]}, ())
    assert (few.texts, bad) == (("a", "b", "c", "d"), ())
    many, bad = read_criteria({"q": ["a", "b", "c", "d", "e"]}, ())
    assert (many.texts, [one.parameter for one in bad]) == ((), ["q"])
