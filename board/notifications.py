"""The kinds of notification that the board causes: what each is about, who may see it, and how it reads."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Case, Count, Max, Q, QuerySet, Value, When
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Notification, User
from accounts.models.blocks import blocks_user
from api.notifications import NotificationKind, Telling
from board.authors import author_of
from board.models import Board, Comment, Message, Participant, Post
from board.models.content import boards_of

EXCERPT_LENGTH = 100
TITLE_LENGTH = 30


def excerpt_of(text: str) -> str:
    return Truncator(text).chars(EXCERPT_LENGTH)


def title_of(post: Post) -> str:
    return Truncator(post.title).chars(TITLE_LENGTH)


def who(author: Any, others: int) -> str:
    """Who it was, as the subject of a sentence: the newest, and how many other labels."""
    words = {"name": author["display_name"], "others": others}
    if others:
        return gettext("%(name)s and %(others)d more") % words
    return gettext("%(name)s") % words


class WordKind(NotificationKind):
    """What people wrote, one after the other, at one target: the causes are the ids of what they wrote."""

    at: ClassVar[str]

    def heard_by(self, user: User) -> QuerySet:
        """All that others wrote to a user and the user may see now."""
        raise NotImplementedError

    def between(self, target: Any, first: Any, last: Any) -> Q:
        return Q((self.at, target), pk__gte=first, pk__lte=last)

    def causes(self, user: User, target_kind: str, target: Any, first: Any, last: Any) -> QuerySet:
        return self.heard_by(user).filter(self.between(target, first, last))

    def all_causes(self, rows: Sequence[Notification], user: User) -> QuerySet:
        """Those of several notifications."""
        ranges = Q(pk__in=())
        for row in rows:
            ranges |= self.between(row.target_id, row.first_cause, row.last_cause)
        return self.heard_by(user).filter(ranges).order_by().values(self.at)


class CommentKind(WordKind):
    """Comments on one's post, but those that answer one's own comment there."""

    kind = "comment"
    label = _("comments on my posts")
    target_kinds = ("post",)
    at = "post"

    def heard_by(self, user: User) -> QuerySet[Comment]:
        return Comment.objects.heard_by(user).filter(post__author=user).exclude(parent__author=user)

    def tell(self, rows: Sequence[Notification], user: User) -> dict[int, Telling]:
        anonymous = Count("alias_number", distinct=True)
        named = Count("author", distinct=True, filter=Q(is_anonymous=False))
        withdrawn = Max(Case(When(author=None, is_anonymous=False, then=Value(1)), default=Value(0)))
        counted = self.all_causes(rows, user).annotate(newest=Max("pk"), labels=anonymous + named + withdrawn)
        found = {row[self.at]: row for row in counted}
        newest = Comment.objects.select_related("author", "post").in_bulk(
            [row["newest"] for row in found.values()]
        )
        return {
            row.pk: self.telling(newest[seen["newest"]], seen["labels"] - 1)
            for row in rows
            if (seen := found.get(row.target_id))
        }

    def telling(self, comment: Comment, others: int) -> Telling:
        author = author_of(comment)
        return Telling(
            text=self.sentence(who(author, others), comment.post),
            excerpt=excerpt_of(comment.content),
            author=author,
            others=others,
            where={"post": comment.post_id, "comment": comment.pk},
        )

    def sentence(self, subject: str, post: Post) -> str:
        return gettext("%(who)s commented on your post “%(title)s”.") % {
            "who": subject,
            "title": title_of(post),
        }


class ReplyKind(CommentKind):
    """Answers to one's comment."""

    kind = "reply"
    label = _("replies to my comments")
    target_kinds = ("comment",)
    at = "parent"

    def heard_by(self, user: User) -> QuerySet[Comment]:
        return Comment.objects.heard_by(user).filter(parent__author=user, parent__deleted_at=None)

    def sentence(self, subject: str, post: Post) -> str:
        return gettext("%(who)s replied to your comment on “%(title)s”.") % {
            "who": subject,
            "title": title_of(post),
        }


class MessageKind(WordKind):
    """Messages. The other side of a conversation is one label, so `others` is 0."""

    kind = "message"
    label = _("messages")
    target_kinds = ("conversation",)
    at = "conversation"

    def heard_by(self, user: User) -> QuerySet[Message]:
        return Message.objects.heard_by(user)

    def is_due(self, user: User, target_kind: str, target_id: int, cause: int) -> bool:
        """Unless it is read already: who has the conversation open is often faster."""
        behind = Participant.objects.filter(user=user, conversation=target_id, read_up_to__lt=cause)
        return behind.exists() and super().is_due(user, target_kind, target_id, cause)

    def tell(self, rows: Sequence[Notification], user: User) -> dict[int, Telling]:
        counted = self.all_causes(rows, user).annotate(newest=Max("pk"))
        found = {row[self.at]: row["newest"] for row in counted}
        newest = Message.objects.select_related("sender__user").in_bulk(found.values())
        return {row.pk: self.telling(newest[found[row.target_id]]) for row in rows if row.target_id in found}

    def telling(self, message: Message) -> Telling:
        author = author_of(message.sender)
        return Telling(
            text=gettext("%(who)s sent you a message.") % {"who": who(author, 0)},
            excerpt=excerpt_of(message.content),
            author=author,
            where={"conversation": message.conversation_id},
        )


class HotKind(NotificationKind):
    """One's post has become HOT. Who liked it is told to nobody."""

    kind = "hot"
    label = _("my posts in HOT")
    target_kinds = ("post",)

    def mine(self, user: User) -> QuerySet[Post]:
        mine = Post.objects.visible_to(user).readable_by(user).filter(author=user, hidden_at=None)
        return mine.filter(~boards_of(in_hot=False), hot_at__isnull=False)

    def causes(self, user: User, target_kind: str, target: Any, first: Any, last: Any) -> QuerySet[Post]:
        # The range is that one id. It keeps the server from collecting all HOT posts first.
        return self.mine(user).filter(pk=target, pk__gte=first, pk__lte=last)

    def tell(self, rows: Sequence[Notification], user: User) -> dict[int, Telling]:
        posts = self.mine(user).in_bulk([row.target_id for row in rows])
        return {row.pk: self.telling(posts[row.target_id]) for row in rows if row.target_id in posts}

    def telling(self, post: Post) -> Telling:
        return Telling(
            text=gettext("Your post “%(title)s” is HOT now.") % {"title": title_of(post)},
            excerpt=excerpt_of(post.content),
            where={"post": post.pk},
        )


class HandoverKind(NotificationKind):
    """A board is offered to one. The causes are the moments of the offers."""

    kind = "board_handover"
    label = _("boards offered to me")
    target_kinds = ("board",)

    def offered(self, user: User) -> QuerySet[Board]:
        """Unless one blocks who offers it."""
        offered = Board.objects.visible_to(user).living().filter(offered_to=user)
        return offered.exclude(blocks_user(user, "manager"))

    def causes(self, user: User, target_kind: str, target: Any, first: Any, last: Any) -> QuerySet[Board]:
        return self.offered(user).filter(pk=target)

    def tell(self, rows: Sequence[Notification], user: User) -> dict[int, Telling]:
        boards = self.offered(user).in_bulk([row.target_id for row in rows])
        return {row.pk: self.telling(boards[row.target_id]) for row in rows if row.target_id in boards}

    def telling(self, board: Board) -> Telling:
        text = gettext("The board “%(name)s” is offered to you: accept it to manage it.")
        return Telling(text=text % {"name": board.name}, where={"board": board.pk})


KINDS = (CommentKind(), ReplyKind(), MessageKind(), HotKind(), HandoverKind())
