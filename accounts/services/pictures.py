"""The pictures of people."""

from accounts.models import User
from api.db import write
from api.images import square
from api.storage import Folder, discard, stored

FOLDER = "pictures"


def set_picture(*, user: User, image: bytes) -> User:
    """Draw the middle of a picture anew and let the user have it; the one before goes with the commit.

    400 on `image` for what is no picture. StorageUnavailable, and then the user has the one before.
    """
    # Before the transaction, as in `upload_media`.
    picture = square(image)
    with stored(FOLDER, picture) as (name,):
        return replace_picture(user=user, name=name)


def remove_picture(*, user: User) -> User:
    """Let the user have no picture."""
    return replace_picture(user=user, name="")


@write
def replace_picture(*, user: User, name: str) -> User:
    """Name another file; of two at a time, the first one's goes."""
    user = User.objects.select_for_update().get(pk=user.pk)
    discard([user.picture.name or ""])
    user.picture = name
    user.save(update_fields=["picture", "updated_at"])
    return user


# --- Sweeping -------------------------------------------------------------------------------------------
def used_names(names: list[str]) -> set[str]:
    """Those of some file names that users have."""
    return set(User.objects.order_by().filter(picture__in=names).values_list("picture", flat=True))


SWEEP = Folder(FOLDER, used_names)
