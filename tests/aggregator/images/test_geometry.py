"""Where cuts fall, and which of upstream's sizes is asked for. Nothing but numbers."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.images import geometry
from aggregator.images.geometry import (
    Interest,
    addresses,
    contained,
    focus_of,
    longest_side,
    offset,
    output_size,
    region,
)
from aggregator.images.presets import EAGER, LARGEST, PRESETS, Preset, family_of

sides = st.integers(2, 12_000)
pictures = st.tuples(sides, sides)
presets = st.sampled_from(list(PRESETS.values()))
fractions = st.floats(0, 1, allow_nan=False)
profiles = st.lists(st.floats(0, 255, allow_nan=False), max_size=96).map(tuple)


@st.composite
def focuses(draw: Any) -> Any:
    left, right = sorted((draw(fractions), draw(fractions)))
    top, bottom = sorted((draw(fractions), draw(fractions)))
    return (left, top, right, bottom) if right - left > 1e-4 and bottom - top > 1e-4 else None


interests = st.builds(Interest, profiles, profiles, focuses())


def test_the_table_is_the_published_one() -> None:
    names = (
        "preview-50x28 preview-100x56 preview-200x113 preview-320x180 preview-600x338 preview-640x360 "
        "preview-1024x576 poster-50x71 poster-100x143 poster-200x286 poster-320x457 poster-600x857 poster-640x914 "
        "square-75 square-190 fit-100 fit-240 fit-500 width-150 width-300 width-600 original"
    )
    assert sorted(PRESETS) == sorted(names.split())
    assert len(EAGER) == 6
    assert {one.family for one in family_of(PRESETS["poster-50x71"])} == {"poster"}


@given(presets, pictures)
def test_fixed_sizes_are_exact_and_the_others_never_enlarge(preset: Preset, source: tuple[int, int]) -> None:
    width, height = output_size(preset, source)
    if preset.rule == "fixed":
        assert (width, height) == (preset.width, preset.height)
        return
    assert 1 <= width <= min(source[0], preset.width)
    assert 1 <= height <= source[1]
    if preset.rule == "fit":
        assert height <= preset.height
    # The proportions are the picture's, as far as whole pixels can tell.
    assert abs(width * source[1] - height * source[0]) <= max(source) * 0.51 + 0.01 or 1 in (width, height)


@given(presets, pictures, interests)
def test_a_region_lies_in_the_picture_and_has_the_shape_of_its_preset(
    preset: Preset, source: tuple[int, int], interest: Interest
) -> None:
    left, top, right, bottom = region(preset, source, interest)
    assert 0 <= left < right <= source[0] + 1e-6
    assert 0 <= top < bottom <= source[1] + 1e-6
    if preset.rule != "fixed":
        assert (left, top, right, bottom) == (0, 0, *source)
        return
    assert (right - left) / (bottom - top) == pytest.approx(preset.width / preset.height, rel=1e-6)
    if interest.focus is None:
        # As large as it can be: it touches two opposite sides.
        assert right - left == pytest.approx(source[0]) or bottom - top == pytest.approx(source[1])


@given(st.sampled_from([one for one in PRESETS.values() if one.rule == "fixed"]), pictures, focuses())
def test_the_chosen_part_is_shown_whole_wherever_it_can_be(
    preset: Preset, source: tuple[int, int], focus: Any
) -> None:
    if focus is None:
        return
    left, top, right, bottom = region(preset, source, Interest(focus=focus))
    wanted = focus[0] * source[0], focus[1] * source[1], focus[2] * source[0], focus[3] * source[1]
    if wanted[2] - wanted[0] <= right - left + 1e-6:
        assert left <= wanted[0] + 1e-3
        assert wanted[2] <= right + 1e-3
    if wanted[3] - wanted[1] <= bottom - top + 1e-6:
        assert top <= wanted[1] + 1e-3
        assert wanted[3] <= bottom + 1e-3
    # What can be shown without being enlarged is.
    if min(source[0] / preset.width, source[1] / preset.height) >= 1:
        assert right - left >= preset.width - 1e-6


@given(profiles, st.floats(0.01, 1), fractions)
def test_a_window_stays_within(profile: tuple[float, ...], share: float, usual: float) -> None:
    start = offset(profile, share, usual)
    assert -1e-9 <= start <= 1 - share + 1e-9


def test_a_window_goes_where_there_is_something_to_see() -> None:
    busy_left = tuple(float(column < 20) for column in range(90))
    assert offset(busy_left, 0.4, 0.5) < 0.1
    assert offset(busy_left[::-1], 0.4, 0.5) > 0.5
    even = (1.0,) * 90
    assert offset(even, 0.4, 0.5) == pytest.approx(0.3)
    assert offset((), 0.4, 1 / 3) == pytest.approx(0.2)


def test_faces_stand_high_where_nothing_tells() -> None:
    _, top, _, bottom = region(PRESETS["preview-320x180"], (700, 1000), Interest())
    assert top == pytest.approx((1000 - (bottom - top)) / 3)


@pytest.mark.parametrize(
    ("crop", "size", "expected"),
    [
        ([100, 80, 900, 900, 1200, 1600], (600, 800), (100 / 1200, 0.05, 1000 / 1200, 980 / 1600)),
        # Upstream's own example: the crop is larger than the picture it is said to lie in.
        ([100, 80, 900, 900, 365, 360], (1200, 1600), (100 / 1200, 0.05, 1000 / 1200, 980 / 1600)),
        ([100, 80, 900, 900, 0, 0], (1000, 1000), (0.1, 0.08, 1.0, 0.98)),
        ([100, 80, 900, 900, 365, 360], (600, 800), None),
        ([0, 0, 0, 900, 1200, 1600], (1200, 1600), None),
        ([-1, 0, 10, 10, 1200, 1600], (1200, 1600), None),
        ([], (1200, 1600), None),
    ],
)
def test_a_crop_counts_in_the_picture_that_it_fits(crop: Any, size: Any, expected: Any) -> None:
    assert focus_of(crop, size) == (pytest.approx(expected) if expected else None)


@given(pictures, pictures)
def test_a_framed_picture_is_whole_and_never_enlarged(source: Any, frame: Any) -> None:
    left, top, right, bottom = contained(source, frame)
    assert 0 <= left < right <= frame[0]
    assert 0 <= top < bottom <= frame[1]
    assert right - left <= source[0]
    assert bottom - top <= source[1]


SFF = {size: f"http://f/{size}" for size in ("50x28", "320x180", "1024x576")}
HAPPENSTAND = {size: f"http://h/{size}" for size in ("75", "100", "240", "500", "original")}
SOWPROG = {size: f"http://s/{size}" for size in ("150", "300", "600")}
FILMMAKERS = {size: f"http://m/{size}" for size in ("original", "large", "thumb", "thumb_large")}


@pytest.mark.parametrize(
    ("url", "sizes", "needed", "expected"),
    [
        ("http://f/1024x576", SFF, LARGEST, ["http://f/1024x576", "http://f/320x180", "http://f/50x28"]),
        ("http://f/1024x576", SFF, 300, ["http://f/320x180", "http://f/1024x576", "http://f/50x28"]),
        ("http://h/original", HAPPENSTAND, LARGEST, ["http://h/original", "http://h/500", "http://h/240"]),
        ("http://h/original", HAPPENSTAND, 200, ["http://h/240", "http://h/original", "http://h/500"]),
        ("http://s/o", SOWPROG, LARGEST, ["http://s/o", "http://s/600", "http://s/300"]),
        ("http://s/o", SOWPROG, 600, ["http://s/600", "http://s/o", "http://s/300"]),
        ("http://s/600", SOWPROG, LARGEST, ["http://s/600", "http://s/300", "http://s/150"]),
        ("http://m/original", FILMMAKERS, LARGEST, ["http://m/original", "http://m/large", "http://m/thumb"]),
        ("http://k/x-ep.jpg", {}, LARGEST, ["http://k/x-ep.jpg"]),
        ("", {}, LARGEST, []),
    ],
)
def test_the_nearest_larger_size_is_asked_for_first(
    url: str, sizes: dict[str, str], needed: int, expected: list[str]
) -> None:
    assert addresses(url, sizes, needed)[:3] == expected


@given(
    st.text(max_size=20),
    st.dictionaries(st.text(max_size=12), st.text(min_size=1, max_size=12), max_size=8),
    st.integers(1, 3000),
)
def test_every_address_is_tried_once(url: str, sizes: dict[str, str], needed: int) -> None:
    found = addresses(url, sizes, needed)
    assert len(found) == len(set(found))
    assert set(found) == {each for each in (url, *sizes.values()) if each}


@pytest.mark.parametrize(
    ("name", "side"),
    [
        ("1024x576", 1024),
        ("640x914", 914),
        ("600", 600),
        ("w300", 300),
        ("thumb_large", None),
        ("x", None),
        ("", None),
    ],
)
def test_what_the_name_of_a_size_promises(name: str, side: int | None) -> None:
    assert longest_side(name) == side
    assert geometry.longest_side(f"fit-{side}") == side or side is None
