from typing import Any

from drf_spectacular.utils import extend_schema_field

from accounts.authors import anonymous_author
from accounts.serializers.authors import AuthorSerializer


@extend_schema_field(AuthorSerializer)
class AnonymousAuthorSerializer(AuthorSerializer):
    """Of what is always anonymous (`source="*"`): the same whoever wrote it."""

    def to_representation(self, row: Any) -> dict[str, Any]:
        return super().to_representation(anonymous_author(None))
