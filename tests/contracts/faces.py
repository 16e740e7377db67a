"""Asking the command and the API, and Python's answers as those write them."""

import json

from typer.testing import CliRunner

from pathworth.base.json import to_json
from pathworth.cli.app import app as command


def said(shop, *words):
    """Return what a command prints as JSON."""
    found = CliRunner().invoke(command, [*words, "-w", str(shop), "--json"])
    assert found.exit_code == 0, found.output
    return json.loads(found.stdout)


def told(api, address, **query):
    """Return what an address answers."""
    found = api.get(address, params=query)
    assert found.status_code == 200, found.text
    return found.json()


def plain(answer):
    """Return an answer of Python's as JSON has it."""
    return json.loads(json.dumps(to_json(answer)))
