"""Prints the OpenAPI document that the app's types are generated from."""

from __future__ import annotations

import json
import sys
import tempfile

from pathworth import run
from pathworth.web.app import build_app


def main() -> None:
    """Print the document of an empty workspace's app."""
    with tempfile.TemporaryDirectory() as folder:
        app = build_app(run.init(f"{folder}/empty"))
        sys.stdout.write(json.dumps(app.openapi(), indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main()
