"""The demo's pictures, drawn when they are needed: the same ones everywhere, and no file to carry along."""

from collections.abc import Callable
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw, ImageOps

from accounts.models import User
from board.models import PostMedia
from board.services.media import upload_media

SIZE = WIDTH, HEIGHT = 1600, 1200
Pen = ImageDraw.ImageDraw


def attach(user: User, pictures: list[dict[str, str]], files: list[str]) -> list[PostMedia]:
    """Upload what the script of a post wants drawn; the names of the files go into `files`."""
    uploaded = []
    for script in pictures:
        content = draw(script["draw"], script["caption"])
        uploaded.append(upload_media(user=user, image=content, caption=script["caption"]))
        files.extend(uploaded[-1].files)
    return uploaded


def draw(what: str, seed: str) -> bytes:
    """A picture of one of `DRAWINGS`; another seed gives another one."""
    rng = Random(seed)  # noqa: S311 (the same demo everywhere, no secret)
    file = BytesIO()
    DRAWINGS[what](rng).save(file, "JPEG", quality=90)
    return file.getvalue()


def shaded(top: str, bottom: str) -> Image.Image:
    """From one colour to another, downwards."""
    return ImageOps.colorize(Image.linear_gradient("L").resize(SIZE), top, bottom)


def disc(pen: Pen, x: float, y: float, radius: float, colour: str) -> None:
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)


def plate(rng: Random) -> Image.Image:
    """A tray from above: rice, soup, and what goes with them."""
    image = shaded("#c9975f", "#a8743f")
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((120, 100, 1480, 1100), 80, fill="#dfe3e6", outline="#b5bcc2", width=12)
    dishes = rng.sample(["#c8402f", "#5f8f3a", "#e0a63b", "#7b4a2b"], 3)
    for number, colour in enumerate(dishes):
        x = 380 + 420 * number
        disc(pen, x, 360, 185, "#c3cad0")
        for _crumb in range(60):
            disc(pen, x + rng.gauss(0, 48), 360 + rng.gauss(0, 48), rng.uniform(16, 34), colour)
    for x, rim, inside in (
        (520, "#c3cad0", "#fbf8f0"),
        (1080, "#c3cad0", rng.choice(["#d9b26a", "#b5502c"])),
    ):
        disc(pen, x, 790, 250, rim)
        disc(pen, x, 790, 220, inside)
    for _grain in range(140):
        disc(pen, 520 + rng.gauss(0, 64), 790 + rng.gauss(0, 64), 9, "#ffffff")
    for _leaf in range(14):
        disc(pen, 1080 + rng.gauss(0, 72), 790 + rng.gauss(0, 72), 16, "#4f7d3a")
    return image


def dusk(rng: Random) -> Image.Image:
    """A campus on a hill when the lamps are lit."""
    image = shaded("#3b3a78", "#f39a5b")
    pen = ImageDraw.Draw(image)
    disc(pen, rng.randint(300, 1300), 760, 110, "#ffd58a")
    pen.ellipse((-300, 780, 1100, 1700), fill="#4a3a5e")
    pen.ellipse((600, 840, 2100, 1800), fill="#3d3052")
    x = rng.randint(60, 160)
    while x < 1450:
        width, top = rng.randint(130, 230), rng.randint(560, 800)
        pen.rectangle((x, top, x + width, HEIGHT), fill="#2b2440")
        for column in range(x + 20, x + width - 30, 42):
            for row in range(top + 26, 1060, 58):
                pen.rectangle((column, row, column + 22, row + 32), fill=rng.choice(["#ffd98a", "#3a3254"]))
        x += width + rng.randint(30, 110)
    pen.rectangle((0, 1090, WIDTH, HEIGHT), fill="#1f1a30")
    return image


