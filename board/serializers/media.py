from rest_framework import serializers

from api.serializers import CharField, ModelSerializer, UploadField
from board.models import PostMedia


class MediaSerializer(ModelSerializer):
    """A picture of a post: its sides are at most 1280 pixels, its thumbnail's 300."""

    url = serializers.FileField(source="image", read_only=True)
    thumbnail_url = serializers.FileField(source="thumbnail", read_only=True)

    class Meta:
        model = PostMedia
        fields = ("id", "url", "thumbnail_url", "width", "height", "caption")
        read_only_fields = fields


class MediaWriteSerializer(serializers.Serializer):
    """A picture to be stored: a JPEG, PNG, WebP or GIF of at most 10 MiB and 40 megapixels."""

    image = UploadField()
    caption = CharField(required=False, allow_blank=True, max_length=200)


class MediaUpdateSerializer(ModelSerializer):
    """What of a picture can change."""

    class Meta:
        model = PostMedia
        fields = ("caption",)
