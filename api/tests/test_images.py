"""What goes in as a picture, and what comes out."""

import tracemalloc
from contextlib import suppress

import pytest
from PIL import Image
from rest_framework.exceptions import ValidationError

from api import images
from api.images import FULL, SQUARE, THUMBNAIL, full_and_thumbnail, square
from api.tests.pictures import (
    BLUE,
    GREEN,
    MARK,
    RED,
    animation,
    chunk,
    drawn,
    encode,
    exif,
    frames,
    like,
    opened,
    picture,
    png_header,
    profile,
    refusal,
    see_through,
)

# Pillow warns of odd EXIF, and reads the picture all the same.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")


# --- Formats --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_still_picture_of_any_format_becomes_a_jpeg(format):
    full, thumbnail = full_and_thumbnail(picture(format))
    for made in (full, thumbnail, square(picture(format))):
        image = opened(made.content)
        assert (image.format, made.extension, image.mode) == ("JPEG", "jpg", "RGB")
        assert image.size == (made.width, made.height)
        assert like(image.getpixel((image.width - 5, 10)), BLUE)


@pytest.mark.parametrize("format", ["PNG", "WEBP", "GIF"])
def test_what_has_see_through_parts_becomes_a_png(format):
    for made in (*full_and_thumbnail(encode(see_through(), format)), square(encode(see_through(), format))):
        image = opened(made.content)
        assert (image.format, made.extension, image.mode) == ("PNG", "png", "RGBA")
        assert image.getpixel((image.width - 3, 3))[3] == 0
        assert image.getpixel((3, image.height - 3))[3] == 255


def test_an_alpha_channel_that_hides_nothing_makes_no_png():
    assert full_and_thumbnail(picture("PNG", mode="RGBA"))[0].extension == "jpg"


@pytest.mark.parametrize(
    ("content", "colour"),
    [
        (picture("JPEG", mode="CMYK"), RED),
        (picture("JPEG", mode="L"), (86, 86, 86)),
        (picture("PNG", mode="LA"), (86, 86, 86)),
        (picture("PNG", mode="1"), None),
        (picture("PNG", mode="P"), RED),
        (encode(Image.new("I;16", (60, 40), 40_000), "PNG"), (156, 156, 156)),
        (encode(see_through().convert("P"), "PNG", transparency=0), None),
        (encode(drawn(), "PNG", transparency=BLUE), RED),
        (picture("JPEG", icc_profile=profile()), RED),
        (picture("PNG", mode="RGBA", icc_profile=profile()), RED),
        (picture("JPEG", icc_profile=b"no profile at all"), RED),
        (picture("JPEG", mode="L", icc_profile=profile()), (86, 86, 86)),
        (picture("JPEG", mode="CMYK", icc_profile=profile()), RED),
    ],
)
def test_every_way_to_hold_colours_is_understood(content, colour):
    full, _thumbnail = full_and_thumbnail(content)
    image = opened(full.content)
    assert image.mode in ("RGB", "RGBA")
    assert colour is None or like(image.getpixel((5, 35)), colour)
    assert "icc_profile" not in image.info


def test_a_colour_that_shines_through_leaves_no_fringe_where_it_is_made_smaller():
    full, _thumbnail = full_and_thumbnail(encode(drawn((2602, 1302)), "PNG", transparency=BLUE))
    image = opened(full.content)
    row = [image.getpixel((x, image.height - 9)) for x in range(image.width)]
    assert {pixel[3] for pixel in row} >= {0, 255}
    assert all(like(pixel, RED, 10) for pixel in row if pixel[3] > 60)


def test_colours_are_as_their_profile_means_them():
    swapped = bytearray(profile())  # one whose red is where others have blue
    red, blue = swapped.index(b"rXYZ"), swapped.index(b"bXYZ")
    swapped[red : red + 4], swapped[blue : blue + 4] = b"bXYZ", b"rXYZ"
    for mode in ("RGB", "RGBA"):
        full, _thumbnail = full_and_thumbnail(picture("PNG", mode=mode, icc_profile=bytes(swapped)))
        assert like(opened(full.content).getpixel((5, 35)), (40, 30, 220)), mode


