"""Pictures to send in: small ones of every format, and what else may stand in a picture's file."""

import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageCms
from rest_framework.exceptions import ValidationError

from api.images import full_and_thumbnail

RED, GREEN, BLUE = (220, 30, 40), (30, 200, 60), (40, 60, 220)
# Stands wherever a file has room for words. No byte of it may come out again.
MARK = b"37.5507N-126.9255E"


def drawn(size: tuple[int, int] = (60, 40), mode: str = "RGB") -> Image.Image:
    """Red left, blue right, and a green corner at the top left: it tells how it is held."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (size[0] // 2, 0, *size))
    image.paste(GREEN, (0, 0, size[0] // 4, size[1] // 4))
    return image.convert(mode)


def encode(image: Image.Image, format: str, **options: Any) -> bytes:
    file = BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def picture(
    format: str = "JPEG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: Any
) -> bytes:
    return encode(drawn(size, mode), format, **options)


def see_through(size: tuple[int, int] = (60, 40)) -> Image.Image:
    image = drawn(size, "RGBA")
    image.paste((0, 0, 0, 0), (size[0] // 2, 0, *size))
    return image


def frames(number: int = 3, size: tuple[int, int] = (60, 40)) -> list[Image.Image]:
    """No two of them alike: an encoder leaves out what is."""
    return [Image.new("RGB", size, (80 * n % 256, 255 - 3 * n % 256, n % 256)) for n in range(number)]


def animation(format: str = "GIF", images: list[Image.Image] | None = None, **options: Any) -> bytes:
    first, *more = images or frames()
    options = {"duration": 120, "loop": 0} | options
    return encode(first, format, save_all=True, append_images=more, **options)


def exif(orientation: int = 1) -> Image.Exif:
    """Where it was taken, by whom, and how the camera was held."""
    made = Image.Exif()
    made[0x0112] = orientation
    made[0x010E] = made[0x013B] = MARK.decode()
    made.get_ifd(0x8825)[1], made.get_ifd(0x8825)[2] = "N", (37.0, 33.0, 2.5)
    made.get_ifd(0x8825)[0x1D] = MARK.decode()
    return made


def profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_header(width: int, height: int) -> bytes:
    """A whole PNG in which hardly a row is there: what its header says is all there is to know."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 100)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def like(colour: Any, wanted: tuple[int, int, int], within: int = 40) -> bool:
    """Whether a colour is what it was, but for what JPEG made of it."""
    return all(abs(got - want) <= within for got, want in zip(colour[:3], wanted, strict=True))


def refusal(content: bytes, make: Callable[[bytes], Any] = full_and_thumbnail) -> str:
    """The code with which these bytes are refused."""
    with pytest.raises(ValidationError) as caught:
        make(content)
    ((code,),) = caught.value.get_codes().values()
    return str(code)
