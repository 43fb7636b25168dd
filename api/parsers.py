from io import BytesIO
from typing import Any

import orjson
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from rest_framework import parsers
from rest_framework.exceptions import ParseError

from api.errors import PayloadTooLarge
from api.images import MAX_BYTES


class JSONParser(parsers.JSONParser):
    """JSON in UTF-8, whatever charset the request names, read by orjson.

    DRF holds its own parser and what derives from it to `DATA_UPLOAD_MAX_MEMORY_SIZE`, and no other.
    """

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            return orjson.loads(stream.read())
        except orjson.JSONDecodeError as error:
            raise ParseError(f"JSON parse error - {error}") from None


class MultiPartParser(parsers.MultiPartParser):
    """A form with a file, for the endpoints that take a picture."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        # Django's own handlers would write any number of bytes to the disk before anybody counts them.
        parser_context["request"]._request.upload_handlers = [UploadHandler()]
        return super().parse(stream, media_type, parser_context)


# What a form has around its files: boundaries, headers, and other fields.
FORM_BYTES = 64 * 1024


class UploadHandler(FileUploadHandler):
    """Keeps files in memory, all files of a request at most `MAX_BYTES`: counted as they come in."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.received = 0

    def handle_raw_input(self, input_data: Any, meta: Any, content_length: int, *args: Any) -> None:
        """What says itself that it is too large is not read at all."""
        if content_length > MAX_BYTES + FORM_BYTES:
            raise PayloadTooLarge

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.file = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received > MAX_BYTES:
            raise PayloadTooLarge
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile:
        self.file.seek(0)
        return InMemoryUploadedFile(
            self.file,
            self.field_name,
            self.file_name or "",
            self.content_type or "",
            file_size,
            self.charset,
        )
