from django.db import models
from django.utils.translation import gettext_lazy as _


class PostGram(models.Model):
    """That a post has two characters side by side somewhere: what searching looks up (see `board.search`).

    The primary key is the whole row. On MySQL and MariaDB the table lies in its order, so that the posts with
    a gram, newest first, are one walk of neighbours. There are dozens of rows a post, so they have no times,
    no index but this and no foreign keys: those would lock their parents for each row, and want an index of
    their own. Services keep the rows in step; one too many costs a look, for the text itself decides.
    """

    pk = models.CompositePrimaryKey("school_id", "gram", "post_id")
    school_id = models.BigIntegerField(_("school"))
    gram = models.BigIntegerField(_("gram"))
    post_id = models.BigIntegerField(_("post"))

    class Meta:
        verbose_name = _("gram of a post")
        verbose_name_plural = _("grams of posts")

    def __str__(self) -> str:
        return f"{self.gram} in {self.post_id}"
