"""Bytes from upstream: good ones in every colour and position, and bad ones of every kind."""

import io
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from aggregator.images import faults, reading, render
from aggregator.images.faults import PictureFault
from aggregator.images.presets import LARGEST, PRESETS
from tests.aggregator.images import pictures
from tests.aggregator.images.pictures import encoded, photo

SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"\xef\xbb\xbf <!DOCTYPE html><html><body>Not found</body></html>"
GOOD = encoded(photo())


def fault_of(body: bytes) -> str:
    with pytest.raises(PictureFault) as caught:
        reading.normalise(body)
    assert faults.sentence(caught.value.reason)
    return caught.value.reason


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", faults.EMPTY),
        (SVG, faults.SVG),
        (HTML, faults.HTML),
        (b"PK\x03\x04 and so on", faults.UNKNOWN_FORMAT),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", faults.UNKNOWN_FORMAT),
        (encoded(photo(), "TIFF"), faults.UNKNOWN_FORMAT),
        (encoded(photo(), "BMP"), faults.UNKNOWN_FORMAT),
        (GOOD[: len(GOOD) // 2], faults.TRUNCATED),
        (encoded(photo(), "PNG")[:3000], faults.TRUNCATED),
        (pictures.animation("GIF"), faults.ANIMATED),
        (pictures.animation("WEBP"), faults.ANIMATED),
        (pictures.animation("PNG"), faults.ANIMATED),
        (pictures.png_bomb(), faults.TOO_MANY_PIXELS),
        (pictures.png_bomb(29_000, 900), faults.TOO_MANY_PIXELS),
        (pictures.png_bomb(60_000, 2), faults.TOO_MANY_PIXELS),
        (encoded(Image.new("RGB", (1, 1))), faults.TOO_SMALL),
        (encoded(Image.new("RGB", (300, 1))), faults.TOO_SMALL),
    ],
)
def test_what_is_no_picture_has_a_name(body: bytes, reason: str) -> None:
    assert fault_of(body) == reason


@given(st.binary(max_size=300))
def test_random_bytes_are_no_picture_and_no_accident(body: bytes) -> None:
    with pytest.raises(PictureFault):
        reading.normalise(body)


