"""A server that speaks S3, and the settings that use it."""

import os
from typing import Any
from unittest.mock import patch

import boto3
from moto.server import ThreadedMotoServer

from config.settings.env import media_storage_from_env

# For the tests that want real files, in `MEDIA_ROOT`.
LOCAL = {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}
BUCKET = "pictures-of-madang"
KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}


class Server:
    """moto's server on a free port, with one bucket."""

    def __enter__(self) -> "Server":
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self.server.start()
        host, port = self.server.get_host_and_port()
        self.url = f"http://{host}:{port}"
        self.client = boto3.client("s3", endpoint_url=self.url, **KEYS)
        self.client.create_bucket(Bucket=BUCKET)
        return self

    def __exit__(self, *failure: object) -> None:
        self.client.close()
        self.server.stop()

    def empty(self) -> None:
        for found in self.client.list_objects_v2(Bucket=BUCKET).get("Contents", ()):
            self.client.delete_object(Bucket=BUCKET, Key=found["Key"])

    def publish(self) -> None:
        """Let anybody read what is in the bucket, as a policy would."""
        for found in self.client.list_objects_v2(Bucket=BUCKET).get("Contents", ()):
            self.client.put_object_acl(Bucket=BUCKET, Key=found["Key"], ACL="public-read")


def s3_storage(**environment: str) -> dict[str, Any]:
    """The storage that the settings make of an environment."""
    given = {
        "MEDIA_S3_BUCKET": BUCKET,
        "MEDIA_S3_REGION": "us-east-1",
        "MEDIA_S3_ACCESS_KEY_ID": "test",
        "MEDIA_S3_SECRET_ACCESS_KEY": "test",
    }
    with patch.dict(os.environ, given | environment):
        return media_storage_from_env()
