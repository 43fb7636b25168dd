"""Pictures: bytes that somebody sent in, pictures of our own making out. Knows neither requests nor tables.

Nothing of what was sent is kept: what is read as a picture is drawn anew, without places, comments,
profiles or whatever else stood in the file. What can't be read is refused with a code of its own.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from threading import BoundedSemaphore
from typing import Any

from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageCms, ImageOps, ImageSequence
from PIL.ExifTags import Base
from rest_framework.exceptions import ValidationError

from api.errors import ServiceUnavailable, invalid

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
MAX_BYTES = 10 * 1024 * 1024
# Of a picture, and of all frames of an animation together.
MAX_PIXELS = 40_000_000
MAX_FRAMES = 500
# The longest sides of what we make, in pixels.
FULL = 1280
THUMBNAIL = 300
SQUARE = 256

# A picture of 40 megapixels takes up to 500 MB until it is smaller, so few are at once in a process.
AT_ONCE = 2
WAIT = 20  # seconds
_turns = BoundedSemaphore(AT_ONCE)

# Pillow's own guard looks at each frame as well, before it takes memory for it.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)

# How to hold what a camera took askew, by what EXIF says of it.
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# What readers of other formats look for near the beginning, and the end record of a ZIP near the end. The
# numbers of its two disks, which are 0, belong to it: the four bytes before stand in one photo of 65,000.
NEAR = 1024
MARKUP = (b"%pdf-", b"<!doctype", b"<html", b"<head", b"<body", b"<script", b"<iframe", b"<svg", b"<?php")
ZIP_END, ZIP_REACH = b"PK\x05\x06" + bytes(4), 22 + 0xFFFF


# Why bytes are not taken, by the code of the 400.
REFUSALS = {
    "invalid_image": _("This is no JPEG, PNG, WebP or GIF, or it is damaged."),
    "too_many_pixels": _("A picture can have at most 40 megapixels."),
    "animation_too_long": _("This moving picture is too long or too large."),
    "polyglot": _("There is something else than a picture in this file."),
}


def refused(code: str) -> ValidationError:
    return invalid("image", REFUSALS[code], code)


@dataclass(frozen=True)
class Picture:
    """A file of our own making. `extension` is jpg, png or gif."""

    content: bytes
    extension: str
    width: int
    height: int


@dataclass(frozen=True)
class Animation:
    """The frames of a moving picture, drawn whole, and for how many milliseconds each is shown."""

    frames: list[Image.Image]
    durations: list[int]
    # How often it is shown again after the first time; 0 is for ever, None is never.
    loop: int | None


def full_and_thumbnail(content: bytes) -> tuple[Picture, Picture]:
    """A picture with its sides at most `FULL`, and a still one at most `THUMBNAIL`. 400 for what is none."""
    with reading(content) as image:
        if is_animated(image):
            animation = animate(image)
            return write_animation(animation), write_still(shrink(animation.frames[0], THUMBNAIL))
        full = redraw(image, FULL)
        return write_still(full), write_still(shrink(full.copy(), THUMBNAIL))


def square(content: bytes) -> Picture:
    """The middle of a picture, as a square with sides of at most `SQUARE`. 400 for what is none."""
    with reading(content) as image:
        # Of a long and narrow one, as much as makes its short side long enough.
        long, short = max(image.size), min(image.size)
        drawn = redraw(image, min(long, -(-long * 2 * SQUARE // short)))
        side = min(SQUARE, *drawn.size)
        return write_still(ImageOps.fit(drawn, (side, side), Image.Resampling.LANCZOS))


# --- Reading --------------------------------------------------------------------------------------------
@contextmanager
def reading(content: bytes) -> Iterator[Image.Image]:
    """A picture whose header is known and fits, with a turn to decode it.

    A 400 for whatever goes wrong meanwhile: broken bytes make Pillow raise any exception there is.
    """
    refuse_polyglot(content)
    if not _turns.acquire(timeout=WAIT):
        raise ServiceUnavailable
    try:
        with Image.open(BytesIO(content), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise refused("too_many_pixels")
            yield image
    except ValidationError:
        raise
    except BOMBS:
        raise refused("too_many_pixels") from None
    except Exception as error:
        raise refused("invalid_image") from error
    finally:
        _turns.release()


def refuse_polyglot(content: bytes) -> None:
    """Refuse what another program would take for a page, a document or an archive.

    A photo may end in more than a photo: phones append a film, or a second picture.
    """
    head, tail = content[:NEAR].lower(), content[-ZIP_REACH:]
    if any(mark in head for mark in MARKUP) or ZIP_END in tail:
        raise refused("polyglot")


def is_animated(image: Image.Image) -> bool:
    # A JPEG with more pictures in it (MPO) is no film.
    return image.format in ("GIF", "WEBP", "PNG") and bool(getattr(image, "is_animated", False))


# --- Drawing anew ---------------------------------------------------------------------------------------
def redraw(image: Image.Image, side: int) -> Image.Image:
    """A still picture upright, in sRGB, with its sides at most `side`, and without anything beside it."""
    turn, profile = turn_of(image), image.info.get("icc_profile")
    # Pillow makes no other smaller without loss; and a colour that shines through is gone once it is mixed.
    if image.mode not in ("RGB", "RGBA", "CMYK", "L") or "transparency" in image.info:
        image = flatten(image)
    image = flatten(to_srgb(shrink(image, side), profile))
    return bare(image if turn is None else image.transpose(turn))


def turn_of(image: Image.Image) -> Image.Transpose | None:
    """What makes it upright. Cameras write the strangest EXIF, which is no reason to refuse a photo."""
    try:
        return TURNS.get(image.getexif().get(Base.Orientation, 1))
    except Exception:
        return None


def shrink(image: Image.Image, side: int) -> Image.Image:
    """Make it smaller in place. A JPEG is not even decoded at its full size."""
    image.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return image


def flatten(image: Image.Image) -> Image.Image:
    """RGB, or RGBA where something shines through."""
    if image.mode.startswith("I;16"):
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Colours as the profile means them; a profile that makes no sense is left out."""
    if not profile or image.mode not in ("RGB", "RGBA", "CMYK"):
        return image
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    try:
        given = ImageCms.ImageCmsProfile(BytesIO(profile))
        ours = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, given, ours, outputMode=mode) or image
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return image