@given(st.sampled_from(["JPEG", "PNG", "GIF", "WEBP"]), st.data())
def test_a_spoilt_picture_is_a_picture_or_a_named_fault(name: str, data: Any) -> None:
    body = bytearray(encoded(photo(60, 40), name))
    for _ in range(data.draw(st.integers(1, 6))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    with suppress(PictureFault):  # which knows no reason but those in the table
        reading.normalise(bytes(body))


def test_reading_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SECONDS", -1.0)
    assert fault_of(encoded(photo(), progressive=True)) == faults.TOO_SLOW


def test_a_jpeg_of_many_scans_does_not_hold_up_a_worker() -> None:
    body = encoded(Image.new("RGB", (4000, 4000), (9, 90, 200)), progressive=True)
    # The last scan over and over, each a walk over the whole picture.
    scan = body[body.rindex(b"\xff\xda") : -2]
    assert fault_of(body[:-2] + scan * 3000 + b"\xff\xd9") == faults.TOO_SLOW
    assert reading.normalise(body[:-2] + scan * 20 + b"\xff\xd9").source == (4000, 4000)


def test_a_kept_picture_is_bounded_and_plain() -> None:
    found = reading.normalise(encoded(photo(3000, 1500)))
    assert found.pixels.size == (LARGEST, 1024)
    assert found.pixels.mode == "RGB"
    assert found.source == (3000, 1500)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_comes_upright(orientation: int) -> None:
    upright = Image.new("RGB", (300, 200), (0, 0, 200))
    upright.paste((220, 0, 0), (0, 0, 150, 100))  # red in the upper left corner
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(undo[orientation]) if orientation > 1 else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    found = reading.normalise(encoded(stored, exif=exif.tobytes(), quality=95))
    assert found.pixels.size == found.source == (300, 200)
    red, _, blue = found.pixels.getpixel((40, 40))  # type: ignore[misc]
    assert red > 180 > 60 > blue
    red, _, blue = found.pixels.getpixel((260, 160))  # type: ignore[misc]
    assert blue > 160 > 60 > red


def near(found: Any, expected: Any, off: int = 8) -> bool:
    return all(abs(a - b) <= off for a, b in zip(found, expected, strict=True))


def middle(found: reading.Normalised) -> Any:
    return found.pixels.getpixel((found.pixels.width // 2, found.pixels.height // 2))


def test_colours_of_a_wide_gamut_are_brought_into_srgb() -> None:
    # A profile whose green lies elsewhere: the same numbers mean another colour.
    lab = ImageCms.createProfile("LAB")
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    plain = Image.new("RGB", (64, 64), (40, 160, 90))
    assert near(middle(reading.normalise(encoded(plain, icc_profile=srgb.tobytes()))), (40, 160, 90))
    swapped = encoded(plain, icc_profile=wide_profile())
    found = middle(reading.normalise(swapped))
    expected = ImageCms.profileToProfile(
        plain,
        ImageCms.ImageCmsProfile(io.BytesIO(wide_profile())),
        srgb,
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
    ).getpixel((5, 5))
    assert near(found, expected)
    assert not near(found, (40, 160, 90), 12)
    wrong = ImageCms.ImageCmsProfile(lab).tobytes()
    assert near(middle(reading.normalise(encoded(plain, icc_profile=wrong))), (40, 160, 90))
    assert near(middle(reading.normalise(encoded(plain, icc_profile=b"x" * 500))), (40, 160, 90))


def wide_profile() -> bytes:
    """sRGB with its red and green primaries exchanged: no camera's, and impossible to overlook."""
    body = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    entries = {
        bytes(body[at : at + 4]): at for at in range(132, 132 + 12 * int.from_bytes(body[128:132], "big"), 12)
    }
    red, green = entries[b"rXYZ"], entries[b"gXYZ"]
    body[red + 4 : red + 12], body[green + 4 : green + 12] = (
        body[green + 4 : green + 12],
        body[red + 4 : red + 12],
    )
    body = body.replace(b"s\x00R\x00G\x00B", b"w\x00i\x00d\x00e").replace(b"sRGB", b"wide")
    return bytes(body)


@pytest.mark.parametrize(
    ("picture", "expected"),
    [
        (Image.new("L", (50, 50), 90), (90, 90, 90)),
        (Image.new("1", (50, 50), 1), (255, 255, 255)),
        (Image.new("I;16", (50, 50), 0x8000), (127, 127, 127)),
        (Image.new("P", (50, 50), 0), (0, 0, 0)),
        (Image.new("LA", (50, 50), (90, 255)), (90, 90, 90)),
        (Image.new("RGBA", (50, 50), (200, 30, 30, 255)), (200, 30, 30)),
        (Image.new("RGBA", (50, 50), (200, 30, 30, 0)), (255, 255, 255)),
    ],
)
def test_every_mode_becomes_eight_bits_of_srgb(picture: Image.Image, expected: Any) -> None:
    assert near(middle(reading.normalise(encoded(picture, "PNG"))), expected)


def test_print_colours_become_screen_colours() -> None:
    found = reading.normalise(encoded(Image.new("CMYK", (64, 64), (0, 200, 200, 0))))
    red, green, blue = middle(found)
    assert red > 200 > 100 > green
    assert blue < 100


def test_a_white_logo_without_a_ground_is_not_lost_on_paper() -> None:
    logo = Image.new("RGBA", (200, 100), (0, 0, 0, 0))
    logo.paste((250, 250, 250, 255), (50, 20, 150, 80))
    found = reading.normalise(encoded(logo, "PNG"))
    assert near(found.pixels.getpixel((2, 2)), reading.INK)
    dark = Image.new("RGBA", (200, 100), (0, 0, 0, 0))
    dark.paste((20, 20, 20, 255), (50, 20, 150, 80))
    assert near(reading.normalise(encoded(dark, "PNG")).pixels.getpixel((2, 2)), reading.PAPER)


def exif_with(**tags: Any) -> bytes:
    exif = Image.Exif()
    exif[0x8298] = tags.get("copyright", "")
    exif[0x010F], exif[0x9286] = "Camera of Somebody", "secret note"
    exif.get_ifd(0x8825)[2] = (59.0, 19.0, 45.0)
    return bytes(exif.tobytes())


def test_only_the_copyright_notice_survives() -> None:
    body = encoded(
        photo(),
        exif=exif_with(copyright="© Åsa Öst 2026".encode()),
        comment=b"a comment",
        xmp=b"<x:xmpmeta>where it was taken</x:xmpmeta>",
    )
    found = reading.normalise(body)
    assert found.copyright == "© Åsa Öst 2026"
    for extension in ("jpg", "webp", "avif"):
        out = render.encoded(found.pixels.resize((64, 40)), extension, found.copyright)
        for trace in (b"Camera", b"secret", b"comment", b"xmpmeta", b"ICC_PROFILE"):
            assert trace not in out
        assert set(pictures.opened(out).getexif()) == {0x8298}
        bare = render.encoded(found.pixels.resize((64, 40)), extension)
        assert not pictures.opened(bare).getexif()


@pytest.mark.parametrize(
    "notice", [b"Bo \xe5sk", b"", b"\xff\xfe\x00", b"x" * 4000, b"a\x00b", b"<b>\x01\x02</b>"]
)
def test_any_notice_is_plain_text_or_none(notice: bytes) -> None:
    found = reading.normalise(encoded(photo(80, 60), exif=exif_with(copyright=notice)))
    assert len(found.copyright) <= reading.MOST_COPYRIGHT
    assert found.copyright.isprintable()


def test_the_dominant_colour_is_the_one_that_is_remembered() -> None:
    picture = Image.new("RGB", (300, 200), (120, 120, 118))
    picture.paste((210, 30, 40), (0, 0, 140, 200))
    red, green, blue = bytes.fromhex(reading.dominant_colour(picture)[1:])
    assert red > 180 > 80 > max(green, blue)


def test_a_cut_follows_what_there_is_to_see() -> None:
    picture = photo(1600, 600)  # busy between a tenth and a third of its width
    interest = render.interest_of(picture)
    [made] = render.renditions(picture, [PRESETS["poster-200x286"]], ["jpg"], interest)
    shown = pictures.opened(made.body)
    assert max(shown.convert("RGB").getextrema()[1]) > 180  # the yellow lines
    [made] = render.renditions(picture, [PRESETS["poster-200x286"]], ["jpg"], render.Interest())
    assert max(pictures.opened(made.body).convert("RGB").getextrema()[1]) < 120


def test_a_cascade_looks_like_what_it_saves() -> None:
    picture = photo(1600, 1000)
    interest = render.interest_of(picture)
    family = [PRESETS[f"preview-{size}"] for size in ("320x180", "640x360", "1024x576")]
    together = {one.preset.name: one for one in render.renditions(picture, family, ["jpg"], interest)}
    for preset in family:
        [alone] = render.renditions(picture, [preset], ["jpg"], interest)
        one, other = pictures.opened(together[preset.name].body), pictures.opened(alone.body)
        difference = sum(abs(a - b) for a, b in zip(one.tobytes(), other.tobytes(), strict=True))
        assert difference / len(one.tobytes()) < 4
