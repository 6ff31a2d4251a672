"""Where uploaded files and packs are kept: a folder, or a bucket of an S3 server."""

from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

FOLDER = {"BACKEND": "studyhub.core.kept_files.FolderStorage"}
# Seconds of silence: who waits for a picture holds up those who wait for a page.
PATIENCE = {"connect_timeout": 2, "read_timeout": 3, "retries": {"total_max_attempts": 1}}


def file_storage(env: environ.Env) -> dict[str, Any]:
    """Django's entry for ``STORAGES["default"]``.

    Raises ImproperlyConfigured for a bucket without its server or keys.
    """
    bucket = env.str("S3_BUCKET", default="")
    if not bucket:
        return FOLDER
    keys = {
        "endpoint_url": env.str("S3_ENDPOINT_URL", default=""),
        "access_key": env.str("S3_ACCESS_KEY_ID", default=""),
        "secret_key": env.str("S3_SECRET_ACCESS_KEY", default=""),
    }
    if not all(keys.values()):
        raise ImproperlyConfigured(
            "写了 S3_BUCKET，还要写 S3_ENDPOINT_URL、S3_ACCESS_KEY_ID 和 S3_SECRET_ACCESS_KEY；"
            "文件存在本机就把 S3_BUCKET 留空。"
        )
    return {
        "BACKEND": "studyhub.core.bucket.BucketStorage",
        "OPTIONS": _options(env, bucket) | keys,
    }


def _options(env: environ.Env, bucket: str) -> dict[str, Any]:
    # Heavy imports that only those with a bucket pay for.
    from boto3.s3.transfer import TransferConfig
    from botocore.config import Config

    style = {"addressing_style": env.str("S3_ADDRESSING_STYLE", default="path")}
    return {
        "bucket_name": bucket,
        "region_name": env.str("S3_REGION", default="") or None,
        "file_overwrite": False,  # names change when contents do
        "default_acl": None,  # as the bucket has it: closed
        "client_config": Config(s3=style, signature_version="s3v4", **PATIENCE),
        "transfer_config": TransferConfig(use_threads=False, num_download_attempts=1),
    }