# --- Sizes ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("size", "full", "thumbnail", "side"),
    [
        ((3000, 1500), (FULL, 640), (THUMBNAIL, 150), SQUARE),
        ((1500, 3000), (640, FULL), (150, THUMBNAIL), SQUARE),
        ((4000, 400), (FULL, 128), (THUMBNAIL, 30), SQUARE),
        ((100, 60), (100, 60), (100, 60), 60),
        ((1, 1), (1, 1), (1, 1), 1),
        ((3000, 1), (FULL, 1), (THUMBNAIL, 1), 1),
    ],
)
def test_large_ones_become_smaller_and_small_ones_stay(size, full, thumbnail, side):
    made = full_and_thumbnail(picture("JPEG", size))
    assert [(one.width, one.height) for one in made] == [full, thumbnail]
    middle = square(picture("JPEG", size))
    assert (middle.width, middle.height) == (side, side)


def test_a_square_is_the_middle():
    image = Image.new("RGB", (900, 300), RED)
    image.paste(GREEN, (300, 0, 600, 300))
    made = opened(square(encode(image, "PNG")).content)
    assert all(like(made.getpixel(at), GREEN) for at in [(10, 10), (128, 128), (245, 245)])


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    ("orientation", "corner"),
    [(1, "tl"), (2, "tr"), (3, "br"), (4, "bl"), (5, "tl"), (6, "tr"), (7, "br"), (8, "bl"), (99, "tl")],
)
def test_it_is_turned_as_the_camera_was_held(format, orientation, corner):
    full, _thumbnail = full_and_thumbnail(picture(format, (80, 40), exif=exif(orientation)))
    image = opened(full.content)
    assert image.size == ((40, 80) if orientation in range(5, 9) else (80, 40))
    at = (3 if "l" in corner else image.width - 4, 3 if "t" in corner else image.height - 4)
    assert like(image.getpixel(at), GREEN)


def test_exif_that_makes_no_sense_is_no_reason_to_refuse():
    assert full_and_thumbnail(picture("JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff"))[0].extension == "jpg"


# --- Nothing else ---------------------------------------------------------------------------------------
def png_with_words() -> bytes:
    content = picture("PNG", exif=exif())
    words = b"".join(
        chunk(kind, b"Comment\0" + more + MARK)
        for kind, more in ((b"tEXt", b""), (b"iTXt", b"\0\0\0\0"), (b"prIv", b""))
    )
    return content[:33] + words + content[33:]


WITH_WORDS = {
    "jpeg": picture("JPEG", exif=exif(), xmp=MARK, comment=MARK, icc_profile=profile() + MARK),
    "png": png_with_words(),
    "webp": picture("WEBP", exif=exif(), xmp=MARK),
    "gif": picture("GIF", comment=MARK),
    "animated gif": animation("GIF", comment=MARK),
    "animated webp": animation("WEBP", exif=exif(), xmp=MARK),
    "animated png": animation("PNG", exif=exif()) + MARK,
}


@pytest.mark.parametrize("content", [pytest.param(given, id=name) for name, given in WITH_WORDS.items()])
def test_nothing_of_what_stood_beside_the_pixels_comes_out(content):
    assert MARK in content
    for made in (*full_and_thumbnail(content + MARK), square(content + MARK)):
        assert MARK not in made.content
        image = opened(made.content)
        assert not image.getexif()
        assert image.info.keys() <= {
            *("jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"),
            *("version", "background", "duration", "loop", "extension", "transparency"),
        }


def test_the_same_picture_comes_out_whatever_stood_beside_it():
    assert full_and_thumbnail(picture("PNG")) == full_and_thumbnail(png_with_words())


