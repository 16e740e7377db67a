"""Webhooks signed by Standard Webhooks, so that the receiver knows whom they are from and what it had already.

Source: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import hmac
import json
from base64 import b64encode
from hashlib import sha256
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from pathworth.act.contracts import Message, Outcome, WebhookTarget
from pathworth.act.programs import now
from pathworth.act.sending.settings import webhook_key


class HookSender:
    """Posts messages to one address.

    Parameters
    ----------
    target
        Where, and the secret.
    """

    at_once = 1

    def __init__(self, target: WebhookTarget) -> None:
        self.target = target

    def send(self, message: Message) -> Outcome:
        """Post one message; a redirect is an answer, and not followed."""
        body = payload(message)
        headers = signed(message.id, body, secret=self.target.secret, at_us=now())
        url = urlsplit(self.target.url)
        kind = HTTPSConnection if url.scheme == "https" else HTTPConnection
        connection = kind(url.hostname or "", url.port, timeout=self.target.timeout_seconds)
        try:
            connection.connect()
        except OSError as error:
            return Outcome("later", f"Nobody answers: {error}")
        try:
            path = (url.path or "/") + (f"?{url.query}" if url.query else "")
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            return _outcome(answer.status, answer.reason)
        except (OSError, HTTPException) as error:
            return Outcome("unknown", f"The answer was lost: {type(error).__name__}: {error}")
        finally:
            connection.close()


def payload(message: Message) -> bytes:
    """Return what is posted, as JSON."""
    said = {
        "type": "message",
        "id": message.id,
        "program": message.program,
        "person": message.entity,
        "subject": message.subject,
        "text": message.text,
        "html": message.html,
        "unsubscribe": message.unsubscribe,
        "why": message.why,
    }
    return json.dumps(said, ensure_ascii=False).encode()


def signed(id_: str, body: bytes, *, secret: str, at_us: int) -> dict[str, str]:
    """Return the headers of a signed webhook."""
    seconds = str(at_us // 1_000_000)
    text = f"{id_}.{seconds}.".encode() + body
    digest = hmac.new(webhook_key(secret), text, sha256).digest()
    return {
        "Content-Type": "application/json",
        "webhook-id": id_,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{b64encode(digest).decode()}",
    }


def _outcome(status: int, reason: str) -> Outcome:
    said = f"{status} {reason}"
    if 200 <= status < 300:
        return Outcome("delivered", said)
    return Outcome("later" if status in {408, 429, 502, 503, 504} else "failed", said)
