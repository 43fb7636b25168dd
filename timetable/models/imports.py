from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from api.models import TimestampedModel
from timetable.models.semesters import Semester


class CatalogueImport(TimestampedModel):
    """A catalogue somebody uploaded in the admin: first its dry run, then, once applied, what it did.

    `content` is the file until it is applied or discarded. `report` is `services.catalogue.Report.as_json()`.
    """

    semester = models.ForeignKey(Semester, models.PROTECT, verbose_name=_("semester"), related_name="imports")
    format = models.CharField(_("format"), max_length=30)
    file_name = models.CharField(_("file"), max_length=200)
    content = models.BinaryField(null=True, editable=False)
    report = models.JSONField(_("report"), default=dict, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        verbose_name=_("uploaded by"),
        related_name="+",
        null=True,
        editable=False,
    )
    applied_at = models.DateTimeField(_("applied at"), null=True, editable=False)

    class Meta:
        verbose_name = _("catalogue import")
        verbose_name_plural = _("catalogue imports")
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.file_name
