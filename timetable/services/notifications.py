"""What friends are told: tasks, queued by what causes it and named by the friendship's id.

Whom to tell is found in the row; who blocks, and who withdrew, is not told.
"""

from django_tasks import task

from accounts.services.notifications import notify
from timetable.models import Friendship

FRIENDSHIP = "friendship"


@task
def tell_of_friend_request(friendship_id: int) -> None:
    """Tell whoever was asked."""
    tell(friendship_id, "friend_request", "asked")


@task
def tell_of_friend(friendship_id: int, to_asker: int) -> None:
    """Tell one of the two, the one who asked (1) or who was asked (0), that they are friends now."""
    tell(friendship_id, "friend_accepted", "asker" if to_asker else "asked")


def tell(friendship_id: int, kind: str, side: str) -> None:
    row = Friendship.objects.select_related(side).filter(pk=friendship_id).first()
    if row is not None:
        notify(user=getattr(row, side), kind=kind, target_kind=FRIENDSHIP, target_id=row.pk, cause=row.pk)
