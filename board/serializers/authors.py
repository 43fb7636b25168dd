from typing import Any

from drf_spectacular.utils import extend_schema_field

from accounts.serializers.authors import AuthorSerializer
from board.authors import Signed, author_of


@extend_schema_field(AuthorSerializer)
class ContentAuthorSerializer(AuthorSerializer):
    """Takes the content itself (`source="*"`)."""

    def to_representation(self, content: Signed) -> dict[str, Any]:
        return super().to_representation(author_of(content))
