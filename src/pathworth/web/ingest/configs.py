"""What browsers' libraries ask before they send, answered so that unmodified ones work against this server."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from pathworth import collect
from pathworth.base.errors import BadInput, Refused
from pathworth.web.ingest import bodies
from pathworth.web.ingest.answers import (
    Refusal,
    refused,
    send_answer,
    send_preflight,
    shared_with,
)
from pathworth.web.ingest.gate import Gate
from pathworth.web.ingest.keys import keys_of

Said = dict[str, Any]


def segment_settings(request: Request, key: str) -> Said:
    """Have Segment's library send to this server, by the name under which it was asked."""
    where = {
        "apiKey": key,
        "apiHost": f"{request.headers.get('host', '')}/v1",
        "protocol": request.url.scheme,
    }
    return {
        "integrations": {"Segment.io": where},
        "plan": {"track": {"__default": {"enabled": True, "integrations": {}}}},
        "middlewareSettings": {},
        "enabledMiddleware": {},
        "metrics": {"sampleRate": 0},
        "remotePlugins": [],
    }


def rudder_source(_: Request, key: str) -> Said:
    """Have RudderStack's library send everything to its data plane alone, and no numbers of itself."""
    quiet = {"errors": {"enabled": False}, "metrics": {"enabled": False}}
    return {
        "source": {
            "id": "pathworth",
            "name": "pathworth",
            "writeKey": key,
            "enabled": True,
            "workspaceId": "pathworth",
            "config": {"statsCollection": quiet},
            "connections": [],
            "destinations": [],
            "dataplanes": {},
        }
    }


def posthog_config(_: Request, key: str) -> Said:
    """Have PostHog's library send events and nothing else.

    Surveys are not spoken of: where they are said to be off it fetches their script all the same.
    """
    return {
        "token": key,
        "supportedCompression": ["gzip", "gzip-js"],
        "analytics": {"endpoint": "/e/"},
        "hasFeatureFlags": False,
        "isAuthenticated": False,
        "toolbarParams": {},
        "siteApps": [],
        "autocaptureExceptions": False,
        "captureDeadClicks": False,
        "capturePerformance": False,
        "elementsChainAsString": True,
        "heatmaps": False,
        "sessionRecording": False,
        "defaultIdentifiedOnly": True,
    }


def posthog_flags(request: Request, key: str) -> Said:
    """Say that no feature flag is set, in the forms of all versions of the question."""
    return {
        **posthog_config(request, key),
        "flags": {},
        "featureFlags": {},
        "featureFlagPayloads": {},
        "errorsWhileComputingFlags": False,
        "requestId": "",
    }


def posthog_script(request: Request, key: str) -> bytes:
    """Say the same as a script, which is where PostHog's library looks first."""
    held = json.dumps({"config": posthog_config(request, key), "siteApps": []})
    name = json.dumps(key)
    return (
        (f"(window._POSTHOG_REMOTE_CONFIG=window._POSTHOG_REMOTE_CONFIG||{{}})[{name}]={held};")
        .replace("<", "\\u003c")
        .encode()
    )


ANSWERS: Final[Mapping[str, Callable[[Request, str], Said | bytes]]] = {
    "segment_settings": segment_settings,
    "rudder_source": rudder_source,
    "posthog_config": posthog_config,
    "posthog_script": posthog_script,
    "posthog_flags": posthog_flags,
}


@dataclass(frozen=True)
class Config:
    """ASGI endpoint of one of these questions."""

    answer: Callable[[Request, str], Said | bytes]
    gate: Gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer whoever has a key of this workspace."""
        headers = dict(scope["headers"])
        if scope["method"] == "OPTIONS":
            await send_preflight(send, headers)
            return
        given = [*scope["path_params"].values(), *keys_of(headers, scope["query_string"])]
        try:
            if scope["method"] == "POST":
                given += await _keys_in(receive)
            await self.gate.check(given, headers)
        except bodies.GoneError:
            return
        except Refused as error:
            status = 400 if isinstance(error, BadInput) else 401
            refusal = Refusal(status, error.code, error.message, error.hint)
            await send_answer(send, status, refused("success", refusal), shared_with(headers))
            return
        said = self.answer(Request(scope), given[0] if given else "")
        kind = b"text/javascript" if isinstance(said, bytes) else b"application/json"
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        await send_answer(send, 200, body, shared_with(headers), kind=kind)


async def _keys_in(receive: Receive) -> tuple[str, ...]:
    body = collect.unpacked(await bodies.read_body(receive), most=bodies.MOST)
    return collect.check_request("posthog", body).keys if body.strip() else ()