def bare(image: Image.Image) -> Image.Image:
    """The same pixels, and nothing else: what stood in the file beside them goes along with no copy."""
    drawn = Image.new(image.mode, image.size)
    drawn.paste(image)
    return drawn


def animate(image: Image.Image) -> Animation:
    """Every frame of a moving picture. 400 where that would be too much."""
    loop = image.info.get("loop")
    frames, durations = [], []
    for number, frame in enumerate(ImageSequence.Iterator(image), 1):
        if number > MAX_FRAMES or number * image.width * image.height > MAX_PIXELS:
            raise refused("animation_too_long")
        frames.append(bare(shrink(frame.convert("RGBA"), FULL)))
        durations.append(int(min(frame.info.get("duration") or 100, 60_000)))
    return Animation(frames, durations, None if loop is None else min(loop, 0xFFFF))


# --- Writing --------------------------------------------------------------------------------------------
def write_still(image: Image.Image) -> Picture:
    """A photo as JPEG; what has see-through parts as PNG."""
    if image.mode == "RGBA" and image.getchannel("A").getextrema() != (255, 255):
        return write(image, "png", optimize=False)
    return write(image.convert("RGB"), "jpg", quality=85, optimize=True, progressive=True)


def write_animation(animation: Animation) -> Picture:
    first, *more = animation.frames
    loop = {} if animation.loop is None else {"loop": animation.loop}
    made = write(first, "gif", save_all=True, append_images=more, duration=animation.durations, **loop)
    if len(made.content) > MAX_BYTES:
        raise refused("animation_too_long")
    return made


def write(image: Image.Image, extension: str, **options: Any) -> Picture:
    file = BytesIO()
    image.save(file, {"jpg": "JPEG", "png": "PNG", "gif": "GIF"}[extension], **options)
    return Picture(file.getvalue(), extension, *image.size)
