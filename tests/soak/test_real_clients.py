"""The real libraries, installed from their registries, send to a served workspace and are content.

What they sent comes out of the questions. Where a registry cannot be reached, its part is skipped; a folder of an
environment that has them already can be named (``PATHWORTH_PYTHON_CLIENTS``, ``PATHWORTH_NODE_CLIENTS``).
"""

from __future__ import annotations

import functools
import http.server
import json
import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright
from tests.browser.conftest import FLAGS
from tests.browser.worlds import serve

from pathworth import run

pytestmark = pytest.mark.soak
HERE = Path(__file__).parent / "clients"
KEY = "KEY12345678901234567890123"
PYTHON = [
    "segment-analytics-python",
    "rudder-sdk-python",
    "posthog[zstd]",
    "amplitude-analytics",
    "mixpanel",
    "snowplow-tracker",
]
NODE = [
    "@segment/analytics-node",
    "@rudderstack/rudder-sdk-node",
    "posthog-node",
    "@amplitude/analytics-node",
    "mixpanel",
    "@segment/analytics-next",
    "@rudderstack/analytics-js",
    "posthog-js",
    "@snowplow/browser-tracker",
    "esbuild",
]
CALLS = {
    "identify": 1,
    "Signed Up": 1,
    "Viewed Pricing": 1,
    "Paid": 1,
    "page": 1,
    "group": 1,
    "alias": 1,
}
AMPLITUDE = {"identify": 1, "Signed Up": 1, "Viewed Pricing": 1, "Paid": 1}
MIXPANEL = {"identify": 1, "Signed Up": 1, "Viewed Pricing": 1, "charge": 1, "Paid": 2}
FROM_PYTHON = [
    ("segment_python", (), CALLS),
    ("segment_python", ("gzip",), CALLS),
    ("rudder_python", (), CALLS),
    ("posthog_python", (), {**CALLS, "$feature_flag_called": 1}),
    ("posthog_python", ("gzip",), {**CALLS, "$feature_flag_called": 1}),
    ("posthog_python", ("v1", "none"), {**CALLS, "$feature_flag_called": 1}),
    ("posthog_python", ("v1", "deflate"), {**CALLS, "$feature_flag_called": 1}),
    ("posthog_python", ("v1", "zstd"), {**CALLS, "$feature_flag_called": 1}),
    ("amplitude_python", (), AMPLITUDE),
    ("mixpanel_python", (), MIXPANEL),
    ("snowplow_python", (), {"page": 1, "add": 1, "signed_up": 1}),
    ("snowplow_python", ("base64",), {"page": 1, "add": 1, "signed_up": 1}),
]
FROM_NODE = [
    ("segment", CALLS),
    ("rudder", CALLS),
    ("posthog", CALLS),
    ("amplitude", AMPLITUDE),
    ("mixpanel", {**MIXPANEL, "alias": 1}),
    ("mixpanel_verbose", {**MIXPANEL, "alias": 1}),
]
IN_BROWSER = {"page": 1, "identify": 1, "Signed Up": 1, "group": 1}
FROM_BROWSER = [
    ("segment", IN_BROWSER),
    ("segment_batching", IN_BROWSER),
    ("rudder", IN_BROWSER),
    ("posthog", {**IN_BROWSER, "leaving": 1, "$pageleave": 1}),
    ("snowplow", {"page": 1, "signed_up": 1}),
]


