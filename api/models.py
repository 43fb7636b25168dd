from django.db import models


class TimestampedModel(models.Model):
    """When a row was made and last changed. `updated_at` is for operators and is in no payload."""

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
