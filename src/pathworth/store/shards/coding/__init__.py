"""Rows of the lake on their way into shards: texts become codes, ids become places."""

from pathworth.store.shards.coding.known import Found, Known
from pathworth.store.shards.coding.rows import Coding, Look, Plan, Rows

__all__ = ["Coding", "Found", "Known", "Look", "Plan", "Rows"]