def poster(rng: Random) -> Image.Image:
    """Shapes in a few colours, as on a poster of an exhibition."""
    colours = rng.choice(
        [("#f2e9d8", "#d5402b", "#1d4e89", "#f0b429"), ("#14213d", "#fca311", "#e5e5e5", "#8ecae6")]
    )
    image = Image.new("RGB", SIZE, colours[0])
    pen = ImageDraw.Draw(image)
    for column in range(4):
        for row in range(3):
            x, y, colour = column * 400, row * 400, rng.choice(colours[1:])
            shape = rng.randrange(4)
            if shape == 0:
                disc(pen, x + 200, y + 200, 190, colour)
            elif shape == 1:
                pen.pieslice((x, y, x + 800, y + 800), 180, 270, fill=colour)
            elif shape == 2:
                pen.polygon(((x, y + 400), (x + 400, y + 400), (x + 400, y)), fill=colour)
            else:
                for stripe in range(0, 400, 80):
                    pen.rectangle((x, y + stripe, x + 400, y + stripe + 36), fill=colour)
    return image


def chart(rng: Random) -> Image.Image:
    """Bars, higher and higher by and large."""
    image = Image.new("RGB", SIZE, "#fbfbf8")
    pen = ImageDraw.Draw(image)
    for y in range(200, 1001, 160):
        pen.line((160, y, 1500, y), fill="#dddfe3", width=4)
    for number in range(7):
        x, height = 210 + number * 184, 140 + number * 75 + rng.randint(-60, 130)
        pen.rounded_rectangle(
            (x, 1000 - height, x + 118, 1000), 14, fill="#e4572e" if number == 6 else "#4c78a8"
        )
    pen.line((160, 1000, 1500, 1000), fill="#40444b", width=8)
    return image


def cat(rng: Random) -> Image.Image:
    """A yellow cat that looks back."""
    image = shaded("#a9cfa0", "#6f9f63")
    pen, x = ImageDraw.Draw(image), rng.randint(650, 950)
    pen.ellipse((x - 420, 720, x + 420, 1500), fill="#e39a3c")
    for side in (-1, 1):
        pen.polygon(((x + side * 320, 560), (x + side * 300, 180), (x + side * 60, 380)), fill="#e39a3c")
    disc(pen, x, 600, 330, "#f0ab4a")
    for side in (-1, 1):
        disc(pen, x + side * 130, 560, 52, "#2d3a2a")
        disc(pen, x + side * 130 + 14, 544, 16, "#ffffff")
        for whisker in (-30, 10, 50):
            pen.line((x + side * 90, 700, x + side * 380, 680 + whisker), fill="#fff3dd", width=6)
    pen.polygon(((x - 30, 660), (x + 30, 660), (x, 700)), fill="#c4574f")
    for stripe in (-70, 0, 70):
        pen.line((x + stripe, 290, x + stripe // 2, 400), fill="#c47f2b", width=22)
    return image


def stars(rng: Random) -> Image.Image:
    """The sky at night, with a planet and its ring."""
    image = shaded("#050816", "#27305f")
    pen = ImageDraw.Draw(image)
    for _star in range(420):
        disc(pen, rng.uniform(0, WIDTH), rng.uniform(0, 1000), rng.choice([2, 2, 3, 5]), "#f5f2d8")
    x, y = rng.randint(600, 1000), rng.randint(380, 560)
    pen.ellipse((x - 310, y - 70, x + 310, y + 70), outline="#d8c79a", width=26)
    disc(pen, x, y, 150, "#e6cf94")
    pen.arc((x - 310, y - 70, x + 310, y + 70), 5, 175, fill="#d8c79a", width=26)
    pen.polygon(
        [(0, 1200), *((x, 1040 - rng.randint(0, 90)) for x in range(0, 1601, 80)), (1600, 1200)],
        fill="#05060d",
    )
    return image


def books(rng: Random) -> Image.Image:
    """A pile of books on a desk."""
    image = shaded("#efe6d5", "#d8c7a6")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 960, WIDTH, HEIGHT), fill="#8a5a34")
    y = 960
    for colour in rng.sample(["#31572c", "#9b2226", "#1d3557", "#ca6702", "#5f0f40"], 4):
        left, width, height = rng.randint(330, 470), rng.randint(680, 820), rng.randint(110, 160)
        pen.rounded_rectangle((left, y - height, left + width, y), 16, fill=colour)
        pen.rectangle((left + 70, y - height + 28, left + 110, y - 28), fill="#f1e4c3")
        y -= height
    return image


DRAWINGS: dict[str, Callable[[Random], Image.Image]] = {
    made.__name__: made for made in (plate, dusk, poster, chart, cat, stars, books)
}
