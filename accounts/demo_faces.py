"""Profile pictures of the demo, drawn when they are needed: the same ones everywhere."""

from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

from accounts.models import User
from accounts.services.pictures import FOLDER
from api.images import SQUARE, square
from api.storage import save

COLOURS = ("#e76f51", "#2a9d8f", "#457b9d", "#f4a261", "#8e7dbe", "#6a994e")


def give_face(user: User, files: list[str]) -> None:
    """Give a user a picture; the name of its file goes into `files`."""
    files.append(save(FOLDER, square(draw(user.username))))
    user.picture.name = files[-1]
    user.save(update_fields=["picture"])


def draw(seed: str) -> bytes:
    """A round face on a coloured ground; another seed gives another one."""
    rng = Random(seed)  # noqa: S311 (the same demo everywhere, no secret)
    ground, skin = rng.sample(COLOURS, 2)
    side = 2 * SQUARE
    image = Image.new("RGB", (side, side), ground)
    pen = ImageDraw.Draw(image)
    pen.ellipse((66, 420, side - 66, 900), fill=skin)
    pen.ellipse((126, 96, side - 126, 386), fill="#ffe8d1")
    eye, smile = rng.randint(12, 20), rng.randint(20, 60)
    for x in (206, side - 206):
        pen.ellipse((x - eye, 230 - eye, x + eye, 230 + eye), fill="#2b2d42")
    pen.arc((206, 290 - smile, side - 206, 290 + smile), 20, 160, fill="#2b2d42", width=12)
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
