"""The pages of one list of an API: what is asked for, and where the next page begins."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from pathworth.base.errors import BadInput
from pathworth.collect.pulling.asking import Asker, Request
from pathworth.collect.pulling.contracts import Connector, Cursor, LastId, Link, Offset
from pathworth.collect.pulling.settings import address_of, filled, filled_all
from pathworth.collect.pulling.standing import Span, read_instant, written

PAGE_BYTES = 64 << 20


@dataclass(frozen=True)
class Page:
    """One page: its text as it is imported, its records, what the next one begins with, and the newest instant in it.

    ``next`` is empty on the last page; ``kept`` is where the next pull goes on, where that is a word of the API's.
    """

    text: str
    records: int
    next: str
    kept: str
    newest: datetime | None


class Pages:
    """Asks for the pages of a list.

    Parameters
    ----------
    connector, said
        The list, and the settings of the pull.
    asker, headers
        What asks, and what shows the secret.
    """

    def __init__(
        self,
        connector: Connector,
        said: Mapping[str, str],
        *,
        asker: Asker,
        headers: Mapping[str, str],
    ) -> None:
        self.connector, self.said, self.asker = connector, said, asker
        self.headers = {**{k: filled(v, said) for k, v in connector.headers.items()}, **headers}

    def page(self, span: Span, page: str) -> Page:
        """Ask for one page; the first of a span where none is said."""
        into = io.BytesIO()
        self.asker.ask(self.request(span, page), into, most=PAGE_BYTES)
        try:
            answer = json.loads(into.getvalue() or b"{}")
        except ValueError as error:
            raise BadInput(
                "PULL_NOT_JSON",
                f"{self.connector.title}: the answer is no JSON.",
                "Check the address and the settings of the pull.",
            ) from error
        records = _records(answer, self.connector.records)
        following = self._next(answer, records, page)
        if self.connector.names:
            answer = {"rows": [_named(one, self.connector.names) for one in records]}
        since = self.connector.since
        instants = (
            [read_instant(_at(one, since.field)) for one in records]
            if since and since.field
            else []
        )
        newest = max((one for one in instants if one is not None), default=None)
        kept = self._kept(answer, page)
        text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
        return Page(text, len(records), following, kept, newest)

    def request(self, span: Span, page: str) -> Request:
        """Return the request for one page of a span, or for the whole span."""
        connector, said = self.connector, self.said
        paging, since = connector.paging, connector.since
        if isinstance(paging, Link) and page:
            return Request(connector.method, page, self._sent(None))
        asked: dict[str, str] = {}
        if (
            since is not None
            and span.since is not None
            and not (isinstance(paging, Cursor) and paging.keep and page)
        ):
            if since.give:
                asked[since.give] = written(span.since, since)
            if since.until is not None and span.until is not None:
                asked[since.until] = written(span.until, since, last=True)
        if page and isinstance(paging, Cursor | LastId | Offset):
            asked[paging.give] = page
        url = address_of(connector, said) + filled(connector.path, said, safe=True)
        query = {name: text for name, one in connector.query.items() if (text := filled(one, said))}
        if connector.method == "GET":
            query |= asked
        if query:
            url += f"?{urlencode(query, doseq=True)}"
        if connector.method == "GET":
            return Request("GET", url, self._sent(None))
        body = filled_all(connector.body, said)
        for place, text in asked.items():
            _put(body, place, text)
        return Request("POST", url, self._sent(body), json.dumps(body).encode())

    def _sent(self, body: object) -> dict[str, str]:
        headers = {"Accept": "application/json", "User-Agent": "pathworth", **self.headers}
        return headers if body is None else {**headers, "Content-Type": "application/json"}

    def _next(self, answer: Any, records: list[Any], page: str) -> str:
        """Return with what the next page begins; nothing on the last."""
        paging = self.connector.paging
        found: Any = None
        if isinstance(paging, Link):
            found = _at(answer, paging.next)
        elif isinstance(paging, Cursor) and not (paging.done and _at(answer, paging.done)):
            found = _at(answer, paging.take)
        elif isinstance(paging, LastId) and records:
            more = _at(answer, paging.more) if paging.more else len(records) >= paging.full
            found = _at(records[-1], paging.field) if more else None
        elif isinstance(paging, Offset) and len(records) >= paging.full:
            found = int(page or 0) + len(records)
        text = "" if found is None else str(found)
        return "" if text == page else text

    def _kept(self, answer: Any, page: str) -> str:
        paging = self.connector.paging
        if not (isinstance(paging, Cursor) and paging.keep):
            return ""
        found = _at(answer, paging.take)
        return page if found is None else str(found)


def _records(answer: Any, path: str) -> list[Any]:
    found = _at(answer, path) if path else answer
    return found if isinstance(found, list) else []


def _at(answer: Any, path: str | None) -> Any:
    """Return what stands at a path of keys; null where it leads nowhere."""
    for key in path.split(".") if path else ():
        if not isinstance(answer, dict):
            return None
        answer = answer.get(key)
    return answer


def _put(body: dict[str, Any], path: str, text: str) -> None:
    """Put a text at a path of keys and places; a number as one."""
    *outer, last = path.split(".")
    held: Any = body
    for key in outer:
        held = held[int(key)] if isinstance(held, list) else held.setdefault(key, {})
    value: Any = int(text) if text.isdigit() else text
    if isinstance(held, list):
        held[int(last)] = value
    else:
        held[last] = value


def _named(record: Any, names: Mapping[str, list[str]]) -> dict[str, Any]:
    """Return a record whose lists of plain items are columns with names."""
    found = {key: value for key, value in record.items() if key not in names}
    for key, own in names.items():
        found |= dict(zip(own, record.get(key, ()), strict=False))
    return found
