"""What a webhook carries and how it is signed: the format of Standard Webhooks (standardwebhooks.com)."""

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

SECRET_PREFIX = "whsec_"


def readable_secret(secret: bytes) -> str:
    """The secret as a receiver is given it."""
    return SECRET_PREFIX + base64.b64encode(secret).decode()


def signed_headers(message_id: str, body: bytes, *, at: datetime, secrets: Sequence[bytes]) -> dict[str, str]:
    """The three headers of a message. One signature for each secret: any of them opens it.

    `at` is the moment of this attempt; receivers refuse a message whose timestamp is five minutes off.
    """
    timestamp = str(int(at.timestamp()))
    signed = f"{message_id}.{timestamp}.".encode() + body
    signatures = (hmac.new(secret, signed, hashlib.sha256).digest() for secret in secrets)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{base64.b64encode(one).decode()}" for one in signatures),
    }
