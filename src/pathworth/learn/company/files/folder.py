"""Writes a world to a folder: what anybody could have received, and apart from it the truth."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from pathworth.atlas import dump_map
from pathworth.base.declarations import Declarations
from pathworth.learn.company.files.jsonl import write_events
from pathworth.learn.company.files.staff import STAFF, write_staff
from pathworth.learn.company.maps import calendar
from pathworth.learn.company.others.writing import write_others
from pathworth.learn.company.rename import in_words, map_of
from pathworth.learn.company.sent.sending import IDS, ids_table, sent_of
from pathworth.learn.company.shapes import Finding
from pathworth.learn.company.truths.figures import Truth, load_truth
from pathworth.learn.company.world import World

EVENTS, MAPPING, TRUTH, PLANTED = "events.jsonl", "mapping.yaml", "truth", "planted.yaml"
PARTS = ("entrant", "extra entrant", "opening account", "colleague")


def write(world: World, folder: Path) -> None:
    """Write a world as files.

    Parameters
    ----------
    folder
        Made when it is not there. Gets ``events.jsonl``, ``mapping.yaml`` and ``truth/``, which no import reads.
    """
    truth = folder / TRUTH
    truth.mkdir(parents=True, exist_ok=True)
    sent = sent_of(world)
    write_events(world, folder / EVENTS, sent=sent)
    pq.write_table(ids_table(world, sent), truth / IDS)
    if world.rung.full and not world.words:
        write_others(world, sent.devices, folder=folder, truth=truth)
    write_staff(world.company, sent.strangers, path=folder / STAFF)
    (folder / MAPPING).write_text(_yaml(mapping_of(world)))
    (truth / "company.toml").write_text(toml_text(world.company.raw))
    (truth / "map.yaml").write_text(dump_map(map_of(world)))
    (truth / PLANTED).write_text(_yaml(planted_rows(world, load_truth())))
    pq.write_table(persons_table(world), truth / "persons.parquet")
    _write_prices(world, load_truth(), truth / "prices.csv")


def declarations_of(world: World) -> Declarations:
    """Return what the company's people know about their data, in the world's own words."""
    document = map_of(world)
    contract = document.contract
    return Declarations(
        persona=document.persona,
        contract_starts=in_words("event = 'Subscription Started'", world.words),
        contract_payments=contract.payments if contract else None,
        contract_plan=contract.plan if contract else None,
        contract_since=contract.since if contract else None,
        calendar=calendar(world.company) if world.rung.clock else (),
    )


def mapping_of(world: World) -> dict[str, Any]:
    """Return the mapping file's content: which columns mean what, and what is declared."""
    said = {key: value for key, value in asdict(declarations_of(world)).items() if value}
    said = {key: [list(row) for row in v] if isinstance(v, tuple) else v for key, v in said.items()}
    value, cost = (world.words.get(name, name) for name in ("amount", "variable_cost"))
    columns = {
        "file": EVENTS,
        "entity": "userId",
        "event": "event",
        "time": "timestamp",
        "id": "messageId",
        "value": f"properties.{value}",
        "cost": f"properties.{cost}",
        "currency": "properties.currency",
        "source": "web",
    }
    if world.company.noise.identity and world.rung.full:
        columns |= {"entity": "userId|anonymousId", "anonymous": "anonymousId"}
    return {"files": [columns], "declare": said}


def findings_of(world: World) -> tuple[Finding, ...]:
    """Return what is planted, in the world's own words."""
    words = world.words
    return tuple(
        replace(
            row,
            property=words.get(row.property, row.property),
            value=words.get(row.value, row.value),
            event=words.get(row.event, row.event),
        )
        for row in world.company.finding
    )


def planted_rows(world: World, truth: Truth) -> list[dict[str, Any]]:
    """Return what is planted with its true worth a month, at this world's size."""
    worth = {row.id: row for row in truth.frictions}
    month = entrants_a_month(world)
    rows = []
    for finding in findings_of(world):
        row = {key: value for key, value in asdict(finding).items() if value}
        if finding.id in worth:
            row["per_month"] = round(worth[finding.id].gain * month, 2)
            row["per_month_error"] = round(worth[finding.id].error * month, 2)
        rows.append(row)
    return rows


def entrants_a_month(world: World) -> float:
    """Return how many people of the usual mix enter in a month."""
    return float((world.persons.part == 0).sum()) / world.company.size.months


def persons_table(world: World) -> pa.Table:
    """Return the truth about every person."""
    company, persons = world.company, world.persons

    def named(codes: np.ndarray, names: tuple[str, ...]) -> pa.Array:
        return pa.array(names).take(pa.array(codes, mask=codes < 0))

    ids = pa.array(world.ids.astype(str))
    return pa.table(
        {
            "id": ids,
            "part": named(persons.part, PARTS),
            "persona": named(persons.persona, company.personas),
            "ledger": named(persons.ledger, company.ledgers),
            "big": pa.array(persons.big),
            "skips_tour": pa.array(persons.skips),
            "plan": named(persons.plan, tuple(company.plan)),
            "payer": ids.take(pa.array(persons.account, mask=persons.account < 0)),
        }
    )


def _write_prices(world: World, truth: Truth, path: Path) -> None:
    month = entrants_a_month(world)
    with path.open("w", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(
            [
                "rung",
                "from",
                "to",
                "people_per_month",
                "share",
                "gain_per_entrant",
                "per_month",
                "error",
            ]
        )
        for row in truth.prices:
            rows.writerow(
                [
                    row.rung,
                    row.source,
                    row.target,
                    round(row.takers * month, 2),
                    round(row.share, 6),
                    round(row.gain, 6),
                    round(row.gain * month, 2),
                    round(row.error * month, 2),
                ]
            )


def toml_text(raw: Mapping[str, Any], name: str = "") -> str:
    """Return parameters as TOML: plain values first, then the tables below."""
    lines = [f"{_key(key)} = {_value(one)}" for key, one in raw.items() if not _tables(one)]
    for key, one in raw.items():
        place = f"{name}.{_key(key)}" if name else _key(key)
        if isinstance(one, Mapping):
            lines += ["", f"[{place}]", toml_text(one, place)]
        elif _tables(one):
            for row in one:
                lines += ["", f"[[{place}]]", toml_text(row, place)]
    return "\n".join(lines)


def _key(key: str) -> str:
    return key if key.replace("-", "").replace("_", "").isalnum() else f'"{key}"'


def _tables(one: object) -> bool:
    return isinstance(one, Mapping) or (
        isinstance(one, list | tuple) and len(one) > 0 and isinstance(one[0], Mapping)
    )


def _value(one: object) -> str:
    if isinstance(one, bool):
        return str(one).lower()
    if isinstance(one, str):
        return '"' + one.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(one, list | tuple):
        return "[" + ", ".join(_value(item) for item in one) + "]"
    return str(one)


def _yaml(content: object) -> str:
    text: str = yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=110)
    return text
