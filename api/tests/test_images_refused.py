"""What is sent in as a picture and is none, or is something else as well."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from rest_framework.exceptions import ValidationError

from api.images import FULL, REFUSALS, Picture, full_and_thumbnail, square
from api.tests.pictures import (
    BLUE,
    animation,
    drawn,
    encode,
    exif,
    frames,
    like,
    opened,
    picture,
    profile,
    refusal,
    see_through,
)

# Pillow warns of odd EXIF, and reads the picture all the same.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")


def zipped(before: bytes = b"") -> bytes:
    file = BytesIO()
    with ZipFile(file, "w") as archive:
        archive.writestr("a.html", "hello")
    return before + file.getvalue()


PAGE = b"<html><script>alert(1)</script></html>"
JPEG = picture()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 100,
        b"GIF89a",
        JPEG[:2],
        encode(drawn(), "BMP"),
        encode(drawn(), "TIFF"),
        encode(drawn(), "ICO"),
        encode(drawn(), "PPM"),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
        *(picture(format)[: len(picture(format)) // 2] for format in ("JPEG", "PNG", "WEBP", "GIF")),
    ],
)
def test_what_is_no_picture_is_refused(content):
    assert refusal(content) == refusal(content, square) == "invalid_image"


@pytest.mark.parametrize(
    "content",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b"%PDF-1.7\n",
        PAGE,
        zipped(),
        zipped(JPEG),
        zipped(picture("GIF")),
        picture("GIF", comment=PAGE),
        picture("JPEG", comment=b"%PDF-1.4"),
        picture("JPEG", comment=b"<?PHP system($_GET[0]);"),
        picture("JPEG", comment=b"<ScRiPt>"),
    ],
)
def test_what_another_program_would_open_is_refused(content):
    assert refusal(content) == refusal(content, square) == "polyglot"


def test_a_photo_may_end_in_a_film():
    film = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0\0\x10\0mdat" + b"\xff\xd8" * 500
    full, _thumbnail = full_and_thumbnail(JPEG + film)
    assert full.extension == "jpg"
    assert b"ftyp" not in full.content


def test_of_two_photos_in_one_file_the_first_counts():
    content = encode(drawn(), "MPO", save_all=True, append_images=[Image.new("RGB", (60, 40))])
    assert opened(content).n_frames == 2
    full, _thumbnail = full_and_thumbnail(content)
    assert (full.extension, getattr(opened(full.content), "n_frames", 1)) == ("jpg", 1)
    assert like(opened(full.content).getpixel((55, 10)), BLUE)


# --- Broken ones ----------------------------------------------------------------------------------------
SEEDS = [
    *(picture(format, (24, 16)) for format in ("JPEG", "PNG", "WEBP", "GIF")),
    *(animation(format, frames(2, (24, 16))) for format in ("GIF", "WEBP", "PNG")),
    picture("JPEG", (24, 16), "CMYK", exif=exif(6), icc_profile=profile(), progressive=True),
    picture("PNG", (24, 16), "P", exif=exif(6), icc_profile=profile()),
    encode(see_through((24, 16)), "WEBP", lossless=True, exif=exif(3)),
]


@st.composite
def broken(draw: st.DrawFn) -> bytes:
    """A real picture of which some bytes are others, some are gone and some are there twice."""
    content = bytearray(draw(st.sampled_from(SEEDS)))
    for _number in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(len(content) - 1, 0)))
        length = draw(st.integers(0, 12))
        twice = content[at : at + 2 * length]
        content[at : at + length] = draw(st.one_of(st.binary(max_size=12), st.just(twice)))
    is_cut = draw(st.integers(0, 4)) == 0
    return bytes(content[: draw(st.integers(0, len(content)))] if is_cut else content)


@settings(max_examples=400, deadline=None)
@given(broken())
def test_broken_bytes_are_a_picture_or_a_400(content):
    for make in (full_and_thumbnail, square):
        try:
            made = make(content)
        except ValidationError as error:
            refused = error
        else:
            for one in [made] if isinstance(made, Picture) else made:
                assert max(opened(one.content).size) <= FULL
            continue
        assert refused.get_codes()["image"][0] in REFUSALS
