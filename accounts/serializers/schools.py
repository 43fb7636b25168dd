from typing import Any

from rest_framework import serializers

from accounts.models import School
from api.serializers import ModelSerializer


class SchoolSerializer(ModelSerializer):
    """A school, as it stands inside other answers."""

    class Meta:
        model = School
        fields: tuple[str, ...] = ("id", "name", "region")
        read_only_fields = fields


class SchoolDetailSerializer(SchoolSerializer):
    """A school, with the domains whose addresses verify it."""

    email_domains: Any = serializers.SlugRelatedField("domain", many=True, read_only=True)

    class Meta(SchoolSerializer.Meta):
        fields = (*SchoolSerializer.Meta.fields, "email_domains")
        read_only_fields = fields