@pytest.fixture(scope="module")
def python_with_clients(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The interpreter of an environment of their own."""
    named = os.environ.get("PATHWORTH_PYTHON_CLIENTS")
    if named:
        return str(Path(named) / "bin" / "python")
    folder = tmp_path_factory.mktemp("python")
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", *PYTHON]
    done = subprocess.run(pip, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"the registry of Python cannot be reached: {done.stderr[-200:]}")
    return str(folder / "bin" / "python")


@pytest.fixture(scope="module")
def node_modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with their modules."""
    named = os.environ.get("PATHWORTH_NODE_CLIENTS")
    if named:
        return Path(named)
    if shutil.which("npm") is None:
        pytest.skip("there is no npm")
    folder = tmp_path_factory.mktemp("node")
    (folder / "package.json").write_text("{}")
    npm = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", *NODE]
    done = subprocess.run(npm, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"the registry of Node cannot be reached: {done.stderr[-200:]}")
    return folder


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A workspace that needs a key."""
    opened = run.init(tmp_path / "shop")
    run.create_key(opened, "app", key=KEY)
    return tmp_path / "shop"


@pytest.fixture(scope="module")
def page(node_modules: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A page of another server, with all the libraries for browsers."""
    folder = tmp_path_factory.mktemp("page")
    shutil.copy(HERE / "browser.mjs", node_modules / "browser.mjs")
    esbuild = [str(node_modules / "node_modules" / ".bin" / "esbuild"), "browser.mjs", "--bundle"]
    made = ["--format=esm", f"--outfile={folder / 'browser.js'}", "--log-level=error"]
    subprocess.run([*esbuild, *made], cwd=node_modules, check=True)
    (folder / "index.html").write_text(
        "<link rel=icon href=data:,><title>-</title><script type=module src=browser.js></script>"
    )
    quiet = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    served = functools.partial(quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), served) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/index.html"
        server.shutdown()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("there is no chromium")
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


def asked(address: str, path: str, **values: Any) -> Any:
    query = urllib.parse.urlencode(values, doseq=True)
    with urllib.request.urlopen(f"{address}{path}?{query}", timeout=60) as answer:
        return json.load(answer)


def came(address: str, shop: Path, expected: dict[str, int], *, steps: list[str]) -> None:
    """Check what a served workspace answers once all events are there, and what lies in it afterwards."""
    for _ in range(300):
        if asked(address, "/api/workspace")["events"] >= sum(expected.values()):
            break
        time.sleep(0.1)
    # One more than expected would come late, too.
    time.sleep(1)
    assert asked(address, "/api/collect/quarantine") == []
    funnel = asked(address, "/api/measure/funnel", step=steps)
    assert [step["entities"] for step in funnel["steps"]] == [1] * len(steps)
    opened = run.open_workspace(shop)
    run.rebuild(opened)
    assert {str(one.value): one.count for one in run.choices(opened).events} == expected


@pytest.mark.parametrize(("script", "words", "expected"), FROM_PYTHON)
def test_the_libraries_for_python_are_content_and_what_they_sent_is_there_once(
    python_with_clients: str,
    shop: Path,
    script: str,
    words: tuple[str, ...],
    expected: dict[str, int],
) -> None:
    with serve(shop) as address:
        command = [python_with_clients, str(HERE / f"{script}.py"), address, KEY, *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr[-2_000:]
        steps = ["page", "add"] if "snowplow" in script else ["Signed Up", "identify"]
        came(address, shop, expected, steps=steps)


@pytest.mark.parametrize(("library", "expected"), FROM_NODE)
def test_the_libraries_for_node_are_content_and_what_they_sent_is_there_once(
    node_modules: Path, shop: Path, library: str, expected: dict[str, int]
) -> None:
    with serve(shop) as address:
        command = ["node", str(HERE / "node.mjs"), address, KEY, library, str(node_modules)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr[-2_000:]
        came(address, shop, expected, steps=["Signed Up", "identify"])


@pytest.mark.parametrize(("library", "expected"), FROM_BROWSER)
def test_the_libraries_for_browsers_send_from_a_page_of_another_server(
    page: str, chromium: Browser, shop: Path, library: str, expected: dict[str, int]
) -> None:
    with serve(shop) as address:
        told: list[str] = []
        opened = chromium.new_page()
        opened.on("console", lambda one: told.append(one.text) if one.type == "error" else None)
        said = urllib.parse.urlencode({"to": address, "key": KEY, "library": library})
        opened.goto(f"{page}?{said}")
        opened.wait_for_function("document.title === 'sent'", timeout=60_000)
        opened.wait_for_timeout(4_000)
        # On leaving, what is left goes by beacon.
        opened.goto("about:blank")
        opened.wait_for_timeout(1_000)
        opened.close()
        assert told == [], "\n".join(told)
        steps = ["page", "signed_up"] if library == "snowplow" else ["Signed Up"]
        came(address, shop, expected, steps=steps[-1:])
