"""Pictures of posts. Lock order: the post, then its pictures, then the user."""

from collections.abc import Container, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from rest_framework.exceptions import ErrorDetail, ValidationError

from accounts.models import User
from accounts.services.sanctions import refuse_sanctioned
from accounts.services.writing import lock_living, save_edit
from api.db import write
from api.errors import NOTHING_THERE
from api.images import full_and_thumbnail
from api.storage import Folder, discard, stored
from board.models import Post, PostMedia
from board.services.content import refuse_answered

FOLDER = "attachments"


def upload_media(*, user: User, image: bytes, caption: str = "") -> PostMedia:
    """Draw a picture anew and keep it for a post to come; unattached, it is swept after a day.

    400 on `image` for what is no picture. StorageUnavailable, and then nothing is kept.
    """
    # Before the transaction: this takes a second at worst, and SQLite has one writer.
    full, thumbnail = full_and_thumbnail(image)
    with stored(FOLDER, full, thumbnail) as (name, thumbnail_name):
        return insert_media(
            user,
            image=name,
            thumbnail=thumbnail_name,
            width=full.width,
            height=full.height,
            size=len(full.content) + len(thumbnail.content),
            caption=caption,
        )


@write
def insert_media(user: User, **fields: Any) -> PostMedia:
    media = PostMedia.objects.create(uploader=user, **fields)
    # The insert locked the user's row: a sanction waits for us, or is over and seen here.
    refuse_sanctioned(user.binding_sanctions)
    return media


@write
def update_media(*, media: PostMedia, changes: dict[str, Any]) -> PostMedia:
    """Change the caption. Of a picture in a post this edits the post, which must allow it."""
    media, post = lock_media(media)
    if changes.get("caption", media.caption) != media.caption:
        media.caption = changes["caption"]
        media.save(update_fields=["caption", "updated_at"])
        if post is not None:
            save_edit(post)
    return media


@write
def delete_media(*, media: PostMedia) -> None:
    """Delete a picture, and its files with the commit. In a post this edits the post, which must allow it."""
    media, post = lock_media(media)
    drop(PostMedia.objects.filter(pk=media.pk))
    if post is not None:
        post.media_count -= 1
        save_edit(post, "media_count")


def lock_media(media: PostMedia) -> tuple[PostMedia, Post | None]:
    """A picture and its post as they are now, locked. 404 where one is gone or they came together meanwhile.

    Raises Frozen and QuestionAnswered, as editing the post does.
    """
    post = None
    if media.post is not None:
        post = lock_living(media.post)
        refuse_answered(post)
    locked = PostMedia.objects.select_for_update().filter(pk=media.pk, post=post).first()
    if locked is None:
        raise Http404
    return locked, post


def set_media(post: Post, ids: Sequence[UUID]) -> bool:
    """Let a locked post have these pictures, in this order; those left out go. Whether anything changed.

    400 `does_not_exist` for each that is not there, not of the post's author, or in another post. Of two
    posts that take one picture at a time, the second waits for its row here, and then finds it taken.
    """
    if list(PostMedia.objects.filter(post=post).values_list("pk", flat=True)) == list(ids):
        return False
    own = Q(uploader=post.author_id, post=None) | Q(post=post)
    found = PostMedia.objects.filter(own, pk__in=ids).select_for_update().in_bulk()
    refuse_missing(ids, found)
    for position, pk in enumerate(ids):
        found[pk].post, found[pk].position = post, position
    PostMedia.objects.bulk_update(found.values(), ["post", "position"])
    drop(PostMedia.objects.filter(post=post).exclude(pk__in=ids))
    post.media_count = len(ids)
    return True


def refuse_missing(ids: Sequence[UUID], found: Container[UUID]) -> None:
    missing: Any = {
        number: [ErrorDetail(str(NOTHING_THERE), code="does_not_exist")]
        for number, pk in enumerate(ids)
        if pk not in found
    }
    if missing:
        raise ValidationError({"media": missing})


def drop_all(post: Post) -> None:
    """Delete the pictures of a locked post, whose `media_count` is to be saved."""
    drop(PostMedia.objects.filter(post=post))
    post.media_count = 0


def drop_unattached(user: User) -> None:
    """Delete what somebody who leaves uploaded for posts that are not written. What is in a post stays."""
    drop(PostMedia.objects.filter(uploader=user, post=None))


def drop(media: QuerySet[PostMedia]) -> None:
    """Delete rows, and their files with the commit."""
    rows = list(media)
    PostMedia.objects.filter(pk__in=[row.pk for row in rows]).delete()
    discard(name for row in rows for name in row.files)


# --- Sweeping -------------------------------------------------------------------------------------------
def sweep_unattached(*, before: datetime, dry_run: bool = False) -> tuple[int, int]:
    """Delete the pictures that were uploaded before a time and are in no post: how many, and their bytes."""
    old = PostMedia.objects.filter(post=None, created_at__lt=before)
    if dry_run:
        sizes = list(old.values_list("size", flat=True))
    else:
        sizes = [size for pk in list(old.values_list("pk", flat=True)) if (size := sweep_one(pk)) is not None]
    return len(sizes), sum(sizes)


@write
def sweep_one(pk: UUID) -> int | None:
    """Delete a picture unless a post has taken it meanwhile; its bytes."""
    media = PostMedia.objects.select_for_update().filter(pk=pk, post=None).first()
    if media is None:
        return None
    drop(PostMedia.objects.filter(pk=pk))
    return media.size


def used_names(names: list[str]) -> set[str]:
    """Those of some file names that rows name."""
    used = PostMedia.objects.order_by()
    return {
        *used.filter(image__in=names).values_list("image", flat=True),
        *used.filter(thumbnail__in=names).values_list("thumbnail", flat=True),
    }


SWEEP = Folder(FOLDER, used_names)