# --- Animations -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG"])
def test_a_moving_picture_moves_on_as_a_gif(format):
    full, thumbnail = full_and_thumbnail(animation(format, frames(4)))
    image = opened(full.content)
    assert (full.extension, image.n_frames, image.info["loop"]) == ("gif", 4, 0)
    durations = []
    for number in range(4):
        image.seek(number)
        assert like(image.convert("RGB").getpixel((5, 5)), frames(4)[number].getpixel((5, 5)), 12)
        durations.append(image.info["duration"])
    assert durations == [120] * 4
    assert thumbnail.extension == "jpg"
    assert square(animation(format)).extension == "jpg"


def test_a_moving_picture_that_is_shown_once_is_shown_once():
    first, *more = frames()
    content = encode(first, "GIF", save_all=True, append_images=more, duration=50)
    assert "loop" not in opened(full_and_thumbnail(content)[0].content).info


def test_a_large_moving_picture_becomes_smaller():
    full, thumbnail = full_and_thumbnail(animation("GIF", frames(2, (1400, 700))))
    assert (full.width, full.height) == opened(full.content).size == (FULL, 640)
    assert (thumbnail.width, thumbnail.height) == (THUMBNAIL, 150)


def test_a_moving_picture_of_too_many_frames_is_refused(monkeypatch):
    monkeypatch.setattr(images, "MAX_FRAMES", 3)
    assert full_and_thumbnail(animation("GIF", frames(3)))
    assert refusal(animation("GIF", frames(4))) == "animation_too_long"


def test_a_moving_picture_of_too_many_pixels_in_all_is_refused(monkeypatch):
    monkeypatch.setattr(images, "MAX_PIXELS", 3 * 60 * 40)
    assert full_and_thumbnail(animation("WEBP", frames(3)))
    assert refusal(animation("WEBP", frames(4))) == "animation_too_long"


def test_a_moving_picture_that_grows_beyond_what_may_be_sent_is_refused(monkeypatch):
    monkeypatch.setattr(images, "MAX_BYTES", 300)
    assert refusal(animation("WEBP", frames(3))) == "animation_too_long"


# --- Limits ---------------------------------------------------------------------------------------------
@pytest.fixture
def undecoded(monkeypatch) -> None:
    """Nothing may be decoded."""

    def load(*args: object) -> None:
        raise AssertionError("decoded")

    for kind in [Image.Image, *Image.Image.__subclasses__()]:
        monkeypatch.setattr(kind, "load", load)


@pytest.mark.usefixtures("undecoded")
@pytest.mark.parametrize("size", [(10_000, 5_000), (40_000_001, 1), (2**31 - 1, 2**31 - 1)])
def test_a_bomb_is_known_by_its_header(size):
    tracemalloc.start()
    try:
        assert refusal(png_header(*size)) == refusal(png_header(*size), square) == "too_many_pixels"
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_forty_megapixels_are_not_too_many():
    assert refusal(png_header(8_000, 5_000)) == "invalid_image"


@pytest.mark.parametrize("format", ["JPEG", "WEBP", "GIF"])
def test_every_format_is_measured(monkeypatch, format):
    monkeypatch.setattr(images, "MAX_PIXELS", 60 * 40 - 1)
    assert refusal(picture(format)) == "too_many_pixels"


def test_no_more_than_a_few_are_decoded_at_a_time(monkeypatch):
    monkeypatch.setattr(images, "WAIT", 0.01)
    turns = [images._turns.acquire() for _ in range(images.AT_ONCE)]
    try:
        with pytest.raises(images.ServiceUnavailable):
            square(picture())
    finally:
        for _turn in turns:
            images._turns.release()
    assert square(picture())


@pytest.mark.parametrize("content", [picture(), b"nothing"])
def test_a_turn_is_given_back_whatever_happens(content):
    for _number in range(2 * images.AT_ONCE):
        with suppress(ValidationError):
            square(content)
    assert images._turns._value == images.AT_ONCE
