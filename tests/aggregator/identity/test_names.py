import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.identity.names import alike, fold, person_key, title


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Låt den rätte komma in", "lat den ratte komma in"),
        ("Trolljegeren, av André Øvredal", "trolljegeren av andre ovredal"),
        ("  L’Œil — du  Maître ", "l oeil du maitre"),
        ("기생충", "기생충"),
        ("!!!", ""),
    ],
)
def test_folding_leaves_words_and_single_blanks(written: str, folded: str) -> None:
    assert fold(written) == fold(folded) == folded if folded.isascii() else fold(written) == fold(folded)


@pytest.mark.parametrize(
    ("written", "key", "markers", "year"),
    [
        ("The Square (2017)", "square", set(), 2017),
        ("Square, The", "square", set(), None),
        ("Förhandsvisning: Gräns", "grans", set(), None),
        ("X&Y - Invigningsfilm", "x y", set(), None),
        ("Suspiria (35 mm)", "suspiria", {"35 mm"}, None),
        ("Fanny och Alexander – matiné", "fanny alexander", {"matinee"}, None),
        ("KADAVAR en concert exceptionnel (côté Records)", "kadavar", set(), None),
        ("Rocky III", "rocky 3", set(), None),
        ("Nymphomaniac: Vol. I", "nymphomaniac vol 1", set(), None),
        ("Dune: Part Two", "dune part 2", set(), None),
        ("Live", "live", set(), None),
        ("Matinée", "matinee", {"matinee"}, None),
        ("The", "the", set(), None),
    ],
)
def test_a_title_is_taken_apart(written: str, key: str, markers: set[str], year: int | None) -> None:
    read = title(written)
    assert (read.key, set(read.markers), read.year) == (key, markers, year)


def test_other_figures_are_other_things_and_a_letter_at_the_end_counts() -> None:
    for left, right in (
        ("Rocky II", "Rocky III"),
        ("Blade Runner", "Blade Runner 2049"),
        ("Rytmik A", "Rytmik B"),
    ):
        assert alike(title(left), title(right)) == 0
    assert alike(title("Triangle of Sadness"), title("Triangel of Sadness")) >= 0.9


def test_a_name_may_be_written_either_way_round() -> None:
    assert person_key("Malm, Astrid") == person_key("Astrid Malm") == "astrid malm"


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_texts_can_be_compared(left: str, right: str) -> None:
    one, other = title(left), title(right)
    assert 0 <= alike(one, other) <= 1
    assert alike(one, other) == alike(other, one)
    assert not one.key or alike(one, one) == 1
